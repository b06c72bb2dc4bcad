"""What bodies said and promised, and the criteria in force: tables that users supply, printed unedited.

In: `data/reference/` files criteria.csv, responses.csv, known_explanations.csv and plans.csv. Out: rows of text.
Refused, with file and row: another header, a row of another length, an empty cell that is needed, a code, year, date
or answer that is not of the documented form, and two rows with the same key. A file that is not there is refused too:
an empty one has a header.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import DefinitionError, InputError, Place, UserError

FOLDER = Path(__file__).resolve().parents[1] / "data" / "reference"
FORMS = {
    "code": re.compile(r"[a-z0-9-]{1,40}"),
    "area_code": re.compile(r"E\d{8}"),
    "financial_year": re.compile(r"\d{4}-\d{2}"),
    "first_year": re.compile(r"\d{4}-\d{2}"),
    "last_year": re.compile(r"\d{4}-\d{2}"),
    "date": re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    "signed_on": re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    "protects_social_care": re.compile(r"met|not met|not stated"),
    "seven_day_services": re.compile(r"met|not met|not stated"),
    "data_sharing": re.compile(r"met|not met|not stated"),
    "joint_assessment": re.compile(r"met|not met|not stated"),
    "stated_use": re.compile(r"new or integrated service|protect existing|other|not stated"),
}
LONGEST = 4000
Line = Mapping[str, str]


@dataclass(frozen=True)
class Layout:
    """A file's columns in order, its key, the columns that may stay empty, and who mends it."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    optional: tuple[str, ...] = ()
    refusal: type[UserError] = InputError


PLAN = ("protects_social_care", "seven_day_services", "data_sharing", "joint_assessment", "stated_use")
LAYOUTS = {
    "criteria": Layout(
        ("code", "first_year", "last_year", "criterion", "ask", "document", "source"), ("code",),
        refusal=DefinitionError,
    ),
    "responses": Layout(
        ("area_code", "date", "body", "comment", "document"), ("area_code", "date", "body"), ("document",)
    ),
    "known_explanations": Layout(
        ("area_code", "first_year", "last_year", "explanation", "document"), ("area_code", "first_year", "explanation")
    ),
    "plans": Layout(
        ("area_code", "financial_year", "signed_by", "signed_on", *PLAN, "document"), ("area_code", "financial_year"),
        ("signed_by", "signed_on"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Supplied:
    """The four tables in the order of their keys."""

    criteria: Sequence[Line] = ()
    responses: Sequence[Line] = ()
    known_explanations: Sequence[Line] = ()
    plans: Sequence[Line] = ()

    def of(self, table: str, code: str) -> list[Line]:
        """A table's rows for an area."""
        rows: Sequence[Line] = getattr(self, table)
        return [row for row in rows if row["area_code"] == code]


def _faults(name: str, row: Line) -> tuple[str, str, str] | None:
    """The first cell that is not of its form: column, what is wrong, what is expected."""
    layout = LAYOUTS[name]
    for column in layout.columns:
        value = row[column]
        if not value.strip():
            if column not in layout.optional:
                return column, "the cell is empty", "a value"
        elif column in FORMS and not FORMS[column].fullmatch(value):
            return column, f"found '{value[:60]}'", FORMS[column].pattern.replace("|", " or ")
        elif len(value) > LONGEST:
            return column, f"the text has {len(value):,} characters", f"at most {LONGEST:,}"
    if "first_year" in layout.columns and row["last_year"] < row["first_year"]:
        return "last_year", f"{row['last_year']} lies before {row['first_year']}", "the first year or a later one"
    return None


def read_user_table(name: str, folder: Path = FOLDER) -> list[Line]:
    """One file's rows, sorted by key. Raises DefinitionError (criteria) or InputError (the others)."""
    layout, file = LAYOUTS[name], f"{name}.csv"

    def refuse(what: str, *, row: int | None = None, column: str = "", expected: str = "") -> UserError:
        return layout.refusal(
            what, place=Place(file, row=row, column=column), expected=expected, do="Mend the row and run again."
        )

    try:
        text = (folder / file).read_text(encoding="utf-8-sig")
        lines = list(csv.reader(text.splitlines(keepends=True), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise refuse(
            f"the file cannot be read ({error.__class__.__name__})", expected="UTF-8 CSV with a header"
        ) from error
    if not lines or tuple(lines[0]) != layout.columns:
        raise refuse("the header is another", row=1, expected=",".join(layout.columns))
    rows: dict[tuple[str, ...], Line] = {}
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(layout.columns):
            raise refuse(f"the row has {len(cells)} cells", row=number, expected=f"{len(layout.columns)} cells")
        row = dict(zip(layout.columns, cells, strict=True))
        if fault := _faults(name, row):
            raise refuse(fault[1], row=number, column=fault[0], expected=fault[2])
        key = tuple(row[column] for column in layout.key)
        if key in rows:
            raise refuse(f"the key {', '.join(key)[:80]} stands twice", row=number, expected="each key once")
        rows[key] = row
    return [rows[key] for key in sorted(rows)]


def read_supplied(folder: Path = FOLDER) -> Supplied:
    """All four tables."""
    return Supplied(**{name: read_user_table(name, folder) for name in LAYOUTS})
