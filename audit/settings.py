"""Settings: every threshold and limit of the three rooms, strictly loaded.

In: `settings.toml` beside this module, `limits.toml` of pipelines (as `limits.…`), `settings.toml` of expectations (as
`quality.…`) and, optionally, a user's file and a line of the environment that change some of it. Out: a frozen
`Settings`. Refuses unknown sections and keys, missing keys, values of the wrong type and numbers outside the ranges of
`setting_ranges.toml`, with the place and the fix.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pipelines.declarations.declared_files import parse_toml, read_toml
from pipelines.declarations.strict_settings import flat_settings, in_sections
from pipelines.errors import DefinitionError, InputError, Place

if TYPE_CHECKING:
    from pipelines.declarations.limits import Limits

DEFAULTS = Path(__file__).parent / "settings.toml"
RANGES = DEFAULTS.with_name("setting_ranges.toml")
ROOMS = ("limits", "quality")
SET = "RINGFENCE_SET"
VARIABLES = (
    "ANSWERS",
    "CHROMIUM",
    "CLUSTER",
    "CLUSTER_WITHOUT_TLS",
    "OUT",
    "PAYMENTS",
    "RETURNS",
    "SET",
    "SETTINGS",
    "TRANSFERS",
)
FORM = "Write 'section.key = value' and ; between two, such as 'lists.review = 20; forest.trees = 500'; text in quotes."
EXPECTED_FROM = ("covariates", "class")
CONTROLS = ("highways_transport", "cultural", "environmental", "planning", "housing")


@dataclass(frozen=True)
class Window:
    """A period compared with its base years. `own` names the panel series whose yearly changes are judged, `expect`
    what they are expected from: "covariates", or the area's "class" alone.
    """

    name: str
    label: str
    base: tuple[str, ...]
    years: tuple[str, ...]
    own: str
    expect: str

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
        """A numeric setting such as `evidence.average`."""
        return float(self.values[key])

    def count(self, key: str) -> int:
        """A whole-number setting such as `forest.repeats`."""
        return int(self.values[key])

    def limits(self, place: Place | None = None) -> Limits:
        """How large an input may be and how long a stage may take. Raises DefinitionError for a limit below one."""
        from pipelines.declarations.limits import Limits, limits_of

        return Limits(**limits_of(in_sections(self.values, "limits"), place or Place(DEFAULTS.name)))

    def changed_from(self, other: Settings) -> dict[str, Any]:
        """The settings that differ from `other`, by dotted key."""
        changed = {key: value for key, value in self.values.items() if other.values.get(key) != value}
        if self.windows != other.windows:
            changed["window"] = [window.name for window in self.windows]
        return changed


def _read(path: Path) -> dict[str, Any]:
    return read_toml(path, path.name, what="settings")


@cache
def _ranges() -> dict[str, tuple[float, float, bool, str]]:
    """By setting, or by section for all of its settings: least, most, whether whole, and the range in words."""
    return {
        name: (kind["least"], kind["most"], kind.get("whole", False), kind["expected"])
        for kind in _read(RANGES)["range"]
        for name in kind["settings"]
    }


def _in_range(name: str, value: Any) -> str:
    """The range in words if a number of the setting `name` lies outside it."""
    if isinstance(value, dict):
        outside = (_in_range(name, one) for one in cast("dict[str, Any]", value).values())
        return next(filter(None, outside), "")
    found = _ranges().get(name) or _ranges().get(name.rpartition(".")[0])
    if found is None:
        return ""
    least, most, whole, words = found
    fits = isinstance(value, int | float) and least <= value <= most and (not whole or value == int(value))
    return "" if fits else words


def _window(found: dict[str, Any], place: Place) -> Window:
    known = set(Window.__dataclass_fields__)
    unknown, missing = sorted(set(found) - known), sorted(known - set(found))
    if unknown or missing:
        what = f"unknown window key '{unknown[0]}'" if unknown else f"window key '{missing[0]}' is missing"
        raise DefinitionError(what, place=place, expected="exactly " + ", ".join(sorted(known)))
    lists = ("base", "years")
    wrong = next((key for key, value in found.items() if not isinstance(value, list if key in lists else str)), "")
    if wrong:
        expected = "a list of financial years" if wrong in lists else "text"
        raise DefinitionError(f"window key '{wrong}' is {found[wrong]!r}", place=place, expected=expected)
    if found["expect"] not in EXPECTED_FROM:
        expected = " or ".join(EXPECTED_FROM)
        raise DefinitionError(f"window key 'expect' is {found['expect']!r}", place=place, expected=expected)
    values: dict[str, Any] = {
        key: tuple(cast("list[str]", value)) if isinstance(value, list) else value for key, value in found.items()
    }
    return Window(**values)


def _flatten(found: dict[str, Any], place: Place, known: dict[str, Any], *, room: str = "") -> dict[str, Any]:
    """Values of `known` settings, each of the kind and in the range of its own."""

    def expected(name: str, value: Any) -> str:
        kind = _kind(known[name])
        return _in_range(room + name, value) if kind == _kind(value) else f"a {kind}"

    return flat_settings(found, place, known=known, expected=expected, room=room)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    return {"float": "number", "int": "number", "dict": "table", "list": "list"}.get(type(value).__name__, "text")


def load_settings(path: Path | None = None, *, also: str = "") -> Settings:
    """Defaults, changed by the user's file at `path` if one is given, then by `also`, lines of TOML.

    Raises DefinitionError for unknown sections or keys, missing window keys and values of another type or range, and
    InputError for a file that is not there.
    """
    found = _read(DEFAULTS)
    made = Settings(tuple(_window(entry, Place(DEFAULTS.name)) for entry in found.pop("window")), _defaults(found))
    if path is not None:
        if not path.exists():
            raise InputError("the settings file is missing", place=Place(path.name), do="Give the path of a TOML file.")
        made = _changed(made, _read(path), Place(path.name))
    if also:
        parsed = parse_toml(also.replace(";", "\n"), SET, what="settings", do=FORM)
        made = _changed(made, parsed, Place(SET))
    return made


def own_settings(path: Path | None, **flags: float | None) -> Settings:
    """The settings of a command: defaults, the user's file, what RINGFENCE_SET changes, and `flags` of `[enquiry]`."""
    made = load_settings(path, also=os.environ.get(SET, ""))
    given = {name: value for name, value in flags.items() if value is not None}
    return _changed(made, {"enquiry": given}, Place("the command line")) if given else made


