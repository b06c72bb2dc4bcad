"""A finished ledger put in the place of the last one: whenever a job is killed, what is read is one or the other.

In: the folder people read. Out: its tables and folders, all of one job. The moment that decides is one rename of what
is flushed, after which the new ledger is whole; a job killed while moving it out of there is finished by whoever comes
next.
"""

from __future__ import annotations

from pathlib import Path

from pipelines import lasting

MAKING, READY, LAST = ".making", ".ready", ".last"


def begin(out: Path) -> Path:
    """An empty folder to write the ledger to. What a killed job left is finished, or removed if it was not whole."""
    settle(out)
    making = out / MAKING
    lasting.remove(making)
    making.mkdir(parents=True)
    return making


def end(out: Path) -> None:
    """All is written: flush it and put it in the place of the last ledger."""
    lasting.flush_tree(out / MAKING)
    (out / MAKING).rename(out / READY)
    lasting.flush_folder(out)
    settle(out)


def settle(out: Path) -> None:
    """Finish moving a ledger that was whole. Call it before the tables in `out` are read or written."""
    ready = out / READY
    if ready.is_dir():
        for made in sorted(ready.iterdir()):
            place, last = out / made.name, out / f".{made.name}{LAST}"
            if place.is_dir():
                lasting.remove(last)
                place.rename(last)
            made.replace(place)
        lasting.flush_folder(out)
        ready.rmdir()
    for last in out.glob(f".*{LAST}"):
        lasting.remove(last)
