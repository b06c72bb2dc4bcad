"""What the workbooks of a run hold, ready to be written: an area's figures, gap and questions, and England's lists.

In: nothing. Out: frozen records of texts and numbers. What a formula works out is not among them but for the
value a reader without formulas is shown (`told`).
"""

from __future__ import annotations

from dataclasses import dataclass

Number = float | None


@dataclass(frozen=True)
class About:
    """What stands on the first sheet: a title, whom it is about, and pairs of words."""

    title: str
    whom: str
    run_id: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FigureRow:
    """A published figure with where it stands; `row` is its row in the CSV of the area's page."""

    window: str
    number: str
    figure: str
    year: str
    value: Number
    status: str
    unit: str
    publication: str
    file: str
    sheet: str
    cell: str
    sha256: str
    row: int


@dataclass(frozen=True)
class GapYear:
    """A year of a window, in pounds. A base year has no expected spend; `booked` may be told of no year."""

    year: str
    is_base: bool
    expected: Number
    actual: Number
    allocated: Number
    booked: Number


@dataclass(frozen=True)
class GapWindow:
    """A window: its name, its years, and what the run itself says of its sums."""

    window: str
    heading: str
    years: tuple[GapYear, ...]
    gap: Number
    gap_lower: Number
    gap_upper: Number
    allocated: Number
    booked: Number
    missing: str = ""


@dataclass(frozen=True)
class AskedQuestion:
    """A question and the document that would answer it."""

    text: str
    document: str


@dataclass(frozen=True)
class AreaBook:
    """The workbook of an area."""

    about: About
    gaps: tuple[GapWindow, ...]
    figures: tuple[FigureRow, ...]
    questions: tuple[AskedQuestion, ...]


@dataclass(frozen=True)
class ListedArea:
    """An area on a sheet of England, `place` on its list or None; money in pounds."""

    place: int | None
    name: str
    code: str
    kind: str
    region: str
    result: str
    band: str
    ratio: Number
    chance: Number
    rate: Number
    rate_lower: Number
    rate_upper: Number
    money: Number
    gap: Number


@dataclass(frozen=True)
class ListSheet:
    """A sheet of England: its name (31 letters at most), heading, note and areas in order."""

    name: str
    heading: str
    note: str
    areas: tuple[ListedArea, ...]


@dataclass(frozen=True)
class EnglandBook:
    """The workbook of England."""

    about: About
    sheets: tuple[ListSheet, ...]
