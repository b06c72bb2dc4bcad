"""Real answers of every command as JSON, held to the schema of docs/reference-json.md; nothing else is printed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from audit.commands.cli import main
from audit.commands.line.json_page import schema, schema_of
from pipelines.places import DATA

QUARANTINED = "bcf_income/2015-16/E4503@c740f711"


def answered(capsys: pytest.CaptureFixture[str], command: str, *words: str, code: int = 0) -> dict[str, Any]:
    """What a command answers, held to its schema; its exit code is in it."""
    assert main([*command.split(), *words, "--json"]) == code
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.validate(told, schema_of(command))
    assert told["exit_code"] == code and (told["error"] is None) == (told["answer"] is not None)
    return told


def test_the_schema_is_one_that_can_be_held_to() -> None:
    for command in schema()["answers"]:
        jsonschema.Draft202012Validator.check_schema(schema_of(command))
    wrong = {"form": "ringfence-answer-1"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema_of("explain"))


def test_what_a_run_says_of_an_area_and_of_itself(embedded_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(embedded_run.parent)
    told = answered(capsys, "explain", "kingston", "upon", "hull", "--out", out)
    assert told["run"] == embedded_run.name and told["answer"]["area"]["code"] == "E06000010"
    assert [one["window"] for one in told["answer"]["windows"]] == ["W1", "W2"]
    refused = answered(capsys, "explain", "Kingston", "--out", out, code=11)
    assert "Kingston upon Thames (E09000021)" in refused["error"]["message"]
    same = answered(capsys, "diff", str(embedded_run), str(embedded_run))["answer"]
    assert (same["causes"], same["results"], same["amounts"], same["figures"]) == ([], [], [], [])
    assert answered(capsys, "doctor", "--out", out)["answer"]["can_start"]
    assert answered(capsys, "settings")["answer"]["settings"]["lists.review"] == 15


def test_a_repeated_run_answers_with_the_run_that_stands(
    embedded_runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = answered(capsys, "run", "--out", str(embedded_runs))
    assert told["answer"]["unchanged"] and told["answer"]["changes"] is None
    assert Path(told["answer"]["report"]).is_file()


def test_rows_set_aside_and_checks(embedded_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = ("--run", str(embedded_run))
    assert answered(capsys, "quarantine list", *run)["answer"]["set_aside"][0]["first_record"] == QUARANTINED
    assert answered(capsys, "quarantine show", QUARANTINED, *run)["answer"]["records"][0]["check_code"] == "BCF-SLIP"
    answered(capsys, "quarantine show", "nothing/of/it", *run, code=11)
    history = answered(capsys, "expectations history", "--runs", str(embedded_run.parent))["answer"]["checks"]
    assert len(history) > 600 and history["AREA-COUNT"][0]["outcome"] == "passed"
    shown = answered(capsys, "check", "--table", "area", "--tables", str(embedded_run / "tables"))
    assert {one["outcome"] for one in shown["answer"]["checks"]} == {"passed"}
    assert "code:" in answered(capsys, "scaffold check", "rs")["answer"]["entries"]
    suggested = answered(capsys, "expectations suggest", "area", "--tables", str(embedded_run / "tables"))
    assert suggested["answer"]["proposals"]


def test_a_working_folder_laid_out_and_a_project_exported(
    embedded_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = answered(capsys, "init", str(tmp_path / "home"))["answer"]
    assert Path(made["page"]).is_file() and made["figures"] is False
    refused = answered(capsys, "init", str(tmp_path / "home"), code=11)["error"]
    assert refused["what"] == "it is a working folder already"
    told = answered(capsys, "expectations export", str(tmp_path / "gx"), "--tables", str(embedded_run / "tables"))
    assert sum(told["answer"]["checked_on"].values()) > 600 and Path(told["answer"]["script"]).is_file()


def test_what_the_enquiry_writes(embedded_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ("--out", str(embedded_run.parent))
    drawn = answered(capsys, "sample", "--size", "10", "--to", str(tmp_path / "sample.csv"), *out)["answer"]
    assert len(drawn["drawn"]) == 10 and drawn["of"] == 150
    assert all(Path(path).is_file() for path in drawn["written"])
    packs = answered(capsys, "request", "Hull", "--to", str(tmp_path / "enquiry"), *out)["answer"]["packs"]
    assert [pack["area_name"] for pack in packs] == ["Kingston upon Hull, City of"]
    told = answered(capsys, "answers", str(tmp_path / "enquiry"), *out)
    assert told["answer"]["counts"]["answered"] == 0 and told["answer"]["files"]
    book = answered(capsys, "report", str(embedded_run), "--xlsx", "E2002", "--to", str(tmp_path))["answer"]["written"]
    assert [Path(path).name for path in book] == [f"ringfence-{embedded_run.name}-E06000010.xlsx"]


def test_files_and_ledgers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = tmp_path / "few"
    few.mkdir()
    for name in ("rs_2013-14.csv", "rs_2013-14.csv-metadata.json"):
        shutil.copy(DATA / "returns" / name, few)
    told = answered(capsys, "sources", str(few))["answer"]
    assert [one["file"] for one in told["files"]] == ["rs_2013-14.csv"] and told["whole"] == 1
    (few / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert answered(capsys, "sources", str(few), code=11)["answer"]["problems"]
    paid = tmp_path / "paid" / "some_council"
    paid.mkdir(parents=True)
    (paid / "spend.csv").write_text(
        "Body Name,Date,Payee,Amount,Expense Type\nSome Council,01/04/2014,NHS Anytown CCG,1000.00,Care\n",
        encoding="utf-8",
    )
    ledger = answered(capsys, "payments", str(tmp_path / "paid"), "--out", str(tmp_path / "ledger"))["answer"]
    assert (ledger["files"][0]["rows_read"], ledger["files"][0]["outcome"]) == (2, "read") and len(ledger["flow"]) == 10
    assert answered(capsys, "check", "--payments", str(tmp_path / "ledger"))["answer"]["checks"]
