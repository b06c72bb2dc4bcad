"""What a user declares in the working folder, as inputs of a run: suites, sources, tables, features and lists.

In: the working folder in force. Out: name and SHA-256 of each file for the manifest, so that a changed suite is another
run; and words on what was added and what takes the place of something shipped. Refuses a file that changed meanwhile.
"""

from __future__ import annotations

import sys

from pipelines.declarations.declared_folders import replaced
from pipelines.errors import InputError, Place
from pipelines.recorded import file_hash
from pipelines.working_folder import SERVES, in_force, own_files, serving

MARK = "own/"  # before the names of these inputs in the manifest
Inputs = list[dict[str, str]]


def describe_own() -> Inputs:
    """Name and SHA-256 of every declaration and list of the working folder; nothing without one."""
    return [{"file_name": MARK + name, "sha256": file_hash(path)} for name, path in own_files().items()]


def of_own(inputs: Inputs) -> Inputs:
    """The inputs of a run that are declarations and lists of a working folder."""
    return [item for item in inputs if item["file_name"].startswith(MARK)]


def refuse_changed(inputs: Inputs) -> None:
    """Raise InputError where a declaration is not the one that was there when `inputs` were described."""
    was, now = ({(item["file_name"], item["sha256"]) for item in items} for items in (of_own(inputs), describe_own()))
    for name in sorted({name for name, _ in was ^ now}):
        raise InputError("the file changed while it was read", place=Place(name.removeprefix(MARK)), do="Run again.")


def how_own(inputs: Inputs) -> dict[str, str]:
    """By file of the user's own: "added", or which shipped one it takes the place of."""
    instead = dict(replaced())
    names = [item["file_name"].removeprefix(MARK) for item in of_own(inputs)]
    return {name: f"instead of {instead[name]}" if name in instead else "added" for name in names}


def told_own(inputs: Inputs) -> dict[str, dict[str, str]]:
    """The same as an entry of the manifest; none where the user declares nothing."""
    how = how_own(inputs)
    return {"own_declarations": how} if how else {}


def say_home(inputs: Inputs, *, quiet: bool) -> None:
    """Print where the working folder is, which of it serves, what of the user's was added and what it replaces."""
    home = in_force()
    if home is None or quiet:
        return
    served = sorted(SERVES[name] for name in SERVES if name != "OUT" and serving(name) is not None)
    print(f"Working folder: {home} ({', '.join(served) or 'embedded figures'})")
    how = how_own(inputs)
    added = [name for name in how if how[name] == "added" and not name.endswith("/columns.csv")]
    if added:
        print(f"Your own, added to what is shipped: {', '.join(added)}")
    for name in (name for name in how if how[name] != "added"):
        print(f"Your own, {how[name]}: {name}")
    sys.stdout.flush()
