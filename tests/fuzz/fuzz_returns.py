"""The atheris target for returns: arbitrary bytes into every reader, guided by the branches of our Python.

run.py starts it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "unit" / "made")]

with atheris.instrument_imports(
    include=["pipelines.read.read_tabular", "pipelines.read.read_forms", "pipelines.read.zip_parts",
             "pipelines.read.sheet_bounds", "pipelines.read.xls_bounds", "pipelines.cell_values",
             "pipelines.shape.recognise"]
):  # fmt: skip
    from fuzz_inputs import read_everything, small_limits

LIMITS = small_limits()


def one_input(data: bytes) -> None:
    """One case."""
    read_everything(data, LIMITS)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
