"""Loading rules on a made return: what is kept, what is set aside, and what the message says."""

import csv
from pathlib import Path

import pytest

from pipelines.areas.authorities import Authority, Directory
from pipelines.declarations import catalogue
from pipelines.declarations.catalogue import Source, Table
from pipelines.errors import DefinitionError, InputError
from pipelines.extract.read_extract import read_extract
from pipelines.extract.write_extract import write_extract
from pipelines.read.read_tabular import open_book
from pipelines.shape.form_data import FormData
from pipelines.shape.recognise import recognise
from pipelines.shape.shapes import read_form

TABLE = """
name = "made"
title = "A made return"
description = "For tests"
layer = "core"
key = ["financial_year", "authority_code", "client_group"]
columns = [
  {name = "record_id", type = "string", meaning = "id"},
  {name = "financial_year", type = "string", meaning = "year"},
  {name = "authority_code", type = "string", meaning = "code"},
  {name = "client_group", type = "string", meaning = "group"},
  {name = "area_code", type = "string", meaning = "area"},
  {name = "release", type = "string", meaning = "release"},
  {name = "file_sha256", type = "string", meaning = "hash"},
  {name = "gross_gbp_thousand", type = "float", unit = "gbp_thousand", meaning = "gross"},
  {name = "net_gbp_thousand", type = "float", unit = "gbp_thousand", meaning = "net"},
]
"""
SOURCE = """
code = "made"
title = "A made return"
publisher = "Nobody"
licence = "Open Government Licence v3.0"
attribution = "Nobody"
kind = "return"
table = "made"
shape = "grid"
id_system = "ecode"
id_header = "E-code"
id_accept = 'E\\d{4}'
england = 'england'
[recognise]
text = 'made return (?P<year>\\d{4}-\\d{2})'
"""
MAP = """client_group,column,2011-12
older,gross_gbp_thousand,Older people | Gross
older,net_gbp_thousand,Older people | Net
other,net_gbp_thousand,Other#2
"""
MAP_PLAIN = """client_group,column,2011-12
older,gross_gbp_thousand,Older gross
older,net_gbp_thousand,Older net
"""
WHO = Directory(
    {
        "E0001": Authority("E0001", "Alpha", "E06000001", True, frozenset({"E06000001"})),
        "E0002": Authority("E0002", "Beta", "E06000002", True, frozenset({"E06000002"})),
        "E0009": Authority("E0009", "A fire authority", "", False, frozenset()),
    },
    {"ons": {}, "cassr": {}, "name": {}},
)
HEAD = [["Made return 2011-12"], ["£ thousand"], []]


def declare(
    folder: Path, column_map: str = MAP_PLAIN, source: str = SOURCE
) -> tuple[dict[str, Table], dict[str, Source]]:
    (folder / "tables").mkdir(exist_ok=True)
    (folder / "sources" / "made").mkdir(parents=True, exist_ok=True)
    (folder / "tables" / "made.toml").write_text(TABLE)
    (folder / "sources" / "made.toml").write_text(source)
    (folder / "sources" / "made" / "columns.csv").write_text(column_map)
    tables = catalogue.tables(folder / "tables")
    return tables, catalogue.sources(folder / "sources", folder / "tables")


def write(folder: Path, rows: list[list[str]], name: str = "any name at all") -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    return path


def load(folder: Path, rows: list[list[str]], **declared: str) -> FormData:
    tables, sources = declare(folder, **declared)
    book = open_book(write(folder, rows))
    return read_form(book, recognise(book, sources), tables["made"], WHO)


GOOD = [
    *HEAD,
    ["E-code", "Name", "Older gross", "Older net"],
    ["E0001", "Alpha", "1,200", "900"],
    ["E0009", "Fire", "1", "1"],
    ["E0002", "Beta", "...", "(5)"],
    [],
    ["", "England", "1200", "895"],
    ["Source: the made return", "", "", ""],
]


def test_a_file_is_known_by_its_content_and_every_row_is_accounted_for(tmp_path: Path) -> None:
    form = load(tmp_path, GOOD)
    assert form.financial_year == "2011-12"
    assert form.records["authority_code"] == ["E0001", "E0002", "ENG"]
    counts = form.counts
    assert (counts.read, counts.kept, counts.out_of_scope, counts.not_data) == (5, 3, 1, 1)
    assert form.lines[0].values == [1200.0, None, 1200.0]
    assert form.lines[0].statuses == ["", "x", ""]
    assert form.lines[1].values == [900.0, -5.0, 895.0]


def test_the_cell_is_the_one_a_spreadsheet_shows(tmp_path: Path) -> None:
    form = load(tmp_path, GOOD)
    assert [form.lines[1].cell(index) for index in range(3)] == ["D5", "D7", "D9"]


def test_an_unknown_authority_is_set_aside_with_its_place_and_what_to_do(tmp_path: Path) -> None:
    form = load(tmp_path, [*GOOD[:5], ["E0077", "Anytown", "1", "1"], *GOOD[6:]])
    assert form.counts.quarantined == 1
    assert "E0077" in str(form.problems[0])
    assert "row 6" in str(form.problems[0])
    assert "area_names.csv" in str(form.problems[0])


