"""The published evaluation: it reaches the run, its inputs and its method page, and the page prints nothing else."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import audit.run.published_evaluation as published
from audit.evaluation.fingerprint import method_fingerprint
from audit.run.load_stage import describe_inputs
from audit.run.manifest import run_id
from pipelines.declarations.catalogue import tables
from pipelines.load.load import EMBEDDED
from pipelines.recorded import file_hash
from reports.method.evaluation_section import BIN, evaluation_parts
from reports.words.evaluation_tables import shown
from reports.words.narrative import decimal
from reports.words.read_run import Run, read_table_rows
from reports.words.view_models import WindowPart

NUMBER = re.compile(r"[−-]?\d[\d,]*\.\d+")
SMALL = 70_000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that holds the evaluation published with this version."""
    folder = tmp_path_factory.mktemp("run")
    published.write_published(folder)
    return Run({"run_id": "x"}, {path.stem: read_table_rows(path) for path in folder.glob("*.parquet")})


@pytest.fixture(scope="module")
def parts(run: Run) -> tuple[WindowPart, ...]:
    return evaluation_parts(run)


def committed() -> Iterator[tuple[str, str, str]]:
    """(table, column, text) of every cell as committed."""
    for path in published.evaluation_files():
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                yield from ((path.stem, name, text) for name, text in row.items())


def as_printed() -> set[str]:
    """Every figure of the committed tables as a page prints it."""
    kinds = {(name, column.name): (column.type, column.unit) for name, found in tables().items()
             for column in found.columns}  # fmt: skip
    made: set[str] = set()
    for table, name, text in committed():
        kind, unit = kinds[table, name]
        if kind in ("int", "float") and text:
            made.add(shown(float(text), kind, unit))
    return made


def test_the_evaluation_is_published_with_every_table_and_stays_small() -> None:
    files = published.evaluation_files()
    assert {path.stem for path in files} == {name for name in tables() if name.startswith("evaluation_")}
    assert sum(path.stat().st_size for path in files) < SMALL


def test_every_figure_in_a_table_of_the_method_page_is_one_of_the_committed_tables(
    parts: tuple[WindowPart, ...],
) -> None:
    known, seen = as_printed(), 0
    for part in parts:
        for row in part.table.rows if part.table else ():
            for cell, column in zip(row, part.table.columns if part.table else (), strict=True):
                if column.numeric and cell.text != "[x]":
                    assert cell.text in known, (part.id, column.label, cell.text)
                    seen += 1
    assert seen > 500


def test_every_decimal_in_a_sentence_of_the_method_page_is_one_of_the_committed_tables(
    run: Run, parts: tuple[WindowPart, ...]
) -> None:
    known = {text.lstrip("−-+") for text in as_printed()}
    known |= {decimal(row["expected"], places=1).lstrip("−") for row in run.rows("evaluation_posterior")}
    for part in parts:
        for number in NUMBER.findall(part.sentence):
            assert number.lstrip("−-+") in known, (part.id, part.sentence)


def test_every_mark_of_the_calibration_chart_is_a_bin_of_the_committed_tables(
    run: Run, parts: tuple[WindowPart, ...]
) -> None:
    for window in ("W1", "W2"):
        part = next(part for part in parts if part.id == f"posterior-{window.lower()}")
        bins = [
            row
            for row in run.rows("evaluation_posterior")
            if row["window"] == window and row["part"].startswith(BIN) and row["prevalence"] and row["areas"]
        ]
        wanted = {(round(100 * row["expected"] / row["areas"], 2), round(100 * row["actual"] / row["areas"], 2))
                  for row in bins}  # fmt: skip
        assert part.figure is not None
        drawn = {(row["said"], row["so"]) for row in part.figure.chart.args[0]}
        assert drawn == wanted and drawn


def test_posteriors_come_first_and_then_what_was_aimed_at(parts: tuple[WindowPart, ...]) -> None:
    assert [part.id for part in parts][:3] == ["posterior-w1", "posterior-w2", "targets"]


def test_held_out_routes_are_said_to_be_kept_out_of_tuning_and_no_others(parts: tuple[WindowPart, ...]) -> None:
    by_id = {part.id: part for part in parts}
    for window, held in (("w1", {"Route booking", "Route tax freeze"}),
                         ("w2", {"Route public health", "Route tax freeze"})):  # fmt: skip
        table = by_id[f"lists-{window}"].table
        assert table is not None
        assert {row[0].text for row in table.rows if "kept out of tuning" in row[0].small} == held


def test_the_page_says_whether_the_evaluation_is_of_the_very_method_of_the_run(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published, "this_method", lambda: "another")
    published.write_published(tmp_path)
    other = Run({"run_id": "x"}, {"evaluation_run": read_table_rows(tmp_path / "evaluation_run.parquet")})
    assert "another version of the method" in next(p for p in evaluation_parts(other) if p.id == "targets").sentence
    measured = next(iter(run.rows("evaluation_run")))
    assert measured["same_method"] == (measured["method"] == method_fingerprint())


def test_a_run_without_an_evaluation_says_nothing_about_it() -> None:
    assert evaluation_parts(Run({"run_id": "x"})) == ()


def test_the_published_evaluation_is_among_the_inputs_and_moves_the_id_of_a_run() -> None:
    inputs = describe_inputs(EMBEDDED)
    for path in published.evaluation_files():
        assert {"file_name": path.name, "sha256": file_hash(path)} in inputs
    changed = [item | {"sha256": "0"} if item["file_name"] == "evaluation_target.csv" else item for item in inputs]
    assert run_id(changed, {}) != run_id(inputs, {})


def test_a_column_that_is_not_declared_is_not_published(tmp_path: Path) -> None:
    (tmp_path / "evaluation_target.csv").write_text("window,target,guess\nW1,Power,1\n", encoding="utf-8")
    with pytest.raises(Exception, match="'guess' is not declared"):
        published.write_published(tmp_path, tmp_path)


def test_the_page_of_the_method_never_says_that_an_area_was_injured_and_prints_no_raw_code(
    parts: tuple[WindowPart, ...],
) -> None:
    words: list[str] = []
    for part in parts:
        words += [part.heading, part.sentence]
        if part.figure:
            words += [part.figure.title, part.figure.subtitle, part.figure.description]
        if part.table:
            words += [part.table.caption, part.table.note, *(column.label for column in part.table.columns)]
            words += [cell.text for row in part.table.rows for cell in row]
    told = " ".join(words)
    assert "replacement was planted" in told
    for pattern in (r"\binjur", r"\bgbp\b", r"\bplacebo W\d", r"\bnhs\b", "better care fund", "middle area"):
        assert not re.search(pattern, told), pattern
