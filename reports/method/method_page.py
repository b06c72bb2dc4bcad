"""The method page's view model: versions, settings as used, counts and libraries, beside the method's prose in its
template.

In: a run's manifest. Out: a `TablesPage`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.england.national_section import displacement_part
from reports.method.evaluation_section import evaluation_parts
from reports.method.method_checks import method_checks
from reports.words.frame import FUND, NATIONAL, average_of, frame
from reports.words.narrative import decimal, is_missing, join_words, plain_code
from reports.words.read_run import Run
from reports.words.reperform import method_pairs
from reports.words.view_models import Cell, Column, DataTable, Link, TablesPage, WindowPart

COUNT_WORDS = {"of_payments_gbp": "money of the payments", "quarantined": "rows and values set aside"}


def flat(found: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Nested settings as (name, value) lines, names joined by a dot."""
    lines: list[tuple[str, str]] = []
    for name, value in sorted(found.items()):
        if isinstance(value, dict):
            inner: dict[str, Any] = value
            lines += flat(inner, f"{before}{name}.")
        elif isinstance(value, (list, tuple)):
            lines.append((f"{before}{name}", ", ".join(str(part) for part in value)))
        else:
            lines.append((f"{before}{name}", str(value)))
    return lines


def _table(
    found: Any, *, identity: str, caption: str, heads: tuple[str, str], numeric: bool = False
) -> DataTable | None:
    if not isinstance(found, dict) or not found:
        return None
    return DataTable(
        id=identity,
        caption=caption,
        columns=(Column(heads[0]), Column(heads[1], numeric=numeric)),
        rows=tuple((Cell(plain_code(name)), Cell(value)) for name, value in flat(found)),
    )


def _counted(counts: Mapping[str, Any]) -> dict[str, Any]:
    """Counts ready to print: in words, with commas, and pounds as pounds."""
    made: dict[str, Any] = {}
    for name, value in counts.items():
        shown = f"{value:,}" if isinstance(value, (int, float)) else value
        made[COUNT_WORDS.get(name, name)] = f"£{shown}" if name.endswith("_gbp") else shown
    return made


def method_words(run: Run) -> dict[str, str]:
    """What the prose needs of this run: national amounts, how far receipts agree, the average council, the lists."""
    settings: Mapping[str, Any] = run.manifest.get("settings") or {}
    amounts: Mapping[str, float] = settings.get(NATIONAL) or {}
    national = [f"£{amount:,.0f} million in {year}" for year, amount in sorted(amounts.items())]
    if settings.get(FUND):
        national.append(f"£{settings[FUND]:,.0f} million a year from 2015-16")
    found = [row["correlation"] for row in run.rows("transfer_check") if not is_missing(row["correlation"])]
    receipts = "How far the two agree was not measured in this run."
    if found:
        receipts = (
            f"The two differ: over areas their correlation is {decimal(min(found))} to {decimal(max(found))} by year "
            "(transfers beside receipts, below)."
        )
    return {
        "national": join_words(national) or "not stated",
        "receipts": receipts,
        "average": f"{average_of(run):g}",
        "review": str(settings.get("lists.review", "the set number of")),
        "unusual": str(settings.get("lists.unusual", "the set number of")),
    }


def method_page(run: Run) -> TablesPage:
    """What was done, with which settings and versions, and how to do it again."""
    manifest = run.manifest
    tables = (
        _table(manifest.get("settings"), identity="settings", caption="Settings as used", heads=("Setting", "Value")),
        _table(
            _counted(manifest.get("counts") or {}),
            identity="counts",
            caption="Counts of the run",
            heads=("What was counted", "Number"),
            numeric=True,
        ),
        _table(manifest.get("libraries"), identity="libraries", caption="Libraries", heads=("Library", "Version")),
    )
    national = displacement_part(run).table if run.rows("national_displacement") else None
    own = (WindowPart("national", "National displacement, in this run", table=national),) if national else ()
    return TablesPage(
        frame=frame(run, title="Method", here="method"),
        heading="Method",
        lead=("What was asked of the figures, how it was answered, and what the answer cannot say.",),
        tables=tuple(table for table in tables if table),
        measured=(*evaluation_parts(run), *method_checks(run), *own),
        pairs=method_pairs(run),
        command=str(manifest.get("command", "")),
        words=method_words(run),
        downloads=(Link("Run manifest (JSON)", "manifest.json"),),
    )
