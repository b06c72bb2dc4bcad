"""Payments at scale: rows a second, memory and growth of every step, each beside peers measured in the same minutes.

Files are made in six published layouts (`published_layouts.py`). The steps of a load follow one another on the same
rows: read each file into the canonical record, compare files and write the ledger, trace the flow, check, sum by body
and year. Peers do what of a step a few lines of theirs can say (`measure_payments.py`). Every work runs in a process of
its own, because peak memory is part of the question. Ratios are what to quote. RINGFENCE_BENCH_ROWS=1,5,25,50 asks for
other sizes, in millions of rows; pandas, which holds all of them in memory, is asked up to five.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))
SIZES = [float(size) for size in os.environ.get("RINGFENCE_BENCH_ROWS", "0.24,1,5").split(",")]
PANDAS_UP_TO = 5.0
ONE_FILE = min(5.0, max(SIZES))
STEPS = {
    "read": ("1 read (peers copy the cells as text: no amounts, dates, payees)", ("ours", "arrow", "duckdb", "pandas")),
    "ledger": ("2 compare files and write the ledger", ("ours",)),
    "trace": ("3 trace (peers pick payments and find equal amounts: no tiers, no sums)", ("ours", "duckdb", "pandas")),
    "check": ("4 check (ours are all the checks; peers count nine things)", ("ours", "duckdb", "pandas")),
    "sum": ("5 sum by body and year", ("ours", "duckdb", "pandas")),
}
"""What each step is, and who does it, in the order of a load."""


@dataclass
class Made:
    """Files of so many million rows, the folder of their ledger, and which steps were done on them."""

    millions: float
    given: Path
    out: Path
    peers: Path
    done: set[str] = field(default_factory=set[str])


def child(who: str, step: str, made: Made) -> dict[str, Any]:
    """What a work in a process of its own told: rows, seconds of processor, rows a second, peak memory."""
    script = [sys.executable, str(Path(__file__).parent / "measure_payments.py"), who, step]
    done = subprocess.run([*script, str(made.given), str(made.out), str(made.peers)], cwd=ROOT, capture_output=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def tell(capsys: pytest.CaptureFixture[str], what: str, found: dict[str, Any]) -> None:
    with capsys.disabled():
        print(f"\n{what}: {found['seconds']:,} s, {found['rows_a_second']:,} rows a second, at most "
              f"{found['peak_mb']:,} MB; {found['more']}")  # fmt: skip


@pytest.fixture(scope="module", params=SIZES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    from published_layouts import write_files

    folder = tmp_path_factory.mktemp("payments")
    (folder / "peers").mkdir()
    write_files(folder / "in", int(request.param * 1e6))
    yield Made(request.param, folder / "in", folder / "out", folder / "peers")
    shutil.rmtree(folder)


@pytest.mark.parametrize(("step", "who"), [(step, who) for step, (_, works) in STEPS.items() for who in works])
def test_a_step(benchmark: Any, capsys: pytest.CaptureFixture[str], made: Made, step: str, who: str) -> None:
    benchmark.group = f"{STEPS[step][0]}, {made.millions:g} million rows"
    if who == "duckdb":
        pytest.importorskip("duckdb")
    if who == "pandas" and made.millions > PANDAS_UP_TO:
        pytest.skip(f"pandas is asked up to {PANDAS_UP_TO:g} million rows")
    steps = list(STEPS)
    for before in steps[: steps.index(step)]:  # where a step is asked for alone
        if before not in made.done and before in ("read", "ledger"):
            child("ours", before, made)
            made.done.add(before)
    found = benchmark.pedantic(child, args=(who, step, made), rounds=1)
    made.done |= {step} if who == "ours" else set()
    benchmark.extra_info.update(found)
    tell(capsys, f"{made.millions:g} million rows, {step}, {who}", found)


@pytest.mark.benchmark(group="6 one file: memory does not grow with it")
@pytest.mark.parametrize("share", [0.2, 1.0])
def test_one_file(benchmark: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, share: float) -> None:
    from published_layouts import LAYOUTS, write_one_file

    write_one_file(tmp_path / "in" / "made" / "all.csv", LAYOUTS[2], int(ONE_FILE * share * 1e6))
    made = Made(ONE_FILE * share, tmp_path / "in", tmp_path / "out", tmp_path)
    found = benchmark.pedantic(child, args=("ours", "read", made), rounds=1)
    benchmark.extra_info.update(found)
    tell(capsys, f"one file of {made.millions:g} million rows, read, ours", found)
