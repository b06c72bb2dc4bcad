"""All look-alike tests in the order pages print them, and the documents that would settle a window.

In: the panel and a window. Out: one `LookAlike` for each area and test. Refuses nothing.
"""

from __future__ import annotations

from audit.method.look_alikes import (
    base_year,
    children,
    continuing_care,
    housing,
    learning_disability,
    pooled_booking,
    reorganisation,
)  # fmt: skip
from audit.method.look_alikes.look_alike import LookAlike, put_to
from audit.panel.panel import Panel
from audit.panel.window_data import WindowData
from audit.settings import Settings
from pipelines.declarations.table_words import SECTION_256

TESTS = tuple(one.TEST for one in (learning_disability, pooled_booking, continuing_care, base_year, housing, children))
LABELS = {test.code: test.label for test in TESTS} | {reorganisation.CODE: reorganisation.LABEL}
DOCUMENTS = {test.code: test.document for test in TESTS} | {reorganisation.CODE: reorganisation.DOCUMENT}


def all_tests(panel: Panel, data: WindowData, settings: Settings) -> list[LookAlike]:
    """Every test for every area of one window."""
    found = [result for test in TESTS for result in put_to(test, panel, data, settings)]
    return [*found, *reorganisation.put_to_all(panel, data)]


def settle_with(window: str, positive: tuple[str, ...]) -> str:
    """The documents that would settle the question, most telling first."""
    main = (
        "the section 256 agreement and the service plan without the transfer (asked for by the conditions of 2014-15 "
        "and borrowed here: those held for 2011-12 and 2013-14 ask for joint agreement and a report of use)"
        if window == SECTION_256
        else "the Better Care Fund plan and its section 75 agreement, with the sum for protecting social care"
    )
    return "; ".join([main, *(DOCUMENTS[test] for test in positive)])
