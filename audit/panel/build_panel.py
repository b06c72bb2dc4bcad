"""The panel: pounds by area and year, summed over an area's authorities, with the series the windows judge.

In: core tables of one run's `tables/` folder. Out: a `Panel` of (areas x years) and (areas x years x client groups)
arrays in whole pounds, cash; missing is NaN. Refuses to add a part: if any authority of an area has no figure in a
year, the area has none. Net current expenditure is already net of NHS income, so it *is* own-funded spend; NHS
receipts are never taken off again.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from audit.panel import grants
from audit.panel.absent_returns import absent_returns
from audit.panel.breaks import leave_out
from audit.panel.member_sums import active_members, cells, places, read_or_empty, sum_over_members
from audit.panel.panel import GROUPS, Panel
from audit.panel.population import people
from audit.panel.transfers import allocations
from audit.settings import CONTROLS, Settings
from pipelines.declarations.parquet import read_table

ESSENTIAL = ("older_people", "physical_disability", "learning_disability", "mental_health")
MEASURES = {
    "gross": "total_expenditure",
    "charges": "sales_fees_charges",
    "other_income": "other_income",
    "own": "net_current_expenditure",
}
RS_SERIES = {
    "rs_adult": "adult_social_care_nce",
    "childrens": "childrens_social_care_nce",
    "total_service": "total_service_expenditure",
    "council_tax": "council_tax_requirement",
    "rsg": "revenue_support_grant",
    "rates": "business_rates",
    "area_based_grant": "area_based_grant",
    "earmarked": "earmarked_reserves_closing",
    "unallocated": "unallocated_reserves_closing",
    **{name: f"{name}_nce" for name in CONTROLS},
}


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
    money = {name: sum_over_members(cells(rs, f"{column}_gbp_thousand"), panel) for name, column in RS_SERIES.items()}
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
    # Grants and rates stand as income, with a minus. Council tax is left out: a council that forwent it would lower
    # its own yardstick. Area Based Grant is 4.3bn in 2010-11, so leaving it out would hide the largest cut there was.
    money["funding"] = -(money["rsg"] + money["rates"] + np.nan_to_num(money["area_based_grant"]))
    money["reserves"] = money["earmarked"] + money["unallocated"]
    money.update(allocations(folder, panel, rs, settings))
    needed = np.isin(np.array(panel.years), grants.GRANT_YEARS)[None, :]
    money["own_less_grants"] = money["own"] - np.where(needed, money["grants"], 0.0)
    return money


def _first(*series: Any) -> Any:
    import numpy as np

    made = series[0]
    for other in series[1:]:
        made = np.where(np.isnan(made), other, made)
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
    areas = tuple(area["area_code"])
    empty = Panel(
        areas=areas,
        names=tuple(area["area_name"]),
        classes=tuple(value or "unknown" for value in area["class"]),
        regions=tuple(str(value or "") for value in area["region"]),
        joined=tuple(bool(value) for value in area["joined"]),
        years=years,
        money={},
        blocks={},
        members=members,
        places=places(areas, years, members),
        absent=absent_returns(folder),
    )
    blocks = _blocks(read_or_empty(folder, "ro3"), empty)
    money = {**_money(folder, empty, blocks, settings), **people(folder, empty)}
    leave_out(money, empty)
    return replace(empty, money=money, blocks=blocks)
