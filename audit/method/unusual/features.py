"""Features of the forest: declared one file each in `features/`, evaluated per window.

In: `features/*.toml` and a window's quantities. Out: values in the feature's own unit, signed so that higher is more
like displacement. Refuses unknown keys and expressions over anything but the window's quantities.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.declarations.declared_folders import declarations
from pipelines.errors import DefinitionError, Place
from pipelines.places import ROOT

FOLDER = ROOT / "audit" / "features"


@dataclass(frozen=True)
class Feature:
    """One declared feature: `needs` are quantities that must be known, `formula` an expression over them."""

    code: str
    label: str
    formula: str
    direction: str
    needs: tuple[str, ...]
    why: str
    literature: str
    unit: str


def load_feature(path: Path) -> Feature:
    """One feature file, strictly.

    Raises DefinitionError for unknown or missing keys and a code that is not the file's name.
    """
    place = Place(f"features/{path.name}")
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"not valid TOML: {error}", place=place, do="Mend the file.") from error
    known = set(Feature.__dataclass_fields__)
    unknown, missing = sorted(set(found) - known), sorted(known - set(found))
    if unknown or missing:
        what = f"unknown feature key '{unknown[0]}'" if unknown else f"feature key '{missing[0]}' is missing"
        raise DefinitionError(what, place=place, expected="exactly " + ", ".join(sorted(known)))
    if found["code"] != path.stem:
        raise DefinitionError(f"code '{found['code']}' differs from the file's name", place=place)
    if found["direction"] != "higher is more like displacement":
        raise DefinitionError(
            "the direction must be 'higher is more like displacement'", place=place, do="Turn the formula round."
        )
    values: dict[str, Any] = {**found, "needs": tuple(found["needs"])}
    feature = Feature(**values)
    _check(feature.formula, set(feature.needs), place)
    return feature


@cache
def features(folder: Path = FOLDER) -> tuple[Feature, ...]:
    """All declared features, sorted by code."""
    return tuple(load_feature(path) for path in declarations(folder, "feature"))


def _check(formula: str, names: set[str], place: Place) -> None:
    allowed = (
        ast.Expression,
        ast.BinOp,
        ast.UnaryOp,
        ast.Add,
        ast.Sub,
        ast.Mult,
        ast.Div,
        ast.USub,
        ast.Constant,
        ast.Name,
        ast.Load,
        ast.Call,
    )
    try:
        tree = ast.parse(formula, mode="eval")
    except SyntaxError as error:
        raise DefinitionError(f"formula '{formula}' cannot be read", place=place, do="Mend the expression.") from error
    for node in ast.walk(tree):
        known = not isinstance(node, ast.Name) or node.id in names | {"minimum", "maximum"}
        if not isinstance(node, allowed) or not known:
            raise DefinitionError(
                f"formula '{formula}' uses something unknown",
                place=place,
                expected="+ - * / minimum maximum over " + ", ".join(sorted(names)),
            )


def _evaluate(node: ast.AST, values: dict[str, Any]) -> Any:
    import numpy as np

    if isinstance(node, ast.Expression):
        return _evaluate(node.body, values)
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.UnaryOp):
        return -_evaluate(node.operand, values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        pick = np.minimum if node.func.id == "minimum" else np.maximum
        return pick(*(_evaluate(part, values) for part in node.args))
    if isinstance(node, ast.BinOp):
        left, right = _evaluate(node.left, values), _evaluate(node.right, values)
        kinds: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
            ast.Add: np.add,
            ast.Sub: np.subtract,
            ast.Mult: np.multiply,
            ast.Div: np.divide,
        }
        return kinds[type(node.op)](left, right)
    raise DefinitionError("the formula uses something unknown")


def evaluate(feature: Feature, quantity: Mapping[str, Any], usable: Any) -> Any:
    """Value of a feature for every area; NaN where what it needs is missing or the area is not usable."""
    import numpy as np

    unknown = sorted(set(feature.needs) - set(quantity))
    if unknown:
        raise DefinitionError(
            f"feature '{feature.code}' needs '{unknown[0]}'",
            place=Place(f"features/{feature.code}.toml"),
            expected="one of " + ", ".join(sorted(quantity)),
        )
    known = usable.copy()
    for name in feature.needs:
        known &= np.isfinite(quantity[name])
    return np.where(known, _evaluate(ast.parse(feature.formula, mode="eval"), dict(quantity)), np.nan)
