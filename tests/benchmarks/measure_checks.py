"""In a process of its own: the checks on the rows of a ledger, by our engine or by a plain Great Expectations suite.

`measure_checks.py ours|peer FOLDER` prints one line of JSON: seconds, and seconds of processor, after the import of the
library; the most memory the process held; and how each check ended, with how many rows.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from expectations.domain.payment_ledger import LEDGER
from expectations.gx.adapter import import_gx
from expectations.gx.natively import IN_PART, as_expectations
from expectations.records.checks import Check
from expectations.running.check_payments import payment_checks, run_payments
from pipelines.declarations.catalogue import tables
from pipelines.payments.ledger.ledger import read_ledger

Ends = dict[str, list[Any]]


def row_checks() -> tuple[Check, ...]:
    """The checks on rows of the ledger that the library has types for."""
    return tuple(check for check in payment_checks()
                 if check.table == LEDGER and check.type not in IN_PART
                 and as_expectations(check, tables()[LEDGER]))  # fmt: skip


def ours(folder: Path) -> Ends:
    """Every check on the ledger: rows, files and small tables."""
    outcomes = run_payments(payment_checks(), folder)
    wanted = {check.code for check in row_checks()}
    return {item.check.code: [item.outcome != "failed", item.rows_failed] for item in outcomes
            if item.check.code in wanted}  # fmt: skip


def plain(frame: Any, checks: tuple[Check, ...]) -> Ends:
    """The same checks as a plain suite on one frame, as the documentation of the library shows it."""
    gx = import_gx()
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.expectations.registry import get_expectation_impl

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("peer").add_dataframe_asset("table")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    wanted = [get_expectation_impl(kind)(**kwargs, meta={"code": check.code})
              for check in checks for kind, kwargs in as_expectations(check, tables()[LEDGER])]  # fmt: skip
    form = {"result_format": "COMPLETE", "unexpected_index_column_names": ["record_id"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = batch.validate(gx.ExpectationSuite("peer", expectations=wanted), result_format=form).results
    ends: Ends = {}
    for item in results:
        code = item.expectation_config.meta["code"]
        before = ends.get(code, [True, 0])
        ends[code] = [before[0] and bool(item.success), before[1] + int(item.result.get("unexpected_count") or 0)]
    return ends


def named(checks: tuple[Check, ...]) -> list[str]:
    """The columns that the checks name, with the record id."""
    return list(
        dict.fromkeys(["record_id", *(str(check.kwargs["column"]) for check in checks if "column" in check.kwargs)])
    )


def peer(folder: Path) -> Ends:
    """Read the named columns of the ledger into one frame and give it to a plain suite."""
    checks = row_checks()
    return plain(read_ledger(folder, named(checks)).to_pandas(), checks)


def main(which: str, folder: Path) -> None:
    """Measure, and print what was measured."""
    import_gx().get_context(mode="ephemeral")
    began, used = time.perf_counter(), time.process_time()
    ends = {"ours": ours, "peer": peer}[which](folder)
    told = {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - used}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**told, "peak_mb": peak, "ends": ends}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
