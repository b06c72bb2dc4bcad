"""Charts: named for assistive technology, nothing that loads or runs, equal bytes, legible without colour."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.declarations.table_words import BAND_WORDS, NOT_ASSESSED
from reports.charts import (
    bars,
    calibration,
    contributions,
    decile_band,
    draw,
    drawings,
    expected_actual,
    hex_map,
    payments_by_month,
    style,
    ticks,
    yearly_path,
)
from reports.charts.finish_svg import finish, with_text
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
SPECS = {
    "expected_actual": expected_actual.spec(MONEY, money="Other income booked"),
    "gap_in_line": expected_actual.spec(
        [*MONEY[:1], {**MONEY[1], "actual": None, "nhs": None, "nhs_text": "[x]"}, *MONEY[2:]],
        money="NHS money allocated",
    ),
    "contributions": contributions.spec(
        [{"label": "A <label> & more", "contribution": 0.05, "text": "0.050"},
         {"label": "B", "contribution": -0.01, "text": "−0.010"}]
    ),
    "decile_band": decile_band.spec(
        [{"year": year, "value": 400.0, **{f"p{ten}": 300.0 + ten for ten in range(10, 100, 10)}} for year in YEARS]
    ),
    "payments_by_month": payments_by_month.spec(
        ["Apr 2020", "May 2020"],
        [{"proxy": 1.5, "unknown": -0.25}, {"proxy": 0.02}],
        [("proxy", "Proxy: £1.5 million", "high"), ("unknown", "Cannot be told: −£250,000", "high")],
    ),
    "calibration": calibration.spec(
        [{"ground": ground, "said": said, "so": said + 2.0}
         for ground in ("blocks", "real paths") for said in (3.0, 12.5, 40.0)]
    ),
    "yearly_path": yearly_path.spec(
        [{"year": year, "change": -5.0 + place, "noise": None if place == 2 else 6.0, "replaced": -3.0}
         for place, year in enumerate(YEARS)]
    ),
    "hex_map": hex_map.spec(
        [{"hex_q": place, "hex_r": place % 2, "band": band} for place, band in enumerate(BANDS)]
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return drawings.draw_all(SPECS)


@pytest.mark.parametrize("name", sorted(SPECS))
def test_a_chart_is_one_named_image_without_scripts_addresses_or_web_fonts(drawn, name):
    svg = with_text(drawn[name], name="c", title="T & <t>", description="D")
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "c-t c-d"
    assert [root[0].tag, root[0].text, root[1].tag] == ["title", "T & <t>", "desc"]
    assert set(re.findall(r'font-family="([^"]*)"', svg)) == {"sans-serif"}
    assert not re.search(r"<script|<image|href|https?:|url\(", svg)


@pytest.mark.parametrize("name", sorted(SPECS))
def test_the_same_chart_drawn_again_has_the_same_bytes(drawn, name):
    assert draw.draw_one(SPECS[name]) == drawn[name]


def test_texts_put_in_after_drawing_are_all_there_and_escaped(drawn):
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
    quoted = ElementTree.fromstring(draw.draw_one(contributions.spec([row])))  # noqa: S314 - our own drawing
    assert [text.text for text in quoted.iter("text")] == ['A "b"\'s', "0.1234567"]


def test_the_map_has_one_hexagon_per_area_and_a_mark_where_shade_alone_would_not_do(drawn):
    outlines = "".join(re.findall(r'<path d="([^"]*)"', drawn["hex_map"]))
    assert (outlines.count("M"), outlines.count("z")) == (len(BANDS), len(BANDS))
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
    assert {"blocks", "real paths"} <= set(re.findall(r">([^<]+)</text>", drawn["calibration"]))
    assert re.search(r'd="M0,230L340,0"[^>]*stroke-dasharray', drawn["calibration"])


def test_a_year_without_known_noise_has_its_bar_and_no_band(drawn):
    fills = [drawn["yearly_path"].count(f'fill="{colour}"') for colour in (style.ACTUAL, style.BAND)]
    assert fills == [3, 2]


def test_a_drawing_that_would_load_something_is_refused():
    with pytest.raises(ValueError, match="outside itself"):
        finish('<g><a href="x"><path d="M0,0"/></a></g>', (1, 1, 0, 0))


def test_a_chart_drawn_beside_others_has_the_bytes_it_has_alone(drawn):
    other = expected_actual.spec([{**row, "actual": 900.0, "nhs_text": "9.9"} for row in MONEY], money="x")
    specs = [("a", other), ("b", SPECS["expected_actual"]), ("c", SPECS["hex_map"]), ("d", SPECS["gap_in_line"])]
    together = dict(draw.draw_batch(specs))
    assert (together["b"], together["c"], together["d"]) == tuple(
        drawn[name] for name in ("expected_actual", "hex_map", "gap_in_line")
    )
    assert together["a"] == draw.draw_one(other)


def test_a_year_without_a_value_breaks_the_line_and_draws_neither_point_nor_bar(drawn):
    whole, gap = drawn["expected_actual"], drawn["gap_in_line"]
    assert (whole.count("A3.3"), gap.count("A3.3")) == (6, 4)
    assert (whole.count(f'fill="{style.RECEIPTS}"'), gap.count(f'fill="{style.RECEIPTS}"')) == (3, 2)
    assert re.search(r'd="M[\d.,]+ZM[\d.,]+Z" stroke="#0b3c5d"', gap)


def test_payments_by_month_are_on_one_scale_and_a_credit_lies_below_its_line(drawn):
    texts = re.findall(r">([^<]+)</text>", drawn["payments_by_month"])
    assert {"Proxy: £1.5 million", "Cannot be told: −£250,000", "1.5", "−0.2", "Apr", "2020"} <= set(texts)
    assert "0.0" not in texts  # a bar too small for its figure has none
    bars = SPECS["payments_by_month"]["datasets"]["bars_high"]
    tall, small, credit = (bar["y2"] - bar["y"] for bar in bars)
    assert tall / credit == pytest.approx(6, rel=0.01)
    assert small == 1  # never thinner than a line
    assert bars[2]["y"] == SPECS["payments_by_month"]["datasets"]["feet"][1]["y"]


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


def test_nhs_money_below_nought_hangs_from_the_rule_and_a_contribution_below_it_has_its_text_at_the_left():
    rows = [{**row, "nhs": amount} for row, amount in zip(MONEY, (4.0, -2.0, 0.0), strict=True)]
    held = expected_actual.spec(rows, money="x")["datasets"]
    (nought,) = (row["y"] for row in held["nought"])
    assert [row["y"] < nought for row in held["received"]] == [True, False, False]
    assert [row["at"] > nought for row in held["received"]] == [False, True, False]
    feature = SPECS["contributions"]["datasets"]
    assert [text["text"] for text in feature["below"]] == ["−0.010"]
    assert feature["below"][0]["x"] < feature["bars"][1]["x"] < feature["nought"][0]["x"] == feature["bars"][0]["x"]


def test_a_chart_too_wide_for_a_small_screen_says_so_and_others_shrink(drawn):
    assert {name for name, svg in drawn.items() if svg.startswith('<svg class="wide"')} == {
        "decile_band", "payments_by_month"
    }  # fmt: skip


def test_drawn_charts_are_kept_by_content_and_not_drawn_again(tmp_path, monkeypatch):
    asked = {"one": SPECS["contributions"], "two": SPECS["contributions"]}
    first = drawings.draw_all(asked, cache=tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    monkeypatch.setattr(drawings, "draw_batch", None)
    assert drawings.draw_all(asked, beside=True, cache=tmp_path) == first


def test_charts_drawn_in_a_process_beside_are_the_same_and_drawn_here_where_that_process_fails(drawn, monkeypatch):
    assert drawings.draw_all(SPECS, beside=True) == drawn
    monkeypatch.setattr(drawings.sys, "executable", "false")
    assert drawings.draw_all({"map": SPECS["hex_map"]}, beside=True) == {"map": drawn["hex_map"]}


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
    assert [row["text"] for row in ticks.tick_rows(values)] == texts


@given(st.lists(st.floats(min_value=-1e9, max_value=1e9), min_size=1, max_size=6))
def test_ticks_enclose_every_value_and_are_neither_few_nor_many(values):
    made = ticks.nice_ticks(values)
    slack = 1e-6 * max(1.0, *(abs(value) for value in values))
    assert made[0] <= min(values) + slack
    assert made[-1] >= max(values) - slack
    assert made == sorted(set(made))
    assert 2 <= len(made) <= 9
