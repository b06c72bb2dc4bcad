"""Which commit the program is of, read from the files of its checkout, without running git.

In: the folder of the program. Out: the commit's hash, of the checkout, or as the wheel or the installer recorded it; or
that none is held. Refuses nothing: a checkout that cannot be read holds none.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from pipelines.places import BUILT_FROM, ROOT

NOT_HELD = "not held"
HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def source_commit(root: Path = ROOT) -> str:
    """The commit that the checkout at `root` stands at; else the one the package was installed from; else `NOT_HELD`.

    What was changed since that commit it does not say: the hash of the code does.
    """
    try:
        found = _of_checkout(root / ".git") or _as_installed()
    except (OSError, UnicodeError, ValueError):
        found = ""
    return found if HASH.fullmatch(found) else NOT_HELD


def _of_checkout(git: Path) -> str:
    if git.is_file():  # a worktree: the file names the folder
        git = git.parent / git.read_text(encoding="utf-8").partition("gitdir:")[2].strip()
    if not git.is_dir():
        return ""
    head = (git / "HEAD").read_text(encoding="utf-8").strip()
    if not head.startswith("ref:"):
        return head
    name = head.removeprefix("ref:").strip()
    common = git / "commondir"
    shared = git / common.read_text(encoding="utf-8").strip() if common.is_file() else git
    for place in (git, shared):
        if (place / name).is_file():
            return (place / name).read_text(encoding="utf-8").strip()
    packed = shared / "packed-refs"
    lines = packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else []
    return next((line.partition(" ")[0] for line in lines if line.partition(" ")[2] == name), "")


def _as_installed() -> str:
    """From what was written when the wheel was built, or by an installer that took the package from a repository."""
    if BUILT_FROM.is_file():
        return BUILT_FROM.read_text(encoding="ascii").strip()
    from importlib import metadata  # a twentieth of a second that `--version` need not spend

    try:
        told = metadata.distribution("ringfence-audit").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return ""
    return str(json.loads(told or "{}").get("vcs_info", {}).get("commit_id", ""))
