"""Checks on a ledger of payments, each figure beside a plain Great Expectations suite on the same rows.

Each side runs in a process of its own, so that its memory is its own; what it measured is printed, as ratios too. The
plain suite is given a million rows, and ten million where `BENCH_PEER_ROWS` says so: it holds the whole frame at once.
Our engine reads the files as they lie on disk; reading them into the frame is part of the plain suite's time too. The
import of the library is in neither. No time is asserted; that both sides agree, check by check, is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))
ROWS = 10_000_000
PEER_ROWS = int(os.environ.get("BENCH_PEER_ROWS", "1000000"))
Measured = dict[str, Any]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Made-up ledgers by their number of rows, each made once."""
    from made_ledger import make_ledger

    folder = tmp_path_factory.mktemp("ledgers")

    def of(rows: int) -> Path:
        if not (folder / str(rows)).is_dir():
            make_ledger(folder / str(rows), rows)
        return folder / str(rows)

    return of


@pytest.fixture
def measured(benchmark: Any, capsys: pytest.CaptureFixture[str]) -> Callable[[str, Path], Measured]:
    def run(which: str, folder: Path) -> Measured:
        script = [sys.executable, str(Path(__file__).parent / "measure_checks.py"), which, str(folder)]

        def work() -> str:
            return subprocess.run(
                script,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                check=True,
                capture_output=True,
                text=True,
            ).stdout

        made = json.loads(benchmark.pedantic(work, rounds=1, warmup_rounds=0))
        with capsys.disabled():
            print(f"\n{which}, {folder.name} rows: {made['seconds']:.1f} s, {made['cpu_seconds']:.1f} s of processor, "
                  f"at most {made['peak_mb']:,.0f} MB")  # fmt: skip
        return made

    return run


KEPT: dict[str, Measured] = {}


@pytest.mark.benchmark(group=f"checks on {PEER_ROWS:,} payments (peer: the checks on rows as a plain suite)")
class BenchPaymentChecks:
    def test_in_pieces(self, measured: Any, ledger: Any) -> None:
        KEPT["ours"] = measured("ours", ledger(PEER_ROWS))

    def test_peer_plain_suite(self, measured: Any, ledger: Any, capsys: pytest.CaptureFixture[str]) -> None:
        theirs = measured("peer", ledger(PEER_ROWS))
        ours = KEPT["ours"]
        with capsys.disabled():
            for name in ("seconds", "cpu_seconds", "peak_mb"):
                print(f"{name}: the plain suite takes {theirs[name] / ours[name]:.1f} times ours")
        assert ours["ends"] == theirs["ends"]
        assert any(not passed for passed, _ in ours["ends"].values())


@pytest.mark.benchmark(group=f"checks on {ROWS:,} payments, ours alone: memory is that of a million")
class BenchManyPayments:
    def test_in_pieces(self, measured: Any, ledger: Any) -> None:
        measured("ours", ledger(ROWS))
