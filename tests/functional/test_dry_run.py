"""`--dry-run` says what a command would write, and writes nothing; what it says is what the command then writes."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from made_home import working_home

from audit.commands.cli import main
from audit.commands.line.json_page import schema_of
from pipelines.isolated import program
from pipelines.places import DATA, ROOT

QUARANTINED = "bcf_income/2015-16/E4503@c740f711"
SUITES = ROOT / "expectations" / "suites"


def tree(*folders: Path) -> dict[str, tuple[int, str]]:
    """Every file below the folders with its time and hash; a lock that is held and freed leaves no trace of its own."""
    return {
        str(path): (path.lstat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if "__pycache__" not in path.parts
    }


@pytest.fixture
def place(embedded_runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with a copy of the run, tables that `load` could have written, and payments."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(embedded_runs, tmp_path / "runs", symlinks=True)
    (tmp_path / "paid" / "body").mkdir(parents=True)
    (tmp_path / "paid" / "body" / "spend.csv").write_text(
        "Body Name,Date,Payee,Amount\nSome Council,01/04/2014,NHS Anytown CCG,1000.00\n", encoding="utf-8"
    )
    return tmp_path


def planned(capsys: pytest.CaptureFixture[str], folder: Path, command: str, *words: str) -> dict[str, Any]:
    """The plan of a command, after which every byte is as it was."""
    before = tree(folder, SUITES, DATA / "reference")
    assert main([*command.split(), *words, "--dry-run", "--json"]) == 0
    assert tree(folder, SUITES, DATA / "reference") == before
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.validate(told, schema_of(command, dry_run=True))
    return told["answer"]


def paths(plan: dict[str, Any]) -> list[str]:
    return [one["path"] for one in plan["would_write"]]


def test_a_plan_is_told_to_people_in_plain_lines(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", "--out", "runs", "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("would write sample.csv-metadata.json: ") and lines[-1] == "Nothing was written."


def test_a_run_that_stands_would_change_nothing_and_another_is_named(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = planned(capsys, place, "run", "--out", "runs")
    assert not same["would_write"] and "Nothing has changed since this run" in same["also"][0]
    other = planned(capsys, place, "run", "--out", "runs", "--prior", "0.2")
    folder = Path(paths(other)[0])
    assert folder.parent == place / "runs" and not folder.exists()


def test_a_run_that_would_be_refused_is_refused_and_no_status_is_written(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(place)
    assert main(["run", "--out", "runs", "--returns", str(place / "paid"), "--prior", "7", "--dry-run"]) == 10
    assert tree(place) == before


def test_what_is_planned_of_files_is_what_is_written(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = str((place / "runs" / "latest").resolve())
    for command, *words in (
        ("sample", "--out", "runs", "--size", "10"),
        ("request", "Hull", "E4303", "--out", "runs"),
        ("report", run, "--xlsx", "Hull", "--zip", "Kent", "--to", "handed"),
        ("diff", run, run, "--html", "changes.html"),
        ("payments", "paid", "--out", "ledger"),
        ("injure", str(DATA / "returns"), "--to", "planted"),
        ("init", "home", "--figures"),
    ):
        named = paths(planned(capsys, place, command, *words))
        assert named and not any(Path(path).exists() for path in named), command
        assert main([command, *words, "--quiet"]) == 0, command
        assert all(Path(path).exists() for path in named), command


def test_runs_that_would_go_are_those_that_go(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = (place / "runs" / "latest").resolve()
    shutil.copytree(run, place / "runs" / "0123456789abcdef")
    plan = planned(capsys, place, "prune", "--out", "runs", "--keep", "0")
    assert [Path(path).name for path in plan["would_remove"]] == ["0123456789abcdef"]
    assert main(["prune", "--out", "runs", "--keep", "0", "--quiet"]) == 0
    assert not (place / "runs" / "0123456789abcdef").exists() and run.is_dir()


def test_stages_name_the_tables_they_would_renew(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert paths(planned(capsys, place, "load", "--tables", "tables")) == ["tables"]
    assert main(["load", "--tables", "tables", "--quiet"]) == 0
    assert "in place of those" in planned(capsys, place, "load", "--tables", "tables")["would_write"][0]["what"]
    assert paths(planned(capsys, place, "check", "--tables", "tables")) == ["tables"]
    assert paths(planned(capsys, place, "audit", "--tables", "tables")) == ["tables"]
    assert not planned(capsys, place, "check", "--table", "rs", "--tables", "tables")["would_write"]
    assert paths(planned(capsys, place, "check", "--payments", "ledger")) == ["ledger"]
    assert len(paths(planned(capsys, place, "evaluate", "--tables", "tables", "--out", "evaluation"))) == 2


def test_pages_that_would_be_drawn_again(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = (place / "runs" / "latest").resolve()
    assert paths(planned(capsys, place, "report", str(run))) == [str(run / "site")]
    (run / "site" / "index.html").unlink()
    assert paths(planned(capsys, place, "request", "Hull", "--reply", "--out", "runs"))[0] == str(run / "site")


def test_suites_and_registers_are_named_and_left(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = str((place / "runs" / "latest").resolve())
    assert not paths(planned(capsys, place, "scaffold check", "rs"))
    (entry,) = planned(capsys, place, "scaffold check", "rs", "--write")["would_write"]
    assert entry["path"] == str(SUITES / "rs.yaml") and "code:" in entry["what"]
    assert paths(planned(capsys, place, "expectations export", "gx")) == ["gx"]
    words = ("--run", run, "--check", "BCF-SLIP", "--reason", "The council confirmed the figure in writing.")
    release = planned(capsys, place, "quarantine release", QUARANTINED, *words, "--by", "audit lead")
    assert len(release["would_write"]) == 1 and release["would_write"][0]["path"].endswith(".csv")
    wrong = ["quarantine", "release", QUARANTINED, "--run", run, "--check", "X", "--reason", "none", "--by", "x"]
    assert main([*wrong, "--dry-run"]) == 11


def test_in_a_working_folder_a_plan_names_the_users_own_files(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = str((place / "runs" / "latest").resolve())
    with working_home(place / "home") as home:
        at = ("--home", str(home))
        assert paths(planned(capsys, place, "scaffold check", "rs", "--write", *at)) == [
            str(home / "suites" / "rs.yaml")
        ]
        words = ("--run", run, "--check", "BCF-SLIP", "--reason", "The council confirmed the figure in writing.")
        release = planned(capsys, place, "quarantine release", QUARANTINED, *words, "--by", "audit lead", *at)
        assert paths(release) == [str(home / "reference" / "releases.csv")]
        measured = paths(planned(capsys, place, "evaluate", "--tables", f"{run}/tables", *at))
        assert [Path(path).parent for path in measured] == [home / "evaluation"] * 2
        assert Path(paths(planned(capsys, place, "run", *at))[0]).parent == home / "runs"


def test_a_suite_of_the_library_would_be_added_where_it_says(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = {
        "name": "rs",
        "expectations": [
            {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "record_id"}, "meta": {}}
        ],
    }
    (place / "suite.json").write_text(json.dumps(suite), encoding="utf-8")
    words = ("suite.json", "--table", "rs", "--because", "A row without its record cannot be traced.")
    assert not paths(planned(capsys, place, "expectations import", *words))
    assert paths(planned(capsys, place, "expectations import", *words, "--write")) == [str(SUITES / "rs.yaml")]


def test_a_signature_is_named_before_it_is_made(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keygen = program("ssh-keygen")
    if keygen is None:
        pytest.skip("OpenSSH is not installed")
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(place / "key")], check=True)
    run = (place / "runs" / "latest").resolve()
    (named,) = paths(planned(capsys, place, "sign", str(run), "--key", "key"))
    assert main(["sign", str(run), "--key", "key", "--quiet"]) == 0
    assert Path(named).is_file()


def test_extracts_that_would_be_written(originals: Path, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "few").mkdir()
    for path in sorted(originals.rglob("rs_2013-14.*"))[:1]:
        shutil.copy(path, place / "few")
    named = paths(planned(capsys, place, "extract", "few", "--to", "figures"))
    assert main(["extract", "few", "--to", "figures", "--quiet"]) == 0
    assert named and all(Path(path).is_file() for path in named)
