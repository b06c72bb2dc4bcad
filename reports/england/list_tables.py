"""The two lists as tables: short on the first page, in full as working papers, and what following up asks for.

In: rows of tables `flag`, `look_alike` and `feature_value`, and what the enquiry holds. Out: `DataTable` records in
order of place; None where a list is empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.declarations.table_words import REVIEW_LIST, UNUSUAL_LIST
from reports.england.areas_table import BAND, CHANCE, QUALITY, RATE, RATE_NOTE, RATIO, kept_words, rate_cell
from reports.words.enquiry_words import Asked, enquiry_told
from reports.words.frame import AVERAGE_COUNCIL, window_words
from reports.words.lead_words import Ratios, positive_tests
from reports.words.narrative import MISSING, band_words, chance, evidence, sentence, thousand
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable

PLACE_COLUMNS = {"review": "review_place", "unusual": "unusual_place"}
PLACE = Column("Place", numeric=True)
EXPLANATIONS = Column("Other explanations that fit")
ENQUIRY = Column("Asked and replied")
MONEY = Column("NHS money, \u00a3 thousand", numeric=True)
TESTED = ("positive", "negative")
FIRST = 15
"""Names of a list that the first page shows."""
EMPTY = ("Followed up by", "Date", "Reference")
"""Columns for the auditor's own notes."""


@dataclass(frozen=True)
class ListRows:
    """One list of one window with all that its tables tell; `key` is review or unusual."""

    key: str
    window: str
    flags: Mapping[str, Row]
    tests: Mapping[str, Sequence[Row]]
    ratios: Ratios
    asked: Asked | None
    variants: int = 0
    average: float = AVERAGE_COUNCIL
    signs: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    @property
    def review(self) -> bool:
        """Whether this is the review list."""
        return self.key == "review"

    @property
    def in_place(self) -> list[Row]:
        """The flags of the list in order of place."""
        column = PLACE_COLUMNS[self.key]
        return sorted((flag for flag in self.flags.values() if flag[column]), key=lambda flag: int(flag[column]))


def name_cell(flag: Row) -> Cell:
    """An area's name, which leads to its page."""
    return Cell(str(flag["area_name"] or flag["area_code"]), href=f"areas/{flag['area_code']}.html")


def _place(rows: ListRows, flag: Row) -> Cell:
    other = flag["unusual_place"] if rows.review else flag["review_place"]
    told = "also unusual" if rows.review else "also for review"
    return Cell(f"{int(flag[PLACE_COLUMNS[rows.key]])}", small=told if other else "")


def fits(flag: Row, tests: Mapping[str, Sequence[Row]], ratios: Ratios) -> str:
    """The other explanations that tested positive, as a cell."""
    rows = tests.get(str(flag["area_code"]), ())
    tested = sum(row["result"] in TESTED for row in rows)
    return sentence("; ".join(positive_tests(rows, ratios))) or f"none of {tested} tested"


def _enquiry(asked: Asked | None, flag: Row) -> tuple[Cell, ...]:
    """Asked, answered, commented on: one cell, a recorded reply first; none where the run asked nobody."""
    if asked is None:
        return ()
    code = str(flag["area_code"])
    papers, comment = enquiry_told(asked, code)
    if (code,) in asked.commented:
        return (Cell(comment, href=f"areas/{code}.html#response", small=papers),)
    return (Cell(papers, small=comment),)


def short_table(rows: ListRows) -> DataTable | None:
    """Names in order of place for the first page, and of the review list what the figures say."""
    made = tuple(
        (
            name_cell(flag),
            *((Cell(band_words(flag["band"])), Cell(chance(flag["posterior_10"]))) if rows.review else ()),
            *_enquiry(rows.asked, flag),
        )
        for flag in rows.in_place[:FIRST]
    )  # fmt: skip
    columns = (
        Column("Area, in order of place"),
        *((BAND, CHANCE) if rows.review else ()),
        *((ENQUIRY,) if rows.asked else ()),
    )
    left = len(rows.in_place) - len(made)
    note = f"The first {FIRST} of {len(rows.in_place):,}; the page of the list has all." if left else ""
    return DataTable(f"{rows.key}-{rows.window.lower()}", _caption(rows), columns, made, note) if made else None


