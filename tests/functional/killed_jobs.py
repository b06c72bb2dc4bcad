"""Jobs that are killed at random moments, and what must hold after each kill. Used by `test_killed_at_random.py`.

A job says how it is started, what people see in its folder, and which stage it was in when it was killed. Needs /proc.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from audit.run import publish
from audit.run.manifest import outputs
from pipelines.errors import EXIT_OK, EXIT_TERMINATED, LockedError
from pipelines.payments.ledger import put_in_place
from pipelines.processes import run_lock

REPOSITORY = Path(__file__).resolve().parents[2]
LONGEST_WAIT_SECONDS = 600.0  # on a machine with much else to do
BEGINNING_SECONDS = 4.0  # before this the program may not yet have said that it ends cleanly when told to
KINDS = ("SIGKILL", "SIGKILL to it and all below it", "SIGTERM")
Seen = dict[str, str]


@dataclass(frozen=True)
class Job:
    """How a job is started in a folder, the hash of every file people read there, and the stage a killed one was in.

    `last_good` puts the result of an earlier job into an empty folder; `whole` is a folder nobody disturbed; `states`
    gives what may be seen, from the last good result and the undisturbed one, the finished state last. `seconds` is
    what an undisturbed job took. A job that is done `once` refuses to do what is done.
    """

    start: Callable[[Path], list[str]]
    seen: Callable[[Path], Seen]
    stage: Callable[[Path, int], str]
    last_good: Callable[[Path], None]
    states: Callable[[Seen, Seen], list[Seen]]
    whole: Path
    seconds: float
    once: bool = False


def ringfence(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [sys.executable, "-m", "audit.commands.cli", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


def family(process: int) -> list[int]:
    """A process and all below it."""
    below: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if after_name[0] != "Z":
            below.setdefault(int(after_name[1]), []).append(int(path.parent.name))
    found = [process]
    for one in found:
        found.extend(below.get(one, []))
    return found


def published_runs(out: Path) -> Seen:
    """Every file of every published run, and where `latest` leads."""
    found = {f"{run.name}/{name}": digest for run in publish.runs(out) for name, digest in outputs(run).items()}
    return {**found, "latest": (out / "latest").resolve().name}


def states_of_runs(good: Seen, whole: Seen) -> list[Seen]:
    """The new run is not there; it is there and `latest` not yet moved; all is done."""
    return [good, {**whole, **good}, {**good, **whole}]


def stage_of_run(out: Path, _began: int = 0) -> str:
    """The stage a run was in: the first its log does not tell of."""
    works = list(out.glob(".*.part/log.jsonl"))
    if not works:
        return "load" if list(out.glob(".*.part")) else "before or after its work"
    told = {json.loads(line)["stage"] for line in works[0].read_text(encoding="utf-8").splitlines()}
    return next((name for name in ("load", "check", "audit", "report", "publish") if name not in told), "publication")


def ledger(out: Path) -> Seen:
    """Every table of a ledger, after what was whole has been put in place."""
    put_in_place.settle(out)
    tables = [path for path in sorted(out.rglob("*.parquet")) if not {"stage", put_in_place.MAKING} & set(path.parts)]
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in tables}


def states_of_ledger(good: Seen, whole: Seen) -> list[Seen]:
    """The last ledger or the new one."""
    return [good, whole]


def stage_of_payments(out: Path, began: int) -> str:
    """The stage a load of payments that `began` then was in; what one killed before it left does not count."""
    making = out / put_in_place.MAKING
    if (out / put_in_place.READY).is_dir():
        return "put in place"
    if making.is_dir() and making.stat().st_mtime_ns > began:
        return "flow" if (making / "payment_quarantine.parquet").is_file() else "ledger"
    return "read" if list(out.glob("stage/*/*.json")) else "before or after its work"


def kill_once(job: Job, out: Path, moment: float, how: str) -> int:
    """Start the job, stop it after `moment` seconds, and see that nothing of it stays. Returns its exit code."""
    command = [sys.executable, "-m", "audit.commands.cli", *job.start(out)]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        return process.wait(timeout=moment)
    everyone = family(process.pid)
    process.send_signal(signal.SIGTERM if how == "SIGTERM" else signal.SIGKILL)
    for child in everyone[1:] if how == KINDS[1] else ():
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    code = process.wait(timeout=LONGEST_WAIT_SECONDS)
    wait_until_gone(everyone[1:], out)
    return code


def wait_until_gone(children: list[int], out: Path) -> None:
    """Until no process of a killed job is left, nor the lock held."""
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while time.monotonic() < until:
        try:
            with run_lock.hold(out):
                if not any(map(alive, children)):
                    return
        except LockedError:
            pass
        time.sleep(0.1)
    raise AssertionError("a killed job still holds the lock, or left a process")


def alive(process: int) -> bool:
    """False for a process that is not there, or has ended and waits to be collected."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill_at_random(job: Job, folder: Path, *, kills: int, seed: int) -> Counter[tuple[str, str]]:
    """Kill the job at `kills` random moments, continuing each time. Returns how often each stage was hit, and how.

    After every kill the last good result is as it was, or the new one is there as a whole; at the end all is the same
    as if nobody had killed it.
    """
    chance, hits, number = random.Random(seed), Counter[tuple[str, str]](), 0
    out = new_folder(job, folder, number)
    allowed = job.states(job.seen(out), job.seen(job.whole))
    while hits.total() < kills:
        how = chance.choice(KINDS)
        moment, since = chance.uniform(0.1, job.seconds), time.time_ns()
        code = kill_once(job, out, moment, how)
        if code == EXIT_OK:  # it ended before its kill
            same(job.seen(out), allowed[-1])
            number += 1
            out = new_folder(job, folder, number)
            continue
        hits[job.stage(out, since), how] += 1
        seen = job.seen(out)
        assert seen in allowed, "half a result, or another one"
        # While Python starts, and again while it ends, it cannot say that it was told to stop.
        cannot_say = moment < max(BEGINNING_SECONDS, job.seconds / 4) or seen == allowed[-1]
        ends = {EXIT_TERMINATED, *([-signal.SIGTERM] if cannot_say else [])} if how == "SIGTERM" else {-signal.SIGKILL}
        assert code in ends, (code, how, moment)
        if job.once and seen == allowed[-1]:
            number += 1
            out = new_folder(job, folder, number)
    done = ringfence(*job.start(out))
    assert done.returncode == EXIT_OK, done.stderr
    same(job.seen(out), allowed[-1])
    return hits


def same(found: Seen, wanted: Seen) -> None:
    """Fail with the first files that differ."""
    different = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
    assert not different, f"{len(different)} files are not as undisturbed: {different[:5]}"


def new_folder(job: Job, folder: Path, number: int) -> Path:
    """A folder that holds the last good result and nothing else; the one before it is removed."""
    shutil.rmtree(folder / f"runs_{number - 1}", ignore_errors=True)
    out = folder / f"runs_{number}"
    out.mkdir(parents=True)
    job.last_good(out)
    return out
