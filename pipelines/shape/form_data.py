"""One file, standardised: records by key, lines with a value, status and source cell each, and the account of its rows.

Both routes (a published original, or our extract of it) end in a `FormData`, so everything after it is the same code.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import Any

from pipelines.errors import InputError, Place
from pipelines.read.read_tabular import column_letter

VALUE_RULE = "LOAD-VALUE"
"""The rule by which one cell is set aside: it is neither a number nor a marker of a missing value."""


@dataclass
class LineData:
    """One line of a form over all records.

    `rows` and `columns` are 1-based positions in the sheet (0 where the record has no such cell). `span` neighbouring
    columns were added up, or `added[i]` rows, of which the first is given. Cells were multiplied by `scale`.
    """

    dims: tuple[tuple[str, str], ...]
    column: str
    sheet: str
    values: list[Any]
    statuses: list[str]
    rows: list[int]
    columns: list[int]
    span: int = 1
    added: list[int] = field(default_factory=list[int])
    scale: float = 1.0

    @property
    def label(self) -> str:
        """Dimension values and column joined by dots, as in the column map."""
        return ".".join([value for _, value in self.dims] + [self.column])

    def cell(self, index: int) -> str:
        """Spreadsheet notation of a record's cell; a range, or a count, when several cells were added up."""
        return self.cells()[index]

    def cells(self) -> list[str]:
        """Spreadsheet notation of every record's cell, empty where the record has no such cell."""
        last = self.span - 1
        return [
            ""
            if not row or not column
            else f"{column_letter(column)}{row} and {added - 1} more rows below"
            if added > 1
            else f"{column_letter(column)}{row}:{column_letter(column + last)}{row}"
            if last
            else f"{column_letter(column)}{row}"
            for row, column, added in zip(self.rows, self.columns, self.added or repeat(1), strict=False)
        ]


@dataclass(frozen=True)
class Counts:
    """What became of the rows of a file. `read` is the sum of the other four, which `check` asserts."""

    read: int = 0
    kept: int = 0
    quarantined: int = 0
    out_of_scope: int = 0
    not_data: int = 0

    def check(self, place: Place) -> None:
        """Rows in = rows kept + rows quarantined + rows declared not data or out of scope."""
        total = self.kept + self.quarantined + self.out_of_scope + self.not_data
        if self.read != total:
            raise AssertionError(f"{place}: {self.read} rows read but {total} accounted for")


@dataclass(frozen=True)
class SetAside:
    """A row or value set aside while loading, with the rule and the reason; of a value, its record (counted from 0) and
    the label of its line.
    """

    rule: str
    reason: str
    place: Place
    value: str = ""
    record: int | None = None
    column: str = ""
    whole_row: bool = True


@dataclass
class FormData:
    """A standardised file.

    `records[key][i]` is the key value of record i; every line has as many values as there are records.
    """

    source: str
    table: str
    financial_year: str
    release: str
    file_name: str
    sha256: str
    input_sha256: str
    records: dict[str, list[str]]
    lines: list[LineData]
    counts: Counts = field(default_factory=Counts)
    aside: list[SetAside] = field(default_factory=list[SetAside])
    fixes: list[str] = field(default_factory=list[str])
    problems: list[InputError] = field(default_factory=list[InputError])

    @property
    def size(self) -> int:
        """Number of records."""
        return len(next(iter(self.records.values()))) if self.records else 0

    def count(self, **changes: int) -> None:
        """Add to the account of rows: `count(read=1)`. Raises AttributeError for a name `Counts` does not have."""
        self.counts = replace(self.counts, **{name: getattr(self.counts, name) + by for name, by in changes.items()})

    def record_ids(self, dims: tuple[tuple[str, str], ...], key: tuple[str, ...]) -> list[str]:
        """`table/key parts@file` for every record, the same by either route."""
        fixed = {"financial_year": self.financial_year, **dict(dims)}
        columns = [self.records.get(name) or [fixed.get(name, "")] * self.size for name in key]
        end = "@" + self.sha256[:8]
        return ["/".join((self.table, *parts)) + end for parts in zip(*columns, strict=True)]
