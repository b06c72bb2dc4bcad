"""Text that must not be printed does not come in through a user's extract either, from its cells or its metadata."""

from __future__ import annotations

import ast
import json
import re
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from pipelines.cell_values import HIDDEN, harmless, is_hidden, printed_as
from pipelines.declarations.catalogue import sources, tables
from pipelines.errors import InputError
from pipelines.extract.read_extract import metadata_path, read_extract
from pipelines.load.load import read_file

RETURNS = Path(__file__).resolve().parents[4] / "data" / "returns"
MARKS = ("\u202e", "\u2066", "\x1b", "\x00", "\u2028", "\x9b")


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    for ending in (".csv", ".csv-metadata.json"):
        shutil.copy(RETURNS / f"unit_costs_2013-14{ending}", tmp_path / f"unit_costs_2013-14{ending}")
    return tmp_path / "unit_costs_2013-14.csv"


def read(path: Path) -> Any:
    return read_extract(path, tables(), sources())


@pytest.mark.parametrize("mark", MARKS)
def test_a_cell_with_a_character_that_must_not_be_printed_is_refused(extract: Path, mark: str) -> None:
    assert read(extract).size > 0
    text = extract.read_text(encoding="utf-8")
    at = text.index("\n") + 3
    extract.write_text(text[:at] + mark + text[at:], encoding="utf-8")
    with pytest.raises(InputError, match=rf"\\u{ord(mark):04x}, which must not be printed"):
        read(extract)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("key", ["file_name", "release", "financial_year"])
def test_metadata_with_a_character_that_must_not_be_printed_is_refused(extract: Path, mark: str, key: str) -> None:
    place = metadata_path(extract)
    metadata = json.loads(place.read_text(encoding="utf-8"))
    metadata["ringfence:extract"][key] += f"{mark}xcod.exe"
    place.write_text(json.dumps(metadata), encoding="utf-8")
    with pytest.raises(InputError, match="must not be printed"):
        read(extract)


def test_a_sheet_name_with_a_character_that_must_not_be_printed_is_refused(extract: Path) -> None:
    place = metadata_path(extract)
    metadata = json.loads(place.read_text(encoding="utf-8"))
    metadata["tableSchema"]["columns"][-1]["sheet"] = "a\u202eb"
    place.write_text(json.dumps(metadata), encoding="utf-8")
    with pytest.raises(InputError, match="must not be printed"):
        read(extract)


def test_what_is_hidden_in_a_text_is_what_is_hidden_as_a_character_but_for_line_ends_and_tabs() -> None:
    every = {chr(code) for code in range(0x110000) if is_hidden(chr(code))}
    assert {mark for mark in map(chr, range(0x110000)) if HIDDEN.match(mark)} == every - set("\t\n\r")
    assert unicodedata.category("\u202e") == "Cf"


@pytest.mark.parametrize(
    "text",
    ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(1)", "\t=1", " =1", "'=1", "''=1", "' -1", "=\n1", "-", "", "x=1", "'x"],
)
def test_text_in_an_extract_is_no_formula_and_reads_back_as_it_was(text: str) -> None:
    written = harmless(text)
    assert not written.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")) or written == "-"
    assert printed_as(written) == text


NEUTRAL = {
    "expectations/running/validation_files.py": "_harmless",
    "pipelines/payments/load/write_extract.py": "harmless",
    "pipelines/extract/write_extract.py": "harmless",
    "reports/words/downloads.py": "neutral",
}
PUT_TOGETHER = {"reports/words/downloads.py"}
"""Modules that put the lines of a CSV together themselves."""
NO_TEXT_OF_INPUTS = {
    "audit/commands/evaluation.py": "codes and numbers of the generator",
    "audit/panel/returns_cube.py": "codes and numbers of the generator",
    "expectations/gx/export.py": "declared checks",
    "pipelines/extract/altered.py": "names of our own files",
    "expectations/quarantine/releases.py": "what the user types, read back to the letter",
    "pipelines/adding/column_map.py": "headers as published, which must be found again to the letter",
    "pipelines/load/constant_areas.py": "codes of the repository's own reference",
}


def test_every_csv_is_written_with_formulas_made_harmless_or_holds_no_text_of_inputs() -> None:
    root = Path(__file__).resolve().parents[4]
    found: set[str] = set()
    for room in ("audit", "expectations", "pipelines", "reports"):
        for path in sorted((root / room).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            names = {ast.unparse(node) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
            name = path.relative_to(root).as_posix()
            if {"csv.writer", "csv.DictWriter"} & names or name in PUT_TOGETHER:
                found.add(name)
                assert NEUTRAL.get(name, "") in text
    assert found == NEUTRAL.keys() | NO_TEXT_OF_INPUTS.keys()


def test_an_extract_saved_by_a_spreadsheet_reads_the_same_and_one_in_utf_16_is_told_how_to_save_it(
    extract: Path,
) -> None:
    before, text = read(extract), extract.read_text(encoding="utf-8")
    extract.write_text(text, encoding="utf-8-sig")
    assert read(extract).lines == before.lines
    extract.write_text(text, encoding="utf-16")
    with pytest.raises(InputError, match="it is not UTF-8 text.* Save it as CSV"):
        read(extract)


def test_a_row_of_another_length_is_named_with_its_cells(extract: Path) -> None:
    head, first, *rest = extract.read_text(encoding="utf-8").splitlines(keepends=True)
    extract.write_text("".join([head, first.rstrip("\n") + ",,\n", *rest]), encoding="utf-8")
    width = len(head.split(","))
    with pytest.raises(InputError, match=f"row 2: the row has {width + 2} cells. Expected {width} cells"):
        read(extract)


@pytest.mark.parametrize(
    ("change", "said"),
    [(lambda rows: ["E9999" + rows[0][5:], *rows[1:]], "row 2, .*'E9999' is no authority"),
     (lambda rows: [rows[0][5:], *rows[1:]], "row 2, .*'' is no authority"),
     (lambda rows: [rows[0], rows[0], *rows[2:]], "row 3: the record .* stands in row 2 too")],
)  # fmt: skip
def test_an_extract_with_an_unknown_authority_or_a_record_twice_is_refused_as_it_is_read(
    extract: Path, change: Any, said: str
) -> None:
    head, *rows = extract.read_text(encoding="utf-8").splitlines(keepends=True)
    assert re.match(r"E\d{4},", rows[0])
    assert read_file(extract)[1] == []
    extract.write_text("".join([head, *change(rows)]), encoding="utf-8")
    (problem,) = read_file(extract)[1]
    assert re.search(said, str(problem)), problem
