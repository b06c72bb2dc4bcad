"""What a folder may hold besides files: each thing that may not be read is named once, and links are never followed."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.declarations.limits import limits
from pipelines.errors import InputError
from pipelines.load.load import changed_inputs
from pipelines.payments.flow.publications import read_list
from pipelines.read.find_files import find_files, survey
from pipelines.read.read_tabular import open_book
from pipelines.shape.form_data import FormData


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one plain file, beside a secret that no link may lead to."""
    (tmp_path / "secret.csv").write_text("secret", encoding="utf-8")
    made = tmp_path / "returns"
    made.mkdir()
    (made / "good.csv").write_text("a,b\n", encoding="utf-8")
    return made


def reasons(folder: Path) -> list[str]:
    return [str(problem) for problem in survey(folder).problems]


def test_links_are_named_by_where_they_lead_and_never_followed(folder: Path) -> None:
    (folder / "out.csv").symlink_to(folder.parent / "secret.csv")
    (folder / "up").symlink_to(folder.parent)
    (folder / "nowhere.csv").symlink_to(folder / "gone.csv")
    (folder / "twice.csv").symlink_to(folder / "good.csv")
    (folder / "circle").symlink_to(folder / "circle")
    found = survey(folder)
    assert [path.name for path in found.files] == ["good.csv"]
    assert {problem.place.file: problem.what for problem in found.problems if problem.place} == {
        "out.csv": "it is a link that leads out of the folder",
        "up": "it is a link that leads out of the folder",
        "nowhere.csv": "it is a link that leads nowhere",
        "circle": "it is a link that leads nowhere",
        "twice.csv": "it is a link that leads to another file of the folder",
    }


def test_pipes_and_sockets_are_named_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(folder)
        try:
            one.bind("socket.csv")
        finally:
            os.chdir(here)
    assert [problem.what for problem in survey(folder).problems] == ["it is a pipe", "it is a socket"]


@pytest.mark.parametrize("name", ["a\nb.csv", "a\x1b[31m.csv", "a\u202egnp.csv", "a\u2028b.csv"])
def test_a_name_with_control_characters_is_refused_and_printed_as_escapes(folder: Path, name: str) -> None:
    (folder / name).write_text("x", encoding="utf-8")
    (message,) = reasons(folder)
    assert "its name holds control characters" in message
    assert message.isprintable()


def test_a_name_that_is_not_utf_8_is_refused(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/a\xff.csv")).write_text("x", encoding="utf-8")
    (message,) = reasons(folder)
    assert "its name holds control characters" in message
    message.encode()


def test_a_folder_named_like_a_file_is_refused_and_hidden_names_are_passed_over(folder: Path) -> None:
    (folder / "deeper").mkdir()
    (folder / "deeper" / "in.csv").write_text("x", encoding="utf-8")
    (folder / ".hidden").symlink_to("/")
    assert [path.name for path in find_files(folder)] == ["in.csv", "good.csv"]
    (folder / "x.XLSX").mkdir()
    with pytest.raises(InputError, match=r"x\.XLSX: it is a folder, but its name is that of a file"):
        find_files(folder)


def test_the_lock_file_of_an_open_workbook_is_passed_over(folder: Path) -> None:
    before = find_files(folder)
    (folder / "~$lock.xlsx").touch()
    assert find_files(folder) == before


def test_the_metadata_of_an_extract_may_be_no_link_either(folder: Path) -> None:
    (folder / "good.csv-metadata.json").symlink_to(folder.parent / "secret.csv")
    assert "leads out of the folder" in reasons(folder)[0]


def test_find_files_names_the_first_problem_and_lists_the_others(folder: Path) -> None:
    for number in range(8):
        (folder / f"{number}.csv").symlink_to("/nowhere")
    with pytest.raises(InputError, match=r"0\.csv: it is a link.*; also: 1\.csv.*; and 2 more") as refused:
        find_files(folder)
    assert refused.value.exit_code == 11


def test_too_many_files_and_folders_too_deep_are_refused(folder: Path) -> None:
    deep = folder.joinpath(*"abcdef")
    deep.mkdir(parents=True)
    (deep / "x.csv").write_text("x", encoding="utf-8")
    (problem,) = survey(folder, allowed=replace(limits(), folder_depth=5)).problems
    assert "too deeply" in str(problem)
    with pytest.raises(InputError, match="holds more than"):
        survey(folder, allowed=replace(limits(), folder_files=1))


def test_a_folder_of_more_than_may_be_looked_at_is_refused_before_all_of_it_is_listed(folder: Path) -> None:
    for number in range(30):
        (folder / f".{number}").mkdir()
    with pytest.raises(InputError, match="holds more than 20 things"):
        survey(folder, allowed=replace(limits(), folder_files=10))


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_the_list_beside_the_files_may_be_no_link_and_no_pipe(folder: Path, kind: str) -> None:
    listed = folder / "SOURCES.csv"
    listed.write_text("path\ngood.csv\n")
    assert reasons(folder) == []
    listed.unlink()
    listed.symlink_to(folder.parent / "secret.csv") if kind == "link" else os.mkfifo(listed)
    assert f"it is a {kind}" in reasons(folder)[0]
    assert read_list(folder) == {}


@pytest.mark.parametrize("text", ["path,note\n" + "x" * 200_000, "path\n" + "a\n" * 9_000_000])
def test_a_list_beside_the_files_that_is_no_list_is_one_error(folder: Path, text: str) -> None:
    (folder / "SOURCES.csv").write_text(text)
    with pytest.raises(InputError, match=r"SOURCES\.csv: the list of files"):
        read_list(folder)


def test_a_file_given_as_the_folder_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="it is not a folder"):
        find_files(folder / "good.csv")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_one_error_naming_it(folder: Path) -> None:
    (folder / "good.csv").chmod(0)
    with pytest.raises(InputError, match=r"good\.csv: the file cannot be read"):
        open_book(folder / "good.csv")


def test_a_file_replaced_by_a_link_or_a_pipe_after_it_was_found_is_not_read(folder: Path) -> None:
    (path,) = find_files(folder)
    path.unlink()
    path.symlink_to(folder.parent / "secret.csv")
    with pytest.raises(InputError, match="links are not followed"):
        open_book(path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(InputError, match="it is not a plain file"):
        open_book(path)
    path.unlink()
    with pytest.raises(InputError, match="No such file"):
        open_book(path)


def test_a_file_that_changed_while_the_run_read_it_is_named() -> None:
    def form(name: str, sha256: str) -> FormData:
        return FormData("rs", "rs", "2014-15", "", name, sha256, sha256, {}, [])

    described = [{"file_name": "a.csv", "sha256": "aa"}, {"file_name": "b.csv", "sha256": "bb"}]
    assert changed_inputs([form("a.csv", "aa"), form("b.csv", "bb")], described) == []
    (problem,) = changed_inputs([form("a.csv", "aa"), form("b.csv", "cc")], described)
    assert str(problem).startswith("b.csv: the file changed while the run was reading its inputs")


def test_a_folder_that_may_not_be_looked_into_is_one_error_naming_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    look = os.scandir

    def refuse(path: str | Path) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InputError, match="closed.*Permission denied"):
        find_files(closed)
