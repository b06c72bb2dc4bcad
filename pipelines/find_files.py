"""The files of a folder, in a fixed order, and the first look that says whether a file is an original or one of our
extracts.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.errors import InputError, Place
from pipelines.read_extract import METADATA

PASSED_OVER = ("SOURCES.csv", "README.md", ".gitkeep")


def find_files(folder: Path) -> list[Path]:
    """All data files below `folder`, sorted by path. Raises InputError for a missing, unreadable or empty folder."""
    if not folder.is_dir():
        raise InputError(
            "the folder does not exist", place=Place(str(folder)), expected="a folder of returns", do="Check the path."
        )
    try:
        list(folder.iterdir())
    except OSError as error:
        raise InputError(
            f"the folder cannot be read ({error.strerror})", place=Place(str(folder)), do="Check its permissions."
        ) from error
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.name.endswith(METADATA)
        and path.name not in PASSED_OVER
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    if not found:
        raise InputError(
            "the folder holds no files",
            place=Place(str(folder)),
            expected="published returns or our extracts",
            do="Put the files there, or leave out --returns to use the embedded figures.",
        )
    return found
