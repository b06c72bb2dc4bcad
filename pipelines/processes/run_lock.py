"""One run at a time in a folder of results. The system's own file lock is used, so a crash can never leave it behind.

In: the folder of runs, or of a ledger of payments; or one run or folder of tables. Out: a context in which no other
command works there. What stands in the lock file only tells people who holds it; text left by a run that was killed
shows that it did not end properly, and is taken over. A single folder is locked itself, without a file.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.errors import InputError, LockedError, Place
from pipelines.working_folder import refuse_installed

LOCK = ".lock"


def holder(out: Path) -> str:
    """What the lock file says: who holds it, or who was killed while holding it; empty when the last run ended well."""
    try:
        return (out / LOCK).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


@contextmanager
def hold(out: Path) -> Generator[int]:
    """Hold the lock of `out`. Yields its descriptor, which a child may keep open to keep the lock while it works.

    Raises LockedError when another run holds it and InputError when the folder cannot be written, or lies in an
    installed copy of the program.
    """
    refuse_installed(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(out / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise InputError(
            f"the folder for the results cannot be written ({error.strerror})",
            place=Place(str(out)),
            do="Check its permissions.",
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(
                f"another run is at work in {out} ({holder(out) or 'it has not said who it is'})",
                do="Wait until it has ended; nothing was changed.",
            ) from None
        os.ftruncate(descriptor, 0)
        with suppress(OSError):  # a full disk must not keep anybody from pruning: the text only tells people
            os.pwrite(descriptor, f"process {os.getpid()}\n".encode(), 0)
        try:
            yield descriptor
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


@contextmanager
def hold_folder(folder: Path) -> Generator[None]:
    """Hold one folder that may be exchanged for another meanwhile: what is locked is the folder, not its name.

    Raises LockedError when another command holds it. Where folders cannot be locked, nothing is.
    """
    while True:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LockedError(
                    f"another command is at work on {folder}", do="Wait until it has ended; nothing was changed."
                ) from None
            except OSError:
                pass
            held, named = os.fstat(descriptor), folder.stat()
            if (held.st_dev, held.st_ino) != (named.st_dev, named.st_ino):  # exchanged before it was locked
                continue
            yield
            return
        finally:
            os.close(descriptor)
