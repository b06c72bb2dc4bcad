"""Pages under axe-core in a real headless Chromium: no violation of WCAG 2.2 at A or AA.

The checker comes with a development package that carries it (`axe-core-python`); nothing is fetched. It is put into
copies of the pages: the pages themselves run no script.
"""

from __future__ import annotations

import importlib.util
import json
import re
import runpy
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from reports.render import render_site

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CARRIERS = ("axe_playwright_python", "axe_core_python")
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--virtual-time-budget=60000", "--window-size=1280,900",
)  # fmt: skip
RUN = """<script>addEventListener("load",function(){axe.run(document,{runOnly:RULES}).then(function(found){
document.title="axe "+JSON.stringify({rules:found.passes.length,violations:found.violations.map(function(rule){
return [rule.id,rule.nodes.length,rule.nodes[0].html.slice(0,160)]})})})});</script>"""


def carried() -> Path | None:
    """The checker's script, from whichever package is installed."""
    for name in CARRIERS:
        found = importlib.util.find_spec(name)
        if found is not None and found.origin is not None:
            return Path(found.origin).with_name("axe.min.js")
    return None


pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no headless Chromium is installed on this machine"),
    pytest.mark.skipif(
        carried() is None, reason="no package that carries axe-core is installed: " + " or ".join(CARRIERS)
    ),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
    folder = write_made_run(tmp_path_factory.mktemp("made"))
    render_site(folder, workers=1)
    return folder / "site"


def checked(page: Path, profile: Path) -> dict[str, object]:
    """What the checker says of a page: how many rules passed, and the violations."""
    script = carried()
    assert script is not None
    copied = page.with_name(f"checked-{page.name}")
    put_in = f'<script src="{script.as_uri()}"></script>' + RUN.replace("RULES", json.dumps(RULES))
    copied.write_text(page.read_text(encoding="utf-8").replace("</head>", put_in + "</head>"), encoding="utf-8")
    done = subprocess.run(
        [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", "--dump-dom", copied.as_uri()],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    found = re.search(r"<title>axe (.*?)</title>", done.stdout, re.DOTALL)
    assert found, done.stderr[-500:]
    return json.loads(unescape(found[1]))


@pytest.mark.parametrize(
    "name",
    [
        "index.html",
        "validation.html",
        "sources.html",
        "method.html",
        "areas/E09000000.html",
        "glossary.html",
        "accessibility.html",
        "flags/index.html",
        "flags/a-investigate.html",
        "commissioners/index.html",
        "commissioners/000.html",
        "grades/cannot-tell.html",
    ],
)
def test_no_page_violates_wcag_at_a_or_aa(site, tmp_path, name):
    found = checked(site / name, tmp_path)
    assert found["violations"] == []
    assert int(str(found["rules"])) >= 10


def test_the_checker_sees_a_violation(tmp_path):
    page = tmp_path / "bad.html"
    page.write_text("<!DOCTYPE html><html><head><title>t</title></head><body><img src='a.png'></body></html>", "utf-8")
    rules = [rule[0] for rule in checked(page, tmp_path / "profile")["violations"]]  # type: ignore[attr-defined]
    assert {"html-has-lang", "image-alt"} <= set(rules)
