"""Fuzz the readers of returns and payments for a given time and count the cases: read, recognised, refused, failed.

In: seconds. Out: one line of counts per form, and every failing file in `.fuzz/`, named by its hash; exit code 1 when
there is one. Half of the time goes to sound files broken at random, half to atheris, where it is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FOUND = ROOT / ".fuzz"
LAST = FOUND / "last"
RETURNS = ("csv", "csv in UTF-16", "csv in Windows-1252", "tsv", "hexjson", "xlsx", "ods", "xls", "xls, small", "stata")
FORK = multiprocessing.get_context("fork")
SLOWEST = 5.0
MEMORY = 3 << 30
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "unit" / "made")]


def keep(data: bytes, error: BaseException | str) -> None:
    """Write a failing file and say why it failed."""
    path = FOUND / hashlib.sha256(data).hexdigest()[:16]
    path.write_bytes(data)
    print(f"FAILED {path}: {error}", flush=True)
    if isinstance(error, BaseException):
        traceback.print_exception(error, limit=-4, file=sys.stdout)


def forms() -> list[tuple[str, bytes, Callable[[bytes], str]]]:
    """Every form with a sound file of it and what reads it: returns, then payments."""
    from fuzz_inputs import read_everything, seeds, small_limits
    from fuzz_payment_inputs import FORMS, payment_seeds, read_payment_bytes

    read = partial(read_everything, allowed=small_limits())
    made = [(name, data, read) for name, data in zip(RETURNS, seeds(), strict=True)]
    return made + [(name, data, read_payment_bytes) for name, data in zip(FORMS, payment_seeds(), strict=True)]


def break_at_random(form: int, seconds: float, seed: int) -> Counter[str]:
    """Break the sound file of one form until the time is up."""
    from fuzz_inputs import broken

    _, sound, read = forms()[form]
    counts, random_ = Counter[str](), random.Random(seed)
    slowest, until = 0.0, time.monotonic() + seconds
    while time.monotonic() < until:
        data = broken(sound, random_)
        LAST.write_bytes(data)  # an abort of the spreadsheet library leaves nothing else behind
        begun = time.process_time()
        try:
            counts[read(data)] += 1
        except BaseException as error:  # whatever it is, it is what we look for
            if isinstance(error, KeyboardInterrupt):
                raise
            counts["failed"] += 1
            keep(data, error)
        taken = time.process_time() - begun
        slowest = max(slowest, taken)
        if taken > SLOWEST:
            counts["failed"] += 1
            keep(data, f"took {taken:.1f} seconds")
    counts["slowest, ms"] = round(slowest * 1000)
    return counts


def apart(form: int, seconds: float, seed: int) -> Counter[str]:
    """`break_at_random` in a process of its own, begun again with another seed when a case kills it."""
    counts = Counter[str]()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answers = FORK.SimpleQueue()
        child = FORK.Process(target=_answer, args=(answers, form, until - time.monotonic(), seed))
        child.start()
        child.join()
        if child.exitcode == 0:
            return counts + answers.get()
        counts["failed"] += 1
        keep(LAST.read_bytes(), f"it killed its reader ({child.exitcode})")
        seed += 1000
    return counts


def _answer(answers, form: int, seconds: float, seed: int) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the spreadsheet library tells of every panic it survives
    answers.put(break_at_random(form, seconds, seed))


def with_atheris(target: str, seconds: float) -> int:
    """Coverage-guided fuzzing of `returns` or `payments` in a process of its own. Returns its exit code."""
    corpus = FOUND / f"corpus-{target}"
    corpus.mkdir(parents=True, exist_ok=True)
    for name, data, _ in forms():
        if name.startswith("payments") == (target == "payments"):
            (corpus / name.replace(" ", "_").replace(",", "")).write_bytes(data)
    command = [sys.executable, str(HERE / f"fuzz_{target}.py"), str(corpus), f"-max_total_time={int(seconds)}"]
    command += ["-timeout=20", "-rss_limit_mb=3000", "-max_len=20000", "-print_final_stats=1", "-verbosity=0"]
    command += [f"-artifact_prefix={FOUND}/"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, errors="replace")
    kept = (line for line in done.stderr.splitlines() if done.returncode or line.startswith("stat::"))
    print("\n".join(f"atheris, {target}: {line}" for line in kept), flush=True)
    return done.returncode


def main() -> int:
    """Fuzz every form in turn, then all with atheris."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300, help="in all")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ["RUST_BACKTRACE"] = "0"
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))
    coverage = importlib.util.find_spec("atheris") is not None
    FOUND.mkdir(exist_ok=True)
    every = forms()
    for _, data, read in (every[0], every[-1]):
        read(data)  # what every case needs is loaded once, before the first fork
    total: Counter[str] = Counter()
    for number, (form, _, _) in enumerate(every):
        share = asked.seconds / len(every) / (2 if coverage else 1)
        counts = apart(number, share, asked.seed)
        slowest = counts.pop("slowest, ms", 0)
        total += counts
        told = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items()))
        print(f"{form}: {sum(counts.values()):,} cases, {told}; slowest {slowest:,} ms", flush=True)
    print(f"all: {sum(total.values()):,} cases, {total['failed']:,} failed")
    code = 0
    if coverage:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        code = max(with_atheris(target, asked.seconds / 4) for target in ("returns", "payments"))
    else:
        print("atheris is not installed: only sound files broken at random were tried")
    return 1 if total["failed"] or code else 0


if __name__ == "__main__":
    sys.exit(main())
