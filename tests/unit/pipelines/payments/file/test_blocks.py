"""Text in blocks: Arrow's reader and Python's give the same cells with the same row numbers, whatever the text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.errors import InputError
from pipelines.payments.file import sniff, spool
from pipelines.payments.file.amounts import parse_amount, parse_texts
from pipelines.payments.file.dates import read_date
from pipelines.payments.file.header import find_layout
from pipelines.payments.file.load_file import read_payments
from pipelines.payments.ledger.stage import write_tables
from pipelines.payments.sheet import blocks, encoding
from pipelines.payments.sheet.blocks import Block, UnevenError, careful_blocks, quick_blocks
from pipelines.payments.sheet.encoding import Utf8Stream, find_encoding
from pipelines.payments.words.period import file_months

CELLS = st.text(alphabet='ab1£,"\n -Total€\u2020', max_size=8)
ROWS = st.lists(st.lists(CELLS, max_size=6), max_size=30)


def cells(made: Iterator[Block]) -> list[list[str]]:
    """Rows of blocks without their last empty cells; row numbers must have no gaps.

    Where the last quote is never closed, the line end before the end of the text is no part of a cell.
    """
    out: list[list[str]] = []
    for block in made:
        assert block.numbers.tolist() == list(range(len(out), len(out) + len(block.numbers)))
        for at in range(len(block.numbers)):
            row = block.row(at)
            out.append(row)
    for row in out:
        while row and not row[-1].rstrip("\r\n" if row is out[-1] else ""):
            row.pop()
    if out and out[-1]:
        out[-1][-1] = out[-1][-1].rstrip("\r\n")
    return out


def both(text: str, width: int) -> tuple[list[list[str]], list[list[str]]]:
    def stream() -> io.BytesIO:
        return io.BytesIO(text.encode())

    return cells(quick_blocks(stream, ",", width=width)), cells(careful_blocks(stream, ","))


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, width=st.integers(1, 6), quoted=st.booleans(), broken=CELLS, end=st.sampled_from(["\n", "\r\n"]))
@example(rows=[], width=2, quoted=False, broken='"\n', end="\n")
def test_both_readers_split_any_text_into_the_same_cells(
    rows: list[list[str]], width: int, quoted: bool, broken: str, end: str
) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL, lineterminator="\n").writerows(rows)
    try:
        quick, careful = both((text.getvalue() + broken).replace("\n", end), width)
    except UnevenError:
        return  # Python's reader is then asked alone
    assert quick == careful


def test_rows_of_other_lengths_stand_where_they_stood_over_many_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 256)
    monkeypatch.setattr(blocks, "BLOCK_ROWS", 7)
    lines = ["", "a,b", "a,b,c", '"x,1","y\n2",z', "a,b,c,d,e", ",,", 'a"b,c,"d"e']
    quick, careful = both("\n".join(lines[at % 7] if at % 3 else f"{at},b,c" for at in range(400)), 3)
    assert quick == careful
    assert len(quick) == 400


HEAD = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
GOOD = 'NHS Bolton CCG,30/04/2020,Services,COMMUNITY,MADEHAM "{0}",{0},"1,{1:03d}.50"\n'


def staged(path: Path) -> tuple[bytes, bytes, dict[str, object]]:
    reading = read_payments(path, path.parent)
    out = []
    for name, tables in (("rows", reading.tables()), ("aside", reading.aside())):
        place = path.with_suffix(f".{name}")
        write_tables(tables, place)
        out.append(place.read_bytes() if place.is_file() else b"")
    return out[0], out[1], reading.record


def refuse_to_split(*_: object, **__: object) -> Iterator[Block]:
    raise UnevenError("")
    yield


@settings(max_examples=25, deadline=None)
@given(rows=ROWS, name=st.sampled_from(("utf-8", "cp1252", "utf-16")))
def test_a_file_gives_the_same_bytes_whichever_reader_splits_it(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], name: str
) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    body = "".join(GOOD.format(at, at % 999) for at in range(12)) + text.getvalue() + GOOD.format(13, 1) * 2
    path = tmp_path_factory.mktemp("same") / "april-2020.csv"
    path.write_bytes((HEAD + body).encode(name, "replace"))
    quick = staged(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sniff, "quick_blocks", refuse_to_split)
        patch.setattr(blocks, "BLOCK_ROWS", 5)
        assert staged(path) == quick


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet="0123456789,.£-()+ CRDe\u00a0\u2212?", max_size=12))
def test_an_amount_is_read_the_same_by_itself_and_in_a_column(text: str) -> None:
    alone, column = parse_amount(text), parse_texts(pa.array([text]))[0]
    assert column == alone or (alone is None and column != column)


@settings(max_examples=150, deadline=None)
@example(data=b"\xc3\x82\x00\xc2\xa3\x00")
@example(data=b"a\r\x00\nb")
@given(data=st.binary(max_size=60) | st.text("a\u2020£\r\n\u00c2\x00,", max_size=40).map(str.encode))
def test_text_taken_in_pieces_is_the_text_taken_whole(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "pieces"
    path.write_bytes(data)
    told = find_encoding(io.BytesIO(data))
    whole = Utf8Stream(path, told.name).read().replace(b"\r\n", b"\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "CHUNK", 3)
        patch.setattr(encoding, "LONGEST_LINE", 1 << 20 if " with " in told.name else 2)  # two encodings: whole lines
        assert find_encoding(io.BytesIO(data)).sha256 == told.sha256
        pieces = Utf8Stream(path, told.name)
        assert b"".join(iter(lambda: pieces.read(2), b"")).replace(b"\r\n", b"\n") == whole
    assert b"\r" not in whole
    assert "\u2020".encode() not in whole


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.lists(st.text(max_size=12) | st.sampled_from(("Amount", "Supplier", "Date")), max_size=6)))
def test_headers_dates_and_periods_of_any_text_are_told_or_not_but_never_crash(rows: list[list[str]]) -> None:
    layout = find_layout(rows)
    assert layout.refused or layout.amount_field
    for cell in (cell for row in rows for cell in row):
        assert read_date(cell, "dmy").precision in ("day", "month", "none")
        file_months(cell, cell)


def test_an_endless_line_is_refused_before_it_stands_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"Amount," + b"x" * 64 + b'"' * (blocks.LONGEST_LINE + 1))
    with pytest.raises(InputError, match="more than"):
        list(careful_blocks(lambda: Utf8Stream(path, "ascii"), ","))


@settings(max_examples=30, deadline=None)
@given(
    numbers=st.lists(st.integers(0, 40), max_size=300), pieces=st.integers(1, 6), times=st.sampled_from((1, 1 << 58))
)
@example(numbers=[1, 2, 3, 1, 2, 1], pieces=1, times=1)
def test_repeated_rows_are_counted_the_same_when_they_do_not_stand_in_memory_at_once(
    numbers: list[int], pieces: int, times: int
) -> None:
    seen = spool.Repeats()
    for part in range(pieces):
        seen.add(np.array([number * times for number in numbers[part::pieces]], np.uint64))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "AT_ONCE", 16)
        assert seen.count() == len(numbers) - len(set(numbers))


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.integers(1, 30), max_size=12), size=st.integers(1, 40))
def test_rows_laid_aside_come_back_in_their_order_in_tables_of_the_size_asked_for(sizes: list[int], size: int) -> None:
    schema = pa.schema([("n", pa.int64()), ("t", pa.dictionary(pa.int32(), pa.string()))])
    rows, laid = 0, spool.Spool(schema)
    for more in sizes:
        texts = pa.array([str(at % 3) for at in range(rows, rows + more)]).dictionary_encode()
        laid.add(pa.RecordBatch.from_arrays([pa.array(range(rows, rows + more)), texts], schema=schema))
        rows += more
    tables = list(laid.read(size))
    assert [number for table in tables for number in table["n"].to_pylist()] == list(range(rows))
    assert [text for table in tables for text in table["t"].to_pylist()] == [str(at % 3) for at in range(rows)]
    assert all(table.num_rows == size for table in tables[:-1])
