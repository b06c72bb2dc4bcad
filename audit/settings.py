"""Settings of the method: every threshold, strictly loaded.

In: `settings.toml` beside this module and, optionally, a user's file that changes some of it. Out: a frozen
`Settings`. Refuses unknown sections and keys, missing keys and values of the wrong type, with the place and the fix.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pipelines.errors import DefinitionError, Place

DEFAULTS = Path(__file__).parent / "settings.toml"
CONTROLS = ("highways_transport", "cultural", "environmental", "planning", "housing")


@dataclass(frozen=True)
class Window:
    """A period compared with its base years. `own` names the panel series whose change is judged."""

    name: str
    label: str
    base: tuple[str, ...]
    years: tuple[str, ...]
    own: str
    before: tuple[str, ...]

    @property
    def is_placebo(self) -> bool:
        """True for windows in which there was no NHS money to find."""
        return self.name.startswith("placebo")


@dataclass(frozen=True)
class Settings:
    """All settings; field names are `<section>_<key>` of the TOML file.

    Shares are fractions, money as the name says.
    """

    windows: tuple[Window, ...]
    values: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def number(self, key: str) -> float:
        """A numeric setting such as `grades.a_q`."""
        return float(self.values[key])

    def count(self, key: str) -> int:
        """A whole-number setting such as `forest.repeats`."""
        return int(self.values[key])

    def changed_from(self, other: Settings) -> dict[str, Any]:
        """The settings that differ from `other`, by dotted key."""
        changed = {key: value for key, value in self.values.items() if other.values.get(key) != value}
        if self.windows != other.windows:
            changed["window"] = [window.name for window in self.windows]
        return changed


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(
            f"settings cannot be read: {error}", place=Place(path.name), do="Mend the file."
        ) from error


def _window(found: dict[str, Any], place: Place) -> Window:
    known = set(Window.__dataclass_fields__)
    unknown, missing = sorted(set(found) - known), sorted(known - set(found))
    if unknown or missing:
        what = f"unknown window key '{unknown[0]}'" if unknown else f"window key '{missing[0]}' is missing"
        raise DefinitionError(what, place=place, expected="exactly " + ", ".join(sorted(known)))
    values: dict[str, Any] = {
        key: tuple(cast("list[str]", value)) if isinstance(value, list) else value for key, value in found.items()
    }
    return Window(**values)


def _flatten(found: dict[str, Any], place: Place, known: dict[str, Any] | None) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for section, entries in found.items():
        if not isinstance(entries, dict):
            raise DefinitionError(
                f"'{section}' stands outside a section", place=place, do="Put it under its [section]."
            )
        for key, value in cast("dict[str, Any]", entries).items():
            name = f"{section}.{key}"
            if known is not None and name not in known:
                raise DefinitionError(
                    f"unknown setting '{name}'",
                    place=place,
                    expected="one of " + ", ".join(sorted(known)),
                    do="Correct the spelling or remove the key.",
                )
            if known is not None and _kind(known[name]) != _kind(value):
                raise DefinitionError(
                    f"setting '{name}' is {value!r}",
                    place=place,
                    expected=f"a {_kind(known[name])}",
                    do="Change the value.",
                )
            flat[name] = value
    return flat


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    return {"float": "number", "int": "number", "dict": "table", "list": "list"}.get(type(value).__name__, "text")


def load_settings(path: Path | None = None) -> Settings:
    """Defaults, changed by the user's file at `path` if one is given.

    Raises DefinitionError for unknown sections or keys, missing window keys and values of another type.
    """
    found = _read(DEFAULTS)
    place = Place(DEFAULTS.name)
    windows = tuple(_window(entry, place) for entry in found.pop("window"))
    values = _flatten(found, place, None)
    if path is not None:
        theirs, place = _read(path), Place(path.name)
        if "window" in theirs:
            windows = tuple(_window(entry, place) for entry in theirs.pop("window"))
        values = {**values, **_flatten(theirs, place, values)}
    return Settings(windows=windows, values=values)
