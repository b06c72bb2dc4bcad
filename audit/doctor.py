"""What a person asks first when a run does not go: environment, versions, disk, lock, last run, unreadable inputs.

In: the folders of runs and returns. Out: lines of text, and whether a run could start.
"""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

from audit import manifest, publish
from pipelines import run_lock
from pipelines.errors import LockedError, UserError
from pipelines.find_files import find_files
from pipelines.limits import limits


def lines_about(out: Path, returns: Path) -> tuple[list[str], bool]:
    """(lines, healthy): what was found, and whether a run could start."""
    existing = next(parent for parent in (out, *out.parents) if parent.exists())
    free = shutil.disk_usage(existing).free
    healthy = free >= limits().run_room_bytes
    told = [
        f"ringfence {manifest.distribution_version()}, method {manifest.METHOD_VERSION}, "
        f"Python {platform.python_version()}",
        "libraries: " + ", ".join(f"{name} {version}" for name, version in manifest.library_versions().items()),
        f"folder of runs: {out} ({free / 1e9:,.1f} GB free)" + ("" if healthy else " - too little for a run"),
    ]
    left = run_lock.holder(out)
    try:
        with run_lock.hold(out):
            told.append(f"lock: free; left by {left}, which did not end properly" if left else "lock: free")
    except LockedError as error:
        told.append(f"lock: {error}")
        healthy = False
    found = publish.runs(out)
    told.append(
        f"runs: {len(found)}, latest {publish.latest(out).name}" if publish.is_run(out / "latest") else "runs: none"
    )
    try:
        files = find_files(returns)
        unreadable = [path.name for path in files if not _readable(path)]
        told.append(
            f"returns: {returns}, {len(files)} files, {len(unreadable)} cannot be read {' '.join(unreadable)}".rstrip()
        )
        healthy = healthy and not unreadable
    except UserError as error:
        told.append(f"returns: {error}")
        healthy = False
    return told, healthy


def _readable(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            stream.read(1)
    except OSError:
        return False
    return True