def refuse_misspelt_variables(environment: Mapping[str, str] = os.environ) -> None:
    """Raise DefinitionError for a variable nearly named as one of ours, which would be passed over in silence."""
    for name in sorted(environment):
        near = difflib.get_close_matches(name.removeprefix("RINGFENCE_"), VARIABLES, n=1, cutoff=0.8)
        if name.startswith("RINGFENCE_") and near and name != f"RINGFENCE_{near[0]}":
            what = f"the variable {name} is not one that is read"
            raise DefinitionError(what, expected=f"perhaps RINGFENCE_{near[0]}", do="Correct its name or unset it.")


def recorded_settings(record: dict[str, Any]) -> Settings:
    """The settings a manifest recorded; what it did not know yet is as by default."""
    windows = tuple(_window(entry, Place("manifest.json")) for entry in record["window"])
    return Settings(windows, {**load_settings().values, **{key: record[key] for key in record if key != "window"}})


def use(settings: Settings) -> None:
    """Put the limits and the weights of data quality in force, here and in the processes started from here."""
    from expectations.records.settings import use as use_quality
    from pipelines.declarations.limits import use as use_limits

    use_limits(settings.limits())
    use_quality(in_sections(settings.changed_from(load_settings()), "quality"))


def _defaults(found: dict[str, Any]) -> dict[str, Any]:
    """Every setting of the three rooms by its dotted key."""
    from expectations.records.settings import DEFAULTS as QUALITY
    from pipelines.declarations.limits import DEFAULTS as LIMITS

    values = flat_settings(found, Place(DEFAULTS.name), known=None)
    for room, path in (("limits", LIMITS), ("quality", QUALITY)):
        flat = flat_settings(_read(path), Place(path.name), known=None)
        values |= {f"{room}.{name}": value for name, value in flat.items()}
    return values


def _changed(settings: Settings, theirs: dict[str, Any], place: Place) -> Settings:
    windows, values = settings.windows, dict(settings.values)
    if "window" in theirs:
        windows = tuple(_window(entry, place) for entry in theirs.pop("window"))
    for room in ROOMS:
        sections = theirs.pop(room, {})
        if not isinstance(sections, dict):
            raise DefinitionError(f"'{room}' is no section", place=place, expected=f"sections like [{room}.file]")
        known = {name.removeprefix(f"{room}."): value for name, value in values.items() if name.startswith(f"{room}.")}
        if room == "quality":  # a check of your own has no weight yet; the checks refuse codes that no suite declares
            known |= {f"weights.{code}": 1.0 for code in sections.get("weights", {})}
        flat = _flatten(cast("dict[str, Any]", sections), place, known, room=f"{room}.")
        values |= {f"{room}.{name}": value for name, value in flat.items()}
    values |= _flatten(theirs, place, {name: value for name, value in values.items() if not name.startswith(ROOMS)})
    made = Settings(windows=windows, values=values)
    made.limits(place)
    return made
