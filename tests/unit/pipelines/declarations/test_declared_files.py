"""Our own declarations and references, badly saved or wrongly filled: what the message says, and of which file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.areas import area_authorities
from pipelines.areas.authorities import directory
from pipelines.declarations import catalogue
from pipelines.declarations.declared_files import named, numbered_rows, perhaps, read_rows, read_toml
from pipelines.errors import ALSO, DefinitionError
from pipelines.load import load
from pipelines.places import REFERENCE
from tests.unit.pipelines.load.test_loading_rules import MAP_PLAIN, SOURCE, TABLE, declare

GOOD = "code,name\nA1,Alpha\n\nB2,Beta\n"


def saved(folder: Path, text: str, encoding: str = "utf-8", name: str = "made.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def test_a_byte_order_mark_and_empty_rows_are_passed_over_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig"):
        rows = numbered_rows(saved(tmp_path, GOOD, encoding), ("code", "name"))
        assert rows == [(2, {"code": "A1", "name": "Alpha"}), (4, {"code": "B2", "name": "Beta"})]


@pytest.mark.parametrize(
    ("text", "encoding", "reason"),
    [(GOOD.replace(",", ";"), "utf-8", "row 1: the columns are separated by semicolons. Expected commas. Save it"),
     (GOOD, "utf-16", "line 1: the file cannot be read: found UTF-16. Expected UTF-8 text"),
     (GOOD.replace("Beta", "£"), "cp1252", "line 4: the file cannot be read: found the byte 0xa3"),
     (GOOD.replace("name", "title"), "utf-8", "row 1: column 'name' is missing. Expected the columns code, name"),
     (GOOD.replace("code,", "code,name,"), "utf-8", "row 1: column 'name' stands twice, columns 2 and 3"),
     (GOOD.replace("Beta", "Beta,more"), "utf-8", "row 4: the row has 3 cells. Expected 2"),
     (GOOD.replace("Beta", '"Beta'), "utf-8", "the file is no CSV"),
     ("", "utf-8", "row 1: column 'code' is missing")],
)  # fmt: skip
def test_a_reference_that_cannot_be_used_is_named_with_the_row_and_what_to_do(
    tmp_path: Path, text: str, encoding: str, reason: str
) -> None:
    with pytest.raises(DefinitionError, match=rf"made\.csv, {reason}|made\.csv: {reason}"):
        read_rows(saved(tmp_path, text, encoding), ("code", "name"))


def test_a_file_of_ours_is_named_from_the_root_of_the_repository(tmp_path: Path) -> None:
    assert named(REFERENCE / "area.csv") == "data/reference/area.csv"
    assert named(tmp_path / "made.csv") == f"{tmp_path.name}/made.csv"


def test_what_may_have_been_meant_is_offered_before_everything_there_is() -> None:
    assert perhaps("bcf", ["ro3", "bcf_income", "rs"]) == "perhaps bcf_income"
    assert perhaps("zzz", ["ro3", "rs"]) == "one of ro3, rs"


@pytest.mark.parametrize(
    ("text", "reason"),
    [("a = 1\nb = [\n", "line 3: the file cannot be read"), ("a = 1, b = 2\n", "line 1: .*found 'a = 1, b = 2'")],
)
def test_toml_that_cannot_be_read_says_the_line_and_what_stands_there(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(DefinitionError, match=rf"made\.toml, {reason}"):
        read_toml(saved(tmp_path, text, name="made.toml"))


@pytest.mark.parametrize("name", ["area_authority.csv", "area_names.csv"])
def test_a_reference_saved_by_a_spreadsheet_is_read_or_refused_by_its_own_name(tmp_path: Path, name: str) -> None:
    for each in ("area_authority.csv", "area_names.csv"):
        shutil.copy(REFERENCE / each, tmp_path / each)
    text = (REFERENCE / name).read_text("utf-8")
    saved(tmp_path, text, "utf-8-sig", name)
    assert directory(tmp_path) == directory()
    directory.cache_clear()
    saved(tmp_path, text.replace(",", ";"), name=name)
    with pytest.raises(DefinitionError, match=rf"{name}, row 1: the columns are separated by semicolons"):
        directory(tmp_path)


def test_a_wrong_reference_is_told_once_and_no_file_of_a_publisher_is_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "directory", lambda: directory(tmp_path))
    with pytest.raises(DefinitionError, match="area_authority.csv: the file is missing. Restore data/reference"):
        load.read_files([tmp_path / "one.csv", tmp_path / "two.csv"])


def test_a_number_in_a_committed_reference_that_is_none_is_named_with_row_and_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (REFERENCE / "area.csv").read_text("utf-8").splitlines()
    cells = text[1].split(",")
    at = text[0].split(",").index("hex_q")
    cells[at] = "4.5x"
    saved(tmp_path, "\n".join([text[0], ",".join(cells)]), name="area.csv")
    monkeypatch.setattr(area_authorities, "REFERENCE", tmp_path)
    with pytest.raises(
        DefinitionError, match=r"area\.csv, row 2, column hex_q: found '4\.5x'. Expected a whole number"
    ):
        area_authorities.committed("area.csv")


# Tables, sources and maps


def test_a_map_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert declare(tmp_path, "\ufeff" + MAP_PLAIN)[1]["made"].years == ("2011-12",)


@pytest.mark.parametrize(
    ("column_map", "reason"),
    [("\n".join(row + "," + row.rsplit(",", 1)[1] for row in MAP_PLAIN.splitlines()),
      "row 1: column '2011-12' stands twice, columns 3 and 4"),
     ("\n".join(row + (",2011-12" if not at else ",") for at, row in enumerate(MAP_PLAIN.splitlines())),
      "row 1: column '2011-12' stands twice, columns 3 and 4"),
     (MAP_PLAIN.replace(",", ";"), "row 1: the columns are separated by semicolons"),
     (MAP_PLAIN.replace("net_gbp", "nett_gbp"), "row 3, column column: table 'made' has no column .* perhaps net_gbp"),
     (MAP_PLAIN + MAP_PLAIN.splitlines()[1], "row 4, column column: line 'older.gross_gbp_thousand' stands in row 2"),
     (MAP_PLAIN.splitlines()[0], "the column map is empty")],
)  # fmt: skip
def test_a_map_that_cannot_be_used_is_named_with_the_row(tmp_path: Path, column_map: str, reason: str) -> None:
    with pytest.raises(DefinitionError, match=r"made/columns\.csv(, |: )" + reason):
        declare(tmp_path, column_map)


def test_a_source_without_its_map_is_told_to_add_it(tmp_path: Path) -> None:
    declare(tmp_path)
    shutil.copy(tmp_path / "sources" / "made.toml", tmp_path / "tables" / "x")
    (tmp_path / "sources" / "copy.toml").write_text(SOURCE.replace('code = "made"', 'code = "copy"'))
    with pytest.raises(DefinitionError, match=r"copy/columns\.csv: the file is missing. Add it: one row for each line"):
        catalogue.load_source(tmp_path / "sources" / "copy.toml", catalogue.tables(tmp_path / "tables"))


@pytest.mark.parametrize(
    ("source", "reason"),
    [(SOURCE + "[options]\nscal = 2\n", "unknown options key 'scal'. Expected perhaps scale"),
     (SOURCE.replace("text = ", "txt = "), "unknown recognise key 'txt'. Expected perhaps text"),
     (SOURCE.replace('table = "made"', 'table = "mad"'), "table 'mad' is not declared. Expected perhaps made"),
     (SOURCE + '[keys.month]\nheader = "Month"\n', "unknown .*key 'month'"),
     (SOURCE + '[keys.client_group]\nheader = "Group"\nparse = "words"\n', "unknown parse of key 'client_group'")],
)  # fmt: skip
def test_a_source_with_an_unknown_word_is_refused_with_the_nearest(tmp_path: Path, source: str, reason: str) -> None:
    with pytest.raises(DefinitionError, match=r"sources/made\.toml: " + reason):
        declare(tmp_path, source=source)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [('"authority_code", "client_group"]', '"authority_code", "client_grp"]',
      "column 'client_grp' is not declared. Expected perhaps client_group.* Add a ..columns.. entry 'client_grp'"),
     ('unit = "gbp_thousand", meaning = "gross"', 'unit = "pounds", meaning = "gross"',
      "unknown unit of column 'gross_gbp_thousand': 'pounds'. Expected one of gbp,"),
     ('name = "made"', 'name = "mode"', "the name 'mode' differs from the file's. Expected name = \"made\"")],
)  # fmt: skip
def test_a_table_that_cannot_be_used_says_what_to_write(tmp_path: Path, old: str, new: str, reason: str) -> None:
    with pytest.raises(DefinitionError, match=r"made\.toml: .*" + reason):
        catalogue.load_table(saved(tmp_path, TABLE.replace(old, new), name="made.toml"))


# Everything at once


def told(folder: Path, **declared: str) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        declare(folder, **declared)
    return str(caught.value).splitlines()


def test_all_that_is_wrong_in_a_table_is_told_at_once(tmp_path: Path) -> None:
    text = TABLE.replace('type = "float", unit = "gbp_thousand", meaning = "gross"', 'type = "real", unit = "pounds"')
    text = text.replace('name = "made"', 'name = "mode"').replace('"client_group"]', '"client_grp"]')
    with pytest.raises(DefinitionError) as caught:
        catalogue.load_table(saved(tmp_path, text, name="made.toml"))
    lines = str(caught.value).splitlines()
    assert len(lines) == 5 and all(line.startswith(ALSO) for line in lines[1:])
    for said in (
        "key 'meaning' of column 'gross_gbp_thousand' is missing",
        "unknown type of column 'gross_gbp_thousand'",
        "unknown unit of column 'gross_gbp_thousand'",
        "the name 'mode' differs",
        "'client_grp' is not declared",
    ):
        assert sum(said in line for line in lines) == 1, said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'key = ["financial_year", "authority_code", "client_group"]',
            'key = "financial_year"',
            "key 'key' is not a list",
        ),
        ('{name = "record_id", type = "string", meaning = "id"}', '"record_id"', "column 1 is not a table of keys"),
    ],
)
def test_a_key_of_a_table_that_holds_something_else_is_no_bug_of_ours(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in TABLE
    with pytest.raises(DefinitionError, match=rf"made\.toml: {said}"):
        catalogue.load_table(saved(tmp_path, TABLE.replace(old, new), name="made.toml"))


def test_all_that_is_wrong_in_a_source_and_in_its_map_is_told_at_once(tmp_path: Path) -> None:
    source = (
        SOURCE.replace('shape = "grid"', 'shape = "gird"')
        .replace("text = ", "txt = ")
        .replace('kind = "return"', 'kind = "r"')
    )
    lines = told(
        tmp_path, source=source, column_map=MAP_PLAIN.replace("net_gbp", "nett_gbp").replace("client_group", "group")
    )
    for said in (
        "unknown recognise key 'txt'",
        "unknown shape: 'gird'",
        "unknown kind: 'r'",
        "columns.csv, row 1: map column 'group' is neither a year nor a key",
        "perhaps net_gbp_thousand",
    ):
        assert sum(said in line for line in lines) == 1, said
    assert len(lines) == 5


def test_every_row_of_another_length_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        numbered_rows(saved(tmp_path, GOOD.replace("Alpha", "Alpha,x").replace("Beta", "Beta,x")), ("code", "name"))
    assert [line.split(":")[0].removeprefix("also") for line in str(caught.value).splitlines()][1:] == [""]
    assert "row 2: the row has 3 cells" in str(caught.value) and "row 4: the row has 3 cells" in str(caught.value)


def test_wrong_files_of_a_folder_are_told_together(tmp_path: Path) -> None:
    declare(tmp_path)
    for name in ("one", "two"):
        saved(tmp_path / "tables", 'name = "x"\n', name=f"{name}.toml")
    with pytest.raises(DefinitionError) as caught:
        catalogue.tables.__wrapped__(tmp_path / "tables")
    said = str(caught.value)
    assert "tables/one.toml: key 'title' is missing" in said and "tables/two.toml: key 'columns' is missing" in said


# A scale of its own


@pytest.mark.parametrize(
    ("scale", "said"),
    [("many", "scale 'many' is no number to multiply by. Expected a number that figures are multiplied by"),
     ("0", "scale '0' is no number"), ("nan", "scale 'nan' is no number"), ("inf", "scale 'inf' is no number")],
)  # fmt: skip
def test_a_scale_that_is_none_is_refused_with_its_row(tmp_path: Path, scale: str, said: str) -> None:
    rows = MAP_PLAIN.splitlines()
    (line,) = told(tmp_path, column_map="\n".join([rows[0] + ",scale", rows[1] + ",", rows[2] + f",{scale}"]))
    assert "columns.csv, row 3, column scale: " + said in line
