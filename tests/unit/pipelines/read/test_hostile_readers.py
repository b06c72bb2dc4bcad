"""A file that kills or stops its reader is named in one error, and the other files are still read."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import hostile_files
import pytest

from pipelines.declarations.limits import limits
from pipelines.errors import InputError
from pipelines.load import load

READER = "hostile_readers:read"
PATIENT = replace(limits(), file_seconds=60, file_memory_bytes=1 << 30)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Six files that a made reader reads without harm."""
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "made"))
    paths = [tmp_path / f"{number}.txt" for number in range(6)]
    for path in paths:
        path.write_text("good", encoding="utf-8")
    return paths


@pytest.mark.parametrize("harm", ["die", "abort"])
def test_a_file_whose_reader_dies_is_named_and_the_others_are_read(files: list[Path], harm: str) -> None:
    files[2].write_text(harm, encoding="utf-8")
    loaded = load.read_files(files, allowed=PATIENT, reader=READER)
    assert [loaded.why[str(path)] for path in files if path != files[2]] == ["good"] * 5
    (problem,) = loaded.problems
    assert isinstance(problem, InputError)
    assert str(problem).startswith("2.txt: its reader died while reading it, twice")


def test_a_file_whose_reader_hangs_is_named_when_its_time_is_up(files: list[Path]) -> None:
    files[0].write_text("hang", encoding="utf-8")
    begun = time.monotonic()
    loaded = load.read_files(files, allowed=replace(PATIENT, file_seconds=2, file_clock_times=1), reader=READER)
    assert time.monotonic() - begun < 30
    assert [problem.what for problem in loaded.problems] == ["it was not read within 2 seconds"]
    assert [problem.place.file for problem in loaded.problems if problem.place] == ["0.txt"]
    assert list(loaded.why.values()).count("good") == 5


def test_a_file_that_keeps_a_processor_is_named_by_the_time_it_took_however_busy_the_machine_is(
    files: list[Path],
) -> None:
    files[0].write_text("spin", encoding="utf-8")
    loaded = load.read_files(files, allowed=replace(PATIENT, file_seconds=2), reader=READER)
    assert [problem.what for problem in loaded.problems] == ["it was not read with 2 seconds of a processor"]
    files[0].write_text("wait", encoding="utf-8")
    loaded = load.read_files(files, allowed=replace(PATIENT, file_seconds=1), reader=READER)
    assert loaded.problems == [], "waiting for a processor is not using one"


def test_a_reader_that_died_once_gets_another_chance_alone(files: list[Path]) -> None:
    files[1].write_text("die once", encoding="utf-8")
    loaded = load.read_files(files, allowed=PATIENT, reader=READER)
    assert loaded.problems == []
    assert loaded.why[str(files[1])] == "die once"


def test_what_a_library_prints_does_not_come_between_the_results(files: list[Path]) -> None:
    files[3].write_text("print", encoding="utf-8")
    assert load.read_files(files, allowed=PATIENT, reader=READER).why[str(files[3])] == "print"


def test_a_bug_of_ours_is_raised_with_the_place_it_happened_and_leaves_no_process(files: list[Path]) -> None:
    files[4].write_text("bug", encoding="utf-8")
    with pytest.raises(AssertionError, match="our bug") as raised:
        load.read_files(files, allowed=PATIENT, reader=READER)
    assert "hostile_readers.py" in "".join(raised.value.__notes__)
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=False).stdout
    assert f"pipelines.read.read_apart {READER}" not in listed


def test_a_file_that_asks_for_more_memory_than_its_size_allows_is_named_and_the_others_are_read(
    files: list[Path],
) -> None:
    files[5].write_text("grow", encoding="utf-8")
    loaded = load.read_files(files, allowed=PATIENT, reader=READER)
    (problem,) = loaded.problems
    assert str(problem).startswith("5.txt: reading it takes more memory than the 1,074 MB allowed for its size. Remove")
    assert list(loaded.why.values()).count("good") == 5


def test_a_workbook_of_many_sheets_of_a_great_size_is_named_when_its_time_is_up(tmp_path: Path) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="900"><c r="MTP900"><v>1</v></c></row>'
    path = tmp_path / "many.xlsx"
    path.write_bytes(hostile_files.xlsx(far, sheets=250))
    begun = time.monotonic()
    loaded = load.read_files([path], allowed=replace(PATIENT, file_seconds=3, file_memory_bytes=400_000_000))
    assert time.monotonic() - begun < 30
    (problem,) = loaded.problems
    assert "3 seconds of a processor" in str(problem) or "more memory" in str(problem) or "died" in str(problem)


def test_what_a_file_may_take_grows_with_its_size_as_the_limits_say(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"")
    allowed = replace(limits(), file_seconds=30, file_seconds_per_mb=2, file_memory_bytes=1000, file_memory_times=4)
    assert (allowed.seconds_for(path), allowed.memory_for(path)) == (30, 1000)
    os.truncate(path, 10_000_000)
    assert (allowed.seconds_for(path), allowed.memory_for(path)) == (50, 40_001_000)
    os.truncate(path, 1 << 33)
    assert allowed.memory_for(path) == 1000 + 4 * allowed.file_bytes
    assert allowed.seconds_for(tmp_path) == allowed.seconds_for(path)
    assert allowed.seconds_for(tmp_path / "nothing") == 30


def test_after_so_many_files_that_stop_their_readers_the_others_are_named_and_not_tried(files: list[Path]) -> None:
    for path in files[:4]:
        path.write_text("die", encoding="utf-8")
    loaded = load.read_files(files, workers=1, allowed=replace(PATIENT, folder_stopped=2), reader=READER)
    told = sorted(problem.what for problem in loaded.problems)
    assert told[:2] == ["it was not read, as 2 files before it killed or stopped their readers"] * 2
    assert told[2:] == ["its reader died while reading it, twice"] * 2
    assert list(loaded.why.values()).count("good") == 2, "the larger ones, which come first"


def test_neither_the_last_words_of_a_library_nor_a_core_file_are_left_by_a_reader_that_dies(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import resource

    from pipelines.read.reader_bounds import within_bounds

    before = [resource.getrlimit(what) for what in (resource.RLIMIT_DATA, resource.RLIMIT_CORE)]
    with within_bounds(tmp_path, PATIENT):
        os.write(2, b"*** what a library says of itself ***")
        assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"
    assert [resource.getrlimit(what) for what in (resource.RLIMIT_DATA, resource.RLIMIT_CORE)] == before
    assert signal.alarm(0) == 0


def test_the_readers_used_for_real_read_files_side_by_side(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.csv" for number in range(3)]
    for path in paths:
        path.write_text("nothing we know\n", encoding="utf-8")
    loaded = load.read_files(paths, workers=2)
    assert [problem.what for problem in loaded.problems] == ["the content fits no declared source"] * 3
