"""The areas most like an area, and why: of its type, nearest in adults, deprivation and own spend per adult.

In: tables `area` and `area_year`. Out: `Likeness` once per run, and a `WindowPart` per area. Distances are in spreads
(standard deviations over all areas) of the three measures in one year; ties are broken by code.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from reports.words.frame import CLASSES
from reports.words.narrative import decimal, whole
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, WindowPart

YEAR, SHOWN = "2010-11", 8
Three = tuple[float, float, float]


@dataclass(frozen=True)
class Likeness:
    """Adults, deprivation and own spend per adult by area, their spreads, and areas by code."""

    measures: Mapping[str, Three]
    spreads: Three
    areas: Mapping[str, Row]


def _spread(values: list[float]) -> float:
    middle = sum(values) / len(values)
    return math.sqrt(sum((value - middle) ** 2 for value in values) / len(values)) or 1.0


def likeness(run: Run) -> Likeness:
    """The measures of every area that holds all three in 2010-11, the last year before the transfer."""
    measures: dict[str, Three] = {}
    for row in run.rows("area_year"):
        adults, need, spend = (
            row.get(name) for name in ("population_18_plus", "deprivation_score", "own_funded_real_gbp")
        )
        if row["financial_year"] == YEAR and adults and need is not None and spend is not None:
            measures[str(row["area_code"])] = (math.log(adults), float(need), float(spend) / float(adults))
    columns = [[values[place] for values in measures.values()] for place in range(3)]
    first, second, third = (_spread(column) if column else 1.0 for column in columns)
    return Likeness(measures, (first, second, third), {str(row["area_code"]): row for row in run.rows("area")})


def nearest(held: Likeness, code: str) -> list[str]:
    """Codes of the areas of the same type, nearest first; never the area itself."""
    own, kind = held.measures[code], held.areas[code]["class"]

    def distance(other: str) -> float:
        pairs = zip(own, held.measures[other], held.spreads, strict=True)
        return sum(((mine - theirs) / spread) ** 2 for mine, theirs, spread in pairs)

    others = [
        other for other in held.measures if other != code and other in held.areas and held.areas[other]["class"] == kind
    ]
    return sorted(others, key=lambda other: (distance(other), other))[:SHOWN]


def nearest_part(held: Likeness, area: Row) -> WindowPart:
    """The nearest areas with the three measures that make them so."""
    code, heading = str(area["area_code"]), "Areas most like it"
    chosen = nearest(held, code) if code in held.measures else []
    if not chosen:
        return WindowPart(
            id="peers-nearest",
            heading=heading,
            empty="Adults, deprivation and spend of 2010-11 are not all held for this area, so no nearest areas can be "
            "named.",
        )

    def line(found: str) -> tuple[Cell, ...]:
        adults, need, spend = held.measures[found]
        href = f"areas/{found}.html" if found != code else ""
        return (
            Cell(str(held.areas[found]["area_name"]), href=href),
            Cell(whole(math.exp(adults))),
            Cell(decimal(need, places=1)),
            Cell(whole(spend)),
        )

    kind = str(area["class"] or "")
    table = DataTable(
        id="nearest-table",
        caption=f"This area and the {len(chosen)} nearest of its type ({CLASSES.get(kind, kind or 'type not held')})",
        columns=(
            Column("Area"),
            Column("Adults", numeric=True),
            Column("Deprivation score", numeric=True),
            Column("Own spend, £ per adult", numeric=True),
        ),
        rows=tuple(line(found) for found in (code, *chosen)),
        note=f"{YEAR}, 2014-15 prices. Nearest in these three measures together, each in spreads of all areas. For "
        "reading only. Expected changes are learnt from other councils, without the area itself; "
        "medians of features are those of 20 peers, in which another type counts as distance.",
    )
    return WindowPart(id="peers-nearest", heading=heading, table=table)
