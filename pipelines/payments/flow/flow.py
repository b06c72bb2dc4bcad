"""The flow between the NHS and councils: each payment with a tier and its evidence, and sums as a range.

In: the ledger, or the same rows from the embedded extract. Out: tables `payment_flow`, `payment_flow_sum`,
`payment_exposure`, `payment_source`. Tiers: labelled; proxy_regular (the cost centre is a proxy, and the amount repeats
in three months or more); proxy; unknown (cannot be told); contradicts (another purpose is stated). A missing label
proves nothing, and every sum is a lower bound of what was paid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pipelines.declarations.declared_files import read_rows
from pipelines.payments.flow.both_sides import NOT_CODED, between, each_told, numbered
from pipelines.payments.words.expense_names import fold_name
from pipelines.payments.words.texts import arrow_compute
from pipelines.places import REFERENCE

REGULAR_MONTHS = 3
MOST_KNOWN = 4096
PURPOSE = ("proxy", "contradicts")
ANYWHERE = ("label", *PURPOSE)
WORDS = ("expense_area", "expense_type", "purpose", "department")
TOLD = ("tier", "evidence", "reserve")
TAKEN = {
    "payer_kind": "body_type", "payer_code": "body_code", "payer_name": "body_name", "payee_kind": "supplier_kind",
    "payee_code": "supplier_org_code", "payee_name": "supplier_org_name", "payee_printed": "supplier_raw",
    "signs": "sign_source", "match_score": "supplier_match_score",
}  # fmt: skip


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


@lru_cache(maxsize=MOST_KNOWN)
def _first(tiers: tuple[str, ...], place: str, text: str) -> Rule | None:
    return next(
        (rule for rule in rules() if rule.tier in tiers and rule.applies_to == place and rule.pattern.search(text)),
        None,
    )


def classify(area: str, account: str, words: str) -> tuple[str, str, bool]:
    """(label, proxy, contradicts or unknown; evidence; reserve) of a cost centre, an account and other words.

    A label anywhere decides; then the cost centre; then, where it says nothing, the account.
    """
    centre, kind = fold_name(area), fold_name(account)
    reserve = _first(("reserve",), "area", centre) or _first(("reserve",), "type", kind)
    label = _first(ANYWHERE, "any", area) or _first(ANYWHERE, "any", account) or _first(ANYWHERE, "any", words)
    found = label or _first(PURPOSE, "area", centre) or _first(PURPOSE, "type", kind)
    note = f"; {reserve.why}" if reserve else ""
    if found is None:
        return "unknown", f"nothing in cost centre or account tells{note}", bool(reserve)
    return found.tier, found.why + note, bool(reserve)


@cache
def area_of(code: str) -> str:
    """The constant area of a council by its E-code; empty for a code that is none of a council with social care."""
    from pipelines.areas.authorities import directory

    known = directory().by_code.get(code)
    return known.area_code if known else ""


def trace(rows: Any) -> Any:
    """Table `payment_flow` from the rows of `both_sides.between`, in their order and coded as they are."""
    import numpy as np
    import pyarrow as pa

    from pipelines.declarations.catalogue import arrow_schema, tables

    pc = arrow_compute()
    pounds = rows["amount_gbp"].to_numpy()
    pence = np.rint(pounds * 100).astype(np.int64)
    repeats, months = equal_amounts(rows, pence)
    counted = {"repeats": pa.array(repeats), "repeat_months": pa.array(months), "positive": pa.array(pounds > 0)}
    schema = arrow_schema(tables()["payment_flow"]).remove_metadata()
    asked = pa.table({**{name: rows[name] for name in WORDS}, **counted})
    told = each_told(asked, asked.column_names, _tier, pa.schema([schema.field(name) for name in TOLD]))
    sides = ["direction", "supplier_area_code", "body_code"]
    made = {
        **{name: told[name] for name in TOLD}, **counted,
        "area_code": each_told(rows, sides, _area, pa.schema([schema.field("area_code")]))["area_code"],
        "year_end": pc.ends_with(rows["period"].cast(pa.string()), "-03"),
        "round_sum": pa.array((pounds != 0) & (pence % 100_000 == 0)),
    }  # fmt: skip
    return pa.table({name: made[name] if name in made else rows[TAKEN.get(name, name)] for name in schema.names})


def equal_amounts(rows: Any, pence: Any) -> tuple[Any, Any]:
    """How often each row's amount was paid by its body to its payee, and in how many different months."""
    import numpy as np
    import pyarrow as pa

    pc = arrow_compute()
    code = rows["supplier_org_code"].cast(pa.string())
    payee = pc.if_else(pc.equal(code, ""), rows["supplier_org_name"].cast(pa.string()), code)
    same = pa.table({"kind": rows["body_type"], "name": rows["body_name"], "payee": payee, "pence": pa.array(pence)})
    groups, _ = numbered(same, same.column_names)
    _, first = numbered(pa.table({"group": pa.array(groups), "period": rows["period"]}), ["group", "period"])
    dated = first[pc.not_equal(rows["period"].cast(pa.string()), "").to_numpy()[first]]
    return np.bincount(groups)[groups], np.bincount(groups[dated], minlength=len(groups))[groups]


def _area(direction: str, supplier_area_code: str, body_code: str) -> dict[str, str]:
    return {"area_code": supplier_area_code if direction == "nhs_to_council" else area_of(body_code)}


def _tier(repeats: int, repeat_months: int, *, positive: bool, **words: str) -> dict[str, Any]:
    more = f"{words['purpose']} {words['department']}"
    tier, why, reserve = classify(words["expense_area"], words["expense_type"], more)
    tier = {"label": "labelled"}.get(tier, tier)
    if repeat_months >= REGULAR_MONTHS and positive:
        tier = "proxy_regular" if tier == "proxy" else tier
        why += f"; the same amount in {repeat_months} months"
    elif repeats > 1:
        why += f"; the same amount {repeats} times"
    return {"tier": tier, "evidence": why, "reserve": reserve}


def write_flow(out: Path, folder: Path | None = None) -> Any:
    """Trace the flow in the ledger in `out`, which was loaded from `folder`. Returns table `payment_flow`, coded."""
    from pipelines.payments.flow.publications import marked, read_list, source_rows

    listed = read_list(folder) if folder else {}
    flow = trace(marked(between(out), listed))
    write_tables(flow, source_rows(out, flow, listed), out)
    return flow


def write_tables(flow: Any, sources: list[dict[str, Any]], out: Path) -> None:
    """Write the tables of the flow: `payment_flow` as it is, sorted by record, and what is summed from it."""
    from pipelines.declarations.catalogue import tables
    from pipelines.declarations.parquet import write_rows, write_table
    from pipelines.payments.flow.exposure import exposure
    from pipelines.payments.flow.flow_sums import sum_flow

    write_rows("payment_flow", flow, out)
    made_of = {"payment_flow_sum": sum_flow(flow), "payment_exposure": exposure(flow), "payment_source": sources}
    for name, made in made_of.items():
        write_table(name, {key: [row[key] for row in made] for key in tables()[name].column_names}, out)


def read_flow(folder: Path) -> Any:
    """Table `payment_flow` as it was written, coded."""
    import pyarrow.parquet as pq

    from pipelines.declarations.catalogue import tables

    texts = [column.name for column in tables()["payment_flow"].columns if column.type == "string"]
    stored = pq.read_table(
        folder / "payment_flow.parquet", read_dictionary=[name for name in texts if name not in NOT_CODED]
    )
    return stored.unify_dictionaries().combine_chunks()
