"""Print area pages as PDF with a headless Chromium, where one is installed.

In: a run folder whose site is drawn, and area codes. Out: one PDF an area, A4, with the run id and page numbers in the
foot; the same page printed by the same Chromium gives the same bytes, because the dates it writes are set to one day.
Refuses to begin without a Chromium, and keeps no PDF that is not whole.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pipelines import lasting
from pipelines.errors import InputError, Place
from pipelines.isolated import program
from reports.site.hand_over import page_of, relinked, site_of

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHOSEN = "RINGFENCE_CHROMIUM"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic", "--no-pdf-header-footer",
)  # fmt: skip
LONGEST_SECONDS = 120
DATE = re.compile(rb"\((D:)\d{14}([+-]\d\d'\d\d')?")
NODE = re.compile(rb"\(node(\d{8})\)")


def chromium() -> str:
    """The browser to print with. Raises InputError where none is installed."""
    chosen = os.environ.get(CHOSEN)
    found = program(chosen) if chosen else program(*NAMES)
    if found is None:
        raise InputError(
            f"{CHOSEN} names {chosen}, which is no program" if chosen else "no Chromium is installed",
            expected="one of " + ", ".join(NAMES),
            do=f"Install Chromium (Debian: apt-get install chromium), name one in {CHOSEN}, or print the page from any "
            "browser.",
        )
    return found


def _one_day(data: bytes) -> bytes:
    """The same PDF with its dates set to the first of January 2000 and its parts counted from one, in as many bytes.

    Chromium counts the parts of a page's structure from wherever it happens to be.
    """
    data = DATE.sub(lambda found: b"(D:20000101000000" + (b"+00'00'" if found[2] else b""), data)
    rank = {number: at for at, number in enumerate(sorted(set(NODE.findall(data))), start=1)}
    return NODE.sub(lambda found: b"(node%08d)" % rank[found[1]], data)


def pdf_of(browser: str, page: Path) -> bytes:
    """A page as a PDF, printed by a browser. Raises InputError where it prints no whole one."""
    with tempfile.TemporaryDirectory(prefix="ringfence-print-") as scratch:
        profile, copy, part = (Path(scratch, name) for name in ("profile", page.name, "printed.pdf"))
        # Links within the page stay; others would carry the folder it was printed in, and lead nowhere from elsewhere.
        copy.write_text(relinked(page.name, page.read_text("utf-8"), {page.name: page.name}), encoding="utf-8")
        try:
            done = subprocess.run(  # noqa: S603 - a browser that was looked for, and a page of ours
                [browser, *FLAGS, f"--user-data-dir={profile}", f"--print-to-pdf={part}", copy.as_uri()],
                capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False, cwd=scratch,
            )  # fmt: skip
            told = done.stderr.strip().rpartition("\n")[2] or f"it ended with {done.returncode}"
        except (OSError, subprocess.TimeoutExpired) as error:
            told = str(error)
        data = part.read_bytes() if part.is_file() else b""
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-64:]:
        raise InputError(
            f"Chromium printed no whole PDF: {told[:200]}", place=Place(str(page)), expected="a PDF",
            do="See that there is room on the disk, and that the page opens in the browser.",
        )  # fmt: skip
    return _one_day(data)


def print_areas(run_folder: Path, codes: Sequence[str], to: Path) -> list[Path]:
    """One PDF for each area, in the folder `to`. Raises InputError, before anything is printed, for what is missing."""
    site = site_of(run_folder)
    pages = [page_of(site, code) for code in codes]
    browser = chromium()
    to.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for code, page in zip(codes, pages, strict=True):
        target = to / f"ringfence-{run_folder.name}-{code}.pdf"
        data = pdf_of(browser, page)
        part = target.with_name(f".{target.name}.part")
        part.write_bytes(data)
        lasting.put_in_place(part, target)
        made.append(target)
    return made
