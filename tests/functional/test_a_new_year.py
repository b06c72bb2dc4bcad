"""A newcomer adds a year of RS by adding one column to the map, and nothing else."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from made_home import working_home

from audit.commands.cli import main
from audit.commands.line.json_page import schema_of
from pipelines.adding.column_map import with_column
from pipelines.adding.propose import ABSENT, RENAMED, SAME, Proposal, propose
from pipelines.areas.authorities import directory
from pipelines.declarations import catalogue
from pipelines.errors import InputError
from pipelines.read.read_tabular import open_book
from pipelines.shape.recognise import recognise, taken_for
from pipelines.shape.shapes import read_form

NEW, LAST = "2040-41", "2022-23"


@pytest.fixture
def maps(tmp_path: Path) -> Path:
    """A copy of the declarations of RS, to be edited as a newcomer would."""
    room = catalogue.TABLES.parent
    shutil.copytree(room / "tables", tmp_path / "tables")
    (tmp_path / "sources").mkdir()
    shutil.copy(room / "sources" / "rs.toml", tmp_path / "sources" / "rs.toml")
    shutil.copytree(room / "sources" / "rs", tmp_path / "sources" / "rs")
    return tmp_path


def locators(folder: Path) -> dict[str, str]:
    with (folder / "sources" / "rs" / "columns.csv").open(encoding="utf-8", newline="") as stream:
        return {row["column"]: row[LAST] for row in csv.DictReader(stream) if row[LAST]}


def header(locator: str) -> str:
    text = locator.partition(": ")[2] if locator.startswith(("main: ", "closing: ")) else locator
    return re.sub(r"#\d+$", "", text).strip()


def made_workbook(folder: Path) -> Path:
    """A workbook of the new year: its own title, the header five rows down, the lines in another order."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = f"RS_LA_Data_{NEW}"
    heads = [header(locator) for _, locator in sorted(locators(folder).items(), reverse=True)]
    rows = [
        [f"Worksheet 2: Revenue Account Outturn RS - Revenue Outturn Summary {NEW}"],
        ["Last updated: 1 July 2042"], [], [],
        ["E-code", "ONS Code", "Local authority", "Notes", "Class", *heads],
        ["E0101", "E06000022", "Bath and North East Somerset", "", "UA", *range(1, len(heads) + 1)],
        ["E4704", "E08000035", "Leeds", "", "MD", *range(101, len(heads) + 101)],
        ["Eng", "E92000001", "England", "", "", *range(1001, len(heads) + 1001)],
    ]  # fmt: skip
    for row in rows:
        sheet.append(row)
    path = folder / "as published"
    book.save(path)
    return path


def add_the_column(folder: Path) -> Proposal:
    """Write the column as it is proposed."""
    path = folder / "sources" / "rs" / "columns.csv"
    declared = catalogue.sources(folder / "sources", folder / "tables")
    book = open_book(made_workbook(folder))
    proposal = propose(book, taken_for(book, declared))
    cells = {one.line.row: one.found for one in proposal.lines if one.found}
    path.write_text(with_column(path.read_text(encoding="utf-8"), NEW, cells), encoding="utf-8")
    catalogue.sources.cache_clear()
    return proposal


def test_the_new_year_is_refused_with_the_name_of_the_map_to_change(maps):
    sources = catalogue.sources(maps / "sources", maps / "tables")
    said = f"proposes a column '{NEW}' for pipelines/sources/rs/columns.csv"
    with pytest.raises(InputError, match=f"a year its column map does not have.*{said}"):
        recognise(open_book(made_workbook(maps)), sources)


def test_one_column_in_the_map_is_all_it_takes(maps):
    path = made_workbook(maps)
    proposal = add_the_column(maps)
    assert {one.how for one in proposal.lines} <= {SAME, ABSENT, RENAMED}
    tables = catalogue.tables(maps / "tables")
    book = open_book(path)
    taken = recognise(book, catalogue.sources(maps / "sources", maps / "tables"))
    form = read_form(book, taken, tables["rs"], directory())
    assert (form.financial_year, form.release) == (NEW, "last updated: 1 july 2042")
    assert form.problems == []
    assert form.records["authority_code"] == ["E0101", "E4704", "ENG"]
    assert {line.column for line in form.lines} == set(locators(maps))
    adult = next(line for line in form.lines if line.column == "adult_social_care_nce_gbp_thousand")
    assert adult.values[1] - adult.values[0] == 100
    assert adult.cell(1).endswith("7")


def test_the_command_proposes_the_column_plans_it_and_writes_it_where_the_users_own_lies(
    maps: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book = str(made_workbook(maps))
    with working_home(maps / "home") as home:
        monkeypatch.chdir(home)

        def answer(*words: str) -> dict[str, Any]:
            main(["add-year", book, *words, "--json"])
            told: dict[str, Any] = json.loads(capsys.readouterr().out)
            jsonschema.validate(told, schema_of("add-year", dry_run=told["dry_run"]))
            assert told["error"] is None
            return told["answer"]

        proposed = answer()
        assert (proposed["source"], proposed["year"], proposed["rows"]) == ("rs", NEW, 3)
        assert (proposed["written"], proposed["checks"]) == (None, [])
        assert {line["found"] for line in proposed["lines"] if line["how"] == "same"} <= set(locators(maps).values())
        written = [str(home / "sources" / "rs.toml"), str(home / "sources" / "rs" / "columns.csv")]
        assert answer("--dry-run")["would_write"] == []
        assert [one["path"] for one in answer("--write", "--dry-run")["would_write"]] == written
        assert not list((home / "sources").iterdir())
        done = answer("--write")
        assert done["written"] == written[1] and {check["outcome"] for check in done["checks"]} >= {"passed"}
        assert all(Path(path).is_file() for path in written)
        assert main(["add-year", book]) == 11
        assert f"{NEW} is held already" in capsys.readouterr().err
    catalogue.sources.cache_clear()
