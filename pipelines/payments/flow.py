"""The flow between the NHS and councils: each payment with a tier and its evidence, and sums as a range.

In: the ledger, or the same rows from the embedded extract. Out: tables `payment_flow`, `payment_flow_sum`,
`payment_exposure`, `payment_source`. Tiers: labelled; proxy_regular (the cost centre is a proxy, and the amount repeats
in three months or more); proxy; unknown (cannot be told); contradicts (another purpose is stated). A missing label
proves nothing, and every sum is a lower bound of what was paid.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.declared_files import read_rows
from pipelines.payments.expense_names import fold_name
from pipelines.payments.ledger import read_ledger
from pipelines.payments.organisations import COMMISSIONER, COUNCIL, TRUST
from pipelines.payments.rows import BUDGET
from pipelines.payments.vocabulary import REFERENCE

REGULAR_MONTHS = 3
SURE_ENOUGH = 0.75
COLUMNS = [
    "record_id", "body_type", "body_code", "body_name", "supplier_kind", "supplier_org_code", "supplier_org_name",
    "supplier_raw", "supplier_area_code", "supplier_match_score", "financial_year", "period", "date", "expense_area",
    "expense_type", "department", "purpose", "transaction_number", "amount_gbp", "sign_source", "source_file", "sheet",
    "source_row",
]  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One line of `payment_cost_centre_tiers.csv`."""

    tier: str
    applies_to: str
    pattern: re.Pattern[str]
    why: str


@cache
def rules() -> tuple[Rule, ...]:
    """The rules in the order of the file."""
    rows = read_rows(REFERENCE / "payment_cost_centre_tiers.csv", ("tier", "applies_to", "pattern", "why"))
    return tuple(
        Rule(row["tier"], row["applies_to"], re.compile(row["pattern"], re.IGNORECASE), row["why"]) for row in rows
    )


def _first(tiers: tuple[str, ...], place: str, text: str) -> Rule | None:
    return next(
        (rule for rule in rules() if rule.tier in tiers and rule.applies_to == place and rule.pattern.search(text)),
        None,
    )


@cache
def classify(area: str, account: str, words: str) -> tuple[str, str, bool]:
    """(label, proxy, contradicts or unknown; evidence; reserve) of a cost centre, an account and other words.

    A label anywhere decides; then the cost centre; then, where it says nothing, the account.
    """
    centre, kind = fold_name(area), fold_name(account)
    reserve = _first(("reserve",), "area", centre) or _first(("reserve",), "type", kind)
    label = next((rule for text in (area, account, words) for rule in rules()
                  if rule.applies_to == "any" and rule.pattern.search(text)), None)  # fmt: skip
    found = label or _first(("proxy", "contradicts"), "area", centre) or _first(("proxy", "contradicts"), "type", kind)
    note = f"; {reserve.why}" if reserve else ""
    if found is None:
        return "unknown", f"nothing in cost centre or account tells{note}", bool(reserve)
    return found.tier, found.why + note, bool(reserve)


def direction_of(row: dict[str, Any]) -> str:
    """`nhs_to_council`, `council_to_nhs`, or empty: who paid and who was paid are bodies of the two sides."""
    if row["body_type"] in (COMMISSIONER, TRUST) and row["supplier_kind"] == COUNCIL:
        return "nhs_to_council"
    return "council_to_nhs" if row["body_type"] == COUNCIL and row["supplier_kind"] in (COMMISSIONER, TRUST) else ""


def between(out: Path) -> list[dict[str, Any]]:
    """Rows of the ledger from an NHS body to a council or the other way, sorted by record, with their direction.

    Free words of rows in a personal-health-budget cost centre are left out.
    """
    import pyarrow.dataset as ds

    kinds = ds.field("supplier_kind").isin([COUNCIL, COMMISSIONER, TRUST])
    sure = ds.field("supplier_match_score") >= SURE_ENOUGH
    rows = sorted(read_ledger(out, COLUMNS, kinds & sure).to_pylist(), key=lambda row: row["record_id"])
    return [_without_words({**row, "direction": direction_of(row)}) for row in rows if direction_of(row)]


