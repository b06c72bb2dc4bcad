"""A table of cells in blocks of rows, column by column, each row with the number a spreadsheet shows.

In: delimited text as a stream, or rows already in memory. Out: `Block`s of text columns. Text goes through Arrow's
reader, rows of another length than most through Python's; what Arrow cannot split at all is split by Python's reader
alone, to the same cells. Refused: cells and rows beyond all measure.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

from pipelines.errors import InputError
from pipelines.payments.sheet.lines import mended_rows
from pipelines.payments.words.texts import bytes_of, lengths_of

Row = list[str]
LARGEST_CELL = 131_072
MOST_COLUMNS = 1_000
LONGEST_LINE = 1 << 24
BLOCK_BYTES = 1 << 23
BATCHES = 32  # of Arrow, each of a chunk of the text, that make a block
FEW_ODD = 500  # rows of another length in a block
BLOCK_ROWS = 50_000
OpenText = Callable[[], Any]


class UnevenError(Exception):
    """Arrow's reader cannot split the text; Python's reader must."""


@dataclass(frozen=True)
class Block:
    """Rows of a table: `numbers` (0-based, int64) and as many columns of text as the longest row has cells."""

    numbers: Any
    columns: list[Any]

    def column(self, at: int) -> Any:
        """A column, empty texts where the block is not so wide."""
        if at < len(self.columns):
            return self.columns[at]
        import pyarrow as pa

        return pa.repeat(pa.scalar("", pa.string()), len(self.numbers))

    def row(self, position: int) -> Row:
        """The cells of one row."""
        return [column[position].as_py() for column in self.columns]

    def below(self, number: int) -> Block:
        """Its rows from a number on."""
        skip = int((self.numbers < number).sum())
        return Block(self.numbers[skip:], [column.slice(skip) for column in self.columns]) if skip else self

    def part(self, first: int, last: int | None, columns: tuple[int, int] | None) -> Block:
        """Its rows from `first` to before `last`, and its columns in the same way; to the end where that is None."""
        own = self.below(first)
        if last is not None:
            size = int((own.numbers < last).sum())
            own = Block(own.numbers[:size], [column.slice(0, size) for column in own.columns])
        return Block(own.numbers, own.columns[columns[0] : columns[1]]) if columns else own

    def filled(self, first: int) -> Block:
        """Its rows with any text, if one in eight has none, else all; `first` is a column most rows have text in."""
        import numpy as np
        import pyarrow as pa

        blank = np.ones(len(self.numbers), bool)
        for column in (self.column(first), *self.columns):
            blank &= lengths_of(column) == 0
            if int(blank.sum()) * 8 <= len(blank):
                return self
        chosen = pa.array(~blank)
        return Block(self.numbers[~blank], [column.filter(chosen) for column in self.columns])


def broken_cells(block: Block) -> Iterator[str]:
    """Every cell with a line break in it: told by the bytes of its column."""
    import numpy as np

    for column in block.columns:
        ends, held = bytes_of(column)
        found = np.flatnonzero(held == ord("\n"))
        for at in dict.fromkeys((np.searchsorted(ends, found, side="right") - 1).tolist()):
            yield column[at].as_py()


def _block(first: int, rows: Sequence[Row], width: int = 0) -> Block:
    import numpy as np
    import pyarrow as pa

    width = max(width, max(map(len, rows), default=0))
    even = [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]
    columns = [pa.array([row[at] for row in even], pa.string()) for at in range(width)]
    return Block(np.arange(first, first + len(rows)), columns)


def blocks_of_rows(rows: Sequence[Row]) -> Iterator[Block]:
    """Blocks of rows in memory."""
    for start in range(0, len(rows), BLOCK_ROWS):
        yield _block(start, rows[start : start + BLOCK_ROWS])


def read_rows(stream: Any, delimiter: str) -> Iterator[Row]:
    """Rows of delimited text, one by one. Raises InputError for cells and rows beyond all measure."""
    csv.field_size_limit(LARGEST_CELL)
    text = io.TextIOWrapper(io.BufferedReader(stream, 1 << 20), encoding="utf-8", errors="replace", newline="\n")
    rows = csv.reader(_lines(text), delimiter=delimiter)
    try:
        for row in rows:
            if len(row) > MOST_COLUMNS:
                raise InputError(f"a row has more than {MOST_COLUMNS} columns", expected="a table of payments")
            yield row
    except csv.Error as error:
        raise InputError(f"the text cannot be split into cells near line {rows.line_num} ({error})") from error
    finally:
        text.close()


def _lines(text: Any) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise InputError(f"a line has more than {LONGEST_LINE:,} characters", expected="a table of payments")
        yield line


def careful_blocks(open_text: OpenText, delimiter: str) -> Iterator[Block]:
    """Blocks of delimited text by Python's reader."""
    return _blocks(read_rows(open_text(), delimiter))


