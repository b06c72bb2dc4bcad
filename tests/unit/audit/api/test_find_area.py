"""One lookup of areas for everybody: names with or without their marks, parts of names, every code of every vintage."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.api.find_area import find_area, folded
from pipelines.declarations.parquet import write_table
from pipelines.errors import InputError
from pipelines.load.constant_areas import committed

ST_HELENS, HULL, CUMBRIA = "E08000013", "E06000010", "E10000006"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    for name in ("area", "area_authority"):
        rows = committed(f"{name}.csv")
        write_table(name, {column: [row[column] for row in rows] for column in rows[0]}, folder)
    lookup = {"record_id": ["x"], "financial_year": ["2019-20"], "file_sha256": ["x"], "lower_code": ["E07000223"],
              "lower_name": ["Adur"], "upper_code": ["E10000032"], "upper_name": ["West Sussex"]}  # fmt: skip
    write_table("ltla_utla", lookup, folder)
    return folder


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("St Helens", ST_HELENS),
        ("st. helens", ST_HELENS),
        ("ST.HELENS", ST_HELENS),
        ("St Helen's", ST_HELENS),
        ("Kingston upon Hull", HULL),
        ("kingston-upon-hull", HULL),
        ("Hull", HULL),
        ("City of Kingston upon Hull", HULL),
        ("Durham", "E06000047"),
        ("Bristol", "E06000023"),
        ("hammersmith & fulham", "E09000013"),
        ("stoke on trent", "E06000021"),
        ("wilts", "E06000054"),
        ("E4503", "E08000022"),
        ("e4303", ST_HELENS),
        ("E08000013", ST_HELENS),
        ("102", CUMBRIA),  # council code
        ("E06000063", CUMBRIA),  # ONS code of an authority that came later
        ("Westmorland", CUMBRIA),  # name of one
        ("Bournemouth", "E06000059"),
        ("Bedford", "E06000055"),  # whole, although others begin with it
        ("York", "E06000014"),
    ],
)
def test_an_area_is_found_by_whatever_it_is_called(tables: Path, wanted: str, code: str) -> None:
    assert find_area(tables, wanted).code == code


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("Kingston", "several areas: Kingston upon Hull, City of .E06000010., Kingston upon Thames"),
        ("Tyneside", "several areas: North Tyneside .* South Tyneside"),
        ("Cheshire East and", "several areas|Cheshire East"),
        ("Wiltshere", "no area. Expected perhaps Wiltshire .E06000054."),
        ("Adur", "an authority that belongs to no area. Expected the area around it: West Sussex"),
        ("E07000223", "Adur, an authority that belongs to no area"),
        ("Bedfordshire", "an authority that belongs to no area"),
        ("", "'' is no area"),
        ("!!", "'!!' is no area"),
    ],
)
def test_what_means_several_or_none_says_which_and_ends_with_11(tables: Path, wanted: str, said: str) -> None:
    if wanted == "Cheshire East and":  # words that tell nothing make no difference
        assert find_area(tables, wanted).code == "E06000049"
        return
    with pytest.raises(InputError, match=said) as error:
        find_area(tables, wanted)
    assert error.value.exit_code == 11


def test_every_area_and_authority_is_found_by_its_own_name_and_codes(tables: Path) -> None:
    for row in committed("area.csv"):
        assert find_area(tables, row["area_name"]).code == row["area_code"]
        assert find_area(tables, row["area_code"]).code == row["area_code"]
    for row in committed("area_authority.csv"):
        for code in (row["authority_code"], row["ons_code"], row["cassr_code"], row["old_ons_code"]):
            if row["area_code"] and code:
                assert find_area(tables, code).code == row["area_code"], code


def test_marks_and_accents_fall_away() -> None:
    assert folded("  Süd-Tyneside’s & St. X  ") == "sud tynesides and st x"
