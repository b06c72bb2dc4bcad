"""Packs in their folders: never written over, never half there."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import InputError
from reports.requests.packs import folder_of, refuse_existing, write_pack


def test_every_pack_that_is_there_already_is_named(tmp_path: Path) -> None:
    folders = [folder_of(tmp_path, code, comment=False) for code in ("E06000001", "E06000002", "E06000003")]
    refuse_existing(folders)
    folders[0].mkdir()
    folders[2].symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match="2 packs are there already.*E06000001, E06000003"):
        refuse_existing(folders)


def test_a_comment_lies_beside_the_papers_of_the_same_area() -> None:
    assert folder_of(Path("enquiry"), "E06000001", comment=True) == Path("enquiry/E06000001-comment")


def test_a_pack_that_cannot_be_finished_leaves_nothing_behind(tmp_path: Path) -> None:
    def full(_folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="No space left on device"):
        write_pack(tmp_path / "E06000001", {"letter.txt": "text"}, beside=full)
    assert not list(tmp_path.iterdir())


def test_what_an_earlier_attempt_left_is_cleared_and_the_pack_appears_whole(tmp_path: Path) -> None:
    left = tmp_path / ".E06000001.part"
    left.mkdir()
    (left / "old.txt").write_text("old", encoding="utf-8")
    write_pack(
        tmp_path / "E06000001", {"a.txt": "a", "b.bin": b"b"}, beside=lambda folder: (folder / "c").write_bytes(b"c")
    )
    assert sorted(path.name for path in (tmp_path / "E06000001").iterdir()) == ["a.txt", "b.bin", "c"]
    assert not left.exists()
