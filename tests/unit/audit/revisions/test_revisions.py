"""Figures that differ from those accepted before are listed, and beyond the limits need a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_files import Return, made_return, write_xlsx

from audit.revisions.revision_tables import Before, before_this, refuse_reason, write_revisions
from audit.settings import load_settings
from expectations.records.checks import CRITICAL, FAILED, PASSED, STOP, Check
from expectations.records.table_frames import Frames
from expectations.suite.custom_checks import run_custom
from pipelines.declarations.parquet import read_table
from pipelines.errors import DefinitionError
from pipelines.extract.altered import altered_extracts, write_list
from pipelines.load import assemble
from pipelines.load.load import EMBEDDED, EMBEDDED_REFERENCE, read_file

LIMIT = Check("compared_return", "REVISION-LIMIT", "revisions_accepted", {}, CRITICAL, STOP, "because of it")


def load(made: Return, run: Path, before: Before, reason: str = "") -> Any:
    """Tables of a run with one return, set against what was before. Returns the row of `compared_return`."""
    tables = run / "tables"
    tables.mkdir(parents=True)
    form, problems, _ = read_file(write_xlsx(made, run / "return.xlsx"))
    assert form is not None and not problems
    assemble.write_tables([form], tables)
    write_revisions(tables, before, load_settings(), reason=reason)
    return read_table(tables, "compared_return").iloc[0]


def accepted(run: Path) -> str:
    return run_custom(LIMIT, Frames(run / "tables")).outcome


def altered(by: float, councils: int = 1, columns: int = 1) -> Return:
    made = made_return()
    for at in made.councils()[20 : 20 + councils]:
        for column in made.figures[:columns]:
            made.sheet.rows[at][column] += by
    return made


def test_the_same_figures_in_another_file_are_no_revision(tmp_path: Path) -> None:
    row = load(made_return(), tmp_path, Before())
    assert (row["revised"], bool(row["beyond"]), row["against"]) == (0, False, "the embedded figures")
    assert not (tmp_path / "tables" / "revision.parquet").exists()


def test_a_small_revision_is_listed_with_old_and_new_and_published(tmp_path: Path) -> None:
    row = load(altered(2.0), tmp_path, Before())
    (figure,) = read_table(tmp_path / "tables", "revision").to_dict("records")
    assert figure["new"] - figure["old"] == 2.0 and figure["column"] == "education_nce_gbp_thousand"
    assert (row["revised"], row["authorities"]) == (1, 1) and accepted(tmp_path) == PASSED


@pytest.mark.parametrize("made", [altered(90_000.0), altered(1.0, councils=21), altered(1.0, councils=21, columns=3)])
def test_a_large_one_or_one_of_many_councils_needs_a_reason(tmp_path: Path, made: Return) -> None:
    assert load(made.copy(), tmp_path / "a", Before())["beyond"] and accepted(tmp_path / "a") == FAILED
    row = load(made, tmp_path / "b", Before(), reason="the release of 5 July 2019")
    assert accepted(tmp_path / "b") == PASSED and row["reason"] == "the release of 5 July 2019"


def test_what_was_accepted_is_not_asked_again_but_still_listed(tmp_path: Path) -> None:
    load(altered(90_000.0), tmp_path / "first", Before(), reason="the release of 5 July 2019")
    row = load(altered(90_000.0), tmp_path / "second", Before(run=tmp_path / "first"))
    assert row["revised"] == 1 and accepted(tmp_path / "second") == PASSED
    load(altered(190_000.0), tmp_path / "third", Before(run=tmp_path / "first"))
    assert accepted(tmp_path / "third") == FAILED


def test_a_run_that_is_made_again_takes_what_it_had(tmp_path: Path) -> None:
    load(altered(90_000.0), tmp_path / "first", Before(), reason="the release of 5 July 2019")
    recorded = before_this(None, EMBEDDED, recorded=tmp_path / "first" / "tables" / "check_history.parquet")
    load(altered(90_000.0), tmp_path / "again", recorded)
    assert accepted(tmp_path / "again") == PASSED


@pytest.mark.parametrize("reason", ["", "   ", "ok", "a line\nand another line"])
def test_a_reason_that_says_nothing_is_refused(reason: str) -> None:
    with pytest.raises(DefinitionError, match="gives no reason"):
        refuse_reason(reason)


def test_the_embedded_extracts_are_those_of_the_list_and_a_changed_one_is_named(
    tmp_path: Path, monkeypatch: Any
) -> None:
    assert altered_extracts([EMBEDDED, EMBEDDED_REFERENCE]) == []
    monkeypatch.setattr("pipelines.extract.altered.DATA", tmp_path)
    folder = tmp_path / "returns"
    folder.mkdir()
    for name in ("a.csv", "a.csv-metadata.json", "b.csv"):
        (folder / name).write_text("authority_code,x\nE0101,1\nE0102,2\n")
    listed = write_list([folder], tmp_path / "list.csv")
    assert altered_extracts([folder], listed) == []
    (folder / "a.csv").write_text("authority_code,x\nE0101,2\nE0102,1\n")
    (folder / "b.csv").unlink()
    (folder / "c.csv").write_text("new\n")
    assert altered_extracts([folder], listed) == ["a.csv", "b.csv", "c.csv"]


def test_an_altered_extract_stops_the_run_unless_a_reason_is_given(tmp_path: Path) -> None:
    load(made_return(), tmp_path / "a", Before(altered=("ro3_2012-13.csv",)))
    assert accepted(tmp_path / "a") == FAILED
    load(made_return(), tmp_path / "b", Before(altered=("ro3_2012-13.csv",)), reason="written anew for a trial")
    assert accepted(tmp_path / "b") == PASSED
