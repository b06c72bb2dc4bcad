"""Charts: named for assistive technology, nothing that loads or runs, equal bytes, legible without colour."""

from __future__ import annotations

import pickle
import re
import textwrap
import xml.etree.ElementTree as ElementTree
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.declarations.table_words import BAND_WORDS, NOT_ASSESSED
from reports.charts import (
    bars,
    calibration,
    contributions,
    decile_band,
    displacement,
    expected_actual,
    funnel,
    hex_map,
    national_money,
    payments_by_month,
    style,
    ticks,
    yearly_path,
)
from reports.charts.canvas import Canvas, circle, named
from reports.words.narrative import BAND_MARKS

BANDS = (*BAND_WORDS, NOT_ASSESSED)
YEARS = ["2009-10", "2010-11", "2011-12"]
MONEY = [
    {
        "year": year,
        "actual": 50.0 - place,
        "expected": 50.0 + place,
        "lower": 48.0,
        "upper": 54.0,
        "nhs": 1.5,
        "nhs_text": "1.5",
    }
    for place, year in enumerate(YEARS)
]
CHARTS = {
    "expected_actual": partial(expected_actual.draw, MONEY, money="Other income booked"),
    "gap_in_line": partial(
        expected_actual.draw,
        [*MONEY[:1], {**MONEY[1], "actual": None, "nhs": None, "nhs_text": "[x]"}, *MONEY[2:]],
        money="NHS money allocated",
    ),
    "contributions": partial(
        contributions.draw,
        [{"label": "A <label> & more", "contribution": 0.05, "text": "0.050"},
         {"label": "B", "contribution": -0.01, "text": "−0.010"}],
    ),
    "decile_band": partial(
        decile_band.draw,
        [{"year": year, "value": 400.0, **{f"p{ten}": 300.0 + ten for ten in range(10, 100, 10)}} for year in YEARS],
    ),
    "payments_by_month": partial(
        payments_by_month.draw,
        ["Apr 2020", "May 2020"],
        [{"proxy": 1.5, "unknown": -0.25}, {"proxy": 0.02}],
        [("proxy", "Proxy: £1.5 million", "high"), ("unknown", "Cannot be told: −£250,000", "high"),
         ("low", "Labelled: none", "low")],
    ),
    "calibration": partial(
        calibration.draw,
        [{"ground": ground, "said": said, "so": said + 2.0}
         for ground in ("blocks", "real paths") for said in (3.0, 12.5, 40.0)],
    ),
    "yearly_path": partial(
        yearly_path.draw,
        [{"year": year, "change": -5.0 + place, "noise": None if place == 2 else 6.0, "replaced": -3.0}
         for place, year in enumerate(YEARS)],
    ),
    "hex_map": partial(
        hex_map.draw, [{"hex_q": place, "hex_r": place % 2, "band": band} for place, band in enumerate(BANDS)]
    ),
    "national_money": partial(
        national_money.draw,
        [{"year": year, "total": 13.0, "outside": 10.0 if place < 2 else None, "nhs": 1.0 if place < 2 else None}
         for place, year in enumerate(YEARS)],
    ),
    "displacement": partial(
        displacement.draw, [{"label": "W1", "lower": -1.2, "value": 0.4, "upper": 2.1}],
        [{"label": "Reported", "value": 0.18, "text": "18%"}],
    ),
    "funnel": partial(
        funnel.draw,
        funnel.background([(10.0, 4.0), (80.0, -3.0)], {"95%": (9.0, 40.0, 1.96), "99.8%": (9.0, 40.0, 3.09)}),
        80.0, -3.0,
    ),
}  # fmt: skip
OUTLINE = re.compile(r'<path d="([^"]*)"([^>]*)/>')


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return {name: chart() for name, chart in CHARTS.items()}


def places(outline: str) -> list[tuple[float, float]]:
    """The points at which the parts of an outline begin."""
    return [(float(x), float(y)) for x, y in re.findall(r"M([\d.-]+),([\d.-]+)", outline)]


def outlines(svg: str, colour: str, kind: str = "fill") -> list[str]:
    return [outline for outline, look in OUTLINE.findall(svg) if f'{kind}="{colour}"' in look]


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_a_chart_is_one_named_image_without_scripts_addresses_or_web_fonts(drawn, name):
    svg = named(drawn[name], name="c", title="T & <t>", description="D")
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "c-t c-d"
    assert [root[0].tag, root[0].text, root[1].tag] == ["title", "T & <t>", "desc"]
    assert set(re.findall(r'font-family="([^"]*)"', svg)) == {"sans-serif"}
    assert not re.search(r"<script|<image|<foreignObject|<style|href|https?:|url\(|\son\w+=", svg)


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_the_same_chart_drawn_by_another_process_has_the_same_bytes(drawn, name):
    assert pickle.loads(pickle.dumps(CHARTS[name]))() == drawn[name]  # noqa: S301 - made here


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_every_mark_and_text_begins_within_the_frame_and_numbers_are_short(drawn, name):
    svg = drawn[name]
    wide, high = (float(number) for number in re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())
    left, top = (float(number) for number in re.search(r"translate\(([\d.]+),([\d.]+)\)", svg).groups())
    texts = [(float(x), float(y)) for x, y in re.findall(r'<text x="([\d.-]+)" y="([\d.-]+)"', svg)]
    found = texts + [place for outline, _ in OUTLINE.findall(svg) for place in places(outline)]
    assert len(found) > 3
    assert all(-left <= x <= wide - left and -top <= y <= high - top for x, y in found)
    assert not re.search(r"\d\.\d{2,}", re.sub(r">[^<]*<", "><", svg))


