"""The verb `ringfence payments`: load a folder of payment files, trace the flow, and print the account.

In: arguments. Out: an exit code: 0, 11 when no file could be read, or with `--strict` 13 when files were refused or
rows set aside.
"""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

from pipelines.errors import EXIT_INPUT, EXIT_OK, EXIT_QUARANTINED
from pipelines.processes.count_arguments import one_or_more
from pipelines.processes.engine import add_cluster, at
from pipelines.told import Planned, Told, does

MOST_REASONS = 50
ROWS = ("rows_read", "rows_kept", "rows_quarantined", "rows_repeated", "rows_not_data")
TITLES = ("read", "kept", "set aside", "repeated", "not data")


def add_commands(commands: Any) -> None:
    """Add the verb to the parser's commands."""
    payments: argparse.ArgumentParser = commands.add_parser("payments")
    does(payments, run_payments, _plan)
    payments.add_argument("folder", type=Path, metavar="DIR", help="folder of payment files, one folder per body")
    payments.add_argument("--out", type=Path, metavar="DIR", required=True, help="folder to write the ledger to")
    payments.add_argument(
        "--workers",
        type=one_or_more,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes to work with (default: one a processor)",
    )
    add_cluster(payments)
    payments.add_argument(
        "--strict", action="store_true", help="exit with 13 when files were refused or rows set aside"
    )
    payments.add_argument(
        "--extract", type=Path, metavar="TO", help="write the embedded extract of payments between the NHS and councils"
    )


def account(files: list[dict[str, Any]]) -> list[str]:
    """The account as lines: per class of body and outcome, then the refused files with their reasons."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for record in files:
        groups[str(record.get("body_type") or "not told"), record["outcome"]].append(record)
    lines = [f"{'body':<18}{'outcome':<9}{'files':>6}" + "".join(f"{title:>10}" for title in TITLES)]
    for (kind, outcome), members in [*sorted(groups.items()), (("all", ""), files)]:
        sums = "".join(f"{sum(member[name] for member in members):>10,}" for name in ROWS)
        lines.append(f"{kind:<18}{outcome:<9}{len(members):>6}{sums}")
    reasons = [
        f"{record['outcome']}: {record['source_file']}: {record['reason']}" for record in files if record["reason"]
    ]
    more = len(reasons) - MOST_REASONS
    lines += ["", *reasons[:MOST_REASONS]] if reasons else []
    lines += [f"and {more:,} more; table payment_file holds every reason"] if more > 0 else []
    return lines


def file_lines(files: list[dict[str, Any]]) -> list[str]:
    """The account of each file on one line."""
    return [
        f"{record['source_file']}: {record['rows_read']:,} rows = {record['rows_kept']:,} kept + "
        f"{record['rows_quarantined']:,} set aside + {record['rows_repeated']:,} repeated + "
        f"{record['rows_not_data']:,} not data"
        for record in files if record["outcome"] != "refused"
    ]  # fmt: skip


def flow_sums(flow: Any) -> list[dict[str, Any]]:
    """The traced flow by direction and tier: how many payments, and pounds."""
    from pipelines.payments.flow.both_sides import plain

    rows = plain(flow, ["direction", "tier", "amount_gbp"]).group_by(["direction", "tier"], use_threads=False)
    cells = rows.aggregate([("amount_gbp", "count"), ("amount_gbp", "sum")]).to_pylist()
    told = {(cell["direction"], cell["tier"]): (cell["amount_gbp_count"], cell["amount_gbp_sum"]) for cell in cells}
    keys = [
        (way, tier)
        for way in ("nhs_to_council", "council_to_nhs")
        for tier in ("labelled", "proxy_regular", "proxy", "unknown", "contradicts")
    ]
    return [
        {"direction": way, "tier": tier, "payments": told.get((way, tier), (0, 0.0))[0],
         "amount_gbp": told.get((way, tier), (0, 0.0))[1]}
        for way, tier in keys
    ]  # fmt: skip


def flow_lines(flow: Any) -> list[str]:
    """The same as lines."""
    return [
        f"{one['direction'].replace('_', ' '):<16}{one['tier'].replace('_', ' '):<15}{one['payments']:>7,} payments"
        f"{one['amount_gbp'] / 1e6:>10,.1f} £m"
        for one in flow_sums(flow)
    ]


def _plan(asked: argparse.Namespace) -> Planned:
    from pipelines.payments.load.load_payments import find_payment_files

    found = find_payment_files(asked.folder)
    what = f"the ledger of {len(found.files):,} files"
    if (asked.out / "payment_file.parquet").is_file():
        what += ", in place of the one that stands there"
    return Planned([(asked.out, what), *([(asked.extract, "the embedded extract")] if asked.extract else [])])


def run_payments(asked: argparse.Namespace) -> Told:
    """Run the verb."""
    from pipelines.payments.load.load_payments import load_payments
    from pipelines.processes.run_lock import hold

    with hold(asked.out), at(asked.cluster):
        result = load_payments(asked.folder, asked.out, workers=asked.workers)
        if asked.extract:
            from pipelines.payments.load.write_extract import write_extract

            write_extract(asked.out, asked.folder, asked.extract)
    lines = [*file_lines(result.files), "", *account(result.files), "", *flow_lines(result.flow)]
    refused = [record for record in result.files if record["outcome"] == "refused"]
    names = ("source_file", "body_type", "outcome", "reason", *ROWS)
    content = {
        "ledger": asked.out,
        "files": [{name: record.get(name) for name in names} for record in result.files],
        "flow": flow_sums(result.flow),
    }
    if len(refused) == len(result.files):
        first = f"{refused[0]['source_file']}: {refused[0]['reason']}"
        warnings = [f"ringfence: none of the {len(refused):,} files could be read; the first: {first}"]
        return Told(content, lines, code=EXIT_INPUT, warnings=warnings)
    aside = refused or any(record["rows_quarantined"] for record in result.files)
    return Told(content, lines, code=EXIT_QUARANTINED if aside and asked.strict else EXIT_OK)
