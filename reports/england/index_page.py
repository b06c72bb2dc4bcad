"""The first page's view model: both lists of each window, what they are worth, the map, and every area.

In: a run. Out: an `IndexPage`. Lists are in order of place; all areas follow, also those not assessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.declarations.table_words import BAND_WORDS, NOT_ASSESSED, REVIEW_LIST, UNUSUAL_LIST
from reports.charts import hex_map
from reports.england.areas_table import Tests, areas_table, result_of, review_table, unusual_table
from reports.england.enquiry_part import enquiry_part
from reports.england.national_section import displacement_part, money_part, national_sentences
from reports.words.enquiry_words import Asked, asked_areas
from reports.words.frame import BAND_STYLES, average_of, flag_windows, frame, window_words
from reports.words.lead_words import LeadWords, lead_words, tests_by_area
from reports.words.narrative import BAND_MARKS, band_words, count_of, outcome
from reports.words.read_run import Row, Run
from reports.words.view_models import Figure, IndexPage, KeyEntry, Link, WindowOverview, WindowPart

SHOWN = (*BAND_WORDS, NOT_ASSESSED)
"""The bands, and what stands beside them where nothing was assessed, in the order of map, key and counts."""


def shown_band(flag: Row | None) -> str:
    """The band of a flag row, or not assessed."""
    found = str(flag["band"]) if flag and flag["band"] else NOT_ASSESSED
    return found if result_of(flag) != NOT_ASSESSED and found in SHOWN else NOT_ASSESSED


def _heading(band: str) -> str:
    return outcome(band) if band == NOT_ASSESSED else band_words(band)


def flags_of(run: Run, window: str) -> dict[str, Row]:
    """Rows of `flag` of a window by area."""
    return {str(row["area_code"]): row for row in run.rows("flag") if row["window"] == window}


def variants_of(run: Run, window: str) -> int:
    """How many variants the review list was made again in."""
    return len({row["variant"] for row in run.rows("list_variant") if row["window"] == window})


def window_sentences(bands: Counter[str], total: int) -> tuple[str, ...]:
    """What the figures say in one window, by band, in two sentences."""
    strongly, towards, leans, nothing, leans_against, against = (f"{bands[band]:,}" for band in BAND_WORDS)
    first = (
        f"Of {count_of(total, 'area', 'areas')} the figures say nothing either way for {nothing}, which "
        f"is a full answer; {bands[NOT_ASSESSED]:,} {'was' if bands[NOT_ASSESSED] == 1 else 'were'} not assessed."
    )
    return first, (
        f"They point strongly towards replacement for {strongly}, point towards it for {towards} and lean towards it "
        f"for {leans}; they lean against it for {leans_against} and point against it for {against}."
    )


def _map(window: str, areas: Sequence[Row], flags: Mapping[str, Row], bands: Counter[str]) -> Figure | None:
    placed = [area for area in areas if area["hex_q"] is not None and area["hex_r"] is not None]
    if not placed:
        return None
    told = "; ".join(f"{_heading(band)}: {bands[band]}" for band in SHOWN)
    return Figure(
        id=f"map-{window.lower()}",
        title=f"England by what the figures say, {window_words(window)}",
        subtitle="One hexagon for each area; position is approximate, size says nothing.",
        description=f"Areas by what the figures say: {told}. The table beneath lists every area.",
        spec=hex_map.spec(
            [
                {
                    "hex_q": int(area["hex_q"]),
                    "hex_r": int(area["hex_r"]),
                    "band": shown_band(flags.get(str(area["area_code"]))),
                }
                for area in sorted(placed, key=lambda area: str(area["area_code"]))
            ]
        ),
    )


def _lists(
    window: str,
    flags: Mapping[str, Row],
    words: LeadWords,
    *,
    variants: int,
    tests: Tests,
    average: float,
    asked: Asked | None,
) -> tuple[WindowPart, ...]:
    review = review_table(window, flags, variants=variants, tests=tests, ratios=words.ratios, average=average,
                          asked=asked)  # fmt: skip
    unusual = unusual_table(window, flags, tests=tests, ratios=words.ratios, asked=asked)
    none = "No area is on this list in this window."
    return tuple(
        WindowPart(
            id=f"list-{key}-{window.lower()}", heading=band_words(name), sentence=said, table=table,
            empty="" if table or said else none,
        )
        for key, name, said, table in (
            ("review", REVIEW_LIST, words.review, review), ("unusual", UNUSUAL_LIST, words.unusual, unusual),
        )
    )  # fmt: skip


def overview(run: Run, window: str, areas: Sequence[Row]) -> WindowOverview:
    """One window's lists, sentences, map, key and table."""
    flags, tests, average = flags_of(run, window), tests_by_area(run, window), average_of(run)
    bands = Counter(shown_band(flags.get(str(area["area_code"]))) for area in areas)
    return WindowOverview(
        id=f"window-{window.lower()}",
        heading=window_words(window),
        lists=_lists(
            window,
            flags,
            lead_words(run, window),
            variants=variants_of(run, window),
            tests=tests,
            average=average,
            asked=asked_areas(run),
        ),
        sentences=window_sentences(bands, len(areas)),
        map=_map(window, areas, flags, bands),
        key=tuple(
            KeyEntry(letter=BAND_MARKS[band], style=BAND_STYLES[band], text=_heading(band), count=f"{bands[band]:,}")
            for band in SHOWN
        ),
        table=areas_table(window, areas, flags, average=average),
    )


def enquiry_links(run: Run) -> tuple[Link, ...]:
    """Links to the conclusions and to what the papers show, as far as the run holds any."""
    named = (
        ("conclusion", "Conclusions (CSV)", "conclusions.csv"),
        ("planned_displacement", "Planned displacement (CSV)", "planned-displacement.csv"),
    )
    held = ((text, name, len(run.rows(table))) for table, text, name in named)
    return tuple(Link(text, f"downloads/{name}", count_of(many, "row", "rows")) for text, name, many in held if many)


def index_page(run: Run) -> IndexPage:
    """The first page of a run's site."""
    areas = run.rows("area")
    return IndexPage(
        frame=frame(
            run, title="Did NHS money for social care fund integration, or replace council money?", here="index"
        ),
        lead=(
            "When NHS money was passed to a council for social care, did the council's own spending move as that of "
            "the average council did, or fall by as much as the money brought? This site asks it of every area of "
            "England, from published returns.",
            "Being on a list is a flag: a prompt for enquiry, not evidence of misuse. Protecting social care was a "
            "permitted purpose of the money. That the figures say nothing either way is a full answer.",
        ),
        windows=tuple(overview(run, window, areas) for window in flag_windows(run)),
        found=national_sentences(run),
        enquiry=enquiry_part(run),
        national=(money_part(run), displacement_part(run)),
        downloads=(
            Link("All results (CSV)", "downloads/flags.csv", count_of(len(run.rows("flag")), "row", "rows")),
            Link("Column descriptions (CSVW)", "downloads/flags.csv-metadata.json"),
            *enquiry_links(run),
            Link("Run manifest (JSON)", "manifest.json", "inputs with sha256, settings and versions"),
            Link("All downloads (Data Package)", "datapackage.json", "every CSV with schema and sha256"),
        ),
    )
