"""What a run says while it works: a line per stage with counts and pounds, a bar only on a terminal, all in a file."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from audit.run.stage_log import StageLog, in_words


def work(path: Path, *, quiet: bool = False) -> list[dict[str, object]]:
    log = StageLog(path, stages=2, quiet=quiet)
    with log.stage("load") as told:
        told.update({"files": 93, "rows_read": 237423, "of_payments_gbp": 1234567})
    with log.stage("check") as told:
        told["checks"] = "declared 557: 530 passed"
    log.close()
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_each_stage_is_one_line_with_its_counts_and_pounds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work(tmp_path / "log.jsonl")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("load       93 files, 237,423 rows read, £1,234,567 of payments (")
    assert second.startswith("check      checks declared 557: 530 passed (")


def test_the_same_stands_in_the_run_folder_as_lines_of_json(tmp_path: Path) -> None:
    lines = work(tmp_path / "log.jsonl", quiet=True)
    assert [line["stage"] for line in lines] == ["load", "check"]
    assert (lines[0]["rows_read"], lines[0]["of_payments_gbp"]) == (237423, 1234567)
    assert all(isinstance(line["seconds"], float) for line in lines)


def test_quiet_prints_nothing_even_on_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    work(tmp_path / "log.jsonl", quiet=True)
    assert (capsys.readouterr().out, terminal.getvalue()) == ("", "")


def test_a_bar_is_drawn_on_a_terminal_only_and_then_no_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    work(tmp_path / "one.jsonl")
    assert "\r" not in "".join(capsys.readouterr())
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    work(tmp_path / "two.jsonl")
    assert "\r" in terminal.getvalue()
    assert "check" in terminal.getvalue()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("files", 3, "3 files"), ("below_expected_gbp", 1500, "£1,500 below expected"), ("checks", "all", "checks all")],
)
def test_a_count_in_words(key: str, value: object, words: str) -> None:
    assert in_words(key, value) == words
