"""How large an input may be: every limit, strictly loaded.

In: `limits.toml` beside this module, and what a user's settings change of it. Out: a frozen `Limits`.
Refuses unknown sections and keys, missing keys and anything but a whole number above nought.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.declarations.declared_files import read_toml
from pipelines.declarations.strict_settings import flat_settings, refuse_missing
from pipelines.errors import InputError, Place

DEFAULTS = Path(__file__).with_name("limits.toml")


@dataclass(frozen=True)
class Limits:
    """All limits; a field is `<section>_<key>` of the TOML file. Bytes, seconds or counts as the name says."""

    folder_files: int
    folder_depth: int
    folder_stopped: int
    run_room_bytes: int
    run_stage_seconds: int
    file_bytes: int
    file_seconds: int
    file_clock_times: int
    file_seconds_per_mb: int
    file_memory_bytes: int
    file_memory_times: int
    archive_bytes: int
    archive_ratio: int
    archive_ratio_from_bytes: int
    archive_entries: int
    json_bytes: int
    book_sheets: int
    sheet_rows: int
    sheet_columns: int
    sheet_cells: int
    cell_characters: int
    cell_text_bytes: int

    def seconds_for(self, path: Path) -> int:
        """Seconds of a processor for one file, or the files of one folder: so many above the share of its size."""
        return self.file_seconds + self.file_seconds_per_mb * size_of(path) // 1_000_000

    def clock_for(self, path: Path) -> int:
        """Seconds by the clock for the same: many more, so that nothing hangs on how busy the machine is."""
        return self.file_clock_times * self.seconds_for(path)

    def memory_for(self, path: Path) -> int:
        """Bytes of memory that reading it may take: so many above the share of its size."""
        return self.file_memory_bytes + self.file_memory_times * min(size_of(path), self.file_bytes)

    def changed_from(self, other: Limits) -> dict[str, int]:
        """The limits that differ from `other`, by dotted key."""
        changed = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name.replace("_", ".", 1): value for name, value in changed.items() if value != getattr(other, name)}


def size_of(path: Path) -> int:
    """Bytes of a file, or of the files right in a folder; nought where it cannot be seen. Links are not followed."""
    try:
        with os.scandir(path) as entries:
            return sum(entry.stat(follow_symlinks=False).st_size for entry in entries)
    except NotADirectoryError:
        return path.lstat().st_size if os.path.lexists(path) else 0
    except OSError:
        return 0


def _dotted() -> dict[str, str]:
    """Every field by the dotted key of the TOML file."""
    return {one.name.replace("_", ".", 1): one.name for one in fields(Limits)}


def limits_of(sections: dict[str, Any], place: Place) -> dict[str, int]:
    """Limits by field name from sections of keys. Raises DefinitionError for what is unknown or no whole number."""
    known = _dotted()
    found = flat_settings(sections, place, known=known, expected=_expected, called="limit")
    return {known[name]: value for name, value in found.items()}


def _expected(_name: str, value: Any) -> str:
    right = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return "" if right else "a whole number above nought"


@cache
def defaults() -> Limits:
    """The limits of `limits.toml`. Raises DefinitionError."""
    place = Place(DEFAULTS.name)
    values = limits_of(read_toml(DEFAULTS, DEFAULTS.name, what="limits"), place)
    refuse_missing({name for name, field in _dotted().items() if field in values}, _dotted(), place, called="limit")
    return Limits(**values)


_in_force: list[Limits] = []


def use(own: Limits | None) -> None:
    """From now on `limits()` gives these in this process; with None the defaults again."""
    _in_force[:] = [own] if own else []


def limits(path: Path | None = None) -> Limits:
    """The limits in force, changed by the file at `path` if one is given. Raises DefinitionError."""
    own = _in_force[0] if _in_force else defaults()
    return replace(own, **limits_of(read_toml(path, path.name, what="limits"), Place(path.name))) if path else own


def too_large(what: str, *, name: str, limit: str, allowed: int, sheet: str = "") -> InputError:
    """The one way an input beyond a limit is refused: what was found, what is allowed, and which limit says so."""
    return InputError(
        what,
        place=Place(name, sheet),
        expected=f"at most {allowed:,}",
        do=f"If the file is genuine, raise 'limits.{limit}' in your settings file.",
    )
