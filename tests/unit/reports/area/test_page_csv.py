"""The CSV of an area's page: what it takes to work the page's figures out again, and which file each came from."""

from __future__ import annotations

import math

from pipelines.declarations.catalogue import tables
from reports.area.page_csv import TABLE, national_amount, page_csvs
from reports.words.read_run import Run

YEARS = ("2011-12", "2012-13")
SETTINGS = {"transfer.section_256": {"2011-12": 648.0, "2012-13": 622.0}, "transfer.bcf_to_councils": 2070.0}


def made_run() -> Run:
    flag = {
        "area_code": "E1",
        "window": "W1",
        "gap_gbp": 7e6,
        "transfer_gbp": 4e6,
        "replacement_rate": 1.5,
        "replaced_gbp": 6e6,
        "evidence_ratio": 2.5,
    }
    expected = [
        {
            "area_code": "E1", "window": "W1", "financial_year": year, "is_base": False, "actual_gbp": 10e6,
            "expected_gbp": 13.5e6, "lower_gbp": 12e6, "upper_gbp": 15e6, "gap_gbp": 3.5e6, "nhs_receipts_gbp": 1e6,
            "nhs_basis": "received", "reckoned_gbp": 2e6,
        }
        for year in YEARS
    ]  # fmt: skip
    years = [
        {"area_code": "E1", "financial_year": year, "deflator": 0.95, "population_18_plus": 2e5, "funding_gbp": None}
        for year in (*YEARS, "2019-20")
    ]
    evidence = [
        {
            "area_code": "E1", "window": "W1", "evidence_id": f"W1-00{place}", "figure": "F", "financial_year": year,
            "value": 6.48e6, "table": table, "column": column, "record_id": "r", "file_sha256": sha, "cell": cell,
            "unit": "£",
        }
        for place, (year, table, column, sha, cell) in enumerate(
            [
                ("2011-12", "ro3", "other_income_gbp_thousand", "original", "I87"),
                ("2011-12", "area_year", "transfer_gbp", None, None),
            ],
            start=1,
        )
    ]  # fmt: skip
    return Run(
        {"run_id": "x", "settings": SETTINGS},
        {
            "area": [{"area_code": "E1"}], "flag": [flag], "expected_spend": expected, "area_year": years,
            "evidence": evidence, "source_file": [{"file_sha256": "original", "input_sha256": "extract"}],
        },
    )  # fmt: skip


def rows_of(figure: str) -> list[dict[str, object]]:
    return [row for row in dict(page_csvs(made_run()))["E1"] if row["figure"] == figure]


def test_the_gap_and_the_pounds_replaced_can_be_worked_out_again_from_the_rows():
    expected = sum(float(str(row["value"])) for row in rows_of("Expected own-funded spend"))
    actual = sum(float(str(row["value"])) for row in rows_of("Own-funded spend of the window's care"))
    gap, money = (rows_of(name)[0]["value"] for name in ("Gap over the window", "NHS money: rise over the window"))
    rate = float(str(rows_of("Replacement rate against the average council")[0]["value"]))
    assert expected - actual == gap
    assert rows_of("Replacement rate × NHS money")[0]["value"] == rate * float(str(money))


def test_every_worked_out_row_has_a_unit_and_a_meaning_and_no_cell_and_says_who_worked_it_out():
    worked = [row for row in dict(page_csvs(made_run()))["E1"] if "-R" in str(row["evidence_id"])]
    assert len(worked) > 10
    for row in worked:
        assert row["unit"], row
        assert row["meaning"], row
        assert not row.get("cell"), row
        assert row["title"] == "Worked out by ringfence"
        assert math.isfinite(float(str(row["value"])))
    assert {row["unit"] for row in rows_of("Adults")} == {"people"}


def test_years_outside_the_window_and_missing_values_have_no_row():
    assert [row["financial_year"] for row in rows_of("GDP deflator")] == list(YEARS)
    assert not rows_of("Funding net of NHS money")


def test_income_as_booked_is_not_called_money_allocated():
    assert {row["value"] for row in rows_of("Other income booked")} == {1e6}
    assert not rows_of("NHS money allocated")


def test_the_national_amount_times_the_share_is_the_money_allocated():
    national, share = rows_of("National amount of NHS money"), rows_of("Share of the national amount")
    assert (national[0]["value"], share[0]["value"]) == (648e6, 0.01)
    assert national_amount(SETTINGS, "2015-16") == 2070e6
    assert national_amount(SETTINGS, "2010-11") is None
    assert national_amount({}, "2011-12") is None


def test_a_published_figure_carries_the_hash_of_the_original_and_of_the_file_that_the_manifest_lists():
    first = dict(page_csvs(made_run()))["E1"][0]
    assert (first["file_sha256"], first["input_sha256"]) == ("original", "extract")


def test_every_row_fits_the_declared_table_and_no_number_is_given_twice():
    rows = dict(page_csvs(made_run()))["E1"]
    assert all(set(row) <= set(tables()[TABLE].column_names) for row in rows)
    keys = [tuple(row[name] for name in tables()[TABLE].key) for row in rows]
    assert len(keys) == len(set(keys))
