"""Which commit the program is of is read from the files of its checkout, however git has laid them out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from audit.account.source_commit import NOT_HELD, source_commit

A, B = "a" * 40, "b" * 40


def checkout(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / ".git" / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def test_the_branch_the_packed_branch_and_a_head_of_its_own_are_all_read(tmp_path: Path) -> None:
    plain = checkout(tmp_path / "1", HEAD="ref: refs/heads/main\n", refs__heads__main=f"{A}\n")
    packed = f"# pack-refs with: peeled\n{B} refs/heads/maintenance\n{A} refs/heads/main\n^{B}\n"
    made = checkout(tmp_path / "2", HEAD="ref: refs/heads/main\n", **{"packed-refs": packed})
    detached = checkout(tmp_path / "3", HEAD=f"{A}\n")
    assert source_commit(plain) == source_commit(made) == source_commit(detached) == A


@pytest.mark.parametrize("files", [{}, {"HEAD": "ref: refs/heads/main\n"}, {"HEAD": "nonsense\n"}, {"HEAD": ""}])
def test_a_folder_that_holds_none_says_so(files: dict[str, str], tmp_path: Path) -> None:
    assert source_commit(checkout(tmp_path, **files)) == NOT_HELD


def test_files_that_cannot_be_read_hold_none(tmp_path: Path) -> None:
    (tmp_path / ".git").write_bytes(b"gitdir: \xff\xfe")
    assert source_commit(tmp_path) == NOT_HELD


def test_it_is_what_git_says_in_a_clone_and_in_a_worktree(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        own = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments]
        return subprocess.run(own, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.strip()

    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "one")
    git("worktree", "add", "-q", "-b", "other", "beside")
    assert source_commit(tmp_path) == source_commit(tmp_path / "beside") == git("rev-parse", "HEAD")
