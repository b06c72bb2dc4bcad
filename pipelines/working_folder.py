"""The working folder: where a user's returns, payments, evidence, settings, declarations and runs lie.

In: the folder named by `--home` or RINGFENCE_HOME, else the current folder and those above it, looked through for the
file that marks one (`ringfence.toml`, written by `ringfence init`; never one laid among somebody's data). Out: that
folder, put in force here and in every process started from here, and what in it serves where nothing else is named. In
a clone without one nothing changes. Refused: a folder that is none, one of another layout, one that another user made
unless it is named, a folder or list in it that nothing reads, and every write below an installed copy of the program.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipelines.errors import DefinitionError, InputError, Place
from pipelines.places import INSTALLED, REFERENCE, ROOT

HOME = "RINGFENCE_HOME"
# Set by `use` for the processes of one job, never by people.
IN_FORCE = "RINGFENCE_HOME_OF_THIS_JOB"
MARKER, LAYOUT = "ringfence.toml", 1
DECLARED = ("suites", "sources", "tables", "features", "reference")
"""Folders whose files add to what is shipped."""
FILLED_BY_OTHERS = ("returns", "payments", "evidence")
MADE_BY_US = ("runs", "evaluation")
FOLDERS = (*FILLED_BY_OTHERS, *DECLARED, *MADE_BY_US)
SERVES = {
    "ANSWERS": "evidence", "OUT": "runs", "PAYMENTS": "payments", "RETURNS": "returns", "SETTINGS": "settings.toml",
    "TRANSFERS": "transfers.csv",
}  # fmt: skip
"""What serves where neither an option nor RINGFENCE_<NAME> names anything."""
LISTS = (
    "area_names", "criteria", "known_explanations", "payment_payee_aliases", "payment_vocabulary", "plans",
    "published_totals", "releases", "responses", "return_gaps",
)  # fmt: skip
"""Reference lists to which a file of the same name in `reference/` adds rows."""
PASSED_OVER = ("README.md", "SOURCES.csv")
OURS = ("audit", "expectations", "pipelines", "reports")
BEGIN = "Make one with `ringfence init FOLDER` and give the command there, or name one with --home FOLDER"


def find(named: str | None = None) -> Path | None:
    """The working folder: the one named, else the nearest from the current folder upwards; None where there is none.

    The root of a clone is none. Raises InputError for a named folder that is none, DefinitionError for one that this
    version cannot use.
    """
    named = named or os.environ.get(HOME)
    if named:
        home = Path(named).resolve()
        if home == ROOT and not INSTALLED:
            return None
        if not (home / MARKER).is_file():
            what = "it is no working folder" if home.is_dir() else "there is no such folder"
            raise InputError(what, place=Place(str(home)), expected=f"a folder with {MARKER}", do=BEGIN + ".")
    else:
        try:
            here = Path.cwd()
        except FileNotFoundError:  # it was removed
            return None
        home = _nearest(here)
        if home is not None and (home / MARKER).stat().st_uid != os.getuid():
            do = "Name it with --home FOLDER if you trust whoever made it: its settings and checks would be yours."
            raise InputError("the working folder belongs to another user", place=Place(str(home / MARKER)), do=do)
    if home is not None:
        _refuse_layout(home)
        _refuse_unread(home)
    return home


def _nearest(here: Path) -> Path | None:
    """The nearest marked folder from here upwards that does not lie where others lay the inputs of another."""
    marked = [folder for folder in (here, *here.parents) if (folder / MARKER).is_file()]
    trusted = (
        folder
        for folder in marked
        if not any(folder.is_relative_to(outer / name) for outer in marked for name in FILLED_BY_OTHERS)
    )
    return next(trusted, None)


def _refuse_layout(home: Path) -> None:
    import tomllib

    place = Place(str(home / MARKER))
    try:
        found = tomllib.loads((home / MARKER).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DefinitionError(f"it cannot be read: {error}", place=place, expected=f"layout = {LAYOUT}") from error
    layout = found.get("layout")
    if unknown := sorted(set(found) - {"layout"}):
        do = "Settings belong in settings.toml."
        raise DefinitionError(f"unknown key '{unknown[0]}'", place=place, expected=f"layout = {LAYOUT}", do=do)
    if layout != LAYOUT:
        older = not isinstance(layout, int) or layout < LAYOUT
        do = "Make a new one with `ringfence init FOLDER` and move your files; its README.md says where each belongs."
        raise DefinitionError(
            f"the working folder has {'an older' if older else 'a newer'} layout ({layout})",
            place=place,
            expected=f"layout {LAYOUT}",
            do=do if older else "Install the version of ringfence that made it.",
        )


def _refuse_unread(home: Path) -> None:
    """Refuse a folder named nearly like one that is read, and a list to which nothing can be added."""
    import difflib

    names = [entry.name for entry in os.scandir(home) if entry.is_dir()]
    for name in sorted(set(names) - set(FOLDERS)):
        if near := difflib.get_close_matches(name.lower(), FOLDERS, n=1, cutoff=0.8):
            what = "nothing reads a folder of this name"
            raise DefinitionError(what, place=Place(str(home / name)), expected=near[0], do="Rename it or move it.")
    lists = home / "reference"
    for path in sorted(lists.iterdir()) if lists.is_dir() else ():
        known = path.suffix == ".csv" and path.stem in LISTS and path.is_file()
        if not (known or path.name.startswith(".") or path.name in PASSED_OVER):
            expected = "one of " + ", ".join(f"{name}.csv" for name in LISTS)
            raise DefinitionError("nothing is added to a list of this name", place=Place(f"reference/{path.name}"),
                                  expected=expected, do="Rename it or move it elsewhere.")  # fmt: skip


def use(home: Path | None) -> None:
    """Put a working folder, or that there is none, in force here and in the processes started from here."""
    before, now = os.environ.get(IN_FORCE, ""), str(home or "")
    os.environ[IN_FORCE] = now
    if now != before:  # what was read of another folder is read again
        for name, module in list(sys.modules.items()):
            if name.partition(".")[0] in OURS:
                for value in list(vars(module).values()):
                    getattr(value, "cache_clear", lambda: None)()


def no_home() -> InputError:
    """What to say where there is no working folder and one is needed."""
    what = f"there is no {MARKER} here or in a folder above, so this is no working folder"
    do = f"{BEGIN}, or say with --out DIR where the runs are."
    return InputError(what, place=Place(str(Path.cwd())), expected="a working folder", do=do)


def in_force() -> Path | None:
    """The working folder of this process."""
    named = os.environ.get(IN_FORCE, os.environ.get(HOME, ""))
    return Path(named) if named and Path(named) != ROOT else None


def serving(name: str) -> Path | None:
    """What the working folder gives for RINGFENCE_<NAME>: a folder that holds something, a file that is there, or the
    folder of runs; None without a working folder, or where it gives nothing.
    """
    home = in_force()
    if home is None or name not in SERVES:
        return None
    path = home / SERVES[name]
    return path if name == "OUT" or path.is_file() or _holds_something(path) else None


def in_home(named: str) -> Path:
    """A path that a setting names: one that is not absolute starts at the working folder, if there is one."""
    return (in_force() or Path()) / named


def _holds_something(folder: Path) -> bool:
    return any(
        not name.startswith((".", "~$")) and name not in PASSED_OVER
        for _, _, names in os.walk(folder)
        for name in names
    )


def with_own(path: Path) -> tuple[Path, ...]:
    """A reference list; where it is a shipped one, with the user's list of the same name that adds to it."""
    home = in_force()
    own = home / "reference" / path.name if home and path.parent == REFERENCE and path.stem in LISTS else None
    return (path, own) if own and own.is_file() else (path,)


