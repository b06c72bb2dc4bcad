"""How long things take, each beside a peer measured in the same minute; the number in brackets is the ratio.

Machines are shared and differ by a third from one hour to the next, so ratios are what to quote, and no test here
asserts a time. Within a group the quickest comes first with (1.0). Fresh processes are used where start-up is part of
the question.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "data" / "returns"
COMMAND = "import sys; from audit.commands.cli import main; sys.exit(main(sys.argv[1:]))"
IMPORTS = "import pandas, pyarrow.parquet, sklearn.ensemble, great_expectations"

Measure = Callable[..., Any]


def python(*arguments: str) -> None:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture(scope="session")
def extracts() -> list[Path]:
    found = sorted(FIGURES.glob("*.csv"))
    if not found:
        pytest.skip("no embedded figures in data/returns")
    return found


@pytest.fixture
def measure(benchmark: Any) -> Measure:
    def run(work: Callable[[], object], *, rounds: int) -> None:
        benchmark.pedantic(work, rounds=rounds, warmup_rounds=1 if rounds > 1 else 0)

    return run


@pytest.mark.benchmark(group="1 ringfence --help (peers: a bare interpreter, argparse alone)")
class BenchHelp:
    def test_help(self, measure: Measure) -> None:
        measure(lambda: python("-c", COMMAND, "--help"), rounds=7)

    def test_peer_argparse(self, measure: Measure) -> None:
        measure(lambda: python("-c", "import argparse; argparse.ArgumentParser().format_help()"), rounds=7)

    def test_peer_bare_interpreter(self, measure: Measure) -> None:
        measure(lambda: python("-c", "pass"), rounds=7)


@pytest.mark.benchmark(
    group="2 read the embedded figures with lineage (peer: pandas.read_csv of the same files, no lineage)"
)
class BenchRead:
    def test_read_extracts(self, measure: Measure, extracts: list[Path]) -> None:
        from pipelines.declarations.catalogue import sources, tables
        from pipelines.extract.read_extract import read_extract

        declared, known = tables(), sources()
        measure(lambda: [read_extract(path, declared, known) for path in extracts], rounds=3)

    def test_peer_pandas(self, measure: Measure, extracts: list[Path]) -> None:
        import pandas as pd

        measure(lambda: [pd.read_csv(path) for path in extracts], rounds=3)


@pytest.mark.benchmark(group="3 read published workbooks (peer: calamine's cells alone, one process)")
class BenchOriginals:
    def test_read_standardise_and_record_lineage(self, measure: Measure, originals: Path) -> None:
        from pipelines.load.load import read_files
        from pipelines.read.find_files import find_files

        paths = find_files(originals)
        measure(lambda: read_files(paths, workers=os.cpu_count() or 1), rounds=1)

    def test_peer_cells_alone(self, measure: Measure, originals: Path) -> None:
        from python_calamine import CalamineWorkbook

        from pipelines.read.find_files import find_files

        def cells() -> int:
            books = [path for path in find_files(originals) if path.suffix.lower() in (".xls", ".xlsx", ".ods")]
            return sum(
                len(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
                for book in map(CalamineWorkbook.from_path, books)
                for name in book.sheet_names
            )

        measure(cells, rounds=1)


@pytest.mark.benchmark(
    group="4 the whole audit on the embedded figures, cold, pages included (peer: its imports alone)"
)
class BenchWhole:
    def test_whole_run(self, measure: Measure, extracts: list[Path], tmp_path: Path) -> None:
        measure(lambda: python("-c", COMMAND, "run", "--quiet", "--out", str(tmp_path)), rounds=1)

    def test_peer_imports_alone(self, measure: Measure) -> None:
        measure(lambda: python("-c", IMPORTS), rounds=2)


@pytest.mark.benchmark(group="5 the same run again, nothing changed (peer: ringfence --help)")
class BenchRepeat:
    def test_repeat(self, measure: Measure, extracts: list[Path], tmp_path: Path) -> None:
        arguments = ("-c", COMMAND, "run", "--quiet", "--out", str(tmp_path))
        python(*arguments)
        measure(lambda: python(*arguments), rounds=3)

    def test_peer_help(self, measure: Measure) -> None:
        measure(lambda: python("-c", COMMAND, "--help"), rounds=7)


@pytest.mark.benchmark(group="6 import ringfence (peer: a bare interpreter)")
class BenchImport:
    def test_import(self, measure: Measure) -> None:
        measure(lambda: python("-c", "import ringfence"), rounds=7)

    def test_peer_bare_interpreter(self, measure: Measure) -> None:
        measure(lambda: python("-c", "pass"), rounds=7)


OPEN = "import pandas, ringfence; area = ringfence.open_run(sys.argv[1]).area('Hull'); area.flags"


@pytest.mark.benchmark(group="7 a run opened and one area found, as a process (peer: import pandas and pyarrow)")
class BenchOpen:
    def test_open(self, measure: Measure, extracts: list[Path], tmp_path: Path) -> None:
        python("-c", COMMAND, "run", "--quiet", "--out", str(tmp_path))
        measure(lambda: python("-c", f"import sys; {OPEN}", str(tmp_path)), rounds=5)

    def test_peer_imports(self, measure: Measure) -> None:
        measure(lambda: python("-c", "import pandas, pyarrow.parquet"), rounds=5)
