"""Hand a run's pages over as one file: the whole site, or one area's working papers, as a zip that opens offline.

In: a run folder whose site is drawn. Out: a zip with equal bytes for equal pages: names in order, no clock, no owner.
Links to pages that a bundle does not hold are left as text, those out of the site stay. Refuses a folder without a site
and an area without a page. What an area's papers are is in `papers.py`.
"""

from __future__ import annotations

import os
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from pipelines import lasting
from pipelines.errors import InputError, Place

START = "index.html"
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


def relinked(page: str, text: str, places: Mapping[str, str]) -> str:
    """A page's text with its links as they must be in a bundle: `places` says where each path of the site lies in it.

    Links to what the bundle does not hold become plain text; those within the page, and out of the site, stay.
    """
    folder, new = PurePosixPath(page).parent, posixpath.dirname(places[page]) or "."

    def kept(found: re.Match[str]) -> str:
        before, href, fragment, after, words = found.groups(default="")
        if not href or ":" in href:
            return found[0]
        target = os.path.normpath(str(folder / href))
        if target not in places:
            return f"<span>{words}</span>"
        return f'<a {before}href="{posixpath.relpath(places[target], new)}{fragment}"{after}>{words}</a>'

    return LINK.sub(kept, text)


def site_files(site: Path) -> dict[str, bytes]:
    """Every file of the site by its path."""
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


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


def zip_site(run_folder: Path, to: Path) -> Path:
    """The whole site of a run, as a zip in the folder `to`. Raises InputError."""
    site, name = site_of(run_folder), f"ringfence-{run_folder.name}"
    return write_zip(site_files(site), to / f"{name}.zip", folder=name)
