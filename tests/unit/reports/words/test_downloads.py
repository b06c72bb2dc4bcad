"""CSV downloads: spreadsheets must not run a cell, and the metadata must describe the columns."""

from __future__ import annotations

import csv
import io
import json

import pytest

from pipelines.declarations.catalogue import tables
from reports.words.downloads import (
    BYTE_ORDER_MARK,
    FORMULA_STARTS,
    csv_text,
    csv_texts,
    csvw_text,
    neutral,
    printed,
    schema_text,
)
from reports.words.flags_csv import flags_csv


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


ODD = [
    "plain", "", None, "=1+1", "  -x", 'a "b"', "a,b", "two\nlines", "carriage\rreturn", "\ttab", "\x00=x", "£ − é",
]  # fmt: skip


@pytest.mark.parametrize("values", [ODD, ["plain", None, "x y"], [1.0, 1, True, None, "1"], [0.5, -0.0, 2e20, None]])
def test_a_reader_of_csv_finds_every_value_neutralised_whatever_stands_beside_it(values):
    text = csv_text("evidence", [{"area_code": "E1", "figure": value} for value in values])
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["figure"] for row in rows] == [printed(value) for value in values]
    texts = [row["figure"] for row, value in zip(rows, values, strict=True) if isinstance(value, str)]
    assert not [text for text in texts if text.lstrip(" ").startswith(FORMULA_STARTS)]


AREAS = {"E1": {"area_code": "E1", "area_name": "=Some, where", "class": "county", "region": "South"}}
FIRST = ["area_name", "area_code", "class", "region", "window"]


def test_a_file_for_people_begins_with_a_mark_and_says_first_which_area_and_window_a_row_is_of():
    rows = [{"area_code": "E1", "window": "W1", "value": 2.0}, {"area_code": "E9", "window": "W2"}]
    text = csv_text("evidence", rows, areas=AREAS)
    assert text.startswith(BYTE_ORDER_MARK) and text.count(BYTE_ORDER_MARK) == 1
    found = list(csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK))))
    assert list(found[0])[:5] == FIRST
    assert set(found[0]) == {*FIRST, *tables()["evidence"].column_names}
    assert [found[0][name] for name in FIRST] == ["'=Some, where", "E1", "county council", "South", "W1"]
    assert [found[1][name] for name in FIRST] == ["", "E9", "", "", "W2"]
    assert found[0]["value"] == "2"


def test_a_file_of_no_area_keeps_its_columns_and_one_for_programs_has_no_mark():
    assert csv_text("quarantine", [], areas=AREAS) == BYTE_ORDER_MARK + csv_text("quarantine", [])
    assert not csv_text("evidence", []).startswith(BYTE_ORDER_MARK)


@pytest.mark.parametrize("table", ["evidence", "flag", "payment_flow", "conclusion", "data_quality", "source_file"])
def test_metadata_and_schema_describe_the_columns_of_a_file_for_people_in_their_order(table):
    text = csv_text(table, [], areas=AREAS).removeprefix(BYTE_ORDER_MARK)
    columns = next(csv.reader(io.StringIO(text)))
    made = json.loads(csvw_text(table, file_name="E1.csv", run_id="r", for_people=True))
    assert [column["name"] for column in made["tableSchema"]["columns"]] == columns
    assert [field["name"] for field in json.loads(schema_text(table))["fields"]] == columns
    assert made["dialect"]["encoding"] == "utf-8" and "byte-order mark" in made["notes"][0]


def test_the_flags_name_their_area_themselves_with_its_class_as_pages_print_it():
    text = flags_csv(
        [{"area_name": "Anytown", "area_code": "E1", "class": "london", "region": "London", "window": "W1"}]
    )
    assert text.splitlines()[1].startswith("Anytown,E1,London borough,London,W1,")
