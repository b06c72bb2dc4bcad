"""The assessment as a record: everything worked out, by window, before it is written.

In: nothing. Out: the `Assessment` and `Scores` that `assess` fills and the rooms that write tables read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from audit.method import look_alikes, scaling
from audit.method.displacement import Displacement
from audit.method.expected_spend import ExpectedSpend
from audit.panel.panel import Panel
from audit.panel.window_data import WindowData


@dataclass(frozen=True)
class Scores:
    """One window's forest results; vectors over areas, NaN where the area was not scored."""

    score: Any
    rank: Any
    stability: Any
    p_value: Any
    baseline: Any
    contribution: Any
    rank_in_line: Any
    each: Any


@dataclass(frozen=True)
class Assessment:
    """Everything worked out, by window name, before it is written."""

    panel: Panel
    windows: list[WindowData]
    spends: dict[str, ExpectedSpend]
    displaced: dict[str, Displacement]
    scaled: dict[str, scaling.Scaled]
    centile: Any
    scores: dict[str, Scores]
    look_alikes: dict[str, list[look_alikes.LookAlike]]
    p_values: dict[str, dict[str, Any]]
