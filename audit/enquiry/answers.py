"""An area's answer for one window, beside what the returns hold: the figures that papers and checks are reckoned from.

In: tables answer_figure, expected_spend and evidence of a run. Out: an `Answer` for each area and window that was
answered, with every figure of a year by its name and the cell it stands in. Refuses nothing: a figure that was not
given is NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.panel.member_sums import read_or_empty
from audit.settings import Settings, Window
from pipelines.financial_year import start_of

AMOUNT = "_gbp_thousand"
LINE = "amount_gbp_thousand"
OWN_COLUMNS = ("net_current_expenditure_gbp_thousand", "adult_social_care_nce_gbp_thousand")
RECEIPT_COLUMNS = ("other_income_gbp_thousand", "bcf_income_gbp_thousand")
Row = Mapping[str, Any]
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Given:
    """One figure of an answer: pounds, the day of its paper, and where it stands."""

    gbp: float
    paper_date: str
    sheet: str
    cell: str


@dataclass(frozen=True)
class Held:
    """What the run holds of a year: pounds, and where that stands or how it was worked out."""

    gbp: float
    cell: str


@dataclass(frozen=True)
class Answer:
    """`given` by year and item (without its unit), `lines` pounds by year; `own`, `money`, `receipts` by year."""

    area: str
    window: Window
    given: Mapping[str, Mapping[str, Given]]
    lines: Mapping[str, float]
    own: Mapping[str, Held]
    money: Mapping[str, Held]
    receipts: Mapping[str, Held]

    def gbp(self, year: str, item: str) -> float:
        """Pounds of an item of a year; NaN where it was not given."""
        found = self.given.get(year, {}).get(item)
        return found.gbp if found else math.nan

    def own_with(self, year: str) -> float:
        """Own spend planned with the transfer: as told, else the total less the transfer agreed."""
        told = self.gbp(year, "own_with")
        return told if told == told else self.gbp(year, "total_with") - self.gbp(year, "transfer_agreed")

    def transfer(self, year: str) -> float:
        """The transfer of a year: as agreed in the papers, else as reckoned."""
        told = self.gbp(year, "transfer_agreed")
        return told if told == told else self.money[year].gbp

    def afterwards(self, year: str) -> bool:
        """True where the paper was written after the year began, or no day is told."""
        told = self.given.get(year, {}).get("own_without")
        return told is None or not told.paper_date or told.paper_date >= f"{start_of(year)}-04-01"


def read_answers(tables: Path, settings: Settings) -> list[Answer]:
    """The answers of a run, by area and window."""
    rows = read_or_empty(tables, "answer_figure")
    if rows.empty:
        return []
    spend = _held(read_or_empty(tables, "expected_spend"), lambda frame: ~frame["is_base"].eq(True))
    seen = _held(
        read_or_empty(tables, "evidence"),
        lambda frame: frame["column"].isin((*OWN_COLUMNS, *RECEIPT_COLUMNS)) & frame["value"].notna(),
    )
    windows = {one.name: one for one in settings.windows if not one.is_placebo}
    by_area: dict[tuple[str, str], list[Row]] = {}
    for row in rows.to_dict("records"):
        by_area.setdefault((str(row["area_code"]), str(row["window"])), []).append(row)
    return [
        _answer(area, windows[window], mine, spend, seen)
        for (area, window), mine in sorted(by_area.items())
        if window in windows
    ]


def _held(frame: Any, chosen: Callable[[Any], Any]) -> Mapping[Key, list[Row]]:
    """The chosen rows of a table of the run by area, window and year; none where there is no run to compare with."""
    made: dict[Key, list[Row]] = {}
    for row in () if frame.empty else frame[chosen(frame)].to_dict("records"):
        made.setdefault((row["area_code"], row["window"], row["financial_year"]), []).append(row)
    return made


def _answer(
    area: str, window: Window, mine: list[Row], spend: Mapping[Key, list[Row]], seen: Mapping[Key, list[Row]]
) -> Answer:
    given: dict[str, dict[str, Given]] = {}
    lines: dict[str, float] = {}
    for row in mine:
        pounds = 1000.0 * float(row["value_gbp_thousand"])
        if row["item"] == LINE:
            lines[row["financial_year"]] = lines.get(row["financial_year"], 0.0) + pounds
            continue
        told = Given(pounds, *(_text(row[name]) for name in ("paper_date", "sheet", "cell")))
        given.setdefault(row["financial_year"], {})[str(row["item"]).removesuffix(AMOUNT)] = told
    own, money, receipts = ({} for _ in range(3))
    for year in window.years:
        key = (area, window.name, year)
        row, rows = next(iter(spend.get(key, ())), {}), seen.get(key, ())
        own[year] = Held(float(row.get("actual_gbp", math.nan)), _cells(_of(rows, OWN_COLUMNS)))
        where = f"national amount x share of the area ({row.get('reckoned_basis', '')})"
        money[year] = Held(float(row.get("reckoned_gbp", math.nan)), where)
        receipts[year] = _receipts(_of(rows, RECEIPT_COLUMNS))
    return Answer(area, window, given, lines, own, money, receipts)


def _of(rows: Sequence[Row], columns: tuple[str, ...]) -> list[Row]:
    return [row for row in rows if row["column"] in columns]


def _text(value: Any) -> str:
    """A cell of text; empty where there is none."""
    return value if isinstance(value, str) else ""


def _cells(rows: list[Row]) -> str:
    """Return, sheet and cells of the published figures that make up one of a year, with their evidence numbers."""
    parts: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        where = _text(row["title"]), _text(row["sheet"])
        parts.setdefault(where, []).append(f"{row['cell']} ({row['evidence_id']})")
    return "; ".join(f"{title}, sheet {sheet}: {', '.join(cells)}" for (title, sheet), cells in sorted(parts.items()))


def _receipts(rows: list[Row]) -> Held:
    """Income booked that may be the transfer, other money too; NaN where no return of the year tells it."""
    return Held(1000.0 * sum(float(row["value"]) for row in rows) if rows else math.nan, _cells(rows))
