"""Every command that writes, killed at random moments again and again: nothing lost, half-published or mixed.

`make soak` kills SOAK_KILLS (500) times with SOAK_SEED (20111), for SOAK_KILL_SECONDS (1,500) at most, going round the
jobs of `tests/functional/killed_commands.py` with `run` and `payments`. Out: the figures on stdout; what broke raises.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "functional"))
from killed_commands import command_jobs
from killed_jobs import Job, kill_at_random
from test_killed_at_random import job_on_made_payments, job_on_some_returns

AT_ONCE = 4
"""Kills of one job before the next has its turn; then what was killed is done to its end and compared."""


def jobs(folder: Path) -> dict[str, Job]:
    """All jobs by name; each in a folder of its own."""
    for name in ("run", "payments"):
        (folder / name).mkdir()
    made = {"run": job_on_some_returns(folder / "run"), "payments": job_on_made_payments(folder / "payments")}
    return made | command_jobs(folder)


def main() -> None:
    """Kill, go on, kill again, until the number is reached or the time is over."""
    kills, seconds, seed = (
        int(os.environ.get(f"SOAK_{name}", default))
        for name, default in (("KILLS", 500), ("KILL_SECONDS", 1500), ("SEED", 20111))
    )
    began, found, kinds, turn = time.monotonic(), Counter[str](), Counter[str](), 0
    with tempfile.TemporaryDirectory(prefix="ringfence-kills-") as scratch:
        every = jobs(Path(scratch))
        while found.total() < kills and time.monotonic() - began < seconds:
            for name, job in every.items():
                if found.total() >= kills or time.monotonic() - began >= seconds:
                    break
                turn += 1
                hits = kill_at_random(job, Path(scratch) / "kills" / str(turn), kills=AT_ONCE, seed=seed + turn)
                found[name] += hits.total()
                for (_, kind), number in hits.items():
                    kinds[kind] += number
            print(f"{time.monotonic() - began:5.0f} s  {dict(found)}", flush=True)
    print(
        f"killed {found.total()} times in {(time.monotonic() - began) / 60:,.0f} minutes: {dict(sorted(found.items()))}"
    )
    print(f"how: {dict(sorted(kinds.items()))}")
    print("lost, half-published or mixed: nothing")


if __name__ == "__main__":
    main()
