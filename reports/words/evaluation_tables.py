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
    "found_at_05": "Found, 5% of others picked",
    "precision_at_15": "Displacement planted, among first 15",
    "power_at_fdr_10": "Found, 10% false",
    "false_share": "Share with none planted",
    "injured": "Areas with displacement planted",
    "injured_in_list": "Areas with displacement planted, in the list",
    "power_a_b": "Found by A or B",
    "power_a_b_c": "Found by A, B or C",
    "share_at_05": "p at most 0.05",
    "share_at_10": "p at most 0.10",
    "share_at_20": "p at most 0.20",
    "share_at_50": "p at most 0.50",
    "least_rejections": "Areas to be rejected together",
    "rows_needed_for_one": "Placebo rows needed for one area",
    "received_gbp": "Received, £",
    "worked_out_gbp": "Worked out, £",
    "stability_b_rule": "Stability, B rule",
    "stability_top_15": "Stability, first 15",
    "smallest_detectable_gbp": "Smallest that could be seen, £",
    "smallest_detectable_rate": "Smallest that could be seen, £ per £",
    "share_full_backfill_unseen": "Share in which pound for pound could not be seen",
    "transfer_gbp": "NHS money, £",
    "cannot_tell_share": "Share cannot tell",
}
PLANTED = (("injured areas", "areas in which displacement was planted"), ("middle area", "median area"))
"""Words of the results as they were written, and as they are printed: no page says that an area was injured."""


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
    text = str(value)
    if text.startswith(PLACEBO):
        return window_name(text)
    for written, said in PLANTED:
        text = text.replace(written, said)
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
    return DataTable(
        id=plain_code(name).replace(" ", "-") + suffix,
        caption=capital(declared.title.removeprefix("Evaluation: ")),
        columns=tuple(
            Column(HEADS.get(column.name, capital(plain_code(column.name))), numeric=column.type in ("int", "float"))
            for column in kept
        ),
        rows=tuple(
            tuple(Cell(shown(row.get(column.name), column.type, column.unit)) for column in kept) for row in rows
        ),
        note=sentence(declared.description),
    )


def whole_table(run: Run, name: str) -> DataTable | None:
    """All rows of a table."""
    rows = run.rows(name)
    return data_table(name, rows) if rows else None


def uniform_table(run: Run) -> DataTable | None:
    """Calibration with a column for each level."""
    rows = run.rows("evaluation_calibration")
    if not rows:
        return None
    levels = sorted({float(row["level"]) for row in rows})
    lines: dict[tuple[str, str], dict[float, Row]] = {}
    for row in rows:
        lines.setdefault((str(row["ground"]), str(row["test"])), {})[float(row["level"])] = row
    made = [
        (
            Cell(plain_code(ground)), Cell(test),
            *(Cell(three(found[level]["share"]) if level in found else MISSING) for level in levels),
            *(Cell(text) for row in list(found.values())[:1] for text in (three(row["distance"]), whole(row["rows"]))),
        )
        for (ground, test), found in lines.items()
    ]  # fmt: skip
    heads = [*(f"At most {decimal(level, places=2)}" for level in levels), "Largest distance", "p-values"]
    declared = tables()["evaluation_calibration"]
    columns = (Column("Nothing to find in"), Column("p-value"), *(Column(head, numeric=True) for head in heads))
    caption = capital(declared.title.removeprefix("Evaluation: "))
    return DataTable("evaluation-calibration", caption, columns, tuple(made), sentence(declared.description))


def expected_error_table(run: Run) -> DataTable | None:
    """How far expected spend is off, all classes together: of this run."""
    rows = [row for row in run.rows("expected_spend_error") if row["class"] == "all"]
    return data_table("expected_spend_error", rows) if rows else None