def mended_rows_of(stream: Any, delimiter: str, width: int) -> Iterator[Row]:
    """Rows of delimited text split line by line, because a quotation mark in it is never closed."""
    text = io.TextIOWrapper(io.BufferedReader(stream, 1 << 20), encoding="utf-8", errors="replace", newline="\n")
    try:
        yield from mended_rows(_lines(text), delimiter, width)
    except csv.Error as error:
        raise InputError(f"the text cannot be split into cells ({error})") from error
    finally:
        text.close()


def mended_blocks(open_text: OpenText, delimiter: str, width: int) -> Iterator[Block]:
    """Blocks of delimited text split line by line."""
    return _blocks(mended_rows_of(open_text(), delimiter, width))


def _blocks(rows: Iterator[Row]) -> Iterator[Block]:
    first = 0
    while taken := list(islice(rows, BLOCK_ROWS)):
        yield _block(first, taken)
        first += len(taken)


def quick_blocks(open_text: OpenText, delimiter: str, *, width: int, quotes: bool = True) -> Iterator[Block]:
    """Blocks of delimited text by Arrow's reader, `width` columns expected. Raises UnevenError when it cannot.

    Without `quotes` in it no cell holds the end of a line, and Arrow need not look for such cells.
    """
    import pyarrow as pa
    import pyarrow.csv as reading

    names = [str(number) for number in range(width)]
    odd: list[tuple[int, str]] = []

    def keep(row: Any) -> str:
        odd.append((row.number - 1, row.text))
        return "skip"

    stream, after = open_text(), 0
    try:
        reader = reading.open_csv(
            stream,
            read_options=reading.ReadOptions(use_threads=False, block_size=BLOCK_BYTES, column_names=names),
            parse_options=reading.ParseOptions(delimiter=delimiter, quote_char='"' if quotes else False,
                                              newlines_in_values=quotes, ignore_empty_lines=False,
                                              invalid_row_handler=keep),
            convert_options=reading.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), null_values=[],
                                                  strings_can_be_null=False),
        )  # fmt: skip
        filled = (batch for batch in reader if batch.num_rows)  # a piece without the end of a line holds none
        while batches := list(islice(filled, BATCHES)):
            block = _with_odd(pa.Table.from_batches(batches), after, odd, delimiter)
            after += len(block.numbers)
            yield block
        if odd:
            none = pa.table([pa.array([], pa.string())] * width, names)
            yield _with_odd(none, after, odd, delimiter)
    except pa.ArrowInvalid as error:
        raise UnevenError(str(error)) from error
    finally:
        stream.close()


def _with_odd(table: Any, first: int, odd: list[tuple[int, str]], delimiter: str) -> Block:
    """A table with the rows of another length put back where they stood. Takes from `odd` those it used."""
    import numpy as np
    import pyarrow as pa

    size, taken = table.num_rows, 0
    while taken < len(odd) and (odd[taken][0] < first + size + taken or not size):
        taken += 1
    used, odd[:] = odd[:taken], odd[taken:]
    if not used:
        return _checked(Block(np.arange(first, first + size), [_joined(column.chunks) for column in table.columns]))
    try:
        rows = [next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), []) for _, text in used]
    except csv.Error as error:
        raise UnevenError(str(error)) from error
    if max(map(len, rows)) > MOST_COLUMNS:
        raise UnevenError("a row is very long")
    others = _block(0, rows, table.num_columns).columns
    blank = pa.chunked_array([pa.repeat(pa.scalar("", pa.string()), size)])
    wide = table.columns + [blank] * (len(others) - table.num_columns)
    before = [number - first - at for at, (number, _) in enumerate(used)]  # plain rows that stand before each
    joined = [_mixed(one, other, before) for one, other in zip(wide, others, strict=True)]
    return _checked(Block(np.arange(first, first + size + taken), joined))


def _checked(block: Block) -> Block:
    """A block without cells beyond all measure."""
    if len(block.numbers) and any(lengths_of(column).max() > LARGEST_CELL for column in block.columns):
        raise UnevenError("a cell is very long")
    return block


def _mixed(plain: Any, odd: Any, before: list[int]) -> Any:
    """Texts of `odd`, each put behind so many of `plain`: stretches are copied, single texts where many are odd."""
    import numpy as np
    import pyarrow as pa

    if len(odd) > FEW_ODD:
        order = np.argsort(np.concatenate([np.arange(len(plain)), np.array(before) - 0.5]), kind="stable")
        return _joined([*plain.chunks, odd]).take(pa.array(order))
    pieces = list[Any]()
    for at, (start, end) in enumerate(pairwise([0, *before, len(plain)])):
        pieces += [*plain.slice(start, end - start).chunks, odd.slice(at, 1)]
    return _joined(pieces)


def _joined(pieces: list[Any]) -> Any:
    import pyarrow as pa

    return pa.concat_arrays(pieces) if pieces else pa.array([], pa.string())
