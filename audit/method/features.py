"""Features of the forest: declared one file each in `features/`, evaluated per window, put in peers' and placebo terms.

In: `features/*.toml`, a `WindowData` and its `ExpectedSpend`. Out: values in the feature's own unit, signed so that
higher is more like displacement. Refuses unknown keys, unknown functions and expressions over anything but the window's
quantities.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from audit.method.expected_spend import ExpectedSpend
from audit.panel.window_data import WindowData
from pipelines.declarations.declared_folders import declarations
from pipelines.errors import DefinitionError, Place
from pipelines.places import ROOT

FOLDER = ROOT / "audit" / "features"


@dataclass(frozen=True)
class Feature:
    """One declared feature.

    `needs` are quantities that must be known; `formula` a function here or an expression over them.
    """

    code: str
    label: str
    formula: str
    direction: str
    needs: tuple[str, ...]
    why: str
    literature: str
    unit: str


def own_spend_gap(data: WindowData, spend: ExpectedSpend) -> Any:
    """Own-funded spend below expectation over the window, per cent of what was spent."""
    return 100.0 * spend.gap_share


def step_coincidence(data: WindowData, spend: ExpectedSpend) -> Any:
    """Fall in own-funded spend in the years NHS money stepped up, beyond the middle council, per cent a year.

    Yearly log changes (less the middle area's) weighted by each year's rise in NHS money in constant prices.
    """
    import numpy as np

    own = np.where((data.own_real > 0) & data.usable[:, None], data.own_real, np.nan)
    change = 100.0 * np.diff(np.log(own), axis=1)[:, data.base - 1 :]
    fine: Any = np.isfinite(change).any(axis=0)
    middle = np.array([np.nanmedian(change[:, step]) if fine[step] else np.nan for step in range(change.shape[1])])
    step = np.maximum(np.diff(data.money * (data.own_real / data.own), axis=1)[:, data.base - 1 :], 0.0)
    total = step.sum(axis=1)
    return np.where(total > 0, -(step * (change - middle)).sum(axis=1) / np.where(total > 0, total, 1.0), 0.0)


FUNCTIONS: dict[str, Callable[[WindowData, ExpectedSpend], Any]] = {
    "own_spend_gap": own_spend_gap,
    "step_coincidence": step_coincidence,
}


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
    if feature.formula not in FUNCTIONS:
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
                expected="a function of features.py, or + - * / minimum maximum over " + ", ".join(sorted(names)),
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


def evaluate(feature: Feature, data: WindowData, spend: ExpectedSpend) -> Any:
    """Value of a feature for every area; NaN where what it needs is missing or the area is not usable."""
    import numpy as np

    unknown = sorted(set(feature.needs) - set(data.quantity))
    if unknown:
        raise DefinitionError(
            f"feature '{feature.code}' needs '{unknown[0]}'",
            place=Place(f"features/{feature.code}.toml"),
            expected="one of " + ", ".join(sorted(data.quantity)),
        )
    known = data.usable.copy()
    for name in feature.needs:
        known &= np.isfinite(data.quantity[name])
    if feature.formula in FUNCTIONS:
        values = FUNCTIONS[feature.formula](data, spend)
    else:
        values = _evaluate(ast.parse(feature.formula, mode="eval"), dict(data.quantity))
    return np.where(known, values, np.nan)
