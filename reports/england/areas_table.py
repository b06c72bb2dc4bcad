"""Tables of areas: the two lists in order of place, and all areas with what each is told.

In: rows of tables `area`, `flag` and `look_alike`. Out: `DataTable` records. All areas are listed, also those not
assessed; ties are broken by code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.declarations.table_words import NOT_ASSESSED, RESULTS
from reports.words.enquiry_words import Asked, enquiry_told
from reports.words.frame import AVERAGE_COUNCIL, window_words
from reports.words.lead_words import Ratios, positive_tests
from reports.words.narrative import (
    MISSING,
    band_words,
    chance,
    decimal,
    evidence,
    interval,
    is_missing,
    join_words,
    outcome,
    sentence,
)
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable

Tests = Mapping[str, Sequence[Row]]
RATIO, BAND = Column("Evidence ratio", numeric=True), Column("What the figures say")
CHANCE = Column("Chance, if 10 in 100 did", numeric=True)
RATE = Column("Rate (90% interval)", numeric=True)
QUALITY = Column("Data quality")
EXPLANATIONS = Column("Other explanations that fit")
ENQUIRY = Column("Enquiry")
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


def _rate(flag: Row) -> str:
    if is_missing(flag["replacement_rate"]):
        return MISSING
    between = interval(flag["replacement_lower"], flag["replacement_upper"])
    return f"{decimal(flag['replacement_rate'])} ({between})"


def _name(flag: Row) -> Cell:
    return Cell(str(flag["area_name"] or flag["area_code"]), href=f"areas/{flag['area_code']}.html")


def _in_place(flags: Mapping[str, Row], column: str) -> list[Row]:
    return sorted((flag for flag in flags.values() if flag[column]), key=lambda flag: int(flag[column]))


def kept_words(flag: Row, variants: int) -> str:
    """In how many of the variants an area of the review list stays on it: "6 of 6"."""
    return MISSING if is_missing(flag["kept_share"]) else f"{round(flag['kept_share'] * variants)} of {variants}"


def fits(flag: Row, tests: Tests, ratios: Ratios) -> str:
    """The other explanations that tested positive, as a cell."""
    return sentence(join_words(positive_tests(tests.get(str(flag["area_code"]), ()), ratios))) or "none"


def _enquiry(asked: Asked | None, flag: Row) -> tuple[Cell, ...]:
    """Asked, answered, commented on: one cell, none where the run asked nobody."""
    if asked is None:
        return ()
    papers, comment = enquiry_told(asked, str(flag["area_code"]))
    return (Cell(papers, small=comment),)


def review_table(
    window: str,
    flags: Mapping[str, Row],
    *,
    variants: int,
    tests: Tests,
    ratios: Ratios,
    average: float = AVERAGE_COUNCIL,
    asked: Asked | None = None,
) -> DataTable | None:
    """The review list in order of place; None where it is empty."""
    rows = tuple(
        (
            _name(flag),
            Cell(f"{int(flag['review_place'])}", small="also unusual" if flag["unusual_place"] else ""),
            Cell(evidence(flag["evidence_ratio"])),
            Cell(band_words(flag["band"])),
            Cell(chance(flag["posterior_10"])),
            Cell(_rate(flag)),
            Cell(kept_words(flag, variants)),
            Cell(fits(flag, tests, ratios)),
            Cell(str(flag["data_quality"] or MISSING)),
            *_enquiry(asked, flag),
        )
        for flag in _in_place(flags, "review_place")
    )
    if not rows:
        return None
    return DataTable(
        id=f"review-{window.lower()}",
        caption=f"Review list, {window_words(window)}",
        columns=(
            Column("Area"), Column("Place", numeric=True), RATIO, BAND, CHANCE, RATE,
            Column("Stays on in variants", numeric=True), EXPLANATIONS, QUALITY, *((ENQUIRY,) if asked else ()),
        ),
        rows=rows,
        note="The highest evidence ratios above 1. Chance: that the council replaced its own money, if 10 in 100 did. "
        f"{RATE_NOTE.format(average)} Variants: choices nobody can prove, each made the other way. Other explanations "
        "change no place.",
    )  # fmt: skip


def unusual_table(
    window: str, flags: Mapping[str, Row], *, tests: Tests, ratios: Ratios, asked: Asked | None = None
) -> DataTable | None:
    """The unusual-pattern list in order of place; None where it is empty."""
    rows = tuple(
        (
            _name(flag),
            Cell(f"{int(flag['unusual_place'])}", small="also for review" if flag["review_place"] else ""),
            Cell(evidence(flag["evidence_ratio"])),
            Cell(band_words(flag["band"])),
            Cell(fits(flag, tests, ratios)),
            Cell(str(flag["data_quality"] or MISSING)),
            *_enquiry(asked, flag),
        )
        for flag in _in_place(flags, "unusual_place")
    )
    if not rows:
        return None
    return DataTable(
        id=f"unusual-{window.lower()}",
        caption=f"Unusual-pattern list, {window_words(window)}",
        columns=(
            Column("Area"),
            Column("Place", numeric=True),
            RATIO,
            BAND,
            EXPLANATIONS,
            QUALITY,
            *((ENQUIRY,) if asked else ()),
        ),
        rows=rows,
        note="In the order in which the forest isolates them. Which signs put an area here is on its page.",
    )


def _all_areas_row(area: Row, flag: Row | None) -> tuple[Cell, ...]:
    name = Cell(str(area["area_name"]), href=f"areas/{area['area_code']}.html")
    if flag is None:
        said = "The run holds no result for this area."
        return name, Cell(outcome(None)), Cell(said), *(Cell(MISSING) for _ in range(4))
    assessed = result_of(flag) != NOT_ASSESSED
    return (
        name,
        Cell(outcome(result_of(flag))),
        Cell(
            band_words(flag["band"]) if assessed and flag["band"] else sentence(flag["reason"]) or "No reason recorded."
        ),
        Cell(evidence(flag["evidence_ratio"])),
        Cell(chance(flag["posterior_10"])),
        Cell(_rate(flag)),
        Cell(str(flag["data_quality"] or MISSING)),
    )


def areas_table(
    window: str, areas: Sequence[Row], flags: Mapping[str, Row], *, said: str = "", average: float = AVERAGE_COUNCIL
) -> DataTable:
    """Every area with its result, band or reason, ratio, chance, rate and data quality."""
    return DataTable(
        id=f"areas-{window.lower()}",
        caption=f"{said or f'All {len(areas)} areas'}, {window_words(window)}",
        columns=(Column("Area"), Column("Result"), BAND, RATIO, CHANCE, RATE, QUALITY),
        rows=tuple(_all_areas_row(area, flags.get(str(area["area_code"]))) for area in table_order(areas, flags)),
        note="In order of evidence ratio: how many times likelier the path of own spending is if the council replaced "
        f"its own money pound for pound than if it did as the average council did. "
        f"{RATE_NOTE.format(average)} [x]: not available.",
    )
