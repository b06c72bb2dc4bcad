"""The register of series breaks: what changed in the returns, when, for whom, and what the method does about it.

In: `data/reference/series_breaks.csv`. Out: codes by area and year, and the series to leave out. Refuses an unknown
action.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import DefinitionError, Place
from pipelines.places import REFERENCE

if TYPE_CHECKING:
    from audit.panel.panel import Panel

REGISTER = REFERENCE / "series_breaks.csv"
ACTIONS = ("mark", "leave out", "isolate", "net off")


@dataclass(frozen=True)
class Break:
    """One row of the register.

    `areas` empty means all; `series` are panel series a "leave out" removes in that year.
    """

    code: str
    financial_year: str
    areas: tuple[str, ...]
    lines: str
    what: str
    action: str
    series: tuple[str, ...]
    source: str


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


@cache
def register(path: Path = REGISTER) -> tuple[Break, ...]:
    """All breaks, in file order. Raises DefinitionError for an unknown action."""
    made: list[Break] = []
    with path.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            if row["action"] not in ACTIONS:
                raise DefinitionError(
                    f"unknown action '{row['action']}'",
                    place=Place(path.name, row=number, column="action"),
                    expected="one of " + ", ".join(ACTIONS),
                )
            made.append(
                Break(
                    code=row["code"],
                    financial_year=row["financial_year"],
                    areas=_listed(row["areas"]),
                    lines=row["lines"],
                    what=row["what"],
                    action=row["action"],
                    series=_listed(row["series"]),
                    source=row["source"],
                )
            )
    return tuple(made)


@cache
def codes_for(area: str, year: str) -> str:
    """Codes of the breaks that touch this area and year, separated by semicolons."""
    return ";".join(
        item.code for item in register() if item.financial_year == year and (not item.areas or area in item.areas)
    )


def leave_out(money: dict[str, Any], panel: Panel) -> None:
    """Blank the series that the register of breaks says are not comparable in an area and year."""
    import numpy as np

    for item in register():
        rows = [index for index, area in enumerate(panel.areas) if area in item.areas]
        if item.action == "leave out" and rows and item.financial_year in panel.years:
            for name in item.series:
                money[name][rows, panel.years.index(item.financial_year)] = np.nan


def rows() -> dict[str, list[str]]:
    """Columns of table `series_break`: the register as it is applied."""
    items = register()
    names = ("code", "financial_year", "lines", "what", "action", "source")
    return {
        **{name: [str(getattr(item, name)) for item in items] for name in names},
        "areas": [";".join(item.areas) for item in items],
    }
