"""The bounds within which one file is read, set on the process that reads it, and the words for a file beyond them.

In: a path and limits. Out: a process that gets no more memory than the limits and its file's size allow, is ended by
the system when it has used its time of a processor (or, much later, by the clock), and leaves neither a core file nor
the last words of a library on a terminal; one InputError for each way a file can be beyond the bounds.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Generator
from pathlib import Path

from pipelines.declarations.limits import Limits
from pipelines.errors import InputError, Place

REMOVE = "Remove it from the folder; if it is genuine, raise '{}' in your settings file."


def too_slow(path: Path, allowed: Limits, *, by_clock: bool = False) -> InputError:
    """A file whose reader did not come to an end in the time allowed."""
    taken = f"within {allowed.clock_for(path)} seconds" if by_clock else ""
    return InputError(
        f"it was not read {taken or f'with {allowed.seconds_for(path)} seconds of a processor'}",
        place=Place(path.name),
        do=REMOVE.format("limits.file.seconds"),
    )


def too_much(path: Path, allowed: Limits) -> InputError:
    """A file whose reader was refused the memory it asked for."""
    return InputError(
        f"reading it takes more memory than the {allowed.memory_for(path) / 1e6:,.0f} MB allowed for its size",
        place=Place(path.name),
        do=REMOVE.format("limits.file.memory_bytes"),
    )


def killed(path: Path, allowed: Limits) -> InputError:
    """A file over which a reader died, and another one too."""
    return InputError(
        "its reader died while reading it, twice",
        place=Place(path.name),
        expected=f"a file that can be read in {allowed.memory_for(path) / 1e6:,.0f} MB of memory",
        do=REMOVE.format("limits.file.memory_bytes"),
    )


def not_tried(path: Path, allowed: Limits) -> InputError:
    """A file that comes after too many of these."""
    return InputError(
        f"it was not read, as {allowed.folder_stopped} files before it killed or stopped their readers",
        place=Place(path.name),
        do="Remove those files and run again; if they are genuine, raise 'limits.folder.stopped'.",
    )


@contextlib.contextmanager
def within_bounds(path: Path, allowed: Limits, *, grace: int = 0) -> Generator[None]:
    """Within the bounds of one file; `grace` are seconds left to somebody who watches from outside."""
    with _memory(allowed.memory_for(path)), _silent():
        signal.setitimer(signal.ITIMER_PROF, allowed.seconds_for(path))
        signal.alarm(allowed.clock_for(path) + grace)
        try:
            yield
        finally:
            signal.alarm(0)
            signal.setitimer(signal.ITIMER_PROF, 0)


@contextlib.contextmanager
def _memory(more: int) -> Generator[None]:
    """So much memory more than the process has now, where the system can; no core file."""
    try:
        import resource

        held = Path("/proc/self/status").read_text(encoding="ascii").split("VmData:")[1].split()[0]
        before, core = resource.getrlimit(resource.RLIMIT_DATA), resource.getrlimit(resource.RLIMIT_CORE)
        most = int(held) * 1024 + more
        resource.setrlimit(resource.RLIMIT_DATA, (most if before[1] < 0 else min(most, before[1]), before[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, core[1]))
    except (ImportError, OSError, ValueError, IndexError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
        resource.setrlimit(resource.RLIMIT_CORE, core)


@contextlib.contextmanager
def _silent() -> Generator[None]:
    """What a library prints before it dies goes nowhere: thousands of characters say less than the file's name."""
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
