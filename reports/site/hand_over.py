"""Hand a run's pages over as one file: the whole site, or one area's working papers, as a zip that opens offline.

In: a run folder whose site is drawn. Out: a zip with equal bytes for equal pages: names in order, no clock, no owner.
Working papers are the area's page, its CSV with metadata, the run manifest, and the pages that explain them; links to
pages that are not in the bundle are left as text. Refuses a folder without a site and an area without a page.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Container, Iterator, Mapping
from pathlib import Path, PurePosixPath

from pipelines import lasting
from pipelines.errors import InputError, Place

EXPLAINING = (
    "validation.html", "passed-checks.html", "sources.html", "method.html", "glossary.html", "accessibility.html",
)  # fmt: skip
LINK = re.compile(r'<a ([^>]*?)href="?([^">#]*)(#[^">]*)?"?([^>]*)>(.*?)</a>', re.DOTALL)
STARTED = (1980, 1, 1, 0, 0, 0)


def site_of(run_folder: Path) -> Path:
    """The run's site. Raises InputError where it is not drawn."""
    site = run_folder / "site"
    if not (site / "index.html").is_file():
        raise InputError(
            "the pages of this run are not drawn",
            place=Place(str(run_folder)),
            expected="a folder with site/index.html",
            do=f"Draw them: ringfence report {run_folder}",
        )
    return site


def page_of(site: Path, code: str) -> Path:
    """An area's page. Raises InputError where there is none."""
    path = site / "areas" / f"{code}.html"
    if not path.is_file():
        raise InputError(f"{code} has no page", place=Place(str(site)), expected="an area of this run")
    return path


def without_dead_ends(page: str, text: str, held: Container[str]) -> str:
    """A page's text in which links to what is not `held` have become plain text; those out of the site stay."""
    folder = PurePosixPath(page).parent

    def kept(found: re.Match[str]) -> str:
        target = os.path.normpath(str(folder / found[2])) if found[2] else page
        return found[0] if target in held or ":" in found[2] else f"<span>{found[5]}</span>"

    return LINK.sub(kept, text)


def site_files(site: Path) -> dict[str, bytes]:
    """Every file of the site by its path."""
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


def working_papers(site: Path, code: str) -> dict[str, bytes]:
    """One area's page, CSV, metadata and manifest, with the pages that explain them. Raises InputError."""
    page = page_of(site, code)
    explaining = [site / name for name in EXPLAINING] + sorted((site / "flags").glob("*.html"))
    figures = (f"{code}.csv", f"{code}-answers.csv")
    beside = [site / "downloads" / f"{name}{ending}" for name in figures for ending in ("", "-metadata.json")]
    chosen = [page, *explaining, *beside, site / "manifest.json"]
    held = {path.relative_to(site).as_posix(): path.read_bytes() for path in chosen if path.is_file()}
    return {
        name: without_dead_ends(name, content.decode(), held).encode() if name.endswith(".html") else content
        for name, content in held.items()
    }


def _entries(files: Mapping[str, bytes], folder: str) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    for name in sorted(files):
        entry = zipfile.ZipInfo(f"{folder}/{name}", STARTED)
        entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
        yield entry, files[name]


def write_zip(files: Mapping[str, bytes], target: Path, *, folder: str) -> Path:
    """Write `files` below `folder` as a zip, under a temporary name first. Raises InputError where it cannot."""
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(part, "w", compresslevel=9) as made:
            for entry, content in _entries(files, folder):
                made.writestr(entry, content)
        lasting.put_in_place(part, target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(
            f"the zip cannot be written: {error.strerror or error}", place=Place(str(target)),
            do="Make room, or name another folder with --to.",
        ) from error  # fmt: skip
    return target


def zip_run(run_folder: Path, to: Path, *, code: str = "") -> Path:
    """The site of a run, or the working papers of one area of it, as a zip in the folder `to`. Raises InputError."""
    site = site_of(run_folder)
    name = f"ringfence-{run_folder.name}" + (f"-{code}" if code else "")
    files = working_papers(site, code) if code else site_files(site)
    return write_zip(files, to / f"{name}.zip", folder=name)
