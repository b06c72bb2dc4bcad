"""The pages of the two lists as working papers: what a list is worth, what the figures say, what following up asks for.

In: a run, and how many questions each area's page asks. Out: `ProsePage` by path. Where a list is empty its page says
so and why.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.declarations.table_words import REVIEW_LIST, UNUSUAL_LIST
from reports.england.list_tables import ListRows, follow_table, full_table
from reports.words.enquiry_words import asked_areas
from reports.words.frame import average_of, flag_windows, frame, window_words
from reports.words.lead_words import LeadWords, lead_words, tests_by_area
from reports.words.narrative import band_words
from reports.words.read_run import Row, Run
from reports.words.view_models import Link, ProsePage, ProseSection, WindowPart

NAMES = {"review": REVIEW_LIST, "unusual": UNUSUAL_LIST}
EMPTY = "No area is on this list in this window."
LEADS = {
    "review": "The areas whose own spending fell most as full replacement would have it, in order of evidence ratio. A "
    "name is a prompt for enquiry: most will have a good answer.",
    "unusual": "The areas that look most unlike all others on several signs together, some of which own spending alone "
    "does not show. A name is a prompt for enquiry: there are many reasons for an unusual pattern.",
}
NOTE = "A flag is a prompt for enquiry, not evidence of misuse. Protecting social care was a permitted purpose."


def flags_of(run: Run, window: str) -> dict[str, Row]:
    """Rows of `flag` of a window by area."""
    return {str(row["area_code"]): row for row in run.rows("flag") if row["window"] == window}


def variants_of(run: Run, window: str) -> int:
    """How many variants the review list was made again in."""
    return len({row["variant"] for row in run.rows("list_variant") if row["window"] == window})


def _signs(run: Run, window: str) -> dict[str, list[str]]:
    """The signs that count towards an area's unusual pattern, the largest first."""
    found: dict[str, list[Row]] = {}
    for row in run.rows("feature_value"):
        if row["window"] == window and (row["contribution"] or 0.0) > 0.0:
            found.setdefault(str(row["area_code"]), []).append(row)
    in_order = {code: sorted(rows, key=lambda row: -row["contribution"]) for code, rows in found.items()}
    return {code: [_small(str(row["label"] or row["feature"])) for row in rows] for code, rows in in_order.items()}


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def list_rows(run: Run, key: str, window: str, words: LeadWords) -> ListRows:
    """One list of one window."""
    return ListRows(
        key, window, flags_of(run, window), tests_by_area(run, window), words.ratios, asked_areas(run),
        variants=variants_of(run, window), average=average_of(run), signs=_signs(run, window),
    )  # fmt: skip


def window_years(run: Run) -> dict[str, int]:
    """How many years each window has, base years left out."""
    years: dict[str, set[str]] = {}
    for row in run.rows("expected_spend"):
        if not row["is_base"]:
            years.setdefault(str(row["window"]), set()).add(str(row["financial_year"]))
    return {window: len(found) for window, found in years.items()}


def _section(rows: ListRows, sentence: str, *, years: int, questions: Mapping[str, int]) -> ProseSection:
    figures, follow = full_table(rows), follow_table(rows, years=years, questions=questions)
    identity = f"list-{rows.key}-{rows.window.lower()}"
    parts = (
        WindowPart(f"{identity}-figures", "What the figures say", table=figures, empty="" if figures else EMPTY),
        *((WindowPart(f"{identity}-follow", "To follow up", table=follow),) if follow else ()),
    )
    said = (sentence,) if sentence else ()
    return ProseSection(identity, window_words(rows.window), said, parts=parts)


def _page(run: Run, key: str, questions: Mapping[str, int]) -> ProsePage:
    years, sections = window_years(run), list[ProseSection]()
    for window in flag_windows(run):
        words = lead_words(run, window)
        rows = list_rows(run, key, window, words)
        sentence = words.review if rows.review else words.unusual
        sections.append(_section(rows, sentence, years=years.get(window, 0), questions=questions))
    if not sections:
        sections.append(ProseSection("none", "Areas", ("This run holds no results.",)))
    replies = "" if asked_areas(run) else " No council was asked yet, and none has commented."
    how = ProseSection(
        "how", "How to ask",
        (
            "The command ringfence request writes a pack for one area, and with --list one for each area of a list: "
            f"what is in it, how it is written and what comes back stands on a page of its own.{replies}",
        ),
        links=(Link("Request packs", "requests.html"),),
    )  # fmt: skip
    title = band_words(NAMES[key])
    return ProsePage(frame(run, title=title, here=key), title, (LEADS[key],), (*sections, how), note=NOTE)


def working_papers(run: Run, questions: Mapping[str, int]) -> dict[str, ProsePage]:
    """Both pages by path; `questions` is how many each area's page asks."""
    return {f"{key}.html": _page(run, key, questions) for key in NAMES}
