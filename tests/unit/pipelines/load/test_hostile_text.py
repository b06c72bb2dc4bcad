"""Text, JSON and Stata files that want to do harm are refused with one reason, and so are limits that are no limits."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from pipelines.cell_values import fold, parse_number
from pipelines.declarations.limits import limits
from pipelines.errors import DefinitionError, InputError
from pipelines.read.read_tabular import book_of, open_book

UTF16 = "a,b\n1,2\n".encode("utf-16")
HOSTILE: dict[str, tuple[bytes, str]] = {
    "a million columns": (b"," * 1_000_000 + b"\n1,2\n", "1,000,001 columns"),
    "more cells than there is memory for": (b"," * 11_000_000, "11,000,000 cells"),
    "one giant cell": (b'a,"' + b"x" * 1_000_000 + b'"\n', "larger than field limit"),
    "a quote that never ends": (b'a,"' + b"x,y\n" * 1_000_000, "larger than field limit"),
    "NUL at the start": (b"a,b\x00\n1,2\n", "neither a spreadsheet nor text"),
    "NUL later on": (b"a,b\n" * 2_000 + b"1,\x002\n", "NUL"),
    "UTF-16 without its last byte": (UTF16[:-1], "cannot be decoded"),
    "UTF-16 with half a character": (b"\xff\xfe\x00\xd8a\x00", "cannot be decoded"),
    "JSON nested a hundred thousand deep": (b'{"hexes":' + b"[" * 100_000, "nested too deeply"),
    "JSON objects nested deep": (b'{"hexes":' * 100_000, "nested too deeply"),
    "JSON that is no hexjson": (b'{"a": 1}', "no hexes"),
    "hexes that are a list": (b'{"hexes": [1, 2]}', "no hexes"),
    "hexes that are text": (b'{"hexes": "abc"}', "no hexes"),
    "a hex that is a number": (b'{"hexes": {"E1": 1}}', "no hexes"),
    "a hex within a hex": (b'{"hexes": {"E1": {"n": {"q": 1}}}}', "other than a number or text"),
    "hexes with half a character": (b'{"hexes": {"E1": {"n": "\\ud800"}}}', "no hexes"),
    "a number of ten thousand digits": (b'{"hexes": {"E1": {"n": ' + b"9" * 10_000 + b"}}}", "no hexes"),
    "hexes each with keys of their own": (
        json.dumps({"hexes": {f"E{one}": {f"k{one}": 1} for one in range(4_000)}}).encode(),
        "16,008,001 cells",
    ),
    "JSON far larger than any map": (b'{"hexes": {' + b" " * 9_000_000 + b"}}", "the JSON has 9,000,0"),
    "JSON in another encoding": (b'{"hexes": "\xff\xfe"}', "no hexes"),
    "a Stata header and nothing more": (b"<stata_dta>", "Stata file cannot be read"),
    "an old Stata header with a wild number of rows": (
        b"\x72\x02\x01\x00\xff\x7f\xff\xff\xff\x7f" + bytes(200),
        "Stata file cannot be read",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_text_that_would_do_harm_is_refused_with_its_reason_in_bounded_time(name: str) -> None:
    data, reason = HOSTILE[name]
    begun = time.process_time()
    with pytest.raises(InputError) as refused:
        book_of(data, "made.csv").rows("(file)")
    assert time.process_time() - begun < 5
    assert str(refused.value).startswith("made.csv")
    assert reason in str(refused.value)
    assert len(str(refused.value)) < 700


def test_a_file_of_nothing_but_white_space_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    path.write_bytes(b" \n\t ")
    with pytest.raises(InputError, match="the file is empty"):
        open_book(path)


@pytest.mark.parametrize(
    ("data", "cell"),
    [
        ("naïve,£\n".encode(), "naïve"),
        ("naïve,£\n".encode("cp1252"), "naïve"),
        ("naïve,£\n".encode("utf-16"), "naïve"),
        ("naïve,£\n".encode() + "£".encode("cp1252"), "naÃ¯ve"),
        (b"\xed\xa0\x80,x\n", "í\xa0€"),
    ],
)
def test_text_in_any_or_in_mixed_encodings_is_read_without_half_characters(data: bytes, cell: str) -> None:
    rows = book_of(data, "made.csv").rows("(file)")
    assert rows[0][0] == cell
    json.dumps(rows, ensure_ascii=False).encode()


def test_a_file_larger_than_the_limit_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as stream:
        stream.truncate(50_000_000_000)
    with pytest.raises(InputError, match="larger than 268,435,456 bytes"):
        open_book(path)


@pytest.mark.parametrize("text", ["1" * 100_000 + "x", "[note " * 20_000, "1,1" * 40_000 + "-x", "(" * 100_000])
def test_a_long_cell_is_understood_or_not_but_never_searched_for_minutes(text: str) -> None:
    begun = time.process_time()
    assert parse_number(text) == (None, "x", False)
    fold(text)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("cell", [float("inf"), float("-inf"), "1e999", "-1e999", 10**400, "9" * 350])
def test_a_number_beyond_all_numbers_is_not_understood(cell: object) -> None:
    assert parse_number(cell) == (None, "x", False)


def test_the_default_limits_load_and_changes_are_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[sheet]\ncells = 5\n", encoding="utf-8")
    assert limits(path).changed_from(limits()) == {"sheet.cells": 5}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[sheet]\ncels = 5\n", "unknown limit 'sheet.cels'"),
        ("[sheets]\ncells = 5\n", "unknown limit 'sheets.cells'"),
        ("cells = 5\n", "outside a section"),
        ("[sheet]\ncells = 0\n", "a whole number above nought"),
        ("[sheet]\ncells = 1.5\n", "a whole number above nought"),
        ("[sheet]\ncells = true\n", "a whole number above nought"),
        ("[sheet\n", "cannot be read"),
    ],
)
def test_limits_that_are_no_limits_are_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError, match=reason):
        limits(path)
