"""Rows of the panel tables `area_year` and `area_year_block`.

In: a `Panel`. Out: frames whose columns are those the tables declare. Refuses nothing and computes nothing but
real terms.
"""

from __future__ import annotations

from typing import Any

from audit.panel import breaks
from audit.panel.panel import GROUPS, Panel
from audit.panel.transfers import ALLOCATED, DERIVED, ESTIMATED, RECEIVED, worked_out_basis

AREA_YEAR = {
    "own_funded_gbp": "own",
    "gross_gbp": "gross",
    "charges_gbp": "charges",
    "other_income_gbp": "other_income",
    "social_care_grants_gbp": "grants",
    "comparable_services_gbp": "comparable",
    "childrens_gbp": "childrens",
    "total_service_gbp": "total_service",
    "council_tax_requirement_gbp": "council_tax",
    "funding_gbp": "funding",
    "earmarked_reserves_gbp": "earmarked",
    "unallocated_reserves_gbp": "unallocated",
    "population_18_plus": "population_18_plus",
    "population_65_plus": "population_65_plus",
    "population_85_plus": "population_85_plus",
    "deprivation_score": "deprivation",
}
BLOCK = {"gross_gbp": "gross", "charges_gbp": "charges", "other_income_gbp": "other_income", "own_funded_gbp": "own"}


def _keys(panel: Panel) -> dict[str, Any]:
    import numpy as np

    return {
        "area_code": np.repeat(panel.areas, len(panel.years)),
        "financial_year": np.tile(panel.years, len(panel.areas)),
        "deflator": np.tile(panel.money["deflator"][0], len(panel.areas)),
    }


def area_year(panel: Panel) -> Any:
    """Rows of table `area_year`.

    Status [x] where own-funded spend is missing, [e] where only the transfer is estimated.
    """
    import numpy as np
    import pandas as pd

    money = panel.money
    frame = pd.DataFrame({**_keys(panel), **{name: money[key].ravel() for name, key in AREA_YEAR.items()}})
    frame["own_funded_real_gbp"] = frame["own_funded_gbp"] / frame["deflator"]
    known = [~np.isnan(money[key].ravel()) for key in ("rs_adult", "ro3_own", "rsx_own")]
    frame["own_funded_source"] = np.select(known, ["rs", "ro3", "rsx"], default="")
    received = np.where(np.isnan(money["bcf_income"]), money["nhs_income"], money["bcf_income"]).ravel()
    entitled = np.where(money["entitlement"] > 0, money["entitlement"], np.nan).ravel()
    allocated = money["allocated"].ravel()
    frame["transfer_national_gbp"] = np.where(
        money["entitlement_national"] > 0, money["entitlement_national"], np.nan
    ).ravel()
    frame["transfer_share"] = np.where(frame["transfer_national_gbp"] > 0, money["entitlement_share"].ravel(), np.nan)
    kinds = np.tile([worked_out_basis(year) for year in panel.years], len(panel.areas))
    frame["transfer_gbp"] = np.where(
        np.isfinite(allocated), allocated, np.where(np.isnan(received), entitled, received)
    )
    frame["transfer_basis"] = np.select(
        [np.isfinite(allocated), ~np.isnan(received), np.isnan(entitled)], [ALLOCATED, RECEIVED, ""], default=kinds
    )
    frame["breaks"] = [
        breaks.codes_for(area, year) for area, year in zip(frame["area_code"], frame["financial_year"], strict=True)
    ]
    frame["status"] = np.where(
        frame["own_funded_gbp"].isna(), "x", np.where(frame["transfer_basis"].isin((ESTIMATED, DERIVED)), "e", "")
    )
    return frame


def area_year_block(panel: Panel) -> Any:
    """Rows of table `area_year_block`: areas, years and client groups with at least one figure."""
    import pandas as pd

    parts: list[Any] = []
    for position, group in enumerate(GROUPS):
        frame = pd.DataFrame(
            {**_keys(panel), **{name: panel.blocks[key][:, :, position].ravel() for name, key in BLOCK.items()}}
        )
        parts.append(frame.assign(client_group=group)[frame[list(BLOCK)].notna().any(axis=1)])
    made = pd.concat(parts, ignore_index=True)
    made["own_funded_real_gbp"] = made["own_funded_gbp"] / made["deflator"]
    return made.drop(columns=["deflator"])
