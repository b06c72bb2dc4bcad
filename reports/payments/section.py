"""The section on traced payments of an area or a commissioner: what is seen, what it stands beside, what is not told.

In: a run's `payment_flow`, `payment_flow_sum`, `payment_exposure`, `payment_source`, and what councils' own returns say
they received. Out: `ProseSection`. Payments corroborate the annual figures and never replace them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.declarations.catalogue import tables
from pipelines.payments.flow.flow_sums import sum_rows
from reports.payments.beside import Received, beside_part, received, ring_fence_part
from reports.payments.lists import Sources, described_part, files_part, largest_part, repeats_part
from reports.payments.tables import LOST, added, month_part, sums_part, total
from reports.payments.words import DIRECTIONS
from reports.words.downloads import csv_texts
from reports.words.frame import slug
from reports.words.narrative import count_of, join_words, prose_gbp
from reports.words.read_run import Row, Run
from reports.words.view_models import Link, ProseSection, WindowPart

HEADING = "Payments traced"
AREA_EMPTY = "No payment file in this run names the council of this area, so nothing can be traced."
CORROBORATES = (
    "Payments corroborate the annual figures and never replace them. A missing label proves nothing, and every sum is "
    "a lower bound of what was paid."
)
NOT_ADDED = (
    "They stand in copies whose minus signs may be lost: they are listed, not added up, and are not comparable with "
    "the annual figures."
)
OTHER_WAY = (
    "They show what councils paid to NHS bodies. The annual figures hold what councils received, so the two are not "
    "comparable."
)
NO_AREA = "Councils without social care"
THRESHOLD = "NHS bodies publish payments over £25,000 and leave out pay and income: smaller payments are not seen."
SPENDING_ONLY = "Councils publish what they spend: money they received from the NHS is not in their files."


@dataclass(frozen=True)
class Payments:
    """A run's payments, grouped once for all pages."""

    by_area: Mapping[str, Sequence[Row]]
    sums: Mapping[str, Sequence[Row]]
    by_commissioner: Mapping[str, Sequence[Row]]
    exposure: Mapping[tuple[str, str], Row]
    sources: Sources
    received: Mapping[str, Sequence[Received]]
    names: Mapping[str, str]


def payments(run: Run) -> Payments:
    """Group the run's tables of payments. A run without them gives empty groups."""
    by_commissioner: dict[str, list[Row]] = {}
    for row in run.rows("payment_flow"):
        side = "payer" if row["direction"] == "nhs_to_council" else "payee"
        if row[f"{side}_kind"] == "nhs_commissioner" and row[f"{side}_code"]:
            by_commissioner.setdefault(str(row[f"{side}_code"]), []).append(row)
    by_area = run.grouped("payment_flow", "area_code")
    return Payments(
        by_area={str(area): rows for (area,), rows in by_area.items() if area},
        sums={str(area): rows for (area,), rows in run.grouped("payment_flow_sum", "area_code").items()},
        by_commissioner=by_commissioner,
        exposure={(str(row["payer_name"]), str(row["financial_year"])): row for row in run.rows("payment_exposure")},
        sources={(str(row["source_file"]), str(row["sheet"])): row for row in run.rows("payment_source")},
        received=received(run),
        names={str(area["area_code"]): str(area["area_name"]) for area in run.rows("area")},
    )


def area_section(held: Payments, code: str, name: str) -> ProseSection:
    """The section of an area's page."""
    rows = held.by_area.get(code, ())
    if not rows:
        return ProseSection("payments", HEADING, (AREA_EMPTY,))
    if _may_be_care(rows):
        parts = [sums_part(held.sums.get(code, ()), held.names, by_area=False)]
        parts += _months(rows, name)
        parts += [beside_part(rows, held.sums.get(code, ()), held.received.get(code, ()), held.exposure)]
        parts += _lists(rows, held.sources)
    else:
        parts = _bare_lists(rows, held.sources)
    lead = _lead(rows, held.sums.get(code, ()))
    return ProseSection("payments", HEADING, lead, links=_csv_link(code, rows), parts=tuple(parts))


def commissioner_section(held: Payments, code: str, name: str) -> ProseSection:
    """The section of the page of a commissioner with payments: no other has a page."""
    rows = held.by_commissioner[code]
    sums = sum_rows({**row, "area_code": row["area_code"] or NO_AREA} for row in rows)
    if _may_be_care(rows):
        parts = [sums_part(sums, held.names, by_area=True), *_months(rows, name)]
        parts += [ring_fence_part(rows, held.exposure), *_lists(rows, held.sources)]
    else:
        parts = _bare_lists(rows, held.sources)
    return ProseSection("payments", HEADING, _lead(rows, sums), links=_csv_link(code, rows), parts=tuple(parts))


def csv_path(code: str) -> str:
    """Where the CSV with all payments of an area or commissioner lies in the site."""
    return f"downloads/payments-{slug(code)}.csv"


