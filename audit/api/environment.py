"""Where a command and a program look when nothing is said: in the environment, then in the working folder.

In: the name of what is wanted. Out: a path, or none. Refuses (InputError) a working folder that cannot be used, and an
installed copy of the program without one.
"""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.places import DATA, INSTALLED
from pipelines.working_folder import find, in_force, no_home, refuse_installed, serving, use


def from_environment(name: str) -> Path | None:
    """A path given in the environment as RINGFENCE_<NAME>, else what the working folder gives for it, if anything; an
    argument goes before both.
    """
    value = os.environ.get(f"RINGFENCE_{name}")
    return Path(value) if value else serving(name)


def find_home() -> None:
    """Put the working folder in force: the one RINGFENCE_HOME names, else the nearest from the current folder upwards.

    Raises InputError or DefinitionError for one that cannot be used.
    """
    use(find())


def runs_folder() -> Path:
    """Where runs stand when nothing else is said: RINGFENCE_OUT, else in the working folder, else `data/runs` of a
    clone. Raises InputError for an installed copy of the program without a working folder.
    """
    given = from_environment("OUT")
    if given is None and INSTALLED and in_force() is None:
        raise no_home()
    folder = given or DATA / "runs"
    refuse_installed(folder)
    return folder
