"""The table of areas with what each is told: all of England, or those of a region, type, result or band.

In: rows of tables `area` and `flag`. Out: a `DataTable` to search and sort. All areas are listed, also those not
assessed; ties are broken by code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.declarations.table_words import NOT_ASSESSED, RESULTS
from reports.words.frame import AVERAGE_COUNCIL, CLASSES, window_words
from reports.words.narrative import (
    MISSING,
    band_words,
    chance,
    decimal,
    evidence,
    interval,
    is_missing,
    outcome,
    sentence,
)
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable

RATIO, BAND = Column("Evidence ratio", numeric=True), Column("What the figures say")
CHANCE = Column("Chance, if 10 in 100 did", numeric=True)
RATE = Column("Rate (90% interval)", numeric=True)
QUALITY = Column("Data quality")
REGION, KIND = Column("Region"), Column("Type")
RATE_NOTE = (
    "Rate: pounds of own money less per pound of NHS money than the average council; add {:g}, what the average is "
    "taken to have replaced, to count from nought."
)


def result_of(flag: Row | None) -> str:
    """The result of a flag row; not assessed where there is none, or one that is not known."""
    found = str(flag["list"]) if flag else NOT_ASSESSED
    return found if found in RESULTS else NOT_ASSESSED


def table_order(areas: Sequence[Row], flags: Mapping[str, Row]) -> list[Row]:
    """Areas by evidence ratio, the highest first and missing last, then code."""

    def key(area: Row) -> tuple[bool, float, str]:
        flag = flags.get(str(area["area_code"]))
        ratio = flag["evidence_ratio"] if flag else None
        return is_missing(ratio), -(ratio or 0.0), str(area["area_code"])

    return sorted(areas, key=key)


def rate_cell(flag: Row) -> str:
    """The replacement rate with its interval."""
    if is_missing(flag["replacement_rate"]):
        return MISSING
    between = interval(flag["replacement_lower"], flag["replacement_upper"])
    return f"{decimal(flag['replacement_rate'])} ({between})"


def kept_words(flag: Row, variants: int) -> str:
    """In how many of the variants an area of the review list stays on it: "6 of 6"."""
    return MISSING if is_missing(flag["kept_share"]) else f"{round(flag['kept_share'] * variants)} of {variants}"


def _placed(area: Row) -> tuple[Cell, ...]:
    """Region and type, to search and sort by."""
    kind = str(area["class"] or "")
    return Cell(str(area["region"] or "not held")), Cell(CLASSES.get(kind, kind or "not held"))


def _all_areas_row(area: Row, flag: Row | None, placed: tuple[Cell, ...]) -> tuple[Cell, ...]:
    name = Cell(str(area["area_name"]), href=f"areas/{area['area_code']}.html")
    if flag is None:
        said = "The run holds no result for this area."
        return name, *placed, Cell(outcome(None)), Cell(said), *(Cell(MISSING) for _ in range(4))
    assessed = result_of(flag) != NOT_ASSESSED
    return (
        name,
        *placed,
        Cell(outcome(result_of(flag))),
        Cell(
            band_words(flag["band"]) if assessed and flag["band"] else sentence(flag["reason"]) or "No reason recorded."
        ),
        Cell(evidence(flag["evidence_ratio"])),
        Cell(chance(flag["posterior_10"])),
        Cell(rate_cell(flag)),
        Cell(str(flag["data_quality"] or MISSING)),
    )


def areas_table(
    window: str, areas: Sequence[Row], flags: Mapping[str, Row], *, said: str = "", average: float = AVERAGE_COUNCIL
) -> DataTable:
    """Every area with its result, band or reason, ratio, chance, rate and data quality; where areas of England are not
    chosen by something that is `said`, with region and type.
    """
    england = not said
    return DataTable(
        id=f"areas-{window.lower()}",
        caption=f"{said or f'All {len(areas):,} areas'}, {window_words(window)}",
        columns=(
            Column("Area"), *((REGION, KIND) if england else ()), Column("Result"), BAND, RATIO, CHANCE, RATE, QUALITY,
        ),
        rows=tuple(
            _all_areas_row(area, flags.get(str(area["area_code"])), _placed(area) if england else ())
            for area in table_order(areas, flags)
        ),
        note="In order of evidence ratio: how many times likelier the path of own spending is if the council replaced "
        f"its own money pound for pound than if it did as the average council did. "
        f"{RATE_NOTE.format(average)} [x]: not available.",
        find=True,
    )  # fmt: skip
