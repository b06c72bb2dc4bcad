"""Write a site so that it is never seen half: under a temporary name, from which it is put in the place of the old one.

In: paths, and texts or bytes. Out: files. Where one cannot be written, nothing of the new site is left and the old
one stays.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from pipelines.errors import InputError, Place


def _write_one(path: Path, content: str | bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise InputError(
            f"a page cannot be written: {error.strerror or error}",
            place=Place(str(path)),
            expected="room on the disk and the right to write",
            do="Make room and draw again; the pages drawn before are as they were.",
        ) from error


def write_files(texts: Iterator[tuple[str, str | bytes]], part: Path) -> list[str]:
    """Write all files below `part` as they are made; their paths, sorted. Where that fails, nothing is left there."""
    written: list[str] = []
    shutil.rmtree(part, ignore_errors=True)
    try:
        for path, text in texts:
            _write_one(part / path, text)
            written.append(path)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return sorted(written)
