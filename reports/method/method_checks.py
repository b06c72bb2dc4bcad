"""What a run checked of its own method: whether p-values can be trusted, and whether transfers fit reported receipts.

In: tables `p_value_calibration` and `transfer_check` of a run. Out: `WindowPart` records, every figure as the table
holds it; none where the run holds no such table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from reports.words.evaluation_tables import data_table, three
from reports.words.frame import window_name
from reports.words.narrative import join_words, whole
from reports.words.read_run import PLACEBO, Row, Run
from reports.words.view_models import DataTable, WindowPart

RESOLUTION = ("window", "test", "areas", "placebo_rows", "least_rejections", "rows_needed_for_one")
UNIFORMITY = ("window", "test", "areas", "share_at_05", "share_at_10", "share_at_20", "share_at_50", "largest_excess")
CARE = re.compile(rf"{PLACEBO}_\d{{4}}_\d\d$")
"""Placebo windows of adult social care itself; the others are of services that received no NHS money."""
LEVEL = 0.05


def _table(rows: Sequence[Row], columns: Sequence[str], *, suffix: str, caption: str, note: str) -> DataTable:
    named = [{**row, "window": window_name(str(row["window"]))} for row in rows]
    made = data_table("p_value_calibration", named, columns, suffix=suffix)
    return replace(made, caption=caption, note=note)


def _resolution(rows: Sequence[Row]) -> WindowPart:
    short = [row for row in rows if row["least_rejections"] > 1]
    held = min(row["placebo_rows"] for row in rows)
    said = f"The smallest p-value there can be is 1 in {whole(held + 1)}. " + (
        "Placebo windows are too few for a single area in some: "
        + join_words([f"{window_name(str(row['window']))} ({row['test']})" for row in short])
        + ". There areas can only be told apart together."
        if short
        else "That is small enough to tell a single area apart in every window."
    )
    table = _table(
        rows, RESOLUTION, suffix="-resolution", caption="The resolution rule",
        note="Benjamini-Hochberg rejects no area where fewer than these would have to be rejected together; 1 means "
        "that placebo rows are enough for a single area.",
    )  # fmt: skip
    return WindowPart("resolution", "How small a p-value can get, in this run", said, table=table)


def _uniformity(rows: Sequence[Row]) -> WindowPart:
    care = [row for row in rows if CARE.match(str(row["window"]))]
    above = [
        f"{row['test']} in {window_name(str(row['window'])).partition(',')[0]} ({three(row['share_at_05'])})"
        for row in care
        if row["share_at_05"] > LEVEL
    ]
    said = f"Where there is nothing to find, {three(LEVEL)} of the p-values should be at most {three(LEVEL)}. " + (
        f"In adult social care itself the share is larger for {join_words(above)}: there a flag would be "
        "raised too often."
        if above
        else "In adult social care itself no share is larger."
    )
    table = _table(
        [*care, *(row for row in rows if row not in care)], UNIFORMITY, suffix="-uniformity",
        caption="Share of placebo p-values at or below each level",
        note="Councils are split in halves; each half is judged by the placebo rows of the other. Care in one service "
        "is compared with placebo rows of all services, so single windows may lie to either side.",
    )  # fmt: skip
    return WindowPart("uniformity", "Placebo p-values, in this run", said, table=table)


def _transfers(rows: Sequence[Row]) -> WindowPart:
    said = (
        "Councils book receipts in many ways, and the rise of other income holds more than section 256 money: "
        "agreement in rank is the test, not equal sums. Middle ratio: received by worked out, in the median area."
    )
    table = data_table("transfer_check", rows)
    return WindowPart("transfers", "Transfers worked out, beside reported receipts", said, table=table)


def method_checks(run: Run) -> tuple[WindowPart, ...]:
    """The resolution rule for windows that are graded, uniformity for placebo windows, then the transfers."""
    rows, transfers = run.rows("p_value_calibration"), run.rows("transfer_check")
    graded = [row for row in rows if not str(row["window"]).startswith(PLACEBO)]
    placebo = [row for row in rows if str(row["window"]).startswith(PLACEBO) and row["share_at_05"] is not None]
    return (
        *((_resolution(graded),) if graded else ()),
        *((_uniformity(placebo),) if placebo else ()),
        *((_transfers(transfers),) if transfers else ()),
    )
