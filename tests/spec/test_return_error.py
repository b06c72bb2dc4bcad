"""Returns in error: an area whose return contradicts itself or another is not assessed, with the reason."""

from __future__ import annotations

import numpy as np
import pytest
from made_panel import all_windows, at, few_trees, made_panel, spend_less, window

from audit.method.return_error import reasons
from audit.method.work_out import work_out_windows
from audit.panel.panel import Panel
from audit.settings import load_settings

SETTINGS = load_settings()


def wrong(what: str) -> Panel:
    """A panel in which the return of area 4 contradicts another, or moves by more than any other could."""
    panel = made_panel()
    if what == "two returns":
        panel.money["rs_adult"][4, at("2012-13")] *= 1.03
    elif what == "a jump":
        spend_less(panel, 4, {"2012-13": 0.4})
    elif what == "a small difference":
        panel.money["rs_adult"][4, at("2012-13")] *= 1.01
    elif what == "a jump of all":
        for area in range(60):
            spend_less(panel, area, {"2012-13": 0.3})
    elif what == "outside the window":
        panel.money["rs_adult"][4, at("2015-16")] *= 1.03
    return panel


@pytest.mark.parametrize(
    ("what", "told"),
    [("two returns", "two returns of the same spending differ by"),
     ("a jump", "a yearly change lies"), ("a small difference", ""), ("a jump of all", ""),
     ("outside the window", ""), ("nothing", "")],
)  # fmt: skip
def test_an_area_whose_return_contradicts_itself_is_not_assessed_with_the_reason(what: str, told: str) -> None:
    panel = wrong(what)
    data = window(panel)
    with np.errstate(all="ignore"):
        said = reasons(panel, data, SETTINGS)
    assert [area for area, text in enumerate(said) if text] == ([4] if told else [])
    assert told in said[4] and (not told or said[4].startswith("The return is taken to be in error: "))


def test_a_return_in_error_leaves_ratio_score_and_expectation_empty_and_its_area_on_no_list() -> None:
    panel = wrong("a jump")
    one = work_out_windows(panel, all_windows(panel), few_trees()).found["W1"]
    assert "The return is taken to be in error" in one.data.reasons[4]
    assert np.isnan(one.path.log_ratio[4]) and np.isnan(one.unusual.score[4]) and np.isnan(one.expected.gap_gbp[4])
    assert one.review[4] == one.unusual_list[4] == 0
    assert np.isfinite(np.delete(one.path.log_ratio, 4)).all()
