"""Everything around the run's own work: room on the disk, sweeping, the `latest` pointer, retention, status.

In: the folder of runs. Out: folders renamed in one step and flushed, so a reader never sees half a run and a power cut
takes none away; a status file for schedulers. The latest run and pinned runs are never removed.
"""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import shutil
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

from pipelines import lasting
from pipelines.declarations.limits import limits
from pipelines.errors import InputError, LockedError, Place
from pipelines.processes.run_lock import hold, hold_folder

REFUSED = "refused"
PINNED = "pinned.txt"
STATUS = "status.json"
MANIFEST = "manifest.json"
PROBE_BYTES = 1_000_000
WRITE_FAILURES = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)


def is_run(folder: Path) -> bool:
    """True for a published run: its manifest is written last."""
    return (folder / MANIFEST).is_file()


def runs(out: Path) -> list[Path]:
    """Published runs, newest first by the time of their manifest: the folder's changes when pages are drawn again. Ties
    by id.
    """
    inside = out.iterdir() if out.is_dir() else ()
    found = (path for path in inside if is_run(path) and not path.is_symlink() and not path.name.startswith("."))
    return sorted(found, key=lambda path: (-_published_ns(path), path.name))


def _published_ns(run: Path) -> int:
    return (run / MANIFEST).stat().st_mtime_ns


def latest(out: Path) -> Path:
    """Folder of the last published run. Raises InputError when there is none."""
    if not is_run(out / "latest"):
        raise InputError("there is no run yet", expected=f"a run in {out}", do="Run `ringfence run` first.")
    return (out / "latest").resolve()


def is_latest(folder: Path) -> bool:
    """True when `latest` points to the run at `folder`."""
    return (folder.parent / "latest").resolve() == folder.resolve()


def predecessor(folder: Path) -> Path | None:
    """The run before the one that will be published at `folder`: the one that `latest` points to; None for the first.

    A run before it whose manifest is gone is none.
    """
    pointed = folder.parent / "latest"
    if not pointed.is_symlink() or not is_run(pointed) or is_latest(folder):
        return None
    return pointed.resolve()


def need_room(out: Path, *, more: int = 0) -> None:
    """Raise InputError when the disk has too little room for a run and `more` bytes, before anything is written."""
    existing = next(parent for parent in (out, *out.parents) if parent.exists())
    free = shutil.disk_usage(existing).free
    wanted = limits().run_room_bytes + more
    if free < wanted:
        raise InputError(
            f"only {free / 1e6:,.0f} MB are free",
            place=Place(str(out)),
            expected=f"at least {wanted / 1e6:,.0f} MB",
            do="Make room, or name another folder with --out. `ringfence prune` removes old runs.",
        )


def unwritable(out: Path, error: Exception) -> InputError | None:
    """What to say when a run failed because its folder cannot be written any more, else None.

    Wherever it was noticed (a library, another process), the folder is tried: a full disk stays full.
    """
    reason = ""
    if isinstance(error, OSError) and error.errno in WRITE_FAILURES and str(out) in str(error.filename or out):
        reason = os.strerror(error.errno or 0)
    probe = out / ".probe.part"
    try:
        with probe.open("wb") as stream:
            stream.write(b"\0" * PROBE_BYTES)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as failed:
        reason = failed.strerror or str(failed)
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    if not reason:
        return None
    named = f"; first at {Path(str(error.filename)).name}" if isinstance(error, OSError) and error.filename else ""
    return InputError(
        f"the folder of runs cannot be written any more ({reason}{named}); nothing was published",
        place=Place(str(out)),
        do="Make room or mend its permissions, then run again: it goes on where it stopped.",
    )


def _left(out: Path, keep: Path | None = None) -> list[Path]:
    """What killed commands left, but for work that can be continued and the status, which the next one replaces."""
    kept = (keep, lasting.part_of(out / STATUS))
    return sorted(path for path in out.glob(".*.part") if path not in kept)


def sweep(out: Path, keep: Path | None = None) -> None:
    """Remove what killed commands left, but for the work `keep`, which is continued. Call it while holding the lock."""
    for path in _left(out, keep):
        with suppress(OSError):
            lasting.remove(path)


