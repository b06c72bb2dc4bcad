"""Ways in which a file of payments goes wrong.

In: the rows of a sound file. Out: the changed file in a folder of one body. `right` are the outcomes that are right.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from made_files import Formula, Return, Row, Sheet, write_xlsx

EQUAL, REFUSED, NAMED = "equal", "refused", "named"
HEAD = ["Body", "Date", "Supplier", "Expense type", "Transaction", "Amount"]
NAME = "spend-june-2019"
Write = Callable[[list[Row], Path], object]


@dataclass(frozen=True)
class PaymentChange:
    """What is done to a file, and the outcomes that are right."""

    name: str
    right: tuple[str, ...]
    write: Write


CHANGES: list[PaymentChange] = []


def payments() -> list[Row]:
    """Thirty made payments of one month, a header first."""
    rows: list[Row] = [list(HEAD)]
    for number in range(30):
        payee = ("NHS Wiltshire CCG", "Example Care Limited", "Made Transport Ltd")[number % 3]
        amount = 1000.0 + 125.5 * number
        kind = ("Joint commissioning", "Residential care", "Home to school transport")[number % 3]
        rows.append(["Wiltshire Council", f"{number % 28 + 1:02d}/06/2019", payee, kind, f"{700100 + number}", amount])
    return rows


def change(name: str, *right: str) -> Callable[[Write], Write]:
    """Register a change that writes its files itself."""

    def register(write: Write) -> Write:
        CHANGES.append(PaymentChange(name, right, write))
        return write

    return register


def text(rows: list[Row], folder: Path, name: str = NAME, *, delimiter: str = ",") -> Path:
    """Rows as CSV; figures with two decimals."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(
        [f"{cell:.2f}" if isinstance(cell, float) else cell for cell in row] for row in rows
    )
    path = folder / f"{name}.csv"
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    return path


def workbook(sheets: list[Sheet], folder: Path, name: str = NAME) -> Path:
    """Sheets as a workbook."""
    return write_xlsx(Return(sheets, 0, 0, 0, 0, []), folder / f"{name}.xlsx")


def _amounts(rows: list[Row], edit: Callable[[float], Any]) -> list[Row]:
    return [rows[0], *([*row[:-1], edit(row[-1])] for row in rows[1:])]


@change("saved again as CSV", EQUAL)
def _csv(rows: list[Row], folder: Path) -> None:
    text(rows, folder)


@change("saved again as a workbook", EQUAL)
def _xlsx(rows: list[Row], folder: Path) -> None:
    workbook([Sheet("June", rows)], folder)


@change("payments in another order", EQUAL)
def _order(rows: list[Row], folder: Path) -> None:
    text([rows[0], *reversed(rows[1:])], folder)


@change("semicolons and decimal commas", EQUAL, REFUSED, NAMED)
def _commas(rows: list[Row], folder: Path) -> None:
    text(_amounts(rows, lambda value: f"{value:.2f}".replace(".", ",")), folder, delimiter=";")


@change("a working copy on a hidden sheet", EQUAL, NAMED)
def _hidden(rows: list[Row], folder: Path) -> None:
    copy = _amounts(rows, lambda value: value * 10)
    workbook([Sheet("June", rows), Sheet("Working", copy, state="hidden")], folder)


@change("hidden rows", NAMED)
def _hidden_rows(rows: list[Row], folder: Path) -> None:
    workbook([Sheet("June", rows, hidden_rows={5, 6, 7})], folder)


@change("formulas without values", REFUSED, NAMED)
def _formulas(rows: list[Row], folder: Path) -> None:
    workbook([Sheet("June", _amounts(rows, lambda _value: Formula("1+1")))], folder)


@change("a subtotal after each payee", EQUAL, NAMED)
def _subtotals(rows: list[Row], folder: Path) -> None:
    made, ordered = [rows[0]], sorted(rows[1:], key=lambda row: row[2])
    for payee in sorted({row[2] for row in ordered}):
        mine = [row for row in ordered if row[2] == payee]
        made += [*mine, ["", "", f"{payee} Total", "", "", sum(row[-1] for row in mine)]]
    text(made, folder)


@change("a total in the last row", EQUAL, NAMED)
def _total(rows: list[Row], folder: Path) -> None:
    text([*rows, ["", "", "Grand total", "", "", sum(row[-1] for row in rows[1:])]], folder)


@change("the unit stated in a title line", REFUSED, NAMED)
def _unit(rows: list[Row], folder: Path) -> None:
    text([["Payments over £25,000; amounts in £ thousand"], *_amounts(rows, lambda value: value / 1000)], folder)


@change("a quotation mark never closed", EQUAL, REFUSED, NAMED)
def _quote(rows: list[Row], folder: Path) -> None:
    path = text(rows, folder)
    path.write_text(path.read_text(encoding="utf-8").replace("Example Care Limited", '"Example Care Limited', 1))


@change("a second table below, columns in another order", EQUAL, REFUSED, NAMED)
def _second(rows: list[Row], folder: Path) -> None:
    order = [0, 1, 2, 3, 5, 4]
    text([*rows[:16], [], *([row[at] for at in order] for row in (rows[0], *rows[16:]))], folder)


@change("the same month twice, one amount corrected", NAMED)
def _revised(rows: list[Row], folder: Path) -> None:
    text(rows, folder)
    text([*rows[:-1], [*rows[-1][:-1], 9.0]], folder, f"{NAME}-revised")


@change("the same file twice", EQUAL, NAMED)
def _twice(rows: list[Row], folder: Path) -> None:
    text(rows, folder)
    text(rows, folder, f"{NAME}-copy")


@change("credits in a positive column of their own", REFUSED, NAMED)
def _credits(rows: list[Row], folder: Path) -> None:
    made = [[*row, "" if at % 5 else row[-1]] for at, row in enumerate(rows)]
    text([[*rows[0], "Credit"], *([*row[:-2], "" if row[-1] else row[-2], row[-1]] for row in made[1:])], folder)


@change("a locked workbook", REFUSED)
def _locked(_rows: list[Row], folder: Path) -> None:
    from return_changes import locked_workbook

    (folder / f"{NAME}.xlsx").write_bytes(locked_workbook())
