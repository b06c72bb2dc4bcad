"""A look-alike test as a record, and how one is put to every area.

In: a test and a window. Out: one `LookAlike` for each area, with its result and the figure behind it. Refuses to guess:
where the figures are not held the result is "not tested".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from audit.panel.panel import Panel
from audit.panel.window_data import WindowData
from audit.settings import Settings

POSITIVE, NEGATIVE, NOT_TESTED = "positive", "negative", "not tested"


@dataclass(frozen=True)
class LookAlike:
    """Result of one test for one area: positive means the explanation fits."""

    area: int
    test: str
    result: str
    detail: str


@dataclass(frozen=True)
class Test:
    """One test. `measure` gives per cent over areas, NaN where not held; positive at `limit` (a setting) or above.

    `words` has a place for the value and one for the limit; `document` would settle it. `planted` is the innocent
    change of the generators that it should see, by which its likelihood ratio is measured; empty where none is planted.
    """

    code: str
    label: str
    document: str
    limit: str
    words: str
    planted: str
    measure: Callable[[Panel, WindowData], Any]


def put_to(test: Test, panel: Panel, data: WindowData, settings: Settings) -> list[LookAlike]:
    """The test's result for every area of a window."""
    limit, found = settings.number(test.limit), list[LookAlike]()
    for area, value in enumerate(test.measure(panel, data).tolist()):
        if value != value:
            text = "The figures for this test are not held for these years."
            found.append(LookAlike(area, test.code, NOT_TESTED, text))
            continue
        text = test.words.format(*(f"{number:.1f}".replace("-", "−") for number in (value, limit)))
        found.append(LookAlike(area, test.code, POSITIVE if value >= limit else NEGATIVE, text))
    return found