def tidy(out: Path, run: Path) -> None:
    """Put right what a killed command left beside a published run, or in it, unless another command is at work."""
    if _left(out):
        with suppress(LockedError), hold(out):
            sweep(out)
    tidy_run(run)


def tidy_run(run: Path) -> None:
    """Put right what a killed redrawing left in a run. Raises LockedError while its pages are being drawn again.

    What may not be written stays as it is: whoever looks for differences names it.
    """
    site = run / "site"
    with suppress(OSError):
        lasting.settle(run)
        if any(run.glob(".site.*")):
            with hold_folder(run):
                lasting.settle(site)
                lasting.remove(lasting.part_of(site))


def publish(work: Path, folder: Path) -> None:
    """Put the finished work in its place and point `latest` to it, each in one step, all of it flushed.

    Where a run whose parts were missing stands there, the two are exchanged.

    Runs are in order of their times, so one published after another is never dated before it, whatever the clock says.
    """
    before = max(map(_published_ns, runs(folder.parent)), default=0)
    if _published_ns(work) <= before:
        os.utime(work / MANIFEST, ns=(before + 1_000_000_000, before + 1_000_000_000))
    lasting.flush_folder(folder.parent.parent)
    with hold_folder(folder) if folder.is_dir() else nullcontext():
        lasting.put_in_place(work, folder)
    point_latest(folder)


def point_latest(folder: Path) -> None:
    """Make `latest` the run at `folder`, in one step."""
    pointer, place = folder.parent / ".latest.part", folder.parent / "latest"
    if place.is_dir() and not place.is_symlink():
        raise InputError(
            "it is a folder where the link to the last run belongs", place=Place(str(place)), do="Move it away."
        )
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(folder.name)
    pointer.replace(place)
    lasting.flush_folder(folder.parent)


def make_latest(folder: Path) -> None:
    """Make a run that stands the latest. Raises LockedError while another run is at work."""
    if not is_latest(folder):
        with hold(folder.parent):
            point_latest(folder)


def keep_apart(work: Path, identity: str) -> Path:
    """What could be loaded of a refused run is kept for the user to look at, away from the published runs."""
    refused = work.parent / REFUSED / identity
    shutil.rmtree(refused, ignore_errors=True)
    refused.parent.mkdir(parents=True, exist_ok=True)
    work.replace(refused)
    return refused


def write_status(out: Path, state: str, **told: Any) -> None:
    """Write `status.json` for a scheduler: the only file of ours that says when.

    A folder that cannot be written is passed over: the exit code has said so already.
    """
    moment = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    text = json.dumps({"state": state, "at": moment, **told}, ensure_ascii=False, sort_keys=True) + "\n"
    try:
        out.mkdir(parents=True, exist_ok=True)
        lasting.write_text(out / STATUS, text)
    except OSError:
        return


def pinned(out: Path) -> set[str]:
    """Ids in `pinned.txt`, one a line: runs that are never removed."""
    path = out / PINNED
    return set(path.read_text(encoding="utf-8").split()) if path.is_file() else set()


def _too_many(out: Path, keep: int) -> list[Path]:
    """Runs beyond the newest `keep`, but for the latest and the pinned ones."""
    safe = pinned(out) | ({latest(out).name} if is_run(out / "latest") else set())
    return [path for path in runs(out)[keep:] if path.name not in safe]


def prunable(out: Path, *, keep: int) -> list[Path]:
    """What `prune` would remove."""
    return [*_left(out), *_too_many(out, keep), *out.glob(REFUSED)]


def prune(out: Path, *, keep: int) -> list[str]:
    """Remove runs beyond those to keep, refused runs, and what a killed command left. Returns the ids removed."""
    sweep(out)
    removed = _too_many(out, keep)
    for path in list(removed):
        try:
            with hold_folder(path):
                lasting.remove(path.rename(lasting.part_of(path)))
        except LockedError:  # its pages are being drawn again
            removed.remove(path)
    shutil.rmtree(out / REFUSED, ignore_errors=True)
    lasting.flush_folder(out)
    return [path.name for path in removed]
