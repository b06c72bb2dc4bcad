"""The assessment as a record: everything worked out, by window, before it is written.

In: nothing. Out: the `Assessment` that `work_out` fills and the rooms that write tables read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.method.expected_path import ExpectedPath
from audit.method.look_alikes.look_alike import LookAlike
from audit.method.path_evidence import PathEvidence
from audit.method.unusual.unusual import Unusual
from audit.panel.panel import Panel
from audit.panel.window_data import WindowData


@dataclass(frozen=True)
class Variant:
    """The review list under another choice: log evidence ratios and places over areas."""

    log_ratio: Any
    places: Any


@dataclass(frozen=True)
class WindowFound:
    """One window with NHS money: its evidence, expected spend, forest, lists and look-alikes.

    `settled` (areas) is True where an auditor has concluded: such an area is on no list, and the next moves up.
    """

    data: WindowData
    path: PathEvidence
    expected: ExpectedPath
    unusual: Unusual
    settled: Any
    review: Any
    unusual_list: Any
    variants: Mapping[str, Variant]
    look_alikes: list[LookAlike]


@dataclass(frozen=True)
class Assessment:
    """Windows with NHS money as found, and all windows of adult care (placebo years too), by name."""

    panel: Panel
    windows: Mapping[str, WindowData]
    found: Mapping[str, WindowFound]
