"""Commissioners and the Data Package."""

from __future__ import annotations

import hashlib
import json

from reports.payments.commissioner_pages import commissioner_pages
from reports.words.downloads import datapackage_text, schema_text
from reports.words.read_run import Run

WEIGHT = {
    "vintage": "2015-07", "commissioner_code": "00C", "commissioner_name": "NHS Example CCG", "area_code": "E1",
    "weight": 0.8, "population": 1000.0, "basis": "lookup",
}  # fmt: skip
TABLES = {"area": [{"area_code": "E1", "area_name": "Example"}], "commissioner_area_weight": [WEIGHT]}


def test_a_commissioner_without_payments_is_a_row_of_the_index_and_has_no_page():
    pages = commissioner_pages(Run({"run_id": "x"}, TABLES))
    assert set(pages) == {"commissioners/index.html"}
    (table,) = (part.table for section in pages["commissioners/index.html"].sections for part in section.parts)
    assert table is not None
    assert [cell.text for cell in table.rows[0]] == ["NHS Example CCG", "00C", "2015-07", "Example 80%"]
    assert table.rows[0][0].anchor == "c-00c"


def test_the_data_package_names_every_file_with_its_hash_and_a_schema_that_is_there():
    made = json.loads(datapackage_text({"downloads/flags.csv": ("flag", b"a,b\n")}, "X1"))
    (resource,) = made["resources"]
    assert resource["hash"] == f"sha256:{hashlib.sha256(b'a,b' + bytes([10])).hexdigest()}"
    assert resource["schema"] == "downloads/flag.schema.json"
    assert json.loads(schema_text("flag"))["primaryKey"] == ["area_code", "window"]
