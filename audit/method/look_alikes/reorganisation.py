"""The council was reorganised: the authorities that make up the area changed within the window."""

from __future__ import annotations

from audit.method.look_alikes.look_alike import NEGATIVE, POSITIVE, LookAlike
from audit.panel.panel import Panel
from audit.panel.window_data import WindowData

CODE = "reorganisation"
LABEL = "The council was reorganised"
DOCUMENT = "the disaggregation statement agreed at reorganisation"


def put_to_all(panel: Panel, data: WindowData) -> list[LookAlike]:
    """The test's result for every area: it has no measure and no limit, only a yes or a no."""
    found: list[LookAlike] = []
    for area, code in enumerate(panel.areas):
        changed = len({panel.members.get((code, year), ()) for year in data.years}) > 1
        text = "The authorities making up the area changed within these years."
        text = text if changed else "The same authorities throughout."
        found.append(LookAlike(area, CODE, POSITIVE if changed else NEGATIVE, text))
    return found
