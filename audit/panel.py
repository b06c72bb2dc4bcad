"""The panel: pounds by area and year, summed over an area's authorities, with the series the windows judge.

In: core tables of one run's `tables/` folder. Out: a `Panel` of (areas x years) and (areas x years x client groups) arrays in
whole pounds, cash; missing is NaN. Refuses to add a part: if any authority of an area has no figure in a year, the area has none.
Net current expenditure is already net of NHS income, so it *is* own-funded spend; NHS receipts are never taken off again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit import breaks, grants
from audit.population import people
from audit.settings import CONTROLS, Settings
from pipelines.write_parquet import read_table

GROUPS = (
    "older_people", "physical_disability", "learning_disability", "mental_health", "asylum_seekers", "other_adult",
    "strategy", "supported_employment",
)
ESSENTIAL = ("older_people", "physical_disability", "learning_disability", "mental_health")
MEASURES = {
    "gross": "total_expenditure", "charges": "sales_fees_charges", "other_income": "other_income",
    "own": "net_current_expenditure",
}
RS_SERIES = {
    "rs_adult": "adult_social_care_nce", "childrens": "childrens_social_care_nce",
    "total_service": "total_service_expenditure", "council_tax": "council_tax_requirement",
    "rsg": "revenue_support_grant", "rates": "business_rates", "earmarked": "earmarked_reserves_closing",
    "unallocated": "unallocated_reserves_closing", **{name: f"{name}_nce" for name in CONTROLS},
}


@dataclass(frozen=True)
class Panel:
    """`money[name]` is (areas, years), `blocks[measure]` is (areas, years, GROUPS); pounds cash, people, or an index."""

    areas: tuple[str, ...]
    names: tuple[str, ...]
    classes: tuple[str, ...]
    joined: tuple[bool, ...]
    years: tuple[str, ...]
    money: Mapping[str, Any]
    blocks: Mapping[str, Any]
    members: Mapping[tuple[str, str], tuple[str, ...]]
    groups: tuple[str, ...] = GROUPS

    def at(self, years: tuple[str, ...]) -> list[int]:
        """Positions of financial years; raises KeyError for a year the panel has not."""
        where = {year: index for index, year in enumerate(self.years)}
        return [where[year] for year in years]


def read_or_empty(folder: Path, table: str) -> Any:
    """A core table, or an empty frame when the run has none."""
    import pandas as pd

    return read_table(folder, table) if (folder / f"{table}.parquet").exists() else pd.DataFrame()


def active_members(area_authority: Any, years: tuple[str, ...]) -> dict[tuple[str, str], tuple[str, ...]]:
    """(area, year) to the authorities that had its social-care duty in that year."""
    spans: dict[str, tuple[str, str, str]] = {}
    frame = area_authority[area_authority["social_care"].eq(True) & area_authority["area_code"].notna()]
    columns = ("authority_code", "area_code", "first_year", "last_year")
    for code, area, first, last in zip(*(frame[name].fillna("") for name in columns), strict=True):
        if not area:
            continue
        first, last = first or "0000-00", last or "9999-99"
        old = spans.get(code)
        spans[code] = (area, min(first, old[1]), max(last, old[2])) if old else (area, first, last)
    made: dict[tuple[str, str], list[str]] = {}
    for code, (area, first, last) in sorted(spans.items()):
        for year in years:
            if first <= year <= last:
                made.setdefault((area, year), []).append(code)
    return {key: tuple(codes) for key, codes in made.items()}


def sum_over_members(values: Mapping[tuple[str, str], float], panel_keys: Panel) -> Any:
    """(areas, years) sums of `values[(authority, year)]`; NaN when any authority active in the year has none."""
    import numpy as np

    areas, years = len(panel_keys.areas), len(panel_keys.years)
    row = {area: index for index, area in enumerate(panel_keys.areas)}
    column = {year: index for index, year in enumerate(panel_keys.years)}
    place: list[int] = []
    parts: list[float] = []
    for (area, year), codes in panel_keys.members.items():
        if area in row:
            place += [row[area] * years + column[year]] * len(codes)
            parts += [values.get((code, year), np.nan) for code in codes]
    if not place:
        return np.full((areas, years), np.nan)
    counted = np.bincount(place, minlength=areas * years)
    sums = np.bincount(place, weights=parts, minlength=areas * years)
    return np.where(counted > 0, sums, np.nan).reshape(areas, years)


def cells(frame: Any, column: str, factor: float = 1000.0) -> dict[tuple[str, str], float]:
    """One column of a core table by (authority, year), times `factor`; missing values are left out."""
    if frame.empty or column not in frame.columns:
        return {}
    kept = frame[frame[column].notna()]
    amounts = kept[column].to_numpy() * factor
    return dict(zip(zip(kept["authority_code"], kept["financial_year"], strict=True), amounts.tolist(), strict=True))


def _blocks(ro3: Any, panel: Panel) -> dict[str, Any]:
    import numpy as np

    shape = (len(panel.areas), len(panel.years), len(GROUPS))
    made = {measure: np.full(shape, np.nan) for measure in MEASURES}
    if ro3.empty:
        return made
    for position, group in enumerate(GROUPS):
        rows = ro3[ro3["client_group"] == group]
        for measure, column in MEASURES.items():
            made[measure][:, :, position] = sum_over_members(cells(rows, f"{column}_gbp_thousand"), panel)
    return made


def _group_sum(block: Any, leave_out: tuple[str, ...] = ()) -> Any:
    import numpy as np

    keep = [index for index, group in enumerate(GROUPS) if group not in leave_out]
    must = [index for index in keep if GROUPS[index] in ESSENTIAL]
    total = np.nansum(block[:, :, keep], axis=2)
    return np.where(np.isnan(block[:, :, must]).any(axis=2), np.nan, total)


def _money(folder: Path, panel: Panel, blocks: dict[str, Any], settings: Settings) -> dict[str, Any]:
    import numpy as np

    rs, rsx = read_or_empty(folder, "rs"), read_or_empty(folder, "rsx")
    money = {
        name: sum_over_members(cells(rs, f"{column}_gbp_thousand"), panel) for name, column in RS_SERIES.items()
    }
    adult = rsx[rsx["service"] == "adult_social_care"] if not rsx.empty else rsx
    recent = {
        measure: sum_over_members(cells(adult, f"{column}_gbp_thousand"), panel) for measure, column in MEASURES.items()
    }
    without = ("learning_disability",)
    for measure, block in blocks.items():
        money[f"ro3_{measure}"] = _group_sum(block)
        money[f"{measure}_without_ld"] = _group_sum(block, without)
        money[measure] = _first(money[f"ro3_{measure}"], recent[measure])
    money["own"] = _first(money["rs_adult"], money["ro3_own"], recent["own"])
    money["rsx_own"] = recent["own"]
    money["comparable"] = sum(money[name] for name in CONTROLS)
    money["funding"] = money["council_tax"] - money["rsg"] - money["rates"]
    money["reserves"] = money["earmarked"] + money["unallocated"]
    money.update(_allocations(folder, panel, rs, settings))
    needed = np.isin(np.array(panel.years), grants.GRANT_YEARS)[None, :]
    money["own_less_grants"] = money["own"] - np.where(needed, money["grants"], 0.0)
    return money


def _first(*series: Any) -> Any:
    import numpy as np

    made = series[0]
    for other in series[1:]:
        made = np.where(np.isnan(made), other, made)
    return made


def _allocations(folder: Path, panel: Panel, rs: Any, settings: Settings) -> dict[str, Any]:
    """Grants, NHS income lines and the entitlement path (national amount x share of the derived 2015-16 allocation)."""
    import numpy as np

    power, parts = read_or_empty(folder, "spending_power"), read_or_empty(folder, "spending_power_components")
    differences = {} if power.empty or parts.empty else grants.difference(power, parts)
    made = {"grants": sum_over_members(grants.social_care_grants(differences), panel)}
    funds = {} if rs.empty else grants.better_care_fund(differences, rs)
    allocation = sum_over_members({(code, grants.BCF_YEAR): value for code, value in funds.items()}, panel)
    bcf = np.full(len(panel.areas), np.nan)
    if grants.BCF_YEAR in panel.years:
        bcf = allocation[:, panel.years.index(grants.BCF_YEAR)]
    share = bcf / np.nansum(bcf) if np.nansum(bcf) > 0 else bcf
    amounts = dict(settings["transfer.section_256"])
    national = [
        float(amounts.get(year, settings["transfer.bcf_to_councils"] if year >= grants.BCF_YEAR else 0.0)) * 1e6
        for year in panel.years
    ]
    made["entitlement"] = share[:, None] * np.array(national)[None, :]
    made["bcf_derived"] = allocation
    pss, bcf_income = read_or_empty(folder, "pss_ex1_summary"), read_or_empty(folder, "bcf_income")
    made["nhs_income"] = sum_over_members(cells(pss, "income_nhs_gbp_thousand"), panel)
    made["joint_income"] = sum_over_members(cells(pss, "income_joint_arrangements_gbp_thousand"), panel)
    made["bcf_income"] = sum_over_members(cells(bcf_income, "bcf_income_gbp_thousand"), panel)
    return made


def build_panel(folder: Path, settings: Settings) -> Panel:
    """The panel of a run's core tables. Areas and years sorted; a table that is missing leaves its series NaN."""
    area = read_table(folder, "area").sort_values("area_code")
    found: set[str] = {year for window in settings.windows for year in (*window.base, *window.years)}
    for table in ("rs", "ro3", "rsx"):
        frame = read_or_empty(folder, table)
        found |= set() if frame.empty else set(frame["financial_year"])
    years = tuple(sorted(found))
    members = active_members(read_table(folder, "area_authority"), years)
    empty = Panel(
        areas=tuple(area["area_code"]), names=tuple(area["area_name"]),
        classes=tuple(value or "unknown" for value in area["class"]),
        joined=tuple(bool(value) for value in area["joined"]), years=years, money={}, blocks={}, members=members,
    )
    blocks = _blocks(read_or_empty(folder, "ro3"), empty)
    money = {**_money(folder, empty, blocks, settings), **people(folder, empty)}
    _leave_out(money, empty)
    return Panel(**{**empty.__dict__, "money": money, "blocks": blocks})


def _leave_out(money: dict[str, Any], panel: Panel) -> None:
    """Blank the series that the register of breaks says are not comparable in an area and year."""
    import numpy as np

    for item in breaks.register():
        rows = [index for index, area in enumerate(panel.areas) if area in item.areas]
        if item.action == "leave out" and rows and item.financial_year in panel.years:
            for name in item.series:
                money[name][rows, panel.years.index(item.financial_year)] = np.nan