def own_files(*folders: str) -> dict[str, Path]:
    """The user's own declarations and lists by their path in the working folder; of `folders` alone if given."""
    home = in_force()
    found: dict[str, Path] = {}
    if home is None:
        return found
    for folder in folders or DECLARED:
        for path in (home / folder).rglob("*"):
            inside = path.relative_to(home)
            if path.is_file() and not any(part.startswith(".") for part in inside.parts):
                found[inside.as_posix()] = path
    return dict(sorted(found.items()))


def to_write(shipped: Path, own: str) -> Path:
    """Where what a user adds goes: to `own` in the working folder; without one beside what is `shipped`.

    Raises InputError where that is below an installed copy of the program.
    """
    home = in_force()
    path = home / own if home else shipped
    refuse_installed(path)
    return path


def below_program(path: Path) -> bool:
    """Whether a path lies in an installed copy of the program."""
    return INSTALLED and path.absolute().resolve().is_relative_to(ROOT)


def refuse_installed(path: Path, *, do: str = "") -> None:
    """Raise InputError for a path below an installed copy of the program, which is only ever read."""
    if below_program(path):
        raise InputError(
            "it lies in the installed program, where nothing is written",
            place=Place(str(path)),
            expected="a working folder" if in_force() is None else "a place outside the program",
            do=do or f"{BEGIN}.",
        )
