"""What a person asks first when a run does not go: environment, versions, disk, lock, last run, unreadable inputs.

In: the folders of runs, returns and payments. Out: lines of text, each with whether it lets a run start.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
from pathlib import Path

from audit.run import manifest, publish
from pipelines.declarations.limits import limits
from pipelines.declarations.method_version import METHOD_VERSION
from pipelines.errors import UserError
from pipelines.places import INSTALLED, ROOT
from pipelines.processes import run_lock
from pipelines.read.find_files import find_files, survey
from pipelines.working_folder import BEGIN, IN_FORCE, below_program, in_force

Told = tuple[str, bool]
"""A line, and whether what it tells of lets a run start."""


def found_about(out: Path, returns: Path, payments: Path) -> list[Told]:
    """What was found, line by line; a run could start where all of it is fine."""
    version = f"ringfence {manifest.distribution_version()}, method {METHOD_VERSION}"
    libraries = ", ".join(f"{name} {number}" for name, number in manifest.library_versions().items())
    return [
        (f"{version}, Python {platform.python_version()} on {platform.system()} {platform.machine()}", True),
        (f"libraries: {libraries}", True),
        (f"environment: {_environment()}", True),
        (f"program: {ROOT}{', installed: it is only read' if INSTALLED else ''}", True),
        (f"working folder: {in_force() or 'none'}", True),
        *_about_runs(out),
        _files("returns", returns),
        _files("payments", payments),
    ]


def _about_runs(out: Path) -> list[Told]:
    """What there is to say of the folder of runs, if there is one."""
    if below_program(out):
        return [(f"folder of runs: none. {BEGIN}, or name the folder with --out DIR.", False)]
    return [_disk(out), _lock(out), (_runs(out), True)]


def _environment() -> str:
    """The variables of ours that are set by people."""
    named = (name for name in sorted(os.environ) if name.startswith("RINGFENCE_") and name != IN_FORCE)
    found = {name: os.environ[name] for name in named}
    return ", ".join(f"{name}={value}" for name, value in found.items()) or "no RINGFENCE_ variable is set"


def _disk(out: Path) -> Told:
    existing = next(parent for parent in (out, *out.parents) if parent.exists())
    free = shutil.disk_usage(existing).free
    enough = free >= limits().run_room_bytes
    return f"folder of runs: {out} ({free / 1e9:,.1f} GB free){'' if enough else ' - too little for a run'}", enough


def _lock(out: Path) -> Told:
    left = run_lock.holder(out)
    try:
        with run_lock.hold(out):
            return f"lock: free; left by {left}, which did not end properly" if left else "lock: free", True
    except UserError as error:
        return f"lock: {error}", False


def _runs(out: Path) -> str:
    """How many runs there are, and how the last one ended."""
    named = f"{len(publish.runs(out))}, latest {publish.latest(out).name}" if publish.is_run(out / "latest") else "none"
    try:
        last = json.loads((out / publish.STATUS).read_text(encoding="utf-8"))
        return f"runs: {named}; the last one ended with {last['exit_code']} ({last['state']}) at {last['at']}"
    except (OSError, ValueError, KeyError):
        return f"runs: {named}"


def _files(what: str, folder: Path) -> Told:
    """How many files there are, and which cannot be read: a payment file is then refused alone, and the run goes on."""
    try:
        files = survey(folder).files if what == "payments" else find_files(folder)
        unreadable = [path.name for path in files if not _readable(path)]
        told = f"{what}: {folder}, {len(files)} files, {len(unreadable)} cannot be read {' '.join(unreadable)}".rstrip()
        return told, not unreadable or what == "payments"
    except UserError as error:
        return f"{what}: {error}", False


def _readable(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            stream.read(1)
    except OSError:
        return False
    return True