def _without_words(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "purpose": ""} if BUDGET.search(f"{row['expense_area']} {row['expense_type']}") else row


def trace(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `payment_flow` from the rows of `between`, in their order."""
    groups: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row in rows:
        groups[_same(row)].append(row["period"])
    return [_traced(row, groups[_same(row)]) for row in rows]


def _same(row: dict[str, Any]) -> tuple[Any, ...]:
    payee = row["supplier_org_code"] or row["supplier_org_name"]
    return (row["body_type"], row["body_name"], payee, round(row["amount_gbp"] * 100))


@cache
def area_of(code: str) -> str:
    """The constant area of a council by its E-code; empty for a code that is none of a council with social care."""
    from pipelines.authorities import directory

    known = directory().by_code.get(code)
    return known.area_code if known else ""


def _traced(row: dict[str, Any], periods: list[str]) -> dict[str, Any]:
    words = f"{row['purpose']} {row['department']}"
    tier, why, reserve = classify(row["expense_area"], row["expense_type"], words)
    months = len({period for period in periods if period})
    tier = {"label": "labelled"}.get(tier, tier)
    if months >= REGULAR_MONTHS and row["amount_gbp"] > 0:
        tier = "proxy_regular" if tier == "proxy" else tier
        why += f"; the same amount in {months} months"
    elif len(periods) > 1:
        why += f"; the same amount {len(periods)} times"
    council = row["direction"] == "nhs_to_council"
    return {
        "record_id": row["record_id"], "direction": row["direction"], "payer_kind": row["body_type"],
        "payer_code": row["body_code"], "payer_name": row["body_name"],
        "payee_kind": row["supplier_kind"], "payee_code": row["supplier_org_code"],
        "payee_name": row["supplier_org_name"],
        "payee_printed": row["supplier_raw"],
        "area_code": row["supplier_area_code"] if council else area_of(row["body_code"]),
        "financial_year": row["financial_year"], "period": row["period"], "date": row["date"],
        "expense_area": row["expense_area"], "expense_type": row["expense_type"], "purpose": row["purpose"],
        "department": row["department"], "transaction_number": row["transaction_number"], "signs": row["sign_source"],
        "amount_gbp": row["amount_gbp"], "tier": tier, "evidence": why, "repeats": len(periods),
        "repeat_months": months,
        "reserve": reserve, "year_end": row["period"].endswith("-03"),
        "round_sum": row["amount_gbp"] != 0 and round(row["amount_gbp"] * 100) % 100_000 == 0,
        "source_file": row["source_file"], "sheet": row["sheet"], "source_row": row["source_row"],
        "match_score": row["supplier_match_score"],
    }  # fmt: skip


def write_flow(out: Path, folder: Path | None = None) -> list[dict[str, Any]]:
    """Trace the flow in the ledger in `out`, which was loaded from `folder`. Returns the rows of `payment_flow`."""
    from pipelines.payments.publications import marked, read_list, source_rows

    listed = read_list(folder) if folder else {}
    rows = trace(marked(between(out), listed))
    write_tables(rows, source_rows(out, rows, listed), out)
    return rows


def write_tables(rows: list[dict[str, Any]], sources: list[dict[str, Any]], out: Path) -> None:
    """Write the tables of the flow."""
    from pipelines.catalogue import tables
    from pipelines.payments.exposure import exposure
    from pipelines.payments.flow_sums import sum_flow
    from pipelines.write_parquet import write_table

    made_of = {"payment_flow": rows, "payment_flow_sum": sum_flow(rows), "payment_exposure": exposure(rows),
               "payment_source": sources}  # fmt: skip
    for name, made in made_of.items():
        write_table(name, {key: [row[key] for row in made] for key in tables()[name].column_names}, out)
