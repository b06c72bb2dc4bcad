"""Evaluation tables ready to print.

In: rows of declared tables. Out: `DataTable` records, every figure as the table holds it, to three decimals. None for
a table that the run does not hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.declarations.catalogue import tables
from pipelines.declarations.table_words import BETTER_CARE_FUND, SECTION_256
from reports.words.frame import window_name
from reports.words.narrative import MISSING, decimal, is_missing, plain_code, sentence, whole
from reports.words.read_run import PLACEBO, Row, Run
from reports.words.view_models import Cell, Column, DataTable

WINDOWS = {SECTION_256: "section 256 money", BETTER_CARE_FUND: "the Better Care Fund"}

HEADS = {
    "met": "Reached?",
    "group": "Councils",
    "injured": "Councils it was planted in",
    "share_injured": "Share it was planted in",
    "found": "Found, share of those planted",
    "fires_planted": "Fires where planted",
    "areas_clean": "Areas left alone",
    "fires_clean": "Fires where nothing was planted",
    "above_3": "Ratio above 3",
    "above_10": "Ratio above 10",
    "below_third": "Ratio below one third",
    "expected_on_list": "Expected in the first 15, prior 1 in 10",
    "errors": "Errors of several years",
    "power": "Found, one in ten wrong",
    "list_found": "Found by list with mean posterior 0.9",
    "high_wrong": "Wrong at 0.9 and above",
    "low_wrong": "Wrong at 0.02 and below",
    "smallest_rate": "Smallest that can be shown, £ per £",
    "half_width": "Mean half width",
    "planned_half_width": "Half width told beforehand",
    "best_precision": "Precision of the best we know",
    "beats": "Beats it?",
    "received_gbp": "Received, £",
    "worked_out_gbp": "Worked out, £",
    "error_nothing_share": "Spread of changes",
    "error_class_share": "Less class",
    "error_covariates_share": "Less covariates",
    "gain_of_class": "Saved by class",
    "gain_of_covariates": "Saved by covariates",
}
PLANTED = (
    ("injured areas", "areas it was planted in"),
    ("an injury", "replacement"),
    ("injured", "councils it was planted in"),
    ("middle area", "median area"),
)
"""Words of the results as they were written, and as they are printed: no page says that an area was injured."""


def plainly(text: str) -> str:
    """A text of the evaluation in the words of pages."""
    for written, said in PLANTED:
        text = text.replace(written, said)
    return text


def three(value: Any) -> str:
    """Three decimals."""
    return decimal(value, places=3)


def shown(value: Any, kind: str, unit: str = "") -> str:
    """A cell: numbers with three decimals or whole, yes or no, text as a sentence begins."""
    if kind == "string" and not value:
        return ""
    if is_missing(value) or value == "":
        return MISSING
    if kind == "bool":
        return "yes" if value else "no"
    if kind in ("int", "float"):
        return whole(value) if kind == "int" or unit == "gbp" else decimal(value, places=3)
    text = plainly(str(value))
    if text.startswith(PLACEBO):
        return window_name(text)
    return WINDOWS.get(text, plain_code(text) if "_" in text else text)


def capital(text: str) -> str:
    """A text with its first letter large and all others as they are."""
    return text[:1].upper() + text[1:]


def data_table(name: str, rows: Sequence[Row], columns: Sequence[str] = (), *, suffix: str = "") -> DataTable:
    """Rows of a declared table, the columns named or all that hold anything."""
    declared = tables()[name]
    kept = [
        column
        for column in declared.columns
        if (column.name in columns if columns else any(not is_missing(row.get(column.name)) for row in rows))
        and column.name != "place"
    ]
    # The part that holds the table is headed by its title: the caption says what the rows are.
    caption, _, rest = plainly(declared.description).partition(". ")
    return DataTable(
        id=plain_code(name).replace(" ", "-") + suffix,
        caption=caption.rstrip("."),
        columns=tuple(
            Column(HEADS.get(column.name, capital(plain_code(column.name))), numeric=column.type in ("int", "float"))
            for column in kept
        ),
        rows=tuple(
            tuple(Cell(shown(row.get(column.name), column.type, column.unit)) for column in kept) for row in rows
        ),
        note=sentence(rest),
    )


def whole_table(run: Run, name: str) -> DataTable | None:
    """All rows of a table."""
    rows = run.rows(name)
    return data_table(name, rows) if rows else None
