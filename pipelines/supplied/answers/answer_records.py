"""What reading one file of a folder of answers gives: entries with their cells, problems, and what it was taken for.

Records only; nothing is read or refused here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.read.read_tabular import column_letter
from pipelines.supplied.cell_grammar import Fault

WORKBOOK, TABLE, CONCLUSIONS, ASKED, SAMPLE = "answer workbook", "answer table", "conclusions", "asked", "sample"
NOT_READ = "not read"
KINDS = {"conclusion": CONCLUSIONS, "asked": ASKED, "sample": SAMPLE}
"""What a file with the rows of a declared table is taken for."""


@dataclass(frozen=True)
class Expected:
    """What there is to answer for: the names of areas by code, and the years of each window."""

    areas: Mapping[str, str]
    windows: Mapping[str, tuple[str, ...]]

    def window_of(self, year: str) -> str:
        """The window a year lies in; empty for none."""
        return next((name for name, years in self.windows.items() if year in years), "")


@dataclass(frozen=True)
class Problem:
    """One thing wrong (`refused`) or worth a look (a remark), by sheet and cell. `area` where it is known."""

    what: str
    expected: str = ""
    do: str = ""
    sheet: str = ""
    cell: str = ""
    refused: bool = True
    area: str = ""


@dataclass(frozen=True)
class Entry:
    """One cell that was filled in, or given by the request: its form, column and row, and what it says.

    Rows of the plan have a window and a year; rows of the other forms have a number.
    """

    form: str
    column: str
    value: Any
    sheet: str
    cell: str
    window: str = ""
    year: str = ""
    number: int = 0


@dataclass
class FileRead:
    """One file. `entries` are what was filled in, `given` what the request had filled in, by the same addresses.

    `form` is that of a CSV which holds one; `placed` is False where it is not clear whose answer it is. `rows` are
    those of a table of many areas, with their row numbers.
    """

    kind: str = NOT_READ
    sha256: str = ""
    area: str = ""
    form: str = ""
    placed: bool = True
    entries: list[Entry] = field(default_factory=list[Entry])
    given: list[Entry] = field(default_factory=list[Entry])
    filled: int = 0
    problems: list[Problem] = field(default_factory=list[Problem])
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list[tuple[int, dict[str, Any]]])

    @property
    def refused(self) -> bool:
        """True where a problem keeps it from being used."""
        return any(problem.refused for problem in self.problems)


def address(row: int, column: int) -> str:
    """The name of a cell: row 14, column 3 (both from 1) is C14."""
    return f"{column_letter(column)}{row}"


def problem_of(fault: Fault, *, sheet: str, cell: str) -> Problem:
    """A fault of a cell as a problem of its file."""
    return Problem(fault.what, fault.expected, fault.do, sheet, cell)