def test_a_row_repeated_with_the_same_content_is_counted_once(tmp_path: Path) -> None:
    form = load(tmp_path, [*GOOD[:5], GOOD[4], *GOOD[6:]])
    assert form.records["authority_code"].count("E0001") == 1
    assert [item.rule for item in form.aside] == ["LOAD-REPEAT"]
    assert not form.problems


def test_a_row_repeated_with_other_content_is_a_contradiction(tmp_path: Path) -> None:
    form = load(tmp_path, [*GOOD[:5], ["E0001", "Alpha", "7", "7"], *GOOD[6:]])
    assert [item.rule for item in form.aside] == ["LOAD-CONTRADICTION"]
    assert form.problems


def test_a_renamed_column_is_named_with_the_headers_that_are_like_it(tmp_path: Path) -> None:
    rows = [row if row[:1] != ["E-code"] else ["E-code", "Name", "Older gross spend", "Older net"] for row in GOOD]
    form = load(tmp_path, rows)
    assert "column 'Older gross' is not there" in str(form.problems[0])
    assert "older gross spend" in str(form.problems[0])
    assert "columns.csv, row 2, column 2011-12. If it was renamed, correct it there" in str(form.problems[0])


def test_a_header_that_occurs_twice_must_be_told_apart(tmp_path: Path) -> None:
    rows = [row if row[:1] != ["E-code"] else ["E-code", "Name", "Older net", "Older net"] for row in GOOD]
    form = load(tmp_path, rows)
    assert any("occurs 2 times" in str(problem) for problem in form.problems)


def test_a_year_the_map_does_not_have_says_which_column_to_add(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="add-year FILE` proposes a column '2012-13'"):
        load(tmp_path, [["Made return 2012-13"], *GOOD[1:]])


def test_a_file_that_is_nothing_we_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="fits no declared source"):
        load(tmp_path, [["A contracts register"], *GOOD[1:]])


def test_a_file_cut_short_after_its_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no row of data"):
        load(tmp_path, GOOD[:4])


def test_a_value_that_is_no_number_is_set_aside_and_its_row_kept(tmp_path: Path) -> None:
    form = load(tmp_path, [*GOOD[:4], ["E0001", "Alpha", "twelve", "900"], *GOOD[5:]])
    assert form.lines[0].values[0] is None
    assert [(item.rule, item.value, item.whole_row) for item in form.aside] == [("LOAD-VALUE", "twelve", False)]
    assert form.counts.kept == 3


def test_two_level_headers_are_joined_and_filled(tmp_path: Path) -> None:
    source = SOURCE + '[header]\nparts = ["4>", "5"]\n'
    rows = [
        *HEAD,
        ["", "", "Older people", "", "Other", "Other"],
        ["E-code", "Name", "Gross", "Net", "", ""],
        ["E0001", "Alpha", "10", "8", "3", "4"],
    ]
    form = load(tmp_path, rows, source=source, column_map=MAP)
    labels = ["older.gross_gbp_thousand", "older.net_gbp_thousand", "other.net_gbp_thousand"]
    assert [line.label for line in form.lines] == labels
    assert [line.values for line in form.lines] == [[10.0], [8.0], [4.0]]


def test_an_extract_reads_back_to_the_same_form_cell_by_cell(tmp_path: Path) -> None:
    tables, sources = declare(tmp_path)
    form = load(tmp_path, GOOD)
    path = write_extract(form, sources["made"], tables["made"], tmp_path / "out")
    again = read_extract(path, tables, sources)
    assert again.records == form.records
    for ours, theirs in zip(form.lines, again.lines, strict=True):
        assert (ours.values, ours.statuses) == (theirs.values, theirs.statuses)
        assert (ours.rows, ours.columns) == (theirs.rows, theirs.columns)
    assert (again.sha256, again.release, again.counts) == (form.sha256, form.release, form.counts)
    assert again.input_sha256 != form.input_sha256


def test_an_extract_that_lost_a_row_is_refused(tmp_path: Path) -> None:
    tables, sources = declare(tmp_path)
    path = write_extract(load(tmp_path, GOOD), sources["made"], tables["made"], tmp_path / "out")
    path.write_text("\n".join(path.read_text().splitlines()[:-1]) + "\n")
    with pytest.raises(InputError, match="2 rows are there"):
        read_extract(path, tables, sources)


def test_an_unknown_key_in_a_source_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"sources/made.toml: unknown source key 'publsher'"):
        declare(tmp_path, source=SOURCE.replace("publisher", "publsher"))


@pytest.mark.parametrize(
    "address", ["http://example.org/", "https://example", "https://example.org/?q=1", "javascript:alert(1)", "", "/a b"]
)
def test_a_landing_page_that_is_no_https_address_is_refused_with_its_place(tmp_path: Path, address: str) -> None:
    with pytest.raises(DefinitionError, match=r"made\.toml: landing_page is '.*Correct it, or take the key out"):
        declare(tmp_path, source=f'landing_page = "{address}"\n' + SOURCE)


