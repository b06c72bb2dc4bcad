"""The atheris target for payment files: arbitrary bytes into the sniffers and parsers. Started by run.py."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "unit" / "made")]
ROOM = "pipelines.payments"

with atheris.instrument_imports(
    include=[f"{ROOM}.{name}" for name in ("amounts", "blocks", "canonical", "dates", "encoding", "header", "load_file",
                                           "period", "read_pdf", "rows", "sniff", "tally")]
):  # fmt: skip
    from fuzz_payment_inputs import read_payment_bytes


def one_input(data: bytes) -> None:
    """One case."""
    read_payment_bytes(data)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
