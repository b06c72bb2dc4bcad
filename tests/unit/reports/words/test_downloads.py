"""CSV downloads: spreadsheets must not run a cell, and the metadata must describe the columns."""

from __future__ import annotations

import csv
import io
import json

import pytest

from pipelines.declarations.catalogue import tables
from reports.words.downloads import csv_text, csv_texts, csvw_text, neutral, printed


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_text_that_a_spreadsheet_would_run_is_neutralised(text):
    assert neutral(text) == f"'{text}"


def test_plain_text_and_numbers_are_left_alone():
    assert neutral("King's Example") == "King's Example"
    assert printed(-12.5) == "-12.5"
    assert printed(51234.0) == "51234"
    assert printed(None) == ""
    assert printed(True) == "true"


def test_the_csv_has_the_declared_columns_in_order_and_survives_quotes_and_line_breaks():
    text = csv_text("evidence", [{"area_code": "E1", "figure": 'a "b",\nc', "value": 1.5, "file_name": "=x.xls"}])
    rows = list(csv.reader(io.StringIO(text)))
    assert tuple(rows[0]) == tables()["evidence"].column_names
    found = dict(zip(rows[0], rows[1], strict=True))
    assert (found["figure"], found["value"], found["file_name"]) == ('a "b",\nc', "1.5", "'=x.xls")


def test_groups_give_the_same_text_as_each_alone_and_missing_is_empty_in_every_type():
    rows = [
        {"area_code": "E1", "value": 1.0, "figure": "=x", "cell": None},
        {"area_code": "E2", "value": None, "figure": None, "cell": "A1"},
        {"area_code": "E2", "value": -0.5, "figure": "=x", "cell": "A1"},
    ]
    groups = {"one": rows[:1], "none": [], "two": rows[1:]}
    made = csv_texts("evidence", groups)
    assert made == {name: csv_text("evidence", own) for name, own in groups.items()}
    assert made["none"].count("\n") == 1
    assert [made["two"].count(text) for text in ("'=x", "None", ",-0.5,")] == [1, 0, 1]


def test_the_metadata_describes_every_column_and_names_the_file():
    made = json.loads(csvw_text("evidence", file_name="E1.csv", run_id="r"))
    assert made["url"] == "E1.csv"
    assert [column["name"] for column in made["tableSchema"]["columns"]] == list(tables()["evidence"].column_names)
    assert all(column["dc:description"] for column in made["tableSchema"]["columns"])
