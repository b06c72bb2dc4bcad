"""Tables of one load: swapped in whole, with a record; mixed, altered and unrecorded ones are refused by name."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from made_kills import killed_at_every_step
from made_published import as_published

from audit.commands.cli import main
from pipelines.declarations.parquet import write_table
from pipelines.errors import CriticalCheckError, InputError, LockedError, VerificationError
from pipelines.load import generation
from pipelines.processes.run_lock import hold_folder


def area(folder: Path, name: str) -> None:
    write_table("area", {"area_code": ["E06000001"], "area_name": [name]}, folder)


def load(folder: Path, name: str = "Anytown") -> Path:
    """A load of two tables that tell the same name."""
    with generation.made(folder) as making:
        area(making, name)
        write_table("source_file", {"file_sha256": ["f"], "file_name": [name]}, making)
    return folder


def names(folder: Path) -> set[str]:
    import pyarrow.parquet as pq

    found = [pq.read_table(folder / f"{table}.parquet").to_pylist()[0] for table in ("area", "source_file")]
    return {found[0]["area_name"], found[1]["file_name"]}


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir() if path != folder)


def test_a_load_takes_the_place_of_the_last_one_as_a_whole_and_leaves_nothing_beside_it(tmp_path: Path):
    load(tmp_path / "t", "Old")
    (tmp_path / "t" / "plans.parquet").write_bytes(b"of the last load alone")
    load(tmp_path / "t", "New")
    assert sorted(path.name for path in (tmp_path / "t").iterdir()) == [
        "area.parquet", "generation.json", "source_file.parquet",
    ]  # fmt: skip
    assert names(tmp_path / "t") == {"New"} and left(tmp_path / "t") == []
    generation.refuse_altered(tmp_path / "t")


@pytest.mark.parametrize("exchange", [True, False], ids=["one exchange", "three renames"])
def test_a_load_killed_at_any_step_leaves_the_tables_of_one_load(tmp_path: Path, *, exchange: bool):
    numbers, seen = iter(range(1000)), list[set[str]]()

    def fresh() -> Path:
        return load(tmp_path / str(next(numbers)) / "t", "Old")

    for folder in killed_at_every_step(fresh, lambda folder: load(folder, "New"), exchange=exchange):
        generation.refuse_altered(folder)
        seen.append(names(folder))
        assert names(load(folder, "Next")) == {"Next"} and left(folder) == []
    assert [{"Old"}, {"New"}] == [seen[0], seen[-1]]
    assert all(len(found) == 1 for found in seen)


def test_a_check_or_audit_killed_at_any_step_leaves_the_tables_before_or_after_it(tmp_path: Path):
    numbers, seen = iter(range(1000)), list[set[str]]()

    def fresh() -> Path:
        return load(tmp_path / str(next(numbers)) / "t", "Old")

    def job(folder: Path) -> None:
        with generation.renewed(folder) as making:
            area(making, "New")
            write_table("source_file", {"file_sha256": ["f"], "file_name": ["New"]}, making)

    for folder in killed_at_every_step(fresh, job):
        generation.refuse_altered(folder)
        seen.append(names(folder))
    assert {frozenset(found) for found in seen} == {frozenset({"Old"}), frozenset({"New"})}


def test_a_load_that_fails_leaves_the_last_one_and_one_that_was_refused_by_a_check_what_the_check_found(tmp_path: Path):
    folder = load(tmp_path / "t", "Old")
    for renew in (generation.made, generation.renewed):
        with pytest.raises(InputError), renew(folder) as making:
            area(making, "New")
            raise InputError("no")
        assert names(folder) == {"Old"} and left(folder) == []
    with pytest.raises(CriticalCheckError), generation.renewed(folder) as making:
        (making / "validation.json").write_text("{}")
        raise CriticalCheckError("no")
    assert (folder / "validation.json").is_file() and left(folder) == []
    generation.refuse_altered(folder)


def changed(folder: Path, other: Path) -> None:
    shutil.copy(other / "area.parquet", folder / "area.parquet")


def one_byte(folder: Path, _other: Path) -> None:
    path = folder / "area.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def pipe(folder: Path, _other: Path) -> None:
    (folder / "area.parquet").unlink()
    os.mkfifo(folder / "area.parquet")


def link(folder: Path, other: Path) -> None:
    (folder / "area.parquet").unlink()
    (folder / "area.parquet").symlink_to(other / "area.parquet")


def plug(folder: Path, _other: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(folder)
        try:
            one.bind("plans.parquet")
        finally:
            os.chdir(here)


def record_says(text: str) -> Callable[[Path, Path], object]:
    return lambda folder, _: (folder / "generation.json").write_text(text)


def record_edited(folder: Path, _other: Path) -> None:
    record = folder / "generation.json"
    record.write_text(record.read_text().replace("area.parquet", "plans.parquet"))


def record_a_pipe(folder: Path, _other: Path) -> None:
    (folder / "generation.json").unlink()
    os.mkfifo(folder / "generation.json")


def one_more(folder: Path, other: Path) -> None:
    shutil.copy(other / "area.parquet", folder / "plans.parquet")


ALTERED: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "of another load": (changed, "area.parquet has "),
    "one byte changed": (one_byte, "area.parquet was changed"),
    "gone": (lambda folder, _: (folder / "area.parquet").unlink(), "area.parquet is missing"),
    "added": (one_more, "plans.parquet was added"),
    "a pipe": (pipe, "area.parquet is a pipe"),
    "a link": (link, "area.parquet is a link"),
    "a socket": (plug, "plans.parquet is a socket"),
    "the record edited": (record_edited, "generation.json: the record was changed"),
    "the record empty": (record_says(""), "the record is empty"),
    "the record cut off": (record_says('{"files"'), "it is cut off"),
    "the record without its hash": (record_says("{}"), "the record holds no hash of itself"),
    "the record gone": (lambda folder, _: (folder / "generation.json").unlink(), "no record of a load is in it"),
    "the record a pipe": (record_a_pipe, "the record is a pipe"),
}


@pytest.mark.parametrize("kind", ALTERED)
def test_mixed_and_altered_tables_are_refused_by_name_by_every_command_that_reads_them(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    change, said = ALTERED[kind]
    folder = load(tmp_path / "t")
    change(folder, load(tmp_path / "other", "A town with a longer name"))
    commands = (["check", "--tables"], ["audit", "--tables"], ["check", "--table", "area", "--tables"],
                ["evaluate", "--out", str(tmp_path / "e"), "--tables"])  # fmt: skip
    for command in commands:
        assert main([*command, str(folder)]) == 14, command
        told = capsys.readouterr().err
        assert said in told and len(told.splitlines()) == 1


def test_the_tables_of_a_run_are_read_and_never_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    area(tmp_path / "run" / "tables", "Anytown")
    run = as_published(tmp_path / "run")
    before = (run / "tables" / "area.parquet").read_bytes()
    assert main(["check", "--table", "area", "--only", "STR-AREA-KEY", "--tables", str(run / "tables")]) == 0
    capsys.readouterr()
    for command in (["check"], ["audit"]):
        assert main([*command, "--tables", str(run / "tables")]) == 11
        assert "these are the tables of a run, which stay as they are" in capsys.readouterr().err
    assert [path.name for path in (run / "tables").iterdir()] == ["area.parquet"]
    assert (run / "tables" / "area.parquet").read_bytes() == before
    area(run / "tables", "Another")
    assert main(["check", "--table", "area", "--tables", str(run / "tables")]) == 14
    assert "area.parquet" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["notes.txt", "rs_2012-13.csv", "no_table_of_ours.parquet", "folder/"])
def test_a_folder_that_holds_what_no_load_wrote_is_refused_and_left_alone(name: str, tmp_path: Path):
    folder = load(tmp_path / "t", "Old")
    (folder / name).mkdir() if name.endswith("/") else (folder / name).write_text("mine")
    with pytest.raises(InputError, match=f"'{name.rstrip('/')}' in it was written by no load"):
        load(folder, "New")
    assert (folder / name).exists() and names(folder) == {"Old"}


def test_tables_on_which_another_command_is_at_work_are_left_alone(tmp_path: Path):
    folder = load(tmp_path / "t", "Old")
    with hold_folder(folder), pytest.raises(LockedError, match="another command is at work on"):
        load(folder, "New")
    assert names(folder) == {"Old"}


def test_a_folder_named_by_a_link_is_the_one_it_leads_to(tmp_path: Path):
    load(tmp_path / "t", "Old")
    (tmp_path / "current").symlink_to("t")
    load(tmp_path / "current", "New")
    assert (tmp_path / "current").is_symlink() and names(tmp_path / "t") == {"New"}


def test_what_a_killed_load_left_is_no_part_of_the_next(tmp_path: Path):
    (tmp_path / ".t.part").mkdir()
    (tmp_path / ".t.part" / "rs.parquet").write_bytes(b"half")
    load(tmp_path / "t")
    assert left(tmp_path / "t") == [] and not (tmp_path / "t" / "rs.parquet").exists()


def test_refused_tables_raise_before_anything_is_copied(tmp_path: Path):
    folder = load(tmp_path / "t")
    one_byte(folder, folder)
    with pytest.raises(VerificationError), generation.renewed(folder):
        pytest.fail("the copy was made")
    assert left(folder) == []
