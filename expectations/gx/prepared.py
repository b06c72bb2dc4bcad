"""What checks came to that Great Expectations has no type for, as a table with a plain check on each of its columns.

In: outcomes of the checks of one table. Out: an Arrow table with one row a record and one column a check, which says
`fits`, `breaks` or nothing (not judged), and the expectation on such a column. A check on the table as a whole, or one
that does not name the records it judged, says so in a row of its own. A check that was not run has no column: the
library would report success for a column without values.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from expectations.gx.natively import Expectation
from expectations.records.checks import PASSED, Outcome

FITS, BREAKS = "fits", "breaks"
WHOLE = "(whole table)"
"""Stands for a record id where a check says something of no single record."""


def results_table(outcomes: Iterable[Outcome]) -> Any:
    """The table: `record_id`, then a column for each check, named by its code, in the order given."""
    import pyarrow as pa

    said = {outcome.check.code: _by_record(outcome) for outcome in outcomes}
    records = sorted({record for found in said.values() for record in found})
    columns = {code: pa.array([found.get(record) for record in records], pa.string()) for code, found in said.items()}
    return pa.table({"record_id": pa.array(records, pa.string()), **columns})


def on_results(code: str) -> Expectation:
    """The expectation that no record breaks a check: as many unexpected values as records that do."""
    return "expect_column_values_to_be_in_set", {"column": code, "value_set": [FITS]}


def _by_record(outcome: Outcome) -> dict[str, str]:
    failing = {finding.record_id for finding in outcome.findings}
    judged = {str(record) for record in outcome.judged}
    if not failing and (not judged or outcome.outcome != PASSED):
        return {WHOLE: FITS if outcome.outcome == PASSED else BREAKS}
    return dict.fromkeys(judged, FITS) | dict.fromkeys(failing, BREAKS)
