"""How this program starts others: never from the current folder, which may be the one that holds the data.

In: the name of a module of ours, or names of programs. Out: the command and the environment of a Python that looks for
modules only where this one does, and never in the current folder or the user's own site; the full path of a program
that lies in no folder named relatively. Refuses nothing.
"""

from __future__ import annotations

import os
import shutil
import site
import sys
from collections.abc import Iterable
from pathlib import Path

from pipelines.places import ROOT

# Arrow's allocator asks for a gigabyte of address space at once, which a limit on memory would count as used.
SMALL_ARENAS = {"MIMALLOC_ARENA_RESERVE": "65536"}
SAFE = {"PYTHONSAFEPATH": "1", "PYTHONNOUSERSITE": "1", "RUST_BACKTRACE": "0", **SMALL_ARENAS}


def _resolved(folder: str) -> Path | None:
    try:
        return Path(folder or ".").resolve()
    except (OSError, RuntimeError):
        return None


def safe_path(path: Iterable[str]) -> list[str]:
    """The entries of a module path but for the current folder and the user's site, unless the program lies there."""
    left_out = {_resolved("."), _resolved(site.getusersitepackages())} - {ROOT}
    return [entry for entry in path if Path(entry).is_absolute() and _resolved(entry) not in left_out]


def command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of ours in a process of its own; `environment` goes with it."""
    return [sys.executable, "-P", "-s", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """The environment of a process of ours: modules come from where this process has them, and from nowhere else."""
    path = safe_path(sys.path)
    path += [str(ROOT)] if str(ROOT) not in path else []
    return {**os.environ, **SAFE, "PYTHONPATH": os.pathsep.join(path)}


def start_apart() -> None:
    """From now on this process, and every Python that it or a library starts, leaves the current folder alone."""
    os.environ.update(SAFE)
    sys.path[:] = safe_path(sys.path)


def program(*names: str) -> str | None:
    """The full path of the first of these programs that is there, in no folder that hangs on the current one."""
    here = _resolved(".")
    folders = [part for part in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(part).is_absolute()]
    safe = os.pathsep.join(folder for folder in folders if _resolved(folder) != here)
    found = next(filter(None, (shutil.which(name, path=safe) for name in names)), None)
    return str(Path(found).absolute()) if found else None
