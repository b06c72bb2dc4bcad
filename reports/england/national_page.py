"""England as a whole on a page of its own: spending and income by year, and displacement beside published shares.

In: a run. Out: a `ProsePage` with both charts and their tables.
"""

from __future__ import annotations

from reports.england.national_section import displacement_part, money_part, national_sentences
from reports.words.frame import frame
from reports.words.read_run import Run
from reports.words.view_models import Link, ProsePage, ProseSection

TITLE = "England: spending by year, and displacement"
PAGE = "national.html"


def national_page(run: Run) -> ProsePage:
    """The page."""
    money, displaced = money_part(run), displacement_part(run)
    return ProsePage(
        frame(run, title=TITLE, here="national"), TITLE, national_sentences(run),
        (ProseSection("money", "Spending and income", parts=(money,)),
         ProseSection("displacement", "Displacement", parts=(displaced,))),
        back=Link("All areas", "index.html"),
    )  # fmt: skip
