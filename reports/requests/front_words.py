"""The sheet of the workbook that is read first: why, what, in which order, in which unit, and what becomes of it.

In: an `AreaRequest`. Out: its lines. A line that ends in a blank is filled in by the office that asks.
"""

from __future__ import annotations

from pipelines.supplied.answer_form import DOCUMENTS, FILES, LINES, PLAN, REPLIES, SHEETS
from reports.requests.request import AreaRequest
from reports.requests.shared_words import JOINED, KEPT, REDACT, day_words, office_words
from reports.requests.why_asked import NOTHING_ALLEGED, PERMITTED, WHY_PAPERS
from reports.words.narrative import join_words
from reports.workbooks.records import BLANK, HEADING, STEP, TEXT, Line

STEPS = (
    f"1. {SHEETS[DOCUMENTS]}: name the papers you have, each with its date. The other sheets refer to them by number.",
    f"2. {SHEETS[PLAN]}: for each year, own spend planned without the transfer and with it, from papers written before "
    "the year began on 1 April, with the number of the paper and the page.",
    f"3. {SHEETS[LINES]}: budget lines that NHS money met and that the council had met itself the year before.",
    f"4. {SHEETS[REPLIES]}: a short reply to each question, with the paper that shows it.",
)
ORDER = (
    "Yellow cells are to fill in. Grey cells hold what published returns say and are locked; the sheet 'Cells' says "
    "where each stands. The column and the rows headed 'Example' are made up and are not read."
)
EMPTY = (
    "Leave empty what is not known or not held: that is an answer too. One year with papers is worth sending. From a "
    "section 256 agreement with its plan this takes about ten minutes."
)
UNITS = (
    "Amounts are in £ thousand, in cash: the prices of the year, not adjusted. No signs or words in a cell of numbers."
)
DATES = (
    "A paper counts as a plan if it was written before the year began. Later papers are welcome, are shown as written "
    "afterwards, and count for less."
)
DIFFERS = (
    "If a grey figure is not the council's own, leave it, give yours under 'Own spend in your accounts (outturn)' and "
    "say why in the note."
)


def scopes(request: AreaRequest) -> str:
    """What own spend is, window by window."""
    said = [
        f"for {block.years[0].year} to {block.years[-1].year} it is {block.definition}"
        for block in request.blocks
        if block.years
    ]
    return (
        f"Own spend is what the council met from its own resources; {'; '.join(said)}. If your papers draw the line "
        "elsewhere, use theirs and say so in the note."
    )


def back(request: AreaRequest) -> str:
    """How an answer is sent back."""
    names = join_words(list(FILES.values()))
    return (
        "Save this workbook as .xlsx under any name, without a password, and send it with the papers to the office "
        f"that asks. Those who prefer CSV fill in {names} instead: one or the other, not both."
    )


def front_lines(request: AreaRequest) -> tuple[Line, ...]:
    """The lines of the sheet, in their order."""
    asking = request.asking
    parts: tuple[tuple[str, tuple[Line, ...]], ...] = (
        (
            "",
            (
                Line(BLANK, f"Asked by: {office_words(asking)}"),
                Line(BLANK, f"Date: {day_words(asking.date)}"),
                Line(BLANK, f"Please answer by: {day_words(asking.by)}"),
            ),
        ),
        ("Why this council is asked", _texts(" ".join(request.why), f"{WHY_PAPERS} {NOTHING_ALLEGED} {PERMITTED}")),
        ("What to fill in, in this order", (*(Line(STEP, text) for text in STEPS), *_texts(ORDER, EMPTY))),
        ("Units and dates", _texts(UNITS, scopes(request), DATES, DIFFERS, *([JOINED] if request.joined else []))),
        ("What becomes of it", _texts(KEPT, REDACT)),
        ("Sending it back", _texts(back(request))),
    )
    made: list[Line] = []
    for heading, lines in parts:
        made += [Line(HEADING, heading), *lines] if heading else lines
    return tuple(made)


def _texts(*texts: str) -> tuple[Line, ...]:
    return tuple(Line(TEXT, text) for text in texts)
