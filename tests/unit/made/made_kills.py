"""Killed at every step: a job that changes names on a disk is ended before its first step, its second, and so on.

In: what makes a fresh folder, the job, and what is read of the folder. Out: what was read after each kill. A killed job
does nothing any more, whatever it would have tidied. Steps are flushes, renames, exchanges, links and removals.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines import lasting

STEPS = ("fsync", "rename", "replace", "link", "symlink", "unlink", "rmdir", "mkdir")


class Killed(BaseException):
    """The job ends here."""


def killed_at_every_step(
    fresh: Callable[[], Path], job: Callable[[Path], object], *, exchange: bool = True
) -> Iterator[Path]:
    """The folder after a kill before each step of the job, and at last after the whole job.

    Without `exchange` the system knows no exchange of two names.
    """
    step = 0
    while True:
        folder = fresh()
        ended = _ended(job, folder, step, exchange=exchange)
        yield folder
        if ended:
            return
        step += 1


def _ended(job: Callable[[Path], object], folder: Path, last: int, *, exchange: bool) -> bool:
    """Do the job, or kill it before step `last`. True when it came to its end."""
    left = [last]

    def counted(genuine: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            if left[0] <= 0:
                raise Killed
            left[0] -= 1
            return genuine(*arguments, **named)

        return step

    with pytest.MonkeyPatch.context() as patch:
        for name in STEPS:
            patch.setattr(os, name, counted(getattr(os, name)))
        genuine = lasting._exchanged if exchange else lambda *_: __import__("errno").ENOSYS
        patch.setattr(lasting, "_exchanged", counted(genuine))
        patch.setattr(lasting, "TOGETHER", 1)
        try:
            job(folder)
        except Killed:
            return False
    return True
