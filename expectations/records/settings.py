"""Settings of this room: the weights of the data-quality grade, strictly loaded.

In: `settings.toml` beside this module, and what a run was told to `use` instead. Out: a frozen `QualitySettings`.
Refused, with the file: malformed TOML, a section or key that is unknown or missing, a weight that is not a number from
0 up, a weight for a check that no suite declares.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.declarations.declared_files import named, perhaps, read_toml
from pipelines.declarations.strict_settings import flat_settings, refuse_missing
from pipelines.errors import DefinitionError, Place
from pipelines.places import ROOT

DEFAULTS = ROOT / "expectations" / "settings.toml"
HANDED_ON = "RINGFENCE_QUALITY_OF_THIS_RUN"  # set by `use` for the processes of one run, never by people
NUMBERS = ("limits.fair_from", "limits.poor_from", "default.mark", "default.quarantine", "default.absent")
TABLES = "coverage.tables"


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


def load_quality(known_codes: Collection[str] | None = None, path: Path = DEFAULTS) -> QualitySettings:
    """Read the settings. Raises DefinitionError.

    With `known_codes`, a weight for any other code is refused.
    """
    place, found = Place(named(path)), read_toml(path, what="settings")
    for section, own in json.loads(os.environ.get(HANDED_ON, "{}")).items() if path == DEFAULTS else ():
        found[section] = {**found.get(section, {}), **own}
    given = [f"weights.{code}" for code in found.get("weights", {})]
    flat = flat_settings(found, place, known=[*NUMBERS, TABLES, *given], expected=_expected)
    refuse_missing(flat, [*NUMBERS, TABLES], place)
    weights = {name.partition(".")[2]: float(flat[name]) for name in given}
    _refuse_strangers(weights, known_codes, place)
    numbers = {name.partition(".")[2]: float(flat[name]) for name in NUMBERS}
    if numbers["fair_from"] > numbers["poor_from"]:
        raise DefinitionError("fair_from lies above poor_from", place=place, do="Exchange them.")
    return QualitySettings(tables=tuple(flat[TABLES]), weights=weights, **numbers)


def _refuse_strangers(weights: Collection[str], known_codes: Collection[str] | None, place: Place) -> None:
    known = set(weights if known_codes is None else known_codes)
    wrong = sorted(set(weights) - known)
    if wrong:
        what, do = f"a weight is given to '{wrong[0]}', which no suite declares", "Correct or remove it."
        raise DefinitionError(what, place=place, expected=perhaps(wrong[0], known), do=do)


def _expected(name: str, value: Any) -> str:
    if name == TABLES:
        return "" if isinstance(value, list) else "a list of tables"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return "" if number and value >= 0 else "a number from 0 up"
