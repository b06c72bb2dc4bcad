"""The CSV of an area's page: its published figures, then what ringfence worked out from them, so that it can be redone.

In: a run. Out: rows of table `page_figure` by area, in the order of the evidence with the worked-out rows after it. A
worked-out row has no cell, and its meaning is that of the declared column it is taken from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pipelines.declarations.catalogue import Column, tables
from reports.checks.evidence_files import evidence_order
from reports.words.frame import FUND, NATIONAL, flag_windows
from reports.words.narrative import is_missing, unit_words
from reports.words.read_run import Row, Run

TABLE = "page_figure"
WORKED_OUT = "Worked out by ringfence"
NHS_MONEY, BOOKED = "NHS money", "Other income booked"
EXPECTED = {
    "actual_gbp": "Own-funded spend of the window's care",
    "expected_gbp": "Expected own-funded spend",
    "lower_gbp": "Expected own-funded spend: lower end of its 90% interval",
    "upper_gbp": "Expected own-funded spend: upper end of its 90% interval",
    "gap_gbp": "Gap: expected less actual own-funded spend",
    "reckoned_gbp": NHS_MONEY,
    "nhs_receipts_gbp": BOOKED,
}
YEARLY = {
    "own_funded_gbp": "Own-funded spend, all adult social care",
    "own_funded_real_gbp": "Own-funded spend, all adult social care, 2014-15 prices",
    "deflator": "GDP deflator",
    "population_18_plus": "Adults",
    "population_65_plus": "People aged 65 and over",
    "deprivation_score": "Deprivation score",
    "funding_gbp": "Funding net of NHS money",
    "social_care_grants_gbp": "Social-care grants",
}
CHANGE = {
    "actual_percent": "Yearly change of own-funded spend",
    "expected_percent": "Yearly change to be expected",
    "unexplained_percent": "Yearly change not explained",
    "noise_percent": "Usual size of such a difference by chance",
    "step_percent": "Step of NHS money",
}
WINDOW = {
    "gap_gbp": "Gap over the window",
    "gap_lower_gbp": "Gap over the window: lower end of its 90% interval",
    "gap_upper_gbp": "Gap over the window: upper end of its 90% interval",
    "transfer_gbp": f"{NHS_MONEY}: rise over the window",
    "transfer_error_share": f"{NHS_MONEY}: how far its deduction for public health may be off",
    "booked_gbp": "NHS income booked: rise over the window",
    "evidence_ratio": "Evidence ratio",
    "posterior_05": "Chance of replacement, if 5 councils in 100 replaced",
    "posterior_10": "Chance of replacement, if 10 councils in 100 replaced",
    "posterior_30": "Chance of replacement, if 30 councils in 100 replaced",
    "posterior_own": "Chance of replacement, at the run's own prior",
    "replacement_rate": "Replacement rate against the average council",
    "replacement_lower": "Replacement rate: lower end of its 90% interval",
    "replacement_upper": "Replacement rate: upper end of its 90% interval",
    "replaced_gbp": "Replacement rate × NHS money",
    "replaced_lower_gbp": "Replacement rate × NHS money: lower end of its 90% interval",
    "replaced_upper_gbp": "Replacement rate × NHS money: upper end of its 90% interval",
    "review_place": "Place on the review list",
    "unusual_place": "Place on the unusual-pattern list",
    "kept_share": "Share of the variants in which it stays on the review list",
    "changes": "Yearly changes judged",
    "gross_gbp": "Gross spending over the window",
    "maintenance_own_change_gbp": "Maintenance of effort: change in own-funded spend a year",
    "maintenance_nhs_change_gbp": "Maintenance of effort: change in NHS income booked a year",
}
UNIT_OF = {"rate": "£ per £ of NHS money", "share": "share", "gbp": "£", "ratio": "times"}


def _unit(column: Column) -> str:
    if column.name.startswith("population"):
        return "people"
    return UNIT_OF.get(column.unit or "") or unit_words(column.unit) or "number"


def _figures(table: str, names: Mapping[str, str], row: Row) -> Iterator[dict[str, Any]]:
    """The figures of one row that hold a value, each with its unit and meaning as declared."""
    declared = {column.name: column for column in tables()[table].columns}
    for name, words in names.items():
        booked = name != "nhs_receipts_gbp" or row["nhs_basis"] == "received"
        if booked and not is_missing(row.get(name)):
            yield {
                "figure": words, "value": float(row[name]), "meaning": declared[name].meaning,
                "unit": _unit(declared[name]), "table": table, "column": name, "record_id": "",
                "financial_year": row.get("financial_year"),
            }  # fmt: skip


def national_amount(settings: Mapping[str, Any], year: str) -> float | None:
    """The national amount of NHS money that a run took for a year, in whole pounds; none before 2011-12."""
    amounts: Mapping[str, float] = settings.get(NATIONAL) or {}
    million = amounts.get(year) or (settings.get(FUND) if year >= "2015-16" else None)
    return float(million) * 1e6 if million else None


def _shares(settings: Mapping[str, Any], allocated: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """National amount and the area's share of it, for each year of NHS money worked out."""
    for row in allocated:
        national = national_amount(settings, str(row["financial_year"]))
        if not national or is_missing(row["value"]):
            continue
        common = {"financial_year": row["financial_year"], "table": "manifest", "record_id": ""}
        named = NATIONAL if str(row["financial_year"]) < "2015-16" else FUND
        yield {
            **common, "figure": "National amount of NHS money", "value": national, "unit": "£", "column": named,
            "meaning": f"Setting {named} of the run, in whole pounds",
        }  # fmt: skip
        yield {
            **common, "figure": "Share of the national amount", "value": float(row["value"]) / national,
            "unit": "share", "column": "share", "meaning": "NHS money of the area / national amount of NHS money",
        }  # fmt: skip


