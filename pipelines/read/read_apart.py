"""Read files in processes of their own, so that a file that kills or stops its reader is named and the others are read.

In: paths, the name of a function that reads one, and limits. Out: what the function gave for each path, or one
InputError for a file whose reader died (twice, the second time alone), did not come to an end in the time allowed or
asked for more memory than its size allows, and for those that come after too many such files. Run as a module it is
such a reader: it takes paths on its input and gives results on its output, and ends when its parent does.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle  # noqa: S403 - both ends of the pipe are this module
import queue
import select
import signal
import subprocess  # noqa: S404 - starts this very module
import sys
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from pipelines.declarations.limits import Limits, use
from pipelines.errors import InputError
from pipelines.isolated import command, environment
from pipelines.read.reader_bounds import killed, not_tried, too_much, too_slow, within_bounds

SECONDS_TO_START = 120
SECONDS_OF_GRACE = 30
DIED = "died"


@dataclass
class _Work:
    """What the threads share: the paths still to read, the results, and the processes to end when all ends."""

    reader: str
    allowed: Limits
    more: tuple[Any, ...]
    waiting: queue.SimpleQueue[Path] = field(default_factory=queue.SimpleQueue[Path])
    results: dict[Path, Any] = field(default_factory=dict[Path, Any])
    running: list[subprocess.Popen[bytes]] = field(default_factory=list[subprocess.Popen[bytes]])
    harmed: int = 0
    stopped: bool = False


def read_apart(
    paths: Sequence[Path], reader: str, *, allowed: Limits, workers: int, more: tuple[Any, ...] = ()
) -> dict[Path, Any]:
    """Read every path with the function named `module:function`, which takes a path, limits and whatever `more` holds.

    An exception the function raises is raised here, with its traceback in a note.
    """
    results = _read_all(paths, _Work(reader, allowed, more), workers)
    for path in [path for path, result in results.items() if result is DIED]:
        results |= _read_all([path], _Work(reader, allowed, more), 1)
        if results[path] is DIED:
            results[path] = killed(path, allowed)
    return results


def _read_all(paths: Sequence[Path], work: _Work, workers: int) -> dict[Path, Any]:
    for path in paths:
        work.waiting.put(path)
    count = max(1, min(workers, len(paths)))
    with ThreadPoolExecutor(count) as threads:
        done = [threads.submit(_serve, work) for _ in range(count)]
        try:
            for one in done:
                one.result()
        finally:
            work.stopped = True
            for process in work.running:
                process.kill()
    return {path: work.results[path] for path in paths}


def _serve(work: _Work) -> None:
    """One thread: a process, started again whenever it has ended, and the paths it is given one by one."""
    process: subprocess.Popen[bytes] | None = None
    while not work.stopped:
        try:
            path = work.waiting.get_nowait()
        except queue.Empty:
            break
        if work.harmed >= work.allowed.folder_stopped:
            work.results[path] = not_tried(path, work.allowed)
            continue
        process = process or _start(work)
        result = _ask(process, path, work)
        if result is DIED or isinstance(result, TimeoutError):
            worn_out = _end(process) == -signal.SIGPROF
            process = None
            work.harmed += 1
            if worn_out or result is not DIED:
                result = too_slow(path, work.allowed, by_clock=not worn_out)
        work.results[path] = result
        if isinstance(result, Exception) and not isinstance(result, InputError):
            raise result
    if process:
        _end(process)


def _start(work: _Work) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(  # noqa: S603 - this very module, by the interpreter that runs it
        command("pipelines.read.read_apart", work.reader),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(),
        start_new_session=True,
    )  # fmt: skip
    work.running.append(process)
    if work.stopped:
        process.kill()
    if _answer(process, SECONDS_TO_START) is not True or not _tell(process, work.allowed):
        _end(process)
    return process


def _ask(process: subprocess.Popen[bytes], path: Path, work: _Work) -> Any:
    asked = (path, work.allowed, *work.more)
    return _answer(process, work.allowed.clock_for(path)) if _tell(process, asked) else DIED


def _tell(process: subprocess.Popen[bytes], what: object) -> bool:
    """Send; False when nobody is there any more."""
    stream = _pipe(process.stdin)
    try:
        pickle.dump(what, stream)
        stream.flush()
    except (OSError, ValueError):
        return False
    return True


def _answer(process: subprocess.Popen[bytes], seconds: int) -> Any:
    """What the process answers: DIED when it ended, TimeoutError when it has not begun to answer in time."""
    stream = _pipe(process.stdout)
    if stream.closed:
        return DIED
    ready, _, _ = select.select([stream], [], [], seconds)
    if not ready:
        return TimeoutError()
    try:
        return pickle.load(stream)  # noqa: S301 - written by `main` below
    except (EOFError, OSError, pickle.UnpicklingError):
        return DIED


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise AssertionError("a reader is always started with pipes")
    return stream


def _end(process: subprocess.Popen[bytes]) -> int:
    """End the process, if it has not ended itself. Returns how it ended."""
    process.kill()
    how = process.wait()
    for stream in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            _pipe(stream).close()
    return how


def main(reader: str) -> None:
    """Read paths until there are no more. An alarm ends this process even if its parent is gone and it hangs."""
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not come between the results
    module, _, name = reader.partition(":")
    read: Callable[..., Any] = getattr(importlib.import_module(module), name)
    pickle.dump(True, results)
    results.flush()
    allowed: Limits = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by `_tell` above
    use(allowed)
    with contextlib.suppress(EOFError):
        while True:
            asked = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by `_tell` above
            with within_bounds(asked[0], allowed, grace=SECONDS_OF_GRACE):
                answer = _pickled(read, asked)
            results.write(answer)
            results.flush()


def _pickled(read: Callable[..., Any], asked: tuple[Any, ...]) -> bytes:
    try:
        return pickle.dumps(read(*asked))
    except MemoryError:
        return pickle.dumps(too_much(asked[0], asked[1]))
    except Exception as error:  # noqa: BLE001 - handed to the parent, which raises it
        error.add_note(traceback.format_exc())
        return pickle.dumps(error)


if __name__ == "__main__":
    main(sys.argv[1])
