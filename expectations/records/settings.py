"""Settings of this room: the weights of the data-quality grade, strictly loaded.

In: `settings.toml` beside this module, and what a run was told to `use` instead. Out: a frozen `QualitySettings`.
Refused, with the file: malformed TOML, a section or key that is unknown or missing, a weight that is not a number from
0 up, a weight for a check that no suite declares.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.declarations.declared_files import named, perhaps, read_toml
from pipelines.errors import DefinitionError, Place
from pipelines.places import ROOT

DEFAULTS = ROOT / "expectations" / "settings.toml"
HANDED_ON = "RINGFENCE_QUALITY_OF_THIS_RUN"  # set by `use` for the processes of one run, never by people
SECTIONS = {"limits": ("fair_from", "poor_from"), "default": ("mark", "quarantine", "absent"), "coverage": ("tables",)}


@dataclass(frozen=True)
class QualitySettings:
    """Limits on the sum of weights, default weights, tables that every area should be in, and weights by check code."""

    fair_from: float
    poor_from: float
    mark: float
    quarantine: float
    absent: float
    tables: tuple[str, ...]
    weights: Mapping[str, float]


def use(own: Mapping[str, Mapping[str, Any]]) -> None:
    """Let this process, and those it starts, use `own` sections in place of the defaults; an empty one ends that."""
    os.environ.pop(HANDED_ON, None)
    if own:
        os.environ[HANDED_ON] = json.dumps(own)


def load_quality(known_codes: Iterable[str] | None = None, path: Path = DEFAULTS) -> QualitySettings:
    """Read the settings. Raises DefinitionError.

    With `known_codes`, a weight for any other code is refused.
    """
    place, found = Place(named(path)), read_toml(path, what="settings")
    for section in (*SECTIONS, "weights"):
        if not isinstance(found.get(section), dict):
            raise DefinitionError(f"section '{section}' is missing", place=place, do="Add it.")
    for section, own in json.loads(os.environ.get(HANDED_ON, "{}")).items() if path == DEFAULTS else ():
        found[section] = {**found[section], **own}
    unknown = sorted(set(found) - {*SECTIONS, "weights"})
    if unknown:
        raise DefinitionError(f"unknown section '{unknown[0]}'", place=place, do="Correct the spelling or remove it.")
    for section, keys in SECTIONS.items():
        if set(found[section]) != set(keys):
            raise DefinitionError(
                f"section '{section}' has other keys", place=place, expected="exactly " + ", ".join(keys)
            )
    weights = {code: _weight(code, value, place) for code, value in found["weights"].items()}
    known = set(weights) if known_codes is None else set(known_codes)
    wrong = sorted(set(weights) - known)
    if wrong:
        raise DefinitionError(
            f"a weight is given to '{wrong[0]}', which no suite declares",
            place=place,
            expected=perhaps(wrong[0], known),
            do="Correct or remove it.",
        )
    numbers = {
        key: _weight(key, found[section][key], place) for section in ("limits", "default") for key in SECTIONS[section]
    }
    if numbers["fair_from"] > numbers["poor_from"]:
        raise DefinitionError("fair_from lies above poor_from", place=place, do="Exchange them.")
    return QualitySettings(tables=tuple(found["coverage"]["tables"]), weights=weights, **numbers)


def _weight(name: str, value: Any, place: Place) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or value != value:
        raise DefinitionError(f"'{name}' is {value!r}", place=place, expected="a number from 0 up")
    return float(value)
