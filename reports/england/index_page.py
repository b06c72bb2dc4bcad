"""The first page's view model: the answer in three lines, a way to every area, both lists in short, the maps, England.

In: a run. Out: an `IndexPage`. Tables of all areas, lists in full and England's years are on pages of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from pipelines.declarations.table_words import REVIEW_LIST
from reports.england.answer_lines import answer_lines, counts, counts_note
from reports.england.bands import MAP_NOTE, band_counts, key_entries, map_figure
from reports.england.enquiry_part import enquiry_part
from reports.england.find_area import letters
from reports.england.front_records import IndexPage, Said
from reports.england.list_pages import all_areas_links, list_links
from reports.england.list_tables import short_table
from reports.england.national_section import national_words
from reports.england.smallest_amount import smallest_rates, smallest_table
from reports.england.working_papers import EMPTY, NAMES, flags_of, list_rows
from reports.words.frame import flag_windows, frame, window_words
from reports.words.lead_words import LeadWords, expected_names, good_answers, lead_words, tested_names
from reports.words.narrative import count_of, decimal, whole
from reports.words.read_run import Run
from reports.words.view_models import Cell, Column, DataTable, Link, WindowPart

TITLE = "Did NHS money for social care fund integration, or replace council money?"
LEAD = (
    "When NHS money came for social care, did a council's own spending move as the average council's did, or fall by "
    "as much as the money brought? Asked of every area, from published returns."
)


def _short(run: Run, key: str, window: str, words: LeadWords) -> WindowPart:
    """A list in short; what it is worth stands over it."""
    table = short_table(list_rows(run, key, window, words))
    said = words.front if key == "review" else ""
    identity = f"short-{key}-{window.lower()}"
    return WindowPart(identity, window_words(window), said, table=table, empty="" if table or said else EMPTY)


def worth_table(run: Run) -> DataTable | None:
    """What being on the review list is worth, by window and together; None where the run does not say."""
    rows = [row for row in run.rows("list_summary") if row["list"] == REVIEW_LIST and expected_names(row)]
    if not rows:
        return None
    told = [(window_words(str(row["window"])), int(row["places"]), float(row["expected_10"])) for row in rows]
    tested = [tested_names(run, row) for row in rows]
    held = [number for number in tested if number is not None]
    if len(told) > 1:
        tested.append(sum(held) if len(held) == len(told) else None)
        told.append(("Together", sum(one[1] for one in told), sum(one[2] for one in told)))
    lines: tuple[tuple[str, Callable[[int, float], str]], ...] = (
        ("Names on the review list", lambda places, _: whole(places)),
        ("Would be such councils, if one in ten did", lambda _, expected: decimal(expected, places=1)),
        ("Will then have a good answer, about", lambda places, expected: whole(good_answers(places, expected))),
    )
    return DataTable(
        id="worth",
        caption="What being on the review list is worth",
        columns=(Column("Of the list"), *(Column(name, numeric=True) for name, _, _ in told)),
        rows=(
            *((Cell(label), *(Cell(said(places, expected)) for _, places, expected in told)) for label, said in lines),
            (Cell("Were, in tests in which one in ten had"), *(Cell(decimal(number, places=1)) for number in tested)),
        ),
    )


def _said(run: Run, windows: Sequence[str], bands: Mapping[str, Counter[str]]) -> Said:
    flags = {window: flags_of(run, window) for window in windows}
    maps = tuple(
        found for window in windows if (found := map_figure(window, run.rows("area"), flags[window]))
    )  # fmt: skip
    names = tuple(window_words(window) for window in windows)
    return Said(
        windows=(*names, "Together") if len(names) > 1 else names,
        key=key_entries(bands) if windows else (),
        links=all_areas_links(run),
        maps=maps,
        map_note=MAP_NOTE if maps else "No hexagon positions are held, so there is no map." if windows else "",
        smallest=smallest_table(smallest_rates(run.rows("flag"))),
    )


def enquiry_links(run: Run) -> tuple[Link, ...]:
    """Links to the conclusions and to what the papers show, as far as the run holds any."""
    named = (
        ("conclusion", "Conclusions (CSV)", "conclusions.csv"),
        ("planned_displacement", "Planned displacement (CSV)", "planned-displacement.csv"),
    )
    held = ((text, name, len(run.rows(table))) for table, text, name in named)
    return tuple(Link(text, f"downloads/{name}", count_of(many, "row", "rows")) for text, name, many in held if many)


def _downloads(run: Run) -> tuple[Link, ...]:
    return (
        Link("All results (CSV)", "downloads/flags.csv", count_of(len(run.rows("flag")), "row", "rows")),
        Link("Column descriptions (CSVW)", "downloads/flags.csv-metadata.json"),
        Link("Lists and all areas (workbook)", "downloads/england.xlsx", "sums and rate × NHS money as formulas"),
        *enquiry_links(run),
        Link("Run manifest (JSON)", "manifest.json", "inputs with sha256, settings and versions"),
        Link("All downloads (Data Package)", "datapackage.json", "every CSV with schema and sha256"),
    )


def index_page(run: Run) -> IndexPage:
    """The first page of a run's site."""
    areas, windows = run.rows("area"), flag_windows(run)
    bands = {window: band_counts(areas, flags_of(run, window)) for window in windows}
    words = {window: lead_words(run, window) for window in windows}
    found = letters(areas)
    review, unusual = (
        tuple(_short(run, key, window, words[window]) for window in windows) for key in NAMES
    )  # fmt: skip
    return IndexPage(
        frame=frame(run, title=TITLE, here="index"),
        lead=LEAD,
        answer=answer_lines(bands, smallest_rates(run.rows("flag")), run),
        counts=counts(run),
        counts_note=counts_note(run),
        example=found[0].areas[0] if found else None,
        letters=found,
        review=review,
        unusual=unusual,
        worth=worth_table(run),
        said=_said(run, windows, bands),
        national=national_words(run),
        downloads=_downloads(run),
        enquiry=enquiry_part(run),
        lists=tuple(list_links(run)),
    )
