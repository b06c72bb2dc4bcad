"""What lies in a folder of declarations: every file is read, or it is an error.

In: a folder and which kind it holds. Out: the paths of its declarations, sorted; for a shipped folder with those of the
working folder, where a source, table or feature takes the place of a shipped one of its name, and a suite adds to it.
Refused with DefinitionError, naming
the file and the right place: a file that nothing reads, such as a suite saved as `.yml` or a copy left by an editor,
and a source, table, suite or feature laid in the folder of another kind. Hidden files are passed over.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pipelines.declarations.declared_files import named
from pipelines.errors import DefinitionError, Place
from pipelines.places import ROOT
from pipelines.working_folder import in_force

MAP = "columns.csv"


@dataclass(frozen=True)
class Kind:
    """A kind of declaration: where it is shipped, how its files end, and a key that only it has."""

    name: str
    home: str
    ending: str
    key: str

    @property
    def folder(self) -> str:
        """The folder of a working folder that holds the user's own."""
        return self.home.rpartition("/")[2]

    def beside(self, path: Path) -> str:
        """The folder this kind belongs in, shipped or the user's own as `path` is."""
        home = in_force()
        return self.folder if home and path.is_relative_to(home) else self.home


KINDS = {
    kind.name: kind
    for kind in (
        Kind("table", "pipelines/tables", ".toml", "columns"),
        Kind("source", "pipelines/sources", ".toml", "publisher"),
        Kind("feature", "audit/features", ".toml", "formula"),
        Kind("suite", "expectations/suites", ".yaml", ""),
    )
}


def declarations(folder: Path, kind: str) -> list[Path]:
    """The files of `folder` that declare something of this `kind` ("table", "source", "feature", "suite"), sorted.

    With those of the working folder where `folder` is the shipped one. Raises DefinitionError for whatever else lies
    there. A folder that is not there holds nothing.
    """
    shipped, theirs = _of_folder(folder, KINDS[kind]), _of_user(folder, kind)
    taken = {path.name for path in theirs} if kind != "suite" else set[str]()
    return sorted([*(path for path in shipped if path.name not in taken), *theirs], key=lambda path: path.name)


def _of_user(folder: Path, kind: str) -> list[Path]:
    home = in_force()
    ours = home is not None and folder == ROOT / KINDS[kind].home
    return _of_folder(home / KINDS[kind].folder, KINDS[kind]) if home and ours else []


def replaced() -> list[tuple[str, str]]:
    """(path in the working folder, path of what it takes the place of) of every declaration of the user's that does."""
    found: list[tuple[str, str]] = []
    for kind in (kind for kind in KINDS.values() if kind.name != "suite"):
        for path in _of_user(ROOT / kind.home, kind.name):
            if (ROOT / kind.home / path.name).is_file():
                found.append((f"{kind.folder}/{path.name}", f"{kind.home}/{path.name}"))
    return found


def printed(kind: str, name: str) -> str:
    """The path to print of a declaration: in the working folder where it has one of that name, else as shipped."""
    own, home = KINDS[kind], in_force()
    file = name + own.ending
    return f"{own.folder if home and (home / own.folder / file).is_file() else own.home}/{file}"


def _of_folder(folder: Path, own: Kind) -> list[Path]:
    found = list[Path]()
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith("."):
            continue
        if path.is_dir():
            _check_maps(path, own)
        elif path.suffix != own.ending or (not _has_key(path, own) and _kind_of(path) not in (own, None)):
            raise _stray(path, own)
        else:
            found.append(path)
    return found


def _has_key(path: Path, own: Kind) -> bool:
    """True where a line begins with the key that only this kind has: its reader says whether the rest is right."""
    return path.is_file() and bool(re.search(rf"^\[*{own.key}\b".encode(), path.read_bytes(), re.MULTILINE))


def _kind_of(path: Path) -> Kind | None:
    """What a file declares, by its ending and its keys; None where they do not tell."""
    if path.suffix in (".yaml", ".yml"):
        return KINDS["suite"]
    if path.suffix != ".toml":
        return None
    try:
        keys = set(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None  # its own reader says what is wrong with it
    fits = [kind for kind in KINDS.values() if kind.key in keys]
    return fits[0] if len(fits) == 1 else None


def _stray(path: Path, own: Kind) -> DefinitionError:
    """Why `path` may not lie in the folder of `own`, and where it belongs."""
    place, meant = Place(named(path)), _kind_of(path)
    if meant is None:
        return DefinitionError(
            f"nothing reads '{path.name}' in a folder of {own.name}s",
            place=place,
            expected=f"only files that end in {own.ending}",
            do="Rename it, move it elsewhere or remove it.",
        )
    right = f"{path.stem}{meant.ending}"
    if meant is not own:
        right = f"{meant.beside(path)}/{right}"
        what = f"a {meant.name} in a folder of {own.name}s"
        return DefinitionError(what, place=place, expected=f"'{right}'", do=f"Move it to '{right}'.")
    there = path.with_name(right).exists()
    return DefinitionError(
        f"a {own.name} saved as '{path.suffix}'",
        place=place,
        expected=f"'{right}'",
        do=f"'{right}' is there already: put the two together in it." if there else f"Rename it to '{right}'.",
    )


def _check_maps(folder: Path, own: Kind) -> None:
    """Only sources have folders of their own: the column map of each, and nothing else in it."""
    place = Place(named(folder))
    if own.name != "source":
        raise DefinitionError(
            f"a folder in a folder of {own.name}s is not read",
            place=place,
            expected=f"files that end in {own.ending}",
            do=f"Lay its files in {own.beside(folder)}/ itself, or move it elsewhere.",
        )
    if not folder.with_name(folder.name + own.ending).is_file():
        right = f"{folder.name}{own.ending}"
        raise DefinitionError(
            "a column map without a source", place=place, expected=f"'{right}' beside it", do="Add or rename it."
        )
    for path in sorted(folder.iterdir()):
        if path.name != MAP and not path.name.startswith("."):
            raise DefinitionError(
                f"nothing reads '{path.name}' in the folder of a source",
                place=Place(named(path)),
                expected=f"only {MAP}",
                do="Rename it or move it elsewhere.",
            )
