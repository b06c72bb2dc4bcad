"""The originals and the embedded figures give the same tables, with the same published cell behind every value."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.declarations.catalogue import sources
from pipelines.declarations.parquet import read_table
from pipelines.load.load import EMBEDDED, read_files
from pipelines.read.find_files import find_files

RETURN_TABLES = sorted({source.table for source in sources().values()})


@pytest.fixture(scope="module")
def by_originals(original_tables: Path) -> Path:
    return original_tables


@pytest.fixture(scope="module")
def by_extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from audit.run.load_stage import load_tables

    folder = tmp_path_factory.mktemp("by_extracts")
    load_tables(EMBEDDED, folder, workers=1)
    return folder


@pytest.mark.parametrize("table", [*RETURN_TABLES, "ledger", "commissioner_area_weight"])
def test_both_routes_give_the_same_table(table, by_originals, by_extracts):
    one, other = (pq.read_table(folder / f"{table}.parquet") for folder in (by_originals, by_extracts))
    assert one.num_rows == other.num_rows
    assert one.equals(other)


def test_the_account_of_files_differs_only_in_the_file_that_was_read(by_originals, by_extracts):
    one, other = (
        read_table(folder, "source_file").drop(columns="input_sha256") for folder in (by_originals, by_extracts)
    )
    assert one.equals(other)


def test_every_original_held_is_read_and_nothing_is_quarantined(originals, by_originals):
    account = read_table(by_originals, "source_file")
    assert len(find_files(originals)) == 93
    assert len(account) == 101
    total = account[["rows_kept", "rows_quarantined", "rows_out_of_scope", "rows_not_data"]].sum(axis=1)
    assert (total == account["rows_read"]).all()
    assert account["rows_quarantined"].sum() == 0


def test_north_yorkshire_is_followed_by_its_e_code_through_its_flipped_ons_code(by_originals):
    account = read_table(by_originals, "source_file")
    flipped = account[
        (account["source"] == "rs") & account["fixes"].str.contains("North Yorkshire: ONS code E10000022")
    ]
    assert sorted(flipped["financial_year"]) == ["2015-16", "2017-18", "2018-19"]
    rs = read_table(by_originals, "rs", ["financial_year", "authority_code", "area_code"])
    assert len(rs[rs["authority_code"] == "E2721"]) == 15


def test_the_london_authority_that_stands_twice_is_out_of_scope_both_times(originals):
    path = next(path for path in find_files(originals) if path.name == "rsx_2023-24.csv")
    (form,) = read_files([path], workers=1).forms
    assert "E5100" not in form.records["authority_code"]
    assert len(set(form.records["authority_code"])) == form.size