def test_a_landing_page_may_be_left_out_and_stands_in_the_account_of_files_where_it_is_given(tmp_path: Path) -> None:
    _, sources = declare(tmp_path)
    assert sources["made"].landing_page == ""
    held = {source.code: source.landing_page for source in catalogue.sources().values()}
    assert held["ro3"].startswith("https://www.gov.uk/government/collections/")
    without = {code for code, address in held.items() if not address}
    assert without == {
        "auditor_appointment_2013_14", "auditor_appointment_2014_15", "authority_codes_2013", "commissioner_successor",
        "outcome_oflog", "spending_power", "spending_power_change", "spending_power_components",
    }  # fmt: skip


def test_a_map_column_that_is_neither_year_nor_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="map column '2011-2012'"):
        declare(tmp_path, column_map=MAP_PLAIN.replace("2011-12", "2011-2012"))


def test_a_workbook_keeps_its_cell_positions_when_its_first_rows_and_columns_are_empty(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active["C4"] = "here"
    path = tmp_path / "book"
    book.save(path)
    rows = open_book(path).rows("Sheet")
    assert rows[3][2] == "here"


def test_a_truncated_workbook_gives_one_clear_error(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    whole = tmp_path / "whole.xlsx"
    book.save(whole)
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(whole.read_bytes()[:1500])
    with pytest.raises(InputError, match="cut.xlsx: the workbook cannot be opened"):
        open_book(cut)


# A scale of its own

SCALED = (
    MAP_PLAIN.replace("2011-12\n", "2011-12,scale\n")
    .replace("Older gross", "Older gross,0.001")
    .replace("Older net", "Older net,")
)


def test_a_line_in_pounds_beside_one_in_thousands_is_multiplied_alone(tmp_path: Path) -> None:
    rows = [["Made return 2011-12"], [], [], ["E-code", "Name", "Older gross", "Older net"],
            ["E0001", "Alpha", "1,200,000", "900"], ["E0002", "Beta", "...", "(5)"]]  # fmt: skip
    form = load(tmp_path, rows, column_map=SCALED)
    assert [line.values for line in form.lines] == [[1200.0, None], [900.0, -5.0]]
    (tmp_path / "plain").mkdir()
    plain = load(tmp_path / "plain", rows)
    assert [line.values for line in plain.lines] == [[1200000.0, None], [900.0, -5.0]]


def test_the_scale_of_a_line_goes_before_that_of_its_source(tmp_path: Path) -> None:
    rows = [
        ["Made return 2011-12"],
        [],
        [],
        ["E-code", "Name", "Older gross", "Older net"],
        ["E0001", "Alpha", "7", "2"],
    ]
    form = load(tmp_path, rows, column_map=SCALED.replace("0.001", "1"), source=SOURCE + "[options]\nscale = 1000\n")
    assert [line.values for line in form.lines] == [[7.0], [2000.0]]


def test_a_scaled_figure_in_an_extract_is_not_multiplied_again(tmp_path: Path) -> None:
    rows = [["Made return 2011-12"], [], [], ["E-code", "Name", "Older gross", "Older net"],
            ["E0001", "Alpha", "1,234,567", "900"]]  # fmt: skip
    form = load(tmp_path, rows, column_map=SCALED)
    tables, sources = declare(tmp_path, SCALED)
    again = read_extract(write_extract(form, sources["made"], tables["made"], tmp_path / "out"), tables, sources)
    assert [line.values for line in again.lines] == [line.values for line in form.lines] == [[1234.567], [900.0]]


@pytest.mark.parametrize(
    ("title", "scale", "refused"),
    [("£", "0.001", False), ("£ thousand", "0.001", True), ("£ thousand", "", False), ("£", "", True)],
)
def test_the_unit_a_file_states_is_held_against_the_scale_of_the_map(
    tmp_path: Path, title: str, scale: str, refused: bool
) -> None:
    rows = [
        ["Made return 2011-12"],
        [title],
        [],
        ["E-code", "Name", "Older gross", "Older net"],
        ["E0001", "A", "7", "2"],
    ]
    both = SCALED.replace("0.001", scale).replace("Older net,", f"Older net,{scale}")
    if refused:
        with pytest.raises(InputError, match="the file says its figures are in"):
            load(tmp_path, rows, column_map=both)
    else:
        assert load(tmp_path, rows, column_map=both).lines[1].values == [2.0 * float(scale or 1)]


def test_a_file_whose_lines_are_in_several_units_is_not_held_to_the_one_it_states(tmp_path: Path) -> None:
    rows = [["Made return 2011-12"], ["£ thousand"], [], ["E-code", "Name", "Older gross", "Older net"],
            ["E0001", "Alpha", "7000", "2"]]  # fmt: skip
    assert [line.values for line in load(tmp_path, rows, column_map=SCALED).lines] == [[7.0], [2.0]]
