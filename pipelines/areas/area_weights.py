"""Where each commissioner's people live: the share of its population in each constant area.

In: the loaded tables `lsoa_commissioner_district`, `population_by_age`, `authority_history` and `ltla_utla`, and the
rows of `area_authority`. Out: the rows of `commissioner_area_weight`. A district without an area is refused.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from pipelines.errors import InputError
from pipelines.financial_year import of_month

# Which mid-year population carries each LSOA lookup, and the boundaries on which that population was published.
POPULATION = {"2015-07": ("2013-14", "2013-14"), "2021-04": ("2018-19", "2019-20")}
BASIS = "mid-{year} population of each district, shared over commissioners by their LSOAs in it"
_ECODE = re.compile(r"E\d{4}")
Row = dict[str, Any]
Frames = dict[str, list[Row]]


def build_weights(authorities: list[Row], frames: Frames) -> list[Row]:
    """Rows of `commissioner_area_weight`: people by area, and their share, which sums to 1 for each commissioner.

    A district's population is shared over its commissioners by their LSOAs in it: LSOAs are drawn to hold about the
    same number of people. Populations on older boundaries are added up to the districts of the lookup.
    Raises InputError for an unknown district.
    """
    area_of = _area_of_district(authorities, frames["ltla_utla"])
    code_of = {row["ons_code"]: row["authority_code"] for row in authorities if row["ons_code"]}
    made: list[Row] = []
    for vintage in sorted(POPULATION):
        lookup = [row for row in frames["lsoa_commissioner_district"] if row["vintage"] == vintage]
        unknown = sorted({row["district_code"] for row in lookup} - set(area_of))
        if unknown:
            raise InputError(
                f"district {unknown[0]} of the {vintage} lookup belongs to no area",
                expected="a district of the lower to upper tier lookup or a social-care authority",
                do="Add its code to data/reference/area_authority.csv.",
            )
        population = _population(vintage, frames)
        lsoas: dict[str, float] = defaultdict(float)
        people: dict[tuple[str, str], float] = defaultdict(float)
        total: dict[str, float] = defaultdict(float)
        for row in lookup:
            lsoas[row["district_code"]] += row["lsoas"]
        for row in lookup:
            part = population[code_of[row["district_code"]]] * row["lsoas"] / lsoas[row["district_code"]]
            people[row["commissioner_code"], area_of[row["district_code"]]] += part
            total[row["commissioner_code"]] += part
        named = {row["commissioner_code"]: row for row in lookup}
        for (code, area), count in sorted(people.items()):
            made.append(
                {
                    "vintage": vintage,
                    "commissioner_code": code,
                    "commissioner_ons_code": named[code]["commissioner_ons_code"],
                    "commissioner_name": named[code]["commissioner_name"],
                    "area_code": area,
                    "weight": count / total[code],
                    "population": count,
                    "basis": BASIS.format(year=POPULATION[vintage][0][:4]),
                }
            )
    return made


def _area_of_district(authorities: list[Row], tiers: list[Row]) -> dict[str, str]:
    """Constant area by ONS code of a district: its own when it has social-care duties, otherwise its county's."""
    found = {row["ons_code"]: row["area_code"] for row in authorities if row["ons_code"] and row["area_code"]}
    for row in tiers:
        if row["upper_code"] in found:
            found.setdefault(row["lower_code"], found[row["upper_code"]])
    return found


def _population(vintage: str, frames: Frames) -> dict[str, float]:
    """People by E-code on the boundaries of a lookup's year; counties are left out, districts carry the people."""
    year, boundaries = POPULATION[vintage]
    at: dict[str, str] = {}
    later: dict[str, str] = {}
    for row in frames["authority_history"]:
        if row["status"] and row["class"] != "SC" and row["financial_year"] == boundaries:
            at[row["origin_code"]] = row["ecode"]
        if row["status"] and row["financial_year"] == of_month(vintage):
            later[row["origin_code"]] = row["ecode"]
    became = {code: later[origin] for origin, code in at.items() if _ECODE.fullmatch(later.get(origin, ""))}
    found: dict[str, float] = defaultdict(float)
    for row in frames["population_by_age"]:
        if row["financial_year"] == year and row["authority_code"] in became:
            found[became[row["authority_code"]]] += row["population_all_ages"]
    return found
