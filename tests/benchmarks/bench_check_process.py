"""What the checks add to a run: every suite on the embedded figures, in a process as a run starts it, beyond the import
of Great Expectations; CPU seconds, not time on the clock, because machines are shared.

The peer is the library alone, as its documentation shows it: the same Great Expectations checks and nothing else, one
expectation at a time on the whole frame. No test here asserts a time.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = """
import sys, time
from pathlib import Path
from expectations import check_all
from expectations.gx.adapter import import_gx
import_gx()
imported = time.process_time()
check_all.prepare()
check_all.main(Path(sys.argv[1]), check_all.SUITES, Path(sys.argv[1]))
print(time.process_time() - imported)
"""
PEER = """
import sys, time
from pathlib import Path
sys.path.insert(0, "tests/benchmarks")
from bench_checks import gx_checks, plain_suite
from expectations.running.check_all import declared_checks
from expectations.gx.adapter import import_gx
import pandas as pd
import_gx()
imported = time.process_time()
for name in sorted({check.table for check in declared_checks() if check.origin == "gx"}):
    path = Path(sys.argv[1]) / f"{name}.parquet"
    if path.is_file():
        plain_suite(gx_checks(name), pd.read_parquet(path), one_by_one=True)
print(time.process_time() - imported)
"""


def cpu_seconds(program: str, tables: Path) -> float:
    """What a fresh process says it used after the import of the library."""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tables)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the embedded figures, as loaded."""
    from pipelines.load.constant_areas import write_areas
    from pipelines.load.load import EMBEDDED, load

    folder = tmp_path_factory.mktemp("figures")
    load(EMBEDDED, folder)
    write_areas(folder)
    return folder


@pytest.mark.benchmark(
    group="checks 4 every suite beyond the import, CPU seconds in the extra column (peer: only the Great Expectations "
    "checks among them, one expectation at a time)"
)
class BenchCheckProcess:
    @pytest.mark.parametrize("program", [OURS, PEER], ids=["all checks as a run does them", "peer: plain library"])
    def test_cpu_seconds_beyond_the_import(
        self, benchmark: Any, figures: Path, tmp_path: Path, program: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        used: list[float] = []

        def work() -> None:
            tables = tmp_path / f"tables_{len(used)}"
            shutil.copytree(figures, tables)
            used.append(cpu_seconds(program, tables))

        run: Callable[..., Any] = benchmark.pedantic
        run(work, rounds=3)
        benchmark.extra_info["cpu_seconds_beyond_import"] = round(min(used), 2)
        with capsys.disabled():
            print(f" {min(used):.2f} to {max(used):.2f} CPU seconds beyond the import")
