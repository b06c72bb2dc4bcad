"""A finished ledger put in the place of the last one: whenever a job is killed, what is read is one or the other.

In: the folder people read. Out: its tables and folders, all of one job. The moment that decides is one rename, after
which the new ledger is whole; a job killed while moving it out of there is finished by whoever comes next.
"""

from __future__ import annotations

import shutil
from pathlib import Path

MAKING, READY = ".making", ".ready"


def begin(out: Path) -> Path:
    """An empty folder to write the ledger to. What a killed job left is finished, or removed if it was not whole."""
    settle(out)
    making = out / MAKING
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    return making


def end(out: Path) -> None:
    """All is written: put it in the place of the last ledger."""
    (out / MAKING).rename(out / READY)
    settle(out)


def settle(out: Path) -> None:
    """Finish moving a ledger that was whole. Call it before the tables in `out` are read or written."""
    ready = out / READY
    for made in sorted(ready.iterdir()) if ready.is_dir() else ():
        place, last = out / made.name, out / f".{made.name}.last"
        if place.is_dir():
            shutil.rmtree(last, ignore_errors=True)
            place.rename(last)
        made.replace(place)
        shutil.rmtree(last, ignore_errors=True)
    if ready.is_dir():
        ready.rmdir()
