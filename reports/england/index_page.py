"""The first page's view model: what was found in sentences, the hex map by grade, and every area for each window.

In: a run. Out: an `IndexPage`. Areas are listed by grade, then pounds, then code; all are listed, also those not
assessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.declarations.table_words import FLAGGED, GRADE_A, GRADE_B, GRADES, NOT_ASSESSED
from reports.charts import hex_map
from reports.england.national_section import displacement_part, money_part, national_sentences
from reports.words.frame import GRADE_STYLES, flag_windows, frame, window_words
from reports.words.lead_words import explained_by_area, lead_words, reason_in_list
from reports.words.narrative import (
    GRADE_LETTERS,
    count_of,
    decimal,
    is_missing,
    outcome,
    prose_gbp,
    thousand,
    thousand_interval,
)
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, Figure, IndexPage, KeyEntry, Link, WindowOverview

COLUMNS = (
    Column("Area"),
    Column("Result"),
    Column("Reason"),
    Column("Expected less actual, £ thousand", numeric=True),
    Column("90% interval", numeric=True),
    Column("Shortfall per pound", numeric=True),
    Column("Data quality"),
)


def grade_of(flag: Row | None) -> str:
    """The grade of a flag row; not assessed where there is none, or one that is not known."""
    grade = str(flag["grade"]) if flag else NOT_ASSESSED
    return grade if grade in GRADES else NOT_ASSESSED


def table_order(areas: Sequence[Row], flags: Mapping[str, Row]) -> list[Row]:
    """Areas by grade, then pounds (largest first, missing last), then code."""

    def key(area: Row) -> tuple[int, bool, float, str]:
        flag = flags.get(str(area["area_code"]))
        gap = flag["gap_gbp"] if flag else None
        return GRADES.index(grade_of(flag)), is_missing(gap), -(gap or 0.0), str(area["area_code"])

    return sorted(areas, key=key)


def areas_table(
    window: str,
    areas: Sequence[Row],
    flags: Mapping[str, Row],
    *,
    said: str = "",
    beside: Mapping[str, str] | None = None,
) -> DataTable:
    """Every area with its result, reason, pounds, interval, shortfall per pound and data quality.

    `beside` is what follows the reason, by area.
    """
    rows: list[tuple[Cell, ...]] = []
    for area in table_order(areas, flags):
        flag = flags.get(str(area["area_code"]))
        name = Cell(str(area["area_name"]), href=f"areas/{area['area_code']}.html")
        if flag is None:
            rows.append(
                (
                    name,
                    Cell(outcome(None)),
                    Cell("The run holds no result for this area."),
                    *(Cell("[x]") for _ in range(4)),
                )
            )
            continue
        rows.append(
            (
                name,
                Cell(outcome(str(flag["grade"]))),
                Cell(f"{reason_in_list(flag)} {(beside or {}).get(str(area['area_code']), '')}".strip()),
                Cell(thousand(flag["gap_gbp"])),
                Cell(thousand_interval(flag["gap_lower_gbp"], flag["gap_upper_gbp"])),
                Cell(decimal(flag.get("gap_per_pound"))),
                Cell(str(flag["data_quality"] or "[x]")),
            )
        )
    return DataTable(
        id=f"areas-{window.lower()}",
        caption=f"{said or f'All {len(areas)} areas'}, {window_words(window)}",
        columns=COLUMNS,
        rows=tuple(rows),
        note="In order of result, then pounds. A positive amount means that less was spent than expected. "
        "Shortfall per pound: that amount / the rise in NHS money; its interval, and the displacement rate, are on the "
        "area's page. [x]: not available.",
    )


def window_sentences(grades: Counter[str], flags: Sequence[Row], total: int) -> tuple[str, ...]:
    """What was found in one window, in three sentences."""
    flagged = sum(grades[grade] for grade in FLAGGED)
    by_grade = ", ".join(f"{grades[grade]:,} {grade}" for grade in GRADES[:3])
    pounds = sum(
        float(flag["gap_gbp"]) for flag in flags if flag["grade"] in GRADES[:2] and not is_missing(flag["gap_gbp"])
    )
    first = (
        f"Of {count_of(total, 'area', 'areas')}, {flagged:,} {'is' if flagged == 1 else 'are'} flagged ({by_grade})."
    )
    second = (
        f"For {grades['cannot tell']:,} the figures cannot tell; in {grades['nothing found']:,} nothing was found; "
        f"{grades['not assessed']:,} {'was' if grades['not assessed'] == 1 else 'were'} not assessed."
    )
    graded = grades[GRADE_A] + grades[GRADE_B]
    if not graded:
        return first, second
    amount = f"{prose_gbp(abs(pounds))} {'less' if pounds >= 0 else 'more'} than expected"
    return (
        first,
        second,
        f"Across the {count_of(graded, 'area', 'areas')} graded A or B, own-funded spend was {amount} over the window.",
    )


def overview(run: Run, window: str, areas: Sequence[Row]) -> WindowOverview:
    """One window's sentences, map, key and table."""
    flags = {str(row["area_code"]): row for row in run.rows("flag") if row["window"] == window}
    grades = Counter(grade_of(flags.get(str(area["area_code"]))) for area in areas)
    placed = [area for area in areas if area["hex_q"] is not None and area["hex_r"] is not None]
    identity, heading, words = f"window-{window.lower()}", window_words(window), lead_words(run, window)
    told = "; ".join(f"{outcome(grade)}: {grades[grade]}" for grade in GRADES)
    figure = None
    if placed:
        figure = Figure(
            id=f"map-{window.lower()}",
            title=f"England by result, {heading}",
            subtitle="One hexagon for each area; position is approximate, size says nothing.",
            description=f"Areas by result: {told}. The table beneath lists every area.",
            spec=hex_map.spec(
                [
                    {
                        "hex_q": int(area["hex_q"]),
                        "hex_r": int(area["hex_r"]),
                        "grade": grade_of(flags.get(str(area["area_code"]))),
                    }
                    for area in sorted(placed, key=lambda area: str(area["area_code"]))
                ]
            ),
        )
    return WindowOverview(
        id=identity,
        heading=heading,
        sentences=(
            *window_sentences(grades, list(flags.values()), len(areas)),
            *(text for text in (words.chance, words.power) if text),
        ),
        map=figure,
        key=tuple(
            KeyEntry(
                letter=GRADE_LETTERS[grade], style=GRADE_STYLES[grade], text=outcome(grade), count=f"{grades[grade]:,}"
            )
            for grade in GRADES
        ),
        table=areas_table(window, areas, flags, beside=explained_by_area(run, window, flags)),
    )


def index_page(run: Run) -> IndexPage:
    """The first page of a run's site."""
    areas = run.rows("area")
    windows = flag_windows(run)
    return IndexPage(
        frame=frame(
            run, title="Did NHS money for social care fund integration, or replace council money?", here="index"
        ),
        lead=(
            "When NHS money was passed to a council for social care, did the council's own spending stay where it was "
            "expected to be without that money? This site compares the two for every area of England, from published "
            "returns.",
            "A flag is a prompt for enquiry, not evidence of misuse. Protecting social care was a permitted purpose of "
            "the money. "
            "Cannot tell is a full answer: it means that these figures cannot settle the question.",
        ),
        windows=tuple(overview(run, window, areas) for window in windows),
        found=national_sentences(run),
        national=(money_part(run), displacement_part(run)),
        downloads=(
            Link("All results (CSV)", "downloads/flags.csv", count_of(len(run.rows("flag")), "row", "rows")),
            Link("Column descriptions (CSVW)", "downloads/flags.csv-metadata.json"),
            Link("Run manifest (JSON)", "manifest.json", "inputs with sha256, settings and versions"),
            Link("All downloads (Data Package)", "datapackage.json", "every CSV with schema and sha256"),
        ),
    )
