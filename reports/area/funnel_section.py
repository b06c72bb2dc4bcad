"""The funnel plot: how far every area departed from expected, by size, with one area picked out.

In: tables `expected_spend` and `flag`. Out: `Funnel` records once per run, and `WindowPart` records per area. Limits
follow Spiegelhalter (2005, Funnel plots for comparing institutional performance, Statistics in Medicine 24:1185-1202):
the target is "as expected", and the variance is additive over-dispersion plus a part that falls with size, both
estimated from the areas themselves with the furthest tenth winsorised. So they say which areas stand out among areas,
not which departed from expected by more than chance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from reports.area.peers_section import quantile
from reports.charts import funnel
from reports.words.frame import short_window
from reports.words.narrative import decimal, prose_gbp
from reports.words.read_run import Run
from reports.words.view_models import Cell, Column, DataTable, Figure, WindowPart

ENOUGH = 20
LIMITS = (("95%", 1.959964), ("99.8%", 3.090232))
TENTH = 0.9
# The share of a normal variance that is left when the furthest tenth is pulled in to where it begins (1.645 spreads).
WINSORISED = 0.831


@dataclass(frozen=True)
class Funnel:
    """One window: (size in £ million a year, departure in percent) by area, and the two parts of the variance."""

    window: str
    points: Mapping[str, tuple[float, float]]
    constant: float
    falling: float
    background: funnel.Background

    def limit(self, size: float, spreads: float) -> float:
        """How many percent from expected the limit of so many spreads lies for an area of this size."""
        return spreads * math.sqrt(self.constant + self.falling / size)


def variance_parts(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """(constant, falling): least squares of winsorised squared departures on 1 and 1/size, neither below nought."""
    furthest = quantile(sorted(abs(departure) for _, departure in points), TENTH)
    squares = [min(abs(departure), furthest) ** 2 / WINSORISED for _, departure in points]
    small = [1.0 / size for size, _ in points]
    middle, mean = sum(small) / len(small), sum(squares) / len(squares)
    spread = sum((value - middle) ** 2 for value in small)
    slope = (
        sum((value - middle) * (square - mean) for value, square in zip(small, squares, strict=True)) / spread
        if spread
        else 0.0
    )
    if slope <= 0:
        return mean, 0.0
    constant = mean - slope * middle
    if constant >= 0:
        return constant, slope
    through = sum(value * square for value, square in zip(small, squares, strict=True))
    return 0.0, through / sum(value**2 for value in small)


def _points(run: Run, window: str) -> dict[str, tuple[float, float]]:
    expected: dict[str, list[float]] = {}
    for row in run.rows("expected_spend"):
        if row["window"] == window and not row["is_base"] and row["expected_gbp"]:
            expected.setdefault(str(row["area_code"]), []).append(float(row["expected_gbp"]))
    return {
        code: (sum(years) / len(years) / 1e6, 100 * float(row["gap_gbp"]) / sum(years))
        for row in run.rows("flag")
        if row["window"] == window and row["gap_gbp"] is not None
        for code in (str(row["area_code"]),)
        if (years := expected.get(code)) and sum(years) > 0
    }


def funnels(run: Run, windows: Sequence[str]) -> tuple[Funnel, ...]:
    """The windows in which enough areas hold a result."""
    made: list[Funnel] = []
    for window in windows:
        points = _points(run, window)
        if len(points) < ENOUGH:
            continue
        constant, falling = variance_parts(list(points.values()))
        limits = {name: (constant, falling, spreads) for name, spreads in LIMITS}
        made.append(Funnel(window, points, constant, falling, funnel.background(sorted(points.values()), limits)))
    return tuple(made)


def _stands(departure: float, narrow: float, wide: float) -> str:
    if abs(departure) <= narrow:
        return "inside both limits"
    side = "less" if departure > 0 else "more"
    between = "between the limits" if abs(departure) <= wide else "outside both limits"
    return f"{between}, {side} spent"


def _row(held: Funnel, code: str) -> tuple[Cell, ...]:
    size, departure = held.points[code]
    narrow, wide = (held.limit(size, spreads) for _, spreads in LIMITS)
    return (
        Cell(short_window(held.window)),
        Cell(decimal(size, places=1)),
        Cell(f"{decimal(departure, places=1)}%"),
        *(Cell(f"±{decimal(limit, places=1)}%") for limit in (narrow, wide)),
        Cell(_stands(departure, narrow, wide)),
    )


def _figure(held: Funnel, code: str, name: str) -> Figure:
    size, departure = held.points[code]
    narrow, wide = (held.limit(size, spreads) for _, spreads in LIMITS)
    less = "less" if departure >= 0 else "more"
    return Figure(
        id=f"funnel-{held.window.lower()}",
        title=f"{decimal(abs(departure), places=1)}% {less} than expected: {_stands(departure, narrow, wide)}",
        subtitle=f"{short_window(held.window)}. Per cent less than expected, by size.",
        description=f"{name} was expected to spend {prose_gbp(size * 1e6)} a year and spent "
        f"{decimal(abs(departure), places=1)}% {less}. The table gives its limits.",
        chart=partial(funnel.draw, held.background, size, departure),
    )


def funnel_part(all_held: Sequence[Funnel], code: str) -> WindowPart:
    """The area's size, departure and limits in each window as a table."""
    identity, heading = "peers-funnel", "How far from expected, by size"
    held = [found for found in all_held if code in found.points]
    if not held:
        return WindowPart(
            id=identity, heading=heading, empty="No result of this area can be set beside those of others by size."
        )
    table = DataTable(
        id="funnel-table",
        caption="This area in the funnel of all areas",
        columns=(
            Column("Window"),
            Column("Expected, £ million a year", numeric=True),
            Column("Less than expected", numeric=True),
            *(Column(f"{name} limits", numeric=True) for name, _ in LIMITS),
            Column("Where it lies"),
        ),
        rows=tuple(_row(found, code) for found in held),
        note="Limits say who stands out among areas of this size, not how sure an amount is. In the charts size is "
        "expected spend (log scale); the large dot is this area.",
    )
    small = [quantile(sorted(size for size, _ in found.points.values()), 0.1) for found in held]
    flat = all(found.falling / size < found.constant / 4 for found, size in zip(held, small, strict=True))
    sentence = (
        "Departures hardly shrink with size, so the limits run nearly level." if flat
        else ""
    )  # fmt: skip
    return WindowPart(id=identity, heading=heading, sentence=sentence, table=table)


def funnel_figures(all_held: Sequence[Funnel], code: str, name: str) -> tuple[Figure, ...]:
    """One chart for each window in which the area has a result."""
    return tuple(_figure(found, code, name) for found in all_held if code in found.points)
