"""The letters: one asks for papers, one for a comment before a list is shown. They go to an office, not to a person.

In: an `AreaRequest`. Out: a `Letter`, which is printed as HTML and as text with the same words. Days and office that
were not given are blanks to fill in.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.requests.front_words import scopes
from reports.requests.request import AreaRequest
from reports.requests.shared_words import JOINED, KEPT, REDACT, day_words, office_words
from reports.requests.why_asked import NOTHING_ALLEGED, PERMITTED, WHY_PAPERS
from reports.words.narrative import count_of

CONDITIONS = (
    "The conditions of the section 256 transfer of 2014-15 asked councils to show what difference the money would make "
    "against service plans without it; those before it asked for joint agreement and a report of its use, and Better "
    "Care Fund plans had to say how social care services were protected. Councils are likely to hold such papers."
)
COMMENT_AT_ANY_TIME = (
    "The council may comment on the area's page and on these figures at any time. A comment is printed on the page, "
    "unedited, beside the result."
)


@dataclass(frozen=True)
class Part:
    """One part of a letter: heading, paragraphs, and points after them."""

    heading: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Letter:
    """A letter, every word ready to print."""

    subject: str
    to: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    closing: tuple[str, ...]
    foot: str


def _letter(request: AreaRequest, *, subject: str, answer: str, parts: tuple[Part, ...]) -> Letter:
    asking = request.asking
    return Letter(
        subject=subject,
        to=(
            "To the chief finance officer (section 151 officer)",
            f"{request.name} ({request.code})",
            "Copy: the director of adult social services",
        ),
        facts=(("From", office_words(asking)), ("Date", day_words(asking.date)), (answer, day_words(asking.by))),
        parts=parts,
        closing=("Yours faithfully", office_words(asking)),
        foot=f"ringfence run {request.run_id}. {NOTHING_ALLEGED}",
    )


def papers_letter(request: AreaRequest) -> Letter:
    """The letter that asks for papers."""
    questions = count_of(len(request.questions), "question", "questions")
    return _letter(
        request,
        subject="Request for papers: adult social care and money from the NHS",
        answer="Please answer by",
        parts=(
            Part("Why we write", (*request.why, f"{NOTHING_ALLEGED} {PERMITTED}")),
            Part(
                "What we ask for",
                (WHY_PAPERS, CONDITIONS, "We ask for these, from papers written before each year began:"),
                (
                    "the council's own spend planned without the transfer, and planned with it; the transfer agreed, "
                    "the total planned, and the uses agreed;",
                    "budget lines met from NHS money that the council met itself before;",
                    "the papers that show it, with date and page: section 256 agreement and use-of-funds plan, Better "
                    "Care Fund plan and its sign-off, section 75 schedule, budget report, medium-term financial plan;",
                    f"a reply to {questions} chosen by the area's own figures.",
                ),
            ),
            Part(
                "How to answer",
                (
                    "The enclosed workbook request.xlsx holds what published returns say, each figure with its cell, "
                    "and yellow cells for what is asked. All amounts are in \u00a3 thousand, cash. " + scopes(request),
                    "Leave empty what is not known: that is an answer too, and one year with papers is worth sending. "
                    "From a section 256 agreement with its plan this takes about ten minutes. The list "
                    "where-to-look.csv names where allocations and plans were published.",
                    *([JOINED] if request.joined else []),
                ),
            ),
            Part("What becomes of an answer", (KEPT, REDACT, COMMENT_AT_ANY_TIME)),
        ),
    )


def comment_letter(request: AreaRequest) -> Letter:
    """The letter that asks for a comment before a list is shown to others."""
    paper = f"ringfence-{request.run_id}-{request.code}.zip"
    return _letter(
        request,
        subject="Your comment on working papers: adult social care and money from the NHS",
        answer="Your comment by",
        parts=(
            Part("Why we write", (*request.why, f"{NOTHING_ALLEGED} {PERMITTED}")),
            Part(
                "What we ask for",
                (
                    f"Enclosed are the area's working papers, {paper}: its page, its figures with the published cell "
                    "of each, and the pages that explain them. They open without a network: unpack the file and open "
                    f"areas/{request.code}.html.",
                    "Before a list with the area's name is shown to others, we ask for the council's comment, by the "
                    "day named above. Useful are:",
                ),
                (
                    "a figure that is not the council's own, with the cell and the right figure;",
                    "a change of services, of booking or of boundaries that the figures do not show;",
                    "papers that say what would have been spent without the NHS money.",
                ),
            ),
            Part(
                "What becomes of a comment",
                (
                    "It is printed on the area's page, unedited, beside the result, with the day it was received. "
                    "Where none is received the lists say so, with the day it was asked for; nothing is read into it. "
                    "A later comment is added when it comes.",
                    REDACT,
                ),
            ),
        ),
    )