def worked_out(run: Run, groups: Mapping[str, Mapping[Any, Sequence[Row]]], code: str) -> list[dict[str, Any]]:
    """What the run worked out for an area: yearly levels and changes, then the windows' results, then shares."""
    settings: Mapping[str, Any] = run.manifest.get("settings") or {}
    empty = dict.fromkeys(tables()[TABLE].column_names)
    made: list[dict[str, Any]] = []
    for window in flag_windows(run):
        expected = groups["expected_spend"].get((code, window), ())
        years = {str(row["financial_year"]) for row in expected}
        own = [row for row in groups["area_year"].get((code,), ()) if str(row["financial_year"]) in years]
        evidence = groups["evidence"].get((code, window), ())
        flags = groups["flag"].get((code, window), ())
        changes = groups["yearly_change"].get((code, window), ())
        found = [
            *(figure for row in expected for figure in _figures("expected_spend", EXPECTED, row)),
            *(figure for row in own for figure in _figures("area_year", YEARLY, row)),
            *(figure for row in changes for figure in _figures("yearly_change", CHANGE, row)),
            *(figure for row in flags for figure in _figures("flag", WINDOW, row)),
            *_shares(settings, [row for row in evidence if row["column"] == "transfer_gbp" and not row["file_sha256"]]),
        ]
        made += [
            {
                **empty, "area_code": code, "window": window, "evidence_id": f"{window}-R{place:03d}",
                "source": "derived", "title": WORKED_OUT, "status": "", **figure,
            }
            for place, figure in enumerate(found, start=1)
        ]  # fmt: skip
    return made


@cache
def _meaning(table: str, column: str) -> str:
    declared = tables().get(table)
    return next((each.meaning for each in declared.columns if each.name == column), "") if declared else ""


def _published(row: Row, inputs: Mapping[str, str]) -> dict[str, Any]:
    meaning = _meaning(str(row["table"]), str(row["column"]))
    return {**row, "meaning": meaning, "input_sha256": inputs.get(str(row["file_sha256"] or ""))}


def page_csvs(run: Run) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every area's code and rows, made one area at a time: all together they take a hundred megabytes."""
    groups = {
        table: run.grouped(table, "area_code", "window")
        for table in ("expected_spend", "yearly_change", "flag", "evidence")
    }
    groups["area_year"] = run.grouped("area_year", "area_code")
    evidence = run.grouped("evidence", "area_code")
    inputs = {str(row["file_sha256"]): str(row["input_sha256"]) for row in run.rows("source_file")}
    for code in (str(area["area_code"]) for area in run.rows("area")):
        published = sorted(evidence.get((code,), ()), key=evidence_order)
        yield code, [*(_published(row, inputs) for row in published), *worked_out(run, groups, code)]
