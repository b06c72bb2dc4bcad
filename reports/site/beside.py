"""Work done beside the main process, by one process of our own, a piece after another.

In: functions of modules and their arguments. Out: what they return, in the order in which they were asked for. Who
waits for them takes over what the process has not begun, from the end, so both are done at the same time. Where that
process cannot work, the functions are called here, so whatever is wrong is raised here too. It writes nothing: a job
that is killed leaves no process behind that still writes into its folder.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any

from pipelines.isolated import command, environment
from pipelines.processes.collector import collect_seldom

PIPE_BYTES = 1 << 20
"""Of the pipes, where the system lets us say so (Linux): forty megabytes come in forty pieces, not in six hundred."""
LENGTH = 8
"""Bytes in which the length of what follows is sent."""


@dataclass
class _Asked:
    """A call, and what will be its answer."""

    answer: Future[Any]
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


class Beside:
    """What has been asked for so far. Made by `beside`."""

    def __init__(self, *, apart: bool) -> None:
        """`apart` works in a process of its own, which is started at once: getting ready takes it half a second."""
        self._under_way: list[_Asked] = []
        self._process = _start() if apart else None
        self._asker = ThreadPoolExecutor(max_workers=1)  # one at a time: the process has one pipe

    def ask(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Ask for a call and return at once; function, arguments and result go through pickle."""
        self._under_way.append(_Asked(self._asker.submit(self._called, function, arguments), function, arguments))

    def answers(self, *, wait: bool) -> Iterator[Any]:
        """What the calls returned that has not been told yet, in the order asked; `wait` for what is not done yet."""
        while self._under_way and (wait or self._under_way[0].answer.done()):
            while wait and not self._under_way[0].answer.done() and self._take_over():
                pass
            yield self._under_way.pop(0).answer.result()

    def _take_over(self) -> bool:
        """Do the last call here that the process has not begun; False where there is none."""
        for asked in reversed(self._under_way):
            if asked.answer.cancel():
                asked.answer = Future()
                asked.answer.set_result(asked.function(*asked.arguments))
                return True
        return False

    def close(self, *, at_once: bool = False) -> None:
        """End the process, and drop what was not begun; `at_once` does not wait for what it is doing."""
        if at_once and self._process:
            self._process.kill()
        self._asker.shutdown(wait=True, cancel_futures=True)
        if self._process and self._process.stdin and self._process.stdout:
            with suppress(OSError):
                self._process.stdin.close()
            self._process.stdout.close()
            self._process.wait()

    def _called(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        if self._process and self._process.stdin and self._process.stdout:
            with suppress(OSError, EOFError, pickle.UnpicklingError):  # it has ended, or never began
                _send(self._process.stdin, (function, arguments))
                return _received(self._process.stdout)
        return function(*arguments)


@contextmanager
def beside(*, apart: bool = True) -> Generator[Beside]:
    """Work to ask for and to collect inside a `with`."""
    made = Beside(apart=apart)
    try:
        yield made
    except BaseException:
        made.close(at_once=True)
        raise
    made.close()


def _start() -> subprocess.Popen[bytes] | None:
    with suppress(OSError):
        return subprocess.Popen(  # noqa: S603 - this very module, by the interpreter that runs it
            command("reports.site.beside"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pipesize=PIPE_BYTES,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
    return None


def _send(pipe: IO[bytes], what: Any) -> None:
    """Its length and itself as a pickle, each in one piece: every read of a pipe waits for the other thread's turn."""
    made = pickle.dumps(what, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(len(made).to_bytes(LENGTH))
    pipe.write(made)
    pipe.flush()


def _received(pipe: IO[bytes]) -> Any:
    """What the other process sent. Raises EOFError where it has ended."""
    length = pipe.read(LENGTH)
    made = pipe.read(int.from_bytes(length))
    if len(length) < LENGTH or len(made) < int.from_bytes(length):
        raise EOFError
    return pickle.loads(made)  # noqa: S301 - from the process that we started, or that started us


def main() -> None:
    """The process: a function and its arguments in, its result out, until the pipe closes."""
    collect_seldom()
    while True:
        try:
            function, arguments = _received(sys.stdin.buffer)
        except EOFError:
            return
        _send(sys.stdout.buffer, function(*arguments))


if __name__ == "__main__":
    main()