def payment_csvs(held: Payments, areas: Mapping[str, Row]) -> dict[str, tuple[str, str]]:
    """(title, text) of the CSV of every area and commissioner with payments, by path."""
    groups = {csv_path(code): rows for found in (held.by_area, held.by_commissioner) for code, rows in found.items()}
    titles = {csv_path(code): held.names.get(code, code) for code in (*held.by_area, *held.by_commissioner)}
    texts = csv_texts("payment_flow", groups, areas=areas)
    return {path: (f"{tables()['payment_flow'].title}: {titles[path]}", text) for path, text in sorted(texts.items())}


def _csv_link(code: str, rows: Sequence[Row]) -> tuple[Link, ...]:
    return (Link("All these payments (CSV)", csv_path(code), count_of(len(rows), "row", "rows")),)


def _months(rows: Sequence[Row], name: str) -> list[WindowPart]:
    made = (month_part(way, rows, name=name) for way in DIRECTIONS)
    return [part for part in made if part is not None]


def _lists(rows: Sequence[Row], sources: Sources) -> list[WindowPart]:
    return [
        largest_part(rows, sources),
        repeats_part(rows),
        described_part(rows),
        not_told_part(rows),
        files_part(rows, sources),
    ]


def _may_be_care(rows: Sequence[Row]) -> bool:
    """Whether any payment that can be added up may be for social care; if none may, sums and yardsticks say nothing."""
    return any(row["tier"] != "contradicts" for row in added(rows))


def _bare_lists(rows: Sequence[Row], sources: Sources) -> list[WindowPart]:
    return [largest_part(rows, sources), not_told_part(rows), files_part(rows, sources)]


def _worth(rows: Sequence[Row]) -> str:
    """What the payments are worth beside the annual figures."""
    held = added(rows)
    if not held:
        return f"The files held name {count_of(len(rows), 'payment', 'payments')}. {NOT_ADDED}"
    return CORROBORATES if any(row["direction"] == "nhs_to_council" for row in held) else OTHER_WAY


def _lead(rows: Sequence[Row], sums: Sequence[Row]) -> tuple[str, ...]:
    """What is seen in each direction, in one sentence each, and what that is worth."""
    said: list[str] = []
    for way, sides in (
        ("nhs_to_council", "from NHS bodies to councils"),
        ("council_to_nhs", "from councils to NHS bodies"),
    ):
        seen = [row for row in added(rows) if row["direction"] == way]
        if not seen:
            continue
        low, high = (sum(row[f"{way}_{end}_gbp"] for row in sums) for end in ("low", "high"))
        years = join_words(sorted({str(row["financial_year"]) for row in seen}))
        shown = f"The files held show {count_of(len(seen), 'payment', 'payments')} {sides} in {years}, "
        range_words = (
            f"Between {prose_gbp(low)} and {prose_gbp(high)} of it may be for pooled or joint social care: the low end "
            "is labelled so, or stands at a usual cost centre as an equal amount in three months or more; the high end "
            "is all of which no other purpose is said."
            if high
            else "Another purpose is said of it, so none is counted as social care."
        )
        said.append(f"{shown}{prose_gbp(total(seen))} in all. {range_words}")
    return (*said, _worth(rows))


def not_told_part(rows: Sequence[Row]) -> WindowPart:
    """What the payments do not tell, in sentences."""
    said: list[str] = []
    unknown = [row for row in added(rows) if row["tier"] == "unknown"]
    if unknown:
        by_centre: dict[str, float] = {}
        for row in unknown:
            centre = str(row["expense_area"] or row["expense_type"] or "none stated")
            by_centre[centre] = by_centre.get(centre, 0.0) + row["amount_gbp"]
        first = sorted(by_centre.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
        most = join_words([f"{centre} ({prose_gbp(amount)})" for centre, amount in first])
        said.append(
            f"The purpose of {count_of(len(unknown), 'payment', 'payments')}, {prose_gbp(total(unknown))}, cannot be "
            f"told from cost centre or account; the largest cost centres are {most}."
        )
    labelled = [row for row in rows if row["tier"] == "labelled"]
    said.append(
        f"{count_of(len(labelled), 'payment names', 'payments name')} the Better Care Fund, section 75 or section 256."
        if labelled
        else "No payment names the Better Care Fund, section 75 or section 256. That proves nothing: ledgers seldom do."
    )
    lost = [row for row in rows if row["signs"] == LOST]
    if lost:
        said.append(
            f"{count_of(len(lost), 'payment stands', 'payments stand')} in copies whose minus signs may be lost "
            f"({prose_gbp(total(lost))} as printed): listed, never added up."
        )
    undated = [row for row in rows if not row["period"]]
    if undated:
        said.append(f"{count_of(len(undated), 'payment has', 'payments have')} no month and no place in the chart.")
    ways = {str(row["direction"]) for row in rows}
    said += [THRESHOLD] if "nhs_to_council" in ways else []
    said += [SPENDING_ONLY] if "council_to_nhs" in ways else []
    return WindowPart(id="payments-not-told", heading="What cannot be told", sentence=" ".join(said))
