"""The pages in words: the glossary, the criteria of the money and the accessibility statement.

In: a run, and `glossary.toml`. Out: `ProsePage` by path.
"""

from __future__ import annotations

from reports.england.criteria_page import PAGE, criteria_page
from reports.words.frame import frame
from reports.words.glossary_links import glossary_sections, word_anchor
from reports.words.narrative import sentence
from reports.words.published_by import publisher_pairs
from reports.words.read_run import Run
from reports.words.view_models import Pair, ProsePage, ProseSection


def _glossary(run: Run) -> ProsePage:
    return ProsePage(
        frame=frame(run, title="Glossary", here="glossary"),
        heading="Glossary",
        lead=("One word, one meaning: on these pages, in column names and in the code.",),
        sections=tuple(
            ProseSection(
                f"words-{place}",
                heading,
                pairs=tuple(
                    Pair(word[:1].upper() + word[1:], sentence(text), anchor=word_anchor(word)) for word, text in words
                ),
            )
            for place, (heading, words) in enumerate(glossary_sections(), start=1)
        ),
    )


def _accessibility(run: Run) -> ProsePage:
    return ProsePage(
        frame=frame(run, title="Accessibility statement", here="accessibility"),
        heading="Accessibility statement",
        lead=("These pages are made to be read by as many people as possible, on screen, on paper and aloud.",),
        sections=(
            ProseSection(
                "aim",
                "What is aimed at",
                (
                    "Level AA of the Web Content Accessibility Guidelines, version 2.2. Pages can be read without "
                    "colour, without styles, at 400% and 320 pixels wide, with a keyboard alone and with a screen "
                    "reader. They load nothing from elsewhere. One script of their own searches and sorts long lists; "
                    "without it every page holds the same words.",
                    "Every chart has a title and a description, and all but funnels and maps have their numbers in a "
                    "table beside them. The table beside a funnel gives this area and its limits; the list on the "
                    "first page gives every area's amount and result.",
                ),
            ),
            ProseSection(
                "checked",
                "How it is checked",
                (
                    "The automatic tests of this software check the structure of every kind of page, and check pages "
                    "with the axe rules for levels A and AA in a real browser where one is installed. Automatic checks "
                    "find some barriers, not all. The pages have not been tested by users of assistive technology.",
                ),
            ),
            ProseSection(
                "known",
                "What is known not to work well",
                (
                    "Wide tables scroll sideways on narrow screens; each is a region that the keyboard can reach. "
                    "Column names of downloads are codes; the metadata beside each file gives their meanings. "
                    "PDFs printed from these pages carry only the tags that the browser gives them.",
                ),
            ),
            ProseSection(
                "barrier",
                "If something cannot be read",
                (
                    "Ask whoever published this run for another form; every table is also held as CSV. A barrier is "
                    "treated as a fault of the software.",
                ),
                pairs=publisher_pairs(run.manifest)[:-1],
            ),
        ),
    )


def plain_pages(run: Run) -> dict[str, ProsePage]:
    """The glossary, the criteria of the money and the accessibility statement by path."""
    return {"glossary.html": _glossary(run), PAGE: criteria_page(run), "accessibility.html": _accessibility(run)}
