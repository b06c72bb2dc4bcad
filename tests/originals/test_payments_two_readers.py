"""Arrow's reader and Python's give the same cells and the same bytes for the published payment files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipelines.payments.file import sniff
from pipelines.payments.file.load_file import read_payments
from pipelines.payments.ledger.stage import write_tables
from pipelines.payments.load.load_payments import find_payment_files
from pipelines.payments.sheet.blocks import Block, UnevenError

PAYMENTS = Path(__file__).resolve().parents[3] / "shared" / "payments"
pytestmark = [
    pytest.mark.originals,
    pytest.mark.skipif(
        not PAYMENTS.is_dir(), reason="the payment files are not beside the repository (../shared/payments)"
    ),
]


def opened() -> list[tuple[Path, sniff.Opened]]:
    """The published files of delimited text."""
    found: list[tuple[Path, sniff.Opened]] = []
    for path in find_payment_files(PAYMENTS).files:
        with path.open("rb") as stream:
            head = stream.read(1024)
        if not head.lstrip().startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            found.append((path, sniff.open_file(path)))
    return found


def table(blocks: Iterator[Block]) -> Any:
    """All blocks as one table, columns without any text at its end left out."""
    made = list(blocks)
    width = max(len(block.columns) for block in made)
    columns = [pa.chunked_array([block.column(at) for block in made], pa.string()) for at in range(width)]
    while columns and columns[-1].unique().to_pylist() == [""]:
        columns.pop()
    numbers = [number for block in made for number in block.numbers.tolist()]
    assert numbers == list(range(len(numbers)))
    return pa.table(columns, names=[str(at) for at in range(len(columns))])


def test_every_published_text_is_split_into_the_same_cells_by_both_readers() -> None:
    files = opened()
    assert len(files) >= 200
    alone: list[str] = []
    for path, book in files:
        sheet = book.sheets[0]
        try:
            quick = table(sheet.blocks())
        except UnevenError:
            alone.append(path.name)
            continue
        assert quick.equals(table(sheet.careful())), path.name
    assert len(alone) <= len(files) // 20  # those only Python's reader can split


def test_published_files_give_the_same_bytes_whichever_reader_splits_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> Iterator[Block]:
        raise UnevenError("")
        yield

    some = [path for path, _ in opened()[::12]]

    def staged(folder: Path) -> list[tuple[bytes, bytes, dict[str, Any]]]:
        out: list[tuple[bytes, bytes, dict[str, Any]]] = []
        folder.mkdir()
        for path in some:
            reading = read_payments(path, PAYMENTS)
            write_tables(reading.tables(), folder / "rows")
            write_tables(reading.aside(), folder / "aside")
            rows, aside = (
                (folder / name).read_bytes() if (folder / name).is_file() else b"" for name in ("rows", "aside")
            )
            out.append((rows, aside, reading.record))
        return out

    quick = staged(tmp_path / "quick")
    monkeypatch.setattr(sniff, "quick_blocks", refuse)
    assert staged(tmp_path / "careful") == quick
