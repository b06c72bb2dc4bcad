"""The funnel plot: limits that follow from the areas, one dot per area, and one area picked out on top."""

from __future__ import annotations

import math
import random
import re

import pytest

from reports.area.funnel_section import funnel_figures, funnel_part, funnels, variance_parts
from reports.charts import funnel
from reports.charts.canvas import circle
from reports.words.read_run import Run


def made_run(areas: int = 40, far: float = 0.02) -> Run:
    """Areas from £10 million to £400 million a year, departing by `far` to either side in turn."""
    expected, flags = [], []
    for place in range(areas):
        code, size = f"E{place:08d}", 10e6 * 40 ** (place / areas)
        expected.append({"window": "W1", "area_code": code, "is_base": False, "expected_gbp": size})
        flags.append({"window": "W1", "area_code": code, "gap_gbp": size * far * (-1) ** place})
    return Run({"run_id": "x"}, {"expected_spend": expected, "flag": flags})


def test_a_spread_that_does_not_depend_on_size_gives_level_limits():
    random.seed(1)
    points = [(10 * 40 ** (place / 400), random.gauss(0, 8)) for place in range(400)]
    constant, falling = variance_parts(points)
    assert math.sqrt(constant + falling / 100) == pytest.approx(8, rel=0.1)
    assert falling / 100 < constant / 4


def test_a_spread_that_falls_with_size_gives_limits_that_narrow():
    random.seed(2)
    points = [
        (size, random.gauss(0, 40 / math.sqrt(size))) for size in (10 * 40 ** (place / 400) for place in range(400))
    ]
    constant, falling = variance_parts(points)
    assert math.sqrt(constant + falling / 10) > 2 * math.sqrt(constant + falling / 300)


def test_few_far_areas_do_not_widen_the_limits_for_all():
    points = [(50.0 + place, 5.0 * (-1) ** place) for place in range(95)]
    calm, _ = variance_parts(points)
    stirred, _ = variance_parts([*points, *((70.0 + place, 90.0) for place in range(5))])
    assert stirred < 1.2 * calm


def test_an_area_is_told_its_departure_its_limits_and_on_which_side_it_lies():
    run = made_run()
    held = funnels(run, ["W1"])
    (row,) = funnel_part(held, "E00000001").table.rows
    assert [cell.text for cell in row[2:3]] == ["−2.0%"]
    assert row[5].text == "inside both limits"
    flags = [dict(flag) for flag in run.rows("flag")]
    flags[0]["gap_gbp"] *= 30
    stirred = funnels(Run({"run_id": "x"}, {**run.tables, "flag": flags}), ["W1"])
    assert funnel_part(stirred, "E00000000").table.rows[0][5].text == "outside both limits, less spent"
    (figure,) = funnel_figures(stirred, "E00000000", "Example")
    assert figure.title.startswith("60.0% less than expected")


def test_too_few_areas_or_an_area_without_result_give_the_empty_state():
    assert funnels(made_run(areas=19), ["W1"]) == ()
    held = funnels(made_run(), ["W1"])
    assert "can be set beside" in funnel_part(held, "E99999999").empty
    assert funnel_figures(held, "E99999999", "Example") == ()


def test_every_area_is_one_dot_and_the_areas_own_dot_lies_on_top_in_the_same_frame():
    (held,) = funnels(made_run(), ["W1"])
    (figure,) = funnel_figures([held], "E00000003", "Example")
    under, both = held.background.svg, figure.chart()
    assert len(re.findall(r"M[\d.,-]+h0", under)) == 40
    assert both.startswith(under.removesuffix("</g></svg>"))
    assert both.count("<svg") == both.count("</svg>") == both.count(circle(130)) == 1


def test_the_areas_own_dot_lies_where_it_lies_among_all_others():
    (held,) = funnels(made_run(), ["W1"])
    size, departure = held.points["E00000003"]
    both = funnel.draw(held.background, size, departure)
    (mark,) = re.findall(r"M([\d.]+,[\d.]+)" + re.escape(circle(130)), both)
    assert f"M{mark}h0" in held.background.svg
