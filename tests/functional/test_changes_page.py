"""What changed since the run before, drawn beside the hashed site of every run that has one before it."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from made_published import as_published

from audit.commands.cli import main
from audit.run import manifest, publish, resume
from audit.run.changes_stage import write_changes
from pipelines.declarations.method_version import METHOD_VERSION
from pipelines.declarations.parquet import write_table
from pipelines.places import DATA

REPOSITORY = Path(__file__).resolve().parents[2]


def ringfence(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "audit.commands.cli", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def second(embedded_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run after the one on the embedded figures: one figure of a return is another, and the review list is longer."""
    folder = tmp_path_factory.mktemp("two")
    publish.point_latest(shutil.copytree(embedded_run, folder / "runs" / embedded_run.name))
    returns = shutil.copytree(DATA / "returns", folder / "returns")
    path = returns / "ro3_2012-13.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        head, *rows = list(csv.reader(stream))
    place = head.index("older_people.other_income_gbp_thousand")
    rows[0][place] = str(float(rows[0][place] or 0) + 1)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([head, *rows])
    own = folder / "own.toml"
    own.write_text("[lists]\nreview = 20\n", encoding="utf-8")
    asked = ["--returns", str(returns), "--settings", str(own), "--accept-revisions", "a figure changed by this test"]
    done = ringfence("run", *asked, "--out", str(folder / "runs"))
    assert done.returncode == 0, done.stderr
    assert re.search(rf"publish .*results changed, since {embedded_run.name}", done.stdout)
    assert "What changed since the run before: " in done.stdout
    return (folder / "runs" / "latest").resolve()


def test_the_page_says_which_inputs_and_settings_differ_and_leads_to_the_areas_that_moved(second: Path) -> None:
    page = (second / manifest.CHANGES).read_text(encoding="utf-8")
    assert "An input differs: ro3_2012-13.csv" in page and "lists.review 15 → 20" in page
    assert "window [" not in page
    links = re.findall(r'href="(site/[^"]+)"', page)
    assert len(links) > 5 and all((second / link).is_file() for link in links)
    told = json.loads((second / "manifest.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"[0-9a-f]{40}|not held", told["commit"]) and f"commit {told['commit']}" in page
    assert "<script" not in page and '<html lang="en-GB">' in page
    assert page.count("<caption") == page.count("<table") > 0
    assert not re.search(r"<th(?! scope=)[ >]", page)


def test_the_run_is_whole_with_the_page_and_without_it(second: Path, tmp_path: Path) -> None:
    content = manifest.read_manifest(second)
    assert manifest.CHANGES not in content["outputs"] and "commit" not in json.loads(
        (second / "site" / "manifest.json").read_text(encoding="utf-8")
    )
    copy = shutil.copytree(second, tmp_path / second.name)
    for change in (lambda page: page.write_text("other"), lambda page: page.unlink()):
        change(copy / manifest.CHANGES)
        assert not manifest.differences(copy, content, every_byte=True)
        assert resume.missing_parts(copy) == ()
    os.mkfifo(copy / manifest.CHANGES)
    assert str(manifest.differences(copy, content, every_byte=True)) == "changes.html is a pipe, no file"


def test_drawing_again_keeps_the_page_and_a_run_that_is_made_again_takes_it_over(
    second: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (second / manifest.CHANGES).read_bytes()
    assert main(["report", str(second)]) == 0
    assert (second / manifest.CHANGES).read_bytes() == page
    work = tmp_path / ".work.part"
    work.mkdir()
    assert write_changes(work, second) == ({"changes": "as told before"}, None)
    assert (work / manifest.CHANGES).read_bytes() == page


def test_diff_says_the_same_as_the_page(second: Path, embedded_run: Path, tmp_path: Path) -> None:
    page = tmp_path / "changes.html"
    done = ringfence("diff", str(embedded_run), str(second), "--html", str(page))
    assert "cause: a setting differs: lists.review 15 -> 20" in done.stdout
    assert re.search(r"on no list, .* -> review list, .*; none of its figures changed", done.stdout)
    plain = re.sub(r"</?a\b[^>]*>", "", (second / manifest.CHANGES).read_text(encoding="utf-8"))
    assert plain.replace("<p>The report of the run after the change</p>\n", "") == page.read_text(encoding="utf-8")


def test_the_first_run_has_no_page_and_its_log_says_so(embedded_run: Path) -> None:
    assert not (embedded_run / manifest.CHANGES).exists()
    last = json.loads((embedded_run / "log.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert last["changes"] == "none to tell, no run before it here"


def made(folder: Path, *, code: str, version: str = METHOD_VERSION) -> Path:
    """A published run with one area on no list."""
    flag = {"area_code": ["E06000001"], "window": ["W1"], "list": ["on no list"]}
    write_table("flag", flag, folder / "made" / "tables")
    write_table("area", {"area_code": ["E06000001"], "area_name": ["Anytown"]}, folder / "made" / "tables")
    return as_published(folder / "made", method_version=version, code=code * 64)


def cut(run: Path) -> None:
    """Of the same size, and no table any more."""
    path = run / "tables" / "flag.parquet"
    path.write_bytes(bytes(path.stat().st_size))


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a table gone": (lambda run: (run / "tables" / "flag.parquet").unlink(), "tables/flag.parquet is missing"),
    "a table of zeros": (cut, "a table of the run before cannot be read (ArrowInvalid)"),
    "the manifest changed": (lambda run: (run / "manifest.json").write_text("{}"), "holds no hash of itself"),
    "the manifest cut off": (lambda run: (run / "manifest.json").write_text('{"a'), "the record cannot be read"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_run_before_is_named_and_does_not_stop_the_next(kind: str, tmp_path: Path) -> None:
    damage, said = DAMAGE[kind]
    before = made(tmp_path, code="a")
    publish.point_latest(before)
    damage(before)
    work = made(tmp_path, code="b")
    told, _ = write_changes(work, tmp_path / "not-yet")
    assert str(told["changes"]).startswith("not told, ") and said in told["changes"]
    page = (work / manifest.CHANGES).read_text(encoding="utf-8")
    assert "What changed cannot be said: " in page and said in page


def test_a_run_before_of_another_version_of_the_method_is_said_not_to_be_comparable(tmp_path: Path) -> None:
    publish.point_latest(made(tmp_path, code="a", version="1"))
    work = made(tmp_path, code="b")
    write_changes(work, tmp_path / "not-yet")
    page = (work / manifest.CHANGES).read_text(encoding="utf-8")
    assert "cannot be said: the run was made by version 1 of the method" in page


def test_what_a_killed_run_left_of_a_page_goes_where_there_is_no_run_before(tmp_path: Path) -> None:
    work = made(tmp_path, code="b")
    (work / manifest.CHANGES).write_text("left")
    assert write_changes(work, tmp_path / "not-yet") == ({"changes": "none to tell, no run before it here"}, None)
    assert not (work / manifest.CHANGES).exists()
