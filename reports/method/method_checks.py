"""What a run checked of its own method: how well a yearly change is predicted, and whether transfers fit receipts.

In: tables `expected_spend_error` and `transfer_check` of a run. Out: `WindowPart` records, every figure as the table
holds it; none where the run holds no such table.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.declarations.table_words import BETTER_CARE_FUND, SECTION_256
from reports.words.evaluation_tables import WINDOWS, data_table, three
from reports.words.narrative import is_missing, join_words
from reports.words.read_run import Row, Run
from reports.words.view_models import WindowPart

ALL = "all"


def _gains(window: str, rows: Sequence[Row]) -> str:
    mine = [row for row in rows if row["window"] == window and not is_missing(row["gain_of_covariates"])]
    if not mine:
        return ""
    uses = "covariates" if mine[0]["expect"] == "covariates" else "the class of authority alone"
    gains = [f"{three(row['gain_of_covariates'])} in {row['financial_year']}" for row in mine]
    saved = f"of the error that class leaves covariates save {join_words(gains)}"
    return f"For {WINDOWS[window]} the change is expected from {uses}; {saved}."


def _errors(rows: Sequence[Row]) -> WindowPart:
    whole = [row for row in rows if row["class"] == ALL]
    said = [_gains(window, whole) for window in (SECTION_256, BETTER_CARE_FUND)]
    table = data_table("expected_spend_error", whole)
    text = " ".join(each for each in said if each)
    return WindowPart("expected-error", "How well a yearly change is predicted, in this run", text, table=table)


def _transfers(rows: Sequence[Row]) -> WindowPart:
    said = (
        "Councils book receipts in many ways, and the rise of other income holds more than section 256 money: "
        "agreement in rank is the test, not equal sums. Middle ratio: received by worked out, in the median area."
    )
    table = data_table("transfer_check", rows)
    return WindowPart("transfers", "Transfers worked out, beside reported receipts", said, table=table)


def method_checks(run: Run) -> tuple[WindowPart, ...]:
    """How well changes are predicted, then the transfers."""
    errors, transfers = run.rows("expected_spend_error"), run.rows("transfer_check")
    return (*((_errors(errors),) if errors else ()), *((_transfers(transfers),) if transfers else ()))