def _caption(rows: ListRows) -> str:
    return f"{band_words(REVIEW_LIST if rows.review else UNUSUAL_LIST)}, {window_words(rows.window)}"


def _full_row(rows: ListRows, flag: Row) -> tuple[Cell, ...]:
    code = str(flag["area_code"])
    fitting = Cell(fits(flag, rows.tests, rows.ratios))
    common = (
        name_cell(flag),
        _place(rows, flag),
        Cell(band_words(flag["band"])),
        Cell(evidence(flag["evidence_ratio"])),
    )
    money = Cell(thousand(flag["transfer_gbp"]), small=str(flag["transfer_basis"] or ""))
    quality = Cell(str(flag["data_quality"] or MISSING))
    if not rows.review:
        signs = Cell(sentence("; ".join(rows.signs.get(code, ()))) or MISSING)
        return *common, signs, money, fitting, quality, *_enquiry(rows.asked, flag)
    likely = Cell(chance(flag["posterior_10"])), Cell(rate_cell(flag))
    kept = Cell(kept_words(flag, rows.variants))
    return *common, *likely, money, kept, fitting, quality, *_enquiry(rows.asked, flag)


def full_table(rows: ListRows) -> DataTable | None:
    """A list as a working paper: what the figures say of each area, and how far they can be trusted."""
    made = tuple(_full_row(rows, flag) for flag in rows.in_place)
    if not made:
        return None
    if rows.review:
        own = CHANCE, RATE, MONEY, Column("Stays on in variants", numeric=True)
        note = (
            "The highest evidence ratios above 1. Chance: that the council replaced its own money, if 10 in 100 did. "
            f"{RATE_NOTE.format(rows.average)} NHS money: the rise over the window, and how it is known. Variants: "
            "choices nobody can prove, each made the other way. Other explanations change no place."
        )
    else:
        own = Column("Signs that count"), MONEY
        note = (
            "In the order in which the forest isolates them, by signs that count towards replacement. NHS money: the "
            "rise over the window, and how it is known."
        )
    return DataTable(
        id=f"{rows.key}-{rows.window.lower()}",
        caption=_caption(rows),
        columns=(Column("Area"), PLACE, BAND, RATIO, *own, EXPLANATIONS, QUALITY, *((ENQUIRY,) if rows.asked else ())),
        rows=made,
        note=note,
        find=True,
    )


def follow_table(rows: ListRows, *, years: int, questions: Mapping[str, int]) -> DataTable | None:
    """What following up asks for, and room for the auditor's notes."""
    flags = rows.in_place
    if not flags:
        return None
    plans = f"{2 * years}" if years else MISSING
    blank = tuple(Cell("") for _ in EMPTY)
    asked = {str(flag["area_code"]): questions.get(str(flag["area_code"]), 0) for flag in flags}
    each = tuple(
        (
            name_cell(flag), Cell(plans),
            Cell(f"{asked[str(flag['area_code'])]}", href=f"areas/{flag['area_code']}.html#questions"),
            Cell(f"ringfence request {flag['area_code']}"), *blank,
        )
        for flag in flags
    )  # fmt: skip
    command = f"ringfence request --list {rows.key} --window {rows.window}"
    total = Cell(f"{2 * years * len(flags):,}") if years else Cell(MISSING)
    every = (Cell(f"All {len(flags):,}"), total, Cell(f"{sum(asked.values()):,}"), Cell(command), *blank)
    return DataTable(
        id=f"follow-{rows.key}-{rows.window.lower()}",
        caption=f"What following up asks for, {window_words(rows.window)}",
        columns=(
            Column("Area"), Column("Plan figures", numeric=True), Column("Questions", numeric=True),
            Column("How to ask", code=True), *(Column(name) for name in EMPTY),
        ),
        rows=(*each, every),
        note=f"Plan figures: own spend planned without the NHS money and with it, for each of {years or 'the'} years, "
        "from papers written before the year. What it costs in hours or fees is not known: no estimate is held. The "
        "last three columns are for your own notes.",
    )  # fmt: skip
