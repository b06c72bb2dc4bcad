"""The committed references: who belongs to which area in which year."""

from collections import defaultdict

import pytest

from pipelines.areas.area_authorities import committed
from pipelines.areas.area_weights import build_weights
from pipelines.areas.authorities import directory
from pipelines.errors import InputError
from pipelines.financial_year import years_between

YEARS = years_between("2008-09", "2024-25")
JOINED = {"E06000059", "E10000002", "E10000006", "E10000021", "E10000023", "E10000027"}


@pytest.fixture(scope="module")
def authorities():
    return committed("area_authority.csv")


@pytest.fixture(scope="module")
def areas():
    return committed("area.csv")


def in_force(rows, year):
    return [row for row in rows if row["first_year"] <= year and (not row["last_year"] or year <= row["last_year"])]


def test_there_are_150_areas_and_six_of_them_are_joined(areas):
    assert len(areas) == 150
    assert {row["area_code"] for row in areas if row["joined"]} == JOINED


def test_every_area_has_its_own_hexagon(areas):
    assert len({(row["hex_q"], row["hex_r"]) for row in areas}) == len(areas)


def test_every_area_is_covered_in_every_year_but_the_four_split_counties_left_behind(authorities, areas):
    for year in YEARS:
        covered = {row["area_code"] for row in in_force(authorities, year) if row["social_care"]} - {""}
        missing = {row["area_code"] for row in areas} - covered
        assert len(missing) == (4 if year == "2008-09" else 0), (year, missing)


def test_only_the_two_counties_split_in_2009_have_duties_and_no_area(authorities):
    lost = {row["authority_name"] for row in authorities if row["social_care"] and not row["area_code"]}
    assert lost == {"Bedfordshire", "Cheshire"}


def test_an_authority_without_social_care_duties_has_no_area(authorities):
    assert not [row for row in authorities if row["area_code"] and not row["social_care"]]


def test_one_ons_code_means_one_authority(authorities):
    holders = defaultdict(set)
    for row in authorities:
        holders[row["ons_code"]].add(row["authority_code"])
    assert {code: found for code, found in holders.items() if code and len(found) > 1} == {}


def test_a_council_code_that_was_handed_on_means_the_authority_that_had_it_first():
    found = directory().find("cassr", "809")
    assert found is not None
    assert (found.code, found.area_code) == ("E1221", "E06000059")


def test_the_four_unitaries_of_2009_are_found_by_their_older_codes():
    codes = ["00KB", "00KC", "00EQ", "00EW"]
    assert [getattr(directory().find("cassr", code), "code", None) for code in codes] == [
        "E0202", "E0203", "E0603", "E0604"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code"),
    [("Middlesborough UA", "E0702"), ("The Medway Towns UA", "E2201"), ("St Helens", "E4303"), ("Bedford", "E0202")],
)
def test_odd_spellings_of_names_are_known(name, code):
    found = directory().find("name", name)
    assert found is not None
    assert found.code == code


def small_frames():
    """Two districts of one county and a unitary; commissioner X lies across all three, Y in one district alone."""
    authorities = [
        {"authority_code": "E0421", "ons_code": "E10000002", "area_code": "E10000002"},
        {"authority_code": "E0431", "ons_code": "E07000004", "area_code": ""},
        {"authority_code": "E0401", "ons_code": "E06000042", "area_code": "E06000042"},
    ]
    lookup = [("X", "E07000004", 3.0), ("Y", "E07000004", 1.0), ("X", "E06000042", 5.0)]
    codes = {"E07000004": "E0431", "E06000042": "E0401"}
    frames = {
        "ltla_utla": [{"lower_code": "E07000004", "upper_code": "E10000002"}],
        "lsoa_commissioner_district": [
            {
                "vintage": vintage, "commissioner_code": code, "commissioner_ons_code": "", "commissioner_name": code,
                "district_code": district, "lsoas": count,
            }
            for vintage in ("2015-07", "2021-04") for code, district, count in lookup
        ],
        "authority_history": [
            {"financial_year": year, "origin_code": ons, "ecode": code, "class": "SD", "status": "live"}
            for year in ("2013-14", "2015-16", "2019-20", "2021-22") for ons, code in codes.items()
        ],
        "population_by_age": [
            {"financial_year": year, "authority_code": code, "population_all_ages": people}
            for year in ("2013-14", "2018-19") for code, people in (("E0431", 400.0), ("E0401", 900.0))
        ],
    }  # fmt: skip
    return authorities, frames


def test_weights_share_a_districts_people_by_neighbourhoods_and_sum_to_one():
    authorities, frames = small_frames()
    found = {
        (row["commissioner_code"], row["area_code"]): row["weight"]
        for row in build_weights(authorities, frames)
        if row["vintage"] == "2015-07"
    }
    assert found == {("X", "E06000042"): 0.75, ("X", "E10000002"): 0.25, ("Y", "E10000002"): 1.0}


def test_a_district_without_an_area_is_refused():
    authorities, frames = small_frames()
    frames["ltla_utla"] = []
    with pytest.raises(InputError, match="belongs to no area"):
        build_weights(authorities, frames)
