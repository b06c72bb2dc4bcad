"""Old or new, never neither: every step of putting something in place is the last one a killed job does."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from made_kills import killed_at_every_step

from pipelines import lasting


def held(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[[], Path]:
    """A new folder with a site and a file, and another site made beside it."""
    numbers = iter(range(1000))

    def make() -> Path:
        folder = tmp_path / str(next(numbers))
        for place, content in ((folder / "site", "old"), (folder / ".site.part", "new")):
            (place / "areas").mkdir(parents=True)
            (place / "index.html").write_text(content)
            (place / "areas" / "one.html").write_text(content)
        (folder / "status.json").write_text("old")
        return folder

    return make


OLD, NEW = ({"index.html": content, "areas/one.html": content} for content in ("old", "new"))


@pytest.mark.parametrize("exchange", [True, False], ids=["one exchange", "three renames"])
def test_a_folder_is_the_old_or_the_new_one_at_every_step(fresh: Callable[[], Path], *, exchange: bool):
    seen: list[dict[str, str]] = []

    def job(folder: Path) -> None:
        lasting.put_in_place(folder / ".site.part", folder / "site")

    for folder in killed_at_every_step(fresh, job, exchange=exchange):
        if exchange:
            seen.append(held(folder / "site"))  # for whoever looks at any moment
        lasting.settle(folder / "site")
        seen.append(held(folder / "site"))
    assert all(found in (OLD, NEW) for found in seen)
    assert seen[0] == OLD and seen[-1] == NEW
    assert sorted(path.name for path in folder.iterdir()) == ["site", "status.json"]


def test_a_folder_that_was_not_there_is_not_there_or_whole_at_every_step(fresh: Callable[[], Path]):
    def job(folder: Path) -> None:
        lasting.put_in_place(folder / ".site.part", folder / "new")

    found = [(folder / "new").exists() and held(folder / "new") for folder in killed_at_every_step(fresh, job)]
    assert set(map(bool, found)) == {True, False}
    assert all(one in (False, NEW) for one in found)


def test_a_text_is_the_old_or_the_new_one_at_every_step(fresh: Callable[[], Path]):
    def job(folder: Path) -> None:
        lasting.write_text(folder / "status.json", "new")

    found = [(folder / "status.json").read_text() for folder in killed_at_every_step(fresh, job)]
    assert set(found) == {"old", "new"}
    assert found == sorted(found, reverse=True)


def test_everything_is_flushed_before_the_name_changes_and_the_name_after_it(
    fresh: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
):
    folder, told = fresh(), list[str]()
    flush, exchanged = lasting._flush, lasting._exchanged
    monkeypatch.setattr(lasting, "_flush", lambda path: [told.append(Path(path).name), flush(path)])
    monkeypatch.setattr(lasting, "_exchanged", lambda *both: [told.append("exchange"), exchanged(*both)][1])
    lasting.put_in_place(folder / ".site.part", folder / "site")
    at = told.index("exchange")
    assert sorted(told[:at]) == [".site.part", "areas", "index.html", "one.html"]
    assert told[at + 1 :] == [folder.name]


def test_a_disk_that_is_full_leaves_the_old_text_and_nothing_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "status.json").write_text("old")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        lasting.write_text(tmp_path / "status.json", "new")
    assert held(tmp_path) == {"status.json": "old"}


def test_a_folder_that_knows_no_flush_is_passed_over_and_a_broken_disk_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def failing(number: int) -> Callable[[int], None]:
        def fail(_descriptor: int) -> None:
            raise OSError(number, os.strerror(number))

        return fail

    monkeypatch.setattr(os, "fsync", failing(errno.EINVAL))
    lasting.flush_folder(tmp_path)
    monkeypatch.setattr(os, "fsync", failing(errno.EIO))
    with pytest.raises(OSError, match="Input/output error"):
        lasting.flush_folder(tmp_path)


def test_links_are_neither_followed_nor_flushed(tmp_path: Path):
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "link").symlink_to(tmp_path / "gone")
    lasting.flush_tree(tmp_path / "made")
    lasting.remove(tmp_path / "made" / "link")
    assert list((tmp_path / "made").iterdir()) == []
