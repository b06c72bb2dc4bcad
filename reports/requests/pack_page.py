"""What a request pack holds, how it is written, what comes back and what it costs: a page of the site.

In: a run. Out: a `ProsePage`. The files it names are those that `packs.py` writes; a test holds the two together.
"""

from __future__ import annotations

from pipelines.supplied.answer_form import FILES
from reports.requests.forms import ASKED_FILE, LOOK_FILE
from reports.requests.front_words import EMPTY, STEPS
from reports.requests.shared_words import KEPT, REDACT
from reports.requests.why_asked import NOTHING_ALLEGED, PERMITTED, WHY_PAPERS
from reports.words.enquiry_words import SETTLES
from reports.words.frame import frame
from reports.words.read_run import Run
from reports.words.view_models import Cell, Column, DataTable, Link, ProsePage, ProseSection, WindowPart

PAGE, TITLE = "requests.html", "Request packs"
HELD = (
    ("letter.html, letter.txt", "A letter to the chief finance officer: why the council is asked, what for, and what "
     "becomes of an answer. Days and office that were not given are blanks."),
    ("request.xlsx", "A workbook with the council's own figures filled in, each with its published cell, and yellow "
     "cells for what is asked."),
    (", ".join(FILES.values()), "The same forms as CSV, for those who prefer it: one or the other, not both."),
    (LOOK_FILE, "Where allocations and plans were published, by window."),
    (ASKED_FILE, "That the area was asked, and when: leave it beside the answer."),
)  # fmt: skip
COMMANDS = (
    ("ringfence request AREA", "for one area, by code or name"),
    ("ringfence request --list review --window W1", "for each area of a list (review or unusual)"),
    ("ringfence request --sample FILE", "for the areas of a sample"),
    ("ringfence request AREA --reply", "for a comment before a list is shown, with the area's working papers"),
    ("ringfence answers FOLDER", "to check what came back, and see what the papers show"),
    ("ringfence run --answers FOLDER", "to set answers and conclusions beside the returns"),
)


def _table(identity: str, caption: str, heads: tuple[str, str], rows: tuple[tuple[str, str], ...]) -> DataTable:
    return DataTable(
        identity, caption, (Column(heads[0]), Column(heads[1])), tuple((Cell(one), Cell(two)) for one, two in rows)
    )


def pack_page(run: Run) -> ProsePage:
    """The page."""
    files = _table("pack-files", "Files of a pack that asks for papers", ("File", "What it is"), HELD)
    commands = _table("pack-commands", "Commands", ("Command", "What for"), COMMANDS)
    return ProsePage(
        frame(run, title=TITLE, here="requests"),
        TITLE,
        (WHY_PAPERS, f"{NOTHING_ALLEGED} {PERMITTED}"),
        (
            ProseSection("holds", "What is in one", parts=(WindowPart("pack", "One folder an area", table=files),)),
            ProseSection(
                "write", "How to write it",
                ("Options --date, --by and --office fill in the letter; --to names the folder. A pack that is there "
                 "already is never written over.",),
                parts=(WindowPart("commands", "From the command line", table=commands),),
            ),
            ProseSection(
                "back", "What comes back",
                (" ".join(step.partition(". ")[2] for step in STEPS), EMPTY, KEPT, REDACT,
                 f"{SETTLES} Conclusions are written in conclusions.csv, beside the answers."),
            ),
            ProseSection(
                "costs", "What it costs",
                ("Of the council: own spend planned without the NHS money and with it, two plan figures for each year "
                 "of a window, from papers written before the year, and a short reply to each question. Beside each "
                 "name of a list stands how many that is. From a section 256 agreement with its plan the forms take "
                 "about ten minutes; finding the papers is not counted in.",
                 "Of the auditor: the pages of the papers named, read against the figures. How many hours or fees that "
                 "takes is not known: no estimate is held. What is at stake is the NHS money of the window, which "
                 "stands beside each name."),
            ),
        ),
        back=Link("Review list", "review.html"),
    )  # fmt: skip
