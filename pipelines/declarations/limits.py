"""How large an input may be: every limit, strictly loaded.

In: `limits.toml` beside this module, and what a user's settings change of it. Out: a frozen `Limits`.
Refuses unknown sections and keys, missing keys and anything but a whole number above nought.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from pipelines.declarations.declared_files import perhaps, read_toml
from pipelines.errors import DefinitionError, InputError, Place

DEFAULTS = Path(__file__).with_name("limits.toml")


@dataclass(frozen=True)
class Limits:
    """All limits; a field is `<section>_<key>` of the TOML file. Bytes, seconds or counts as the name says."""

    folder_files: int
    folder_depth: int
    run_room_bytes: int
    run_stage_seconds: int
    file_bytes: int
    file_seconds: int
    file_memory_bytes: int
    archive_bytes: int
    archive_ratio: int
    archive_ratio_from_bytes: int
    archive_entries: int
    book_sheets: int
    sheet_rows: int
    sheet_columns: int
    sheet_cells: int
    cell_characters: int
    cell_text_bytes: int

    def changed_from(self, other: Limits) -> dict[str, int]:
        """The limits that differ from `other`, by dotted key."""
        changed = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name.replace("_", ".", 1): value for name, value in changed.items() if value != getattr(other, name)}


def _read(path: Path) -> dict[str, int]:
    return flatten(read_toml(path, path.name, what="limits"), Place(path.name))


def flatten(found: dict[str, Any], place: Place) -> dict[str, int]:
    """Limits by field name from sections of keys. Raises DefinitionError for what is unknown or no whole number."""
    known = [one.name for one in fields(Limits)]
    flat: dict[str, int] = {}
    for section, entries in found.items():
        if not isinstance(entries, dict):
            raise DefinitionError(
                f"'{section}' stands outside a section", place=place, do="Put it under its [section]."
            )
        for key, value in cast("dict[str, Any]", entries).items():
            name = f"{section}_{key}"
            if name not in known:
                named = [item.replace("_", ".", 1) for item in known]
                raise DefinitionError(
                    f"unknown limit '{section}.{key}'",
                    place=place,
                    expected=perhaps(f"{section}.{key}", named),
                    do="Correct the spelling or remove the key.",
                )
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise DefinitionError(
                    f"limit '{section}.{key}' is {value!r}", place=place, expected="a whole number above nought"
                )
            flat[name] = value
    return flat


@cache
def defaults() -> Limits:
    """The limits of `limits.toml`. Raises DefinitionError."""
    values = _read(DEFAULTS)
    missing = [one.name for one in fields(Limits) if one.name not in values]
    if missing:
        raise DefinitionError(f"limit '{missing[0].replace('_', '.', 1)}' is missing", place=Place(DEFAULTS.name))
    return Limits(**values)


_in_force: list[Limits] = []


def use(own: Limits | None) -> None:
    """From now on `limits()` gives these in this process; with None the defaults again."""
    _in_force[:] = [own] if own else []


def limits(path: Path | None = None) -> Limits:
    """The limits in force, changed by the file at `path` if one is given. Raises DefinitionError."""
    own = _in_force[0] if _in_force else defaults()
    return replace(own, **_read(path)) if path else own


def too_large(what: str, *, name: str, limit: str, allowed: int, sheet: str = "") -> InputError:
    """The one way an input beyond a limit is refused: what was found, what is allowed, and which limit says so."""
    return InputError(
        what,
        place=Place(name, sheet),
        expected=f"at most {allowed:,}",
        do=f"If the file is genuine, raise 'limits.{limit}' in your settings file.",
    )
