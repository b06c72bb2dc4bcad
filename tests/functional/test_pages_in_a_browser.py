"""Pages in a real headless Chromium: nothing is requested, nothing scrolls sideways, the print has its foot on every
sheet.
"""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

from reports.render import render_site

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--virtual-time-budget=2000",
)  # fmt: skip
PAGES = (
    "index.html",
    "validation.html",
    "sources.html",
    "method.html",
    "areas/E09000000.html",
    "areas/E09000003.html",
    "areas/E09000005.html",
)
PROBE = """<script>document.addEventListener("DOMContentLoaded",function(){var d=document.documentElement;
d.setAttribute("data-wide",d.scrollWidth>d.clientWidth?"yes":"no");
d.setAttribute("data-loads",String(performance.getEntriesByType("resource").length));});</script>"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no headless Chromium is installed on this machine"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
    folder = write_made_run(tmp_path_factory.mktemp("made"))
    render_site(folder, workers=1)
    return folder / "site"


def chromium(profile: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def probed(path: Path, width: int) -> str:
    """The page in a frame of this width, reporting on itself (Chromium's own windows start at 500 px)."""
    inner = path.with_name(f"probe-{path.name}")
    inner.write_text(path.read_text(encoding="utf-8").replace("</head>", PROBE + "</head>"), encoding="utf-8")
    outer = path.with_name(f"frame-{path.name}")
    outer.write_text(
        f'<!DOCTYPE html><title>t</title><iframe id="f" src="{inner.name}" width="{width}" height="800" '
        'style="border:0"></iframe>'
        '<script>addEventListener("load",function(){var d=document.getElementById("f").contentDocument.documentElement;'
        'document.title=d.getAttribute("data-wide")+" "+d.getAttribute("data-loads");});</script>',
        encoding="utf-8",
    )
    return outer.as_uri()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_scrolls_sideways_or_requests_anything(site, tmp_path, width):
    for number, name in enumerate(PAGES):
        done = chromium(
            tmp_path / str(number),
            "--allow-file-access-from-files",
            f"--window-size={width + 40},900",
            "--dump-dom",
            probed(site / name, width),
        )
        found = re.search(r"<title>(.*?)</title>", done.stdout)
        assert found, done.stderr[-500:]
        assert found.group(1) == "no 0", (name, width)


def test_an_area_page_prints_as_a_short_a4_working_paper(site, tmp_path):
    pdf = tmp_path / "area.pdf"
    chromium(
        tmp_path / "profile",
        "--no-pdf-header-footer",
        f"--print-to-pdf={pdf}",
        (site / "areas" / "E09000000.html").as_uri(),
    )
    data = pdf.read_bytes()
    sheets = len(re.findall(rb"/Type\s*/Page\b", data))
    assert 2 <= sheets <= 9
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", data)
    assert box is not None
    assert (round(float(box[1])), round(float(box[2]))) in {(595, 842), (595, 841), (596, 842)}


def test_the_run_id_is_in_the_foot_of_every_printed_sheet(site, tmp_path):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed on this machine")
    pdf = tmp_path / "area.pdf"
    chromium(
        tmp_path / "profile",
        "--no-pdf-header-footer",
        f"--print-to-pdf={pdf}",
        (site / "areas" / "E09000000.html").as_uri(),
    )
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    sheets = [sheet for sheet in text.split("\f") if sheet.strip()]
    assert all("ringfence run made-0123abcd" in sheet and f"of {len(sheets)}" in sheet for sheet in sheets)