def test_the_chart_of_the_how_to_draws_as_it_is_typed_there():
    page = Path(__file__).parents[4] / "docs" / "how-to" / "add-a-chart.md"
    (typed,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    made: dict = {}
    exec(textwrap.dedent(typed), made)  # noqa: S102 - our own page
    svg = made["draw"]([{"year": "2013-14", "value": 4.0}, {"year": "2014-15", "value": None}])
    assert re.findall(r">([^<]+)</text>", svg)[-3:] == ["Spend", "13-14", "14-15"]


def test_texts_are_all_there_and_escaped(drawn):
    assert "A &lt;label&gt; &amp; more" in drawn["contributions"]
    for words in (
        *(year[2:] for year in YEARS),
        "Actual",
        "Expected",
        "Own-funded spend, £ million",
        "Other income booked, £ million",
    ):
        assert f">{words}</text>" in drawn["expected_actual"]
    row = {"label": 'A "b"\'s', "contribution": 0.123456, "text": "0.1234567"}
    quoted = ElementTree.fromstring(contributions.draw([row]))  # noqa: S314 - our own drawing
    assert [text.text for text in quoted.iter("text")] == ['A "b"\'s', "0.1234567"]


def test_the_map_has_one_hexagon_per_area_and_a_mark_where_shade_alone_would_not_do(drawn):
    assert sum(len(places(outline)) for outline, _ in OUTLINE.findall(drawn["hex_map"])) == len(BANDS)
    assert re.findall(r">([^<]+)</text>", drawn["hex_map"]) == [BAND_MARKS[band] for band in BANDS]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_marks_have_contrast_of_three_and_letters_of_four_and_a_half():
    for colour in (style.ACTUAL, style.EXPECTED, style.BAND_EDGE, style.RECEIPTS, style.QUIET):
        assert contrast(colour, "#ffffff") >= 3
    for band in BANDS:
        assert contrast(style.BAND_INK[band], style.BAND_FILL[band]) >= 4.5


def test_each_bin_is_a_mark_of_its_ground_and_the_line_of_agreement_goes_from_end_to_end(drawn):
    svg = drawn["calibration"]
    assert {"blocks", "real paths"} <= set(re.findall(r">([^<]+)</text>", svg))
    assert re.search(r'd="M0,230L340,0"[^>]*stroke-dasharray', svg)
    for colour in (style.ACTUAL, style.EXPECTED):
        (outline,) = outlines(svg, colour, "stroke")
        assert len(places(outline)) == 3 + 1  # and one that names the ground


def test_a_year_without_known_noise_has_its_bar_and_no_band(drawn):
    counts = [len(places(outlines(drawn["yearly_path"], colour)[0])) for colour in (style.ACTUAL, style.BAND)]
    assert counts == [3, 2]


def test_a_year_without_a_value_breaks_the_line_and_draws_neither_point_nor_bar(drawn):
    whole, gap = drawn["expected_actual"], drawn["gap_in_line"]
    assert (whole.count(circle(44)), gap.count(circle(44))) == (3, 2)
    assert [len(places(outlines(svg, style.RECEIPTS)[0])) for svg in (whole, gap)] == [3, 2]
    (line,) = outlines(gap, style.ACTUAL, "stroke")
    assert re.fullmatch(r"M[\d.,]+ZM[\d.,]+Z", line)


def test_a_band_breaks_where_one_of_its_ends_is_missing_and_nothing_is_drawn_of_nothing():
    canvas = Canvas(10, 10, left=0, right=0, top=0, bottom=0)
    canvas.band([(0, 5, 1), (1, 5, 2), (2, None, 2), (3, 6, 3), (4, 6, 4)], "#000000")
    assert outlines(canvas.svg(), "#000000") == ["M0,1L1,2L1,5L0,5ZM3,3L4,4L4,6L3,6Z"]
    canvas = Canvas(10, 10, left=0, right=0, top=0, bottom=0)
    canvas.band([(0, None, 1)], "#000000")
    canvas.line([], "#000000", thick=1)
    canvas.texts([])
    assert "<path" not in canvas.svg()
    assert "<text" not in canvas.svg()


def test_payments_by_month_are_on_one_scale_and_a_credit_lies_below_its_line(drawn):
    texts = re.findall(r">([^<]+)</text>", drawn["payments_by_month"])
    assert {"Proxy: £1.5 million", "Cannot be told: −£250,000", "Labelled: none", "1.5", "−0.2", "Apr", "2020"} <= set(
        texts
    )
    assert "0.0" not in texts  # a bar too small for its figure has none
    above, credits = outlines(drawn["payments_by_month"], style.RECEIPTS)
    tall, small = (float(height) for height in re.findall(r"v([\d.]+)", above))
    (credit,) = (float(height) for height in re.findall(r"v([\d.]+)", credits))
    assert tall / credit == pytest.approx(6, rel=0.02)
    assert small == 1  # never thinner than a line
    feet = [places(outline)[0][1] for outline in outlines(drawn["payments_by_month"], style.QUIET, "stroke")]
    assert places(credits)[0][1] == feet[1]


@given(st.lists(st.integers(-(10**7), 10**7).map(lambda thousandths: thousandths / 1000), min_size=1, max_size=8))
def test_bars_start_at_nought_and_they_and_their_texts_lie_within_their_room_each_text_outside_its_bar(amounts):
    placed, nought = bars.bars(amounts, top=10, bottom=90)
    for amount, bar in zip(amounts, placed, strict=True):
        assert nought == (bar.start if amount < 0 else bar.end)
        assert bar.text > bar.end if amount < 0 else bar.text < bar.start
        edge = bars.THINNEST + 0.02
        assert min(bar.start, bar.text - bars.TEXT / 2) >= 10 - edge
        assert max(bar.end, bar.text + bars.TEXT / 2) <= 90 + edge
    lying, nought = bars.sideways(amounts, left=0, right=200, text=40)
    for amount, bar in zip(amounts, lying, strict=True):
        assert nought == (bar.end if amount < 0 else bar.start)
        assert bar.text < bar.start if amount < 0 else bar.text > bar.end
        assert -0.02 <= bar.start <= bar.end <= 200.02


def test_nhs_money_below_nought_hangs_from_the_rule_and_a_contribution_below_it_has_its_text_at_the_left(drawn):
    rows = [{**row, "nhs": amount} for row, amount in zip(MONEY, (4.0, -2.0, 0.0), strict=True)]
    svg = expected_actual.draw(rows, money="x")
    (rule,) = outlines(svg, style.QUIET, "stroke")
    nought = places(rule)[0][1]
    assert [y < nought for _, y in places(outlines(svg, style.RECEIPTS)[0])] == [True, False, False]
    amounts = [float(y) - 4 for y in re.findall(r'y="([\d.]+)">1.5</text>', svg)]
    assert [y > nought for y in amounts] == [False, True, False]
    (bar,) = outlines(drawn["contributions"], style.ACTUAL)
    (rule,) = outlines(drawn["contributions"], style.QUIET, "stroke")
    (text,) = re.findall(r'x="([\d.]+)" y="[\d.]+">−0.010', drawn["contributions"])
    (above, _), (below, _) = places(bar)
    assert float(text) < below < places(rule)[0][0] == above


def test_the_names_of_two_lines_that_end_together_stand_apart():
    rows = [{**row, "actual": 50.0, "expected": 50.0} for row in MONEY]
    heights = [
        float(re.search(rf'y="([\d.]+)">{name}<', expected_actual.draw(rows, money="x"))[1])
        for name in ("Actual", "Expected")
    ]
    assert abs(heights[0] - heights[1]) >= expected_actual.LABEL_HEIGHT - 0.2


def test_a_chart_too_wide_for_a_small_screen_says_so_and_others_shrink(drawn):
    assert {name for name, svg in drawn.items() if svg.startswith('<svg class="wide"')} == {
        "decile_band", "funnel", "national_money", "payments_by_month"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([48, 62], ["45", "50", "55", "60", "65"]),
        ([0.12, None, 0.31], ["0.10", "0.15", "0.20", "0.25", "0.30", "0.35"]),
        ([1234, 2678.0], ["1,000", "1,500", "2,000", "2,500", "3,000"]),
        ([-3, 5], ["−4", "−2", "0", "2", "4", "6"]),
        ([5, 5], ["5", "6"]),
        ([None], ["0", "1"]),
    ],
)
def test_ticks_are_round_and_printed_with_the_decimals_they_need(values, texts):
    assert [tick.text for tick in ticks.axis(values, start=0, end=1)[1]] == texts


@given(st.lists(st.floats(min_value=-1e9, max_value=1e9), min_size=1, max_size=6))
def test_ticks_enclose_every_value_and_are_neither_few_nor_many(values):
    made = ticks.nice_ticks(values)
    slack = 1e-6 * max(1.0, *(abs(value) for value in values))
    assert made[0] <= min(values) + slack
    assert made[-1] >= max(values) - slack
    assert made == sorted(set(made))
    assert 2 <= len(made) <= 9
