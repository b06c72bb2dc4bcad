"""What a request's workbook holds, ready to be written: every text and number of its sheets but the form's own labels.

In: nothing. Out: frozen records. Labels and order of what is asked are declared in `pipelines/tables/answer_*.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

HEADING, TEXT, STEP, BLANK = "heading", "text", "step", "blank"
"""Kinds of lines of the first sheet; a `blank` is filled in by the office that asks, before it sends the workbook."""


@dataclass(frozen=True)
class Line:
    """One line of the first sheet."""

    kind: str
    text: str


@dataclass(frozen=True)
class GivenYear:
    """What published returns say of a year, in £ thousand; None where they do not."""

    year: str
    own_returned: float | None
    own_cells: str
    nhs_money: float | None
    nhs_basis: str


@dataclass(frozen=True)
class Block:
    """One window of the plan: its name, its head (which begins with the name), what own spend is, and its years."""

    window: str
    head: str
    definition: str
    years: tuple[GivenYear, ...]


@dataclass(frozen=True)
class SourceCell:
    """A published figure behind a grey cell, with where it stands."""

    number: str
    figure: str
    year: str
    value: float | None
    unit: str
    publication: str
    file: str
    sheet: str
    cell: str


@dataclass(frozen=True)
class Book:
    """A whole workbook. `rows` holds what is filled in on the forms that are lists, by form: a mapping of columns a
    row.
    """

    area_code: str
    area_name: str
    run_id: str
    front: tuple[Line, ...]
    blocks: tuple[Block, ...]
    rows: Mapping[str, tuple[Mapping[str, str | int], ...]]
    cells: tuple[SourceCell, ...]
