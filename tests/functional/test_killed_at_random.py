"""Jobs killed at random moments: the last good result stays, and the next job ends with the same bytes.

A few kills in every test run. RINGFENCE_KILLS=N gives each job N, on all the embedded returns and on payments as
published too; RINGFENCE_SEED gives other moments; `-s` shows which stages were hit. Long ones: docs/operations.md.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from killed_commands import FEW_TREES, HEAD, command_jobs, some_jobs
from killed_jobs import (
    REPOSITORY,
    Job,
    kill_at_random,
    ledger,
    published_runs,
    ringfence,
    stage_of_payments,
    stage_of_run,
    states_of_ledger,
    states_of_runs,
)

KILLS, SEED = os.environ.get("RINGFENCE_KILLS"), int(os.environ.get("RINGFENCE_SEED", "20111"))
LONG = pytest.mark.skipif(not KILLS, reason="long: set RINGFENCE_KILLS to the number of kills")
PUBLISHED = REPOSITORY.parent / "shared" / "payments"
ORIGINALS = pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="the published payment files are not beside the repository"
)
PARTS = ("council/bolton", "council/hyndburn", "ccg/nhs-brent-ccg")


def a_good_run(out: Path) -> None:
    good = out / "0123456789abcdef"
    good.mkdir(parents=True)
    (good / "manifest.json").write_text("{}")
    (good / "flags.csv").write_text("area_code\n")
    (out / "latest").symlink_to(good.name)


def job_on_returns(arguments: list[str], whole: Path) -> Job:
    def start(out: Path) -> list[str]:
        return ["run", "--quiet", "--out", str(out), *arguments]

    began = time.monotonic()
    assert ringfence(*start(whole)).returncode == 0
    seconds = time.monotonic() - began
    return Job(start, published_runs, stage_of_run, a_good_run, states_of_runs, whole, seconds)


def job_on_some_returns(folder: Path, *more: str) -> Job:
    returns, settings = folder / "returns", folder / "few_trees.toml"
    returns.mkdir()
    settings.write_text(FEW_TREES)
    for path in sorted((REPOSITORY / "data" / "returns").glob("r[so]*_201[23]-*")):
        shutil.copy(path, returns / path.name)
    return job_on_returns(["--returns", str(returns), "--settings", str(settings), *more], folder / "whole")


def published_payments(folder: Path) -> Path:
    for part in PARTS:
        shutil.copytree(PUBLISHED / part, folder / part)
    return folder


def job_on_payments(files: Path, folder: Path) -> Job:
    """The last good ledger is one of fewer files."""

    def start(out: Path) -> list[str]:
        return ["payments", str(files), "--out", str(out), "--workers", "2"]

    fewer = folder / "fewer"
    some = sorted(path for path in files.rglob("*") if path.is_file())[::2]
    for path in some:
        place = fewer / path.relative_to(files)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    assert ringfence("payments", str(fewer), "--out", str(folder / "good")).returncode == 0
    began = time.monotonic()
    assert ringfence(*start(folder / "whole")).returncode == 0
    seconds = time.monotonic() - began
    shutil.rmtree(folder / "good" / "stage")

    def last_good(out: Path) -> None:
        shutil.copytree(folder / "good", out, dirs_exist_ok=True)

    return Job(start, ledger, stage_of_payments, last_good, states_of_ledger, folder / "whole", seconds)


def told(hits: Counter[tuple[str, str]]) -> None:
    stages, kinds = Counter[str](), Counter[str]()
    for (stage, kind), number in hits.items():
        stages[stage] += number
        kinds[kind] += number
    print(f"\nkilled {hits.total()} times; stages {dict(sorted(stages.items()))}; {dict(sorted(kinds.items()))}")


def test_a_run_killed_at_random_leaves_the_last_one_intact_and_ends_with_the_same_bytes(tmp_path):
    told(kill_at_random(job_on_some_returns(tmp_path), tmp_path, kills=int(KILLS or 2), seed=SEED))


@LONG
def test_a_run_on_all_returns_killed_at_random_ends_with_the_same_bytes(tmp_path):
    told(kill_at_random(job_on_returns([], tmp_path / "whole"), tmp_path, kills=int(KILLS or 0), seed=SEED))


def job_on_made_payments(folder: Path) -> Job:
    for body in ("nhs-madeham-ccg", "madeham"):
        for month in range(1, 7):
            path = folder / "in" / body / f"spend-2020-{month:02}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            start = f"{body},01/{month:02}/2020,Services,REABLEMENT,PAYEE"
            rows = [f"{start} {row % 40} LTD,{month}{row:05},{row}.25" for row in range(1, 1200)]
            path.write_text("\n".join([HEAD, *rows]))
    return job_on_payments(folder / "in", folder)


def test_a_load_of_payments_killed_at_random_leaves_one_whole_ledger_or_the_other(tmp_path):
    told(kill_at_random(job_on_made_payments(tmp_path), tmp_path, kills=int(KILLS or 3), seed=SEED))


@LONG
@ORIGINALS
def test_a_load_of_published_payments_killed_at_random_leaves_one_whole_ledger_or_the_other(tmp_path):
    job = job_on_payments(published_payments(tmp_path / "in"), tmp_path)
    told(kill_at_random(job, tmp_path, kills=int(KILLS or 0), seed=SEED))


@LONG
@ORIGINALS
def test_a_run_with_published_payments_killed_at_random_ends_with_the_same_bytes(tmp_path):
    job = job_on_some_returns(tmp_path, "--payments", str(published_payments(tmp_path / "in")))
    told(kill_at_random(job, tmp_path, kills=int(KILLS or 0), seed=SEED))


def test_every_other_command_killed_at_random_leaves_what_was_there_or_what_it_makes(tmp_path):
    jobs = command_jobs(tmp_path) if KILLS else some_jobs(tmp_path)
    for number, (name, job) in enumerate(jobs.items()):
        told(kill_at_random(job, tmp_path / f"kills of {name}", kills=int(KILLS or 1), seed=SEED + number))
