"""How a run is done again: the whole command, the inputs, and the hashes that pair a file read with its original."""

from __future__ import annotations

from reports.checks.sources_page import LICENCE_PAGE, files_table, sources_page
from reports.words.read_run import Run
from reports.words.reperform import command_words, inputs_words, method_pairs
from reports.words.table_html import table_body

FILE = {
    "file_sha256": "a" * 64, "input_sha256": "b" * 64, "file_name": "ro3.xls", "source": "ro3", "publisher": "P",
    "title": "T", "licence": "L", "release": "", "financial_year": "2012-13", "rows_read": 1, "rows_kept": 1,
    "rows_quarantined": 0, "rows_out_of_scope": 0, "rows_not_data": 0, "values_kept": 3, "values_missing": 0,
}  # fmt: skip


def run_of(command: str = "ringfence run", **manifest: object) -> Run:
    inputs = [{"file_name": "ro3.csv", "sha256": "b" * 64}, {"file_name": "ro3.csv-metadata.json", "sha256": "c" * 64}]
    held = {"run_id": "abc", "command": command, "inputs": inputs, **manifest}
    return Run(held, {"source_file": [FILE, {**FILE, "file_sha256": "d" * 64, "input_sha256": "d" * 64}]})


def test_the_command_is_given_with_its_inputs_and_the_one_that_compares_every_byte():
    assert command_words(run_of("ringfence run --returns DIR")) == (
        "ringfence run --returns DIR --out FOLDER, which ends with the run above; "
        "ringfence verify FOLDER/abc --returns DIR compares every byte"
    )
    assert command_words(Run({"run_id": "x"})) == "not stated"


def test_inputs_are_counted_and_paired_with_the_originals_they_hold():
    said = inputs_words(run_of())
    assert "2 files in this version" in said
    assert "those read for 1 of 2 publications" in said
    assert "in the folders the command names" in inputs_words(run_of("ringfence run --returns DIR"))
    assert inputs_words(Run({"run_id": "x"})) == "not stated"


def test_the_hash_of_the_code_is_printed_and_no_web_address_is_made_up():
    pairs = {pair.label: pair.text for pair in method_pairs(run_of(code="e" * 64))}
    assert pairs["Code"] == f"sha256 {'e' * 64}"
    assert pairs["Originals"].endswith("with its publisher's page for 0 of 2 files.")
    assert pairs["Program"] == "No web address is held."


def test_sources_give_the_start_of_the_hash_of_the_original_and_of_the_file_that_the_manifest_lists():
    page = sources_page(run_of())
    last = [row[-1] for row in page.tables[0].rows]
    assert [(cell.text, cell.small) for cell in last] == [("a" * 10, "b" * 10), ("d" * 10, "the original was read")]
    assert page.downloads[0].href == "downloads/source_file.csv"


def test_a_publication_leads_to_its_publishers_page_or_says_that_no_address_is_held():
    held = {**FILE, "landing_page": "https://www.example.org/ro3", "licence": "Open Government Licence v3.0"}
    table = files_table([held, {**FILE, "file_sha256": "e" * 64}])
    first, other = (row[0] for row in table.rows)
    assert (first.href, first.small) == ("", "no address held")
    assert (other.href, other.small) == ("https://www.example.org/ro3", "")
    assert [(cell.small, cell.small_href) for cell in table.groups.values()] == [
        ("L", ""),
        ("Open Government Licence v3.0", LICENCE_PAGE),
    ]
    body = str(table_body(table, "../"))
    assert '<a href="https://www.example.org/ro3">T</a>' in body and f'<a href="{LICENCE_PAGE}">' in body


def test_rows_that_were_not_kept_are_told_by_why():
    (row,) = files_table([{**FILE, "rows_quarantined": 2, "rows_not_data": 1600}]).rows
    assert row[5].text == "2 set aside; 1,600 not data"
    (row,) = files_table([FILE]).rows
    assert row[5].text == "none"
