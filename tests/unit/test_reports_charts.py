"""Charts: named for assistive technology, nothing that loads or runs, equal bytes, legible without colour."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest

from reports.charts import contributions, decile_band, draw, expected_actual, hex_map, style
from reports.charts.finish_svg import finish, with_text
from reports.narrative import GRADE_LETTERS, GRADES

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
    "expected_actual": expected_actual.spec(MONEY),
    "gap_in_line": expected_actual.spec(
        [*MONEY[:1], {**MONEY[1], "actual": None, "nhs": None, "nhs_text": "[x]"}, *MONEY[2:]]
    ),
    "contributions": contributions.spec(
        [{"label": "A <label> & more", "contribution": 0.05, "text": "0.050", "beyond": "yes"},
         {"label": "B", "contribution": -0.01, "text": "−0.010", "beyond": "no"}]
    ),
    "decile_band": decile_band.spec(
        [{"year": year, "value": 400.0, **{f"p{ten}": 300.0 + ten for ten in range(10, 100, 10)}} for year in YEARS]
    ),
    "hex_map": hex_map.spec(
        [{"hex_q": place, "hex_r": place % 2, "grade": grade} for place, grade in enumerate(GRADES)]
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return draw.draw_all(SPECS, workers=1)


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
    for words in (*YEARS, "Actual", "Expected", "Own-funded spend, £ million", "NHS receipts, £ million"):
        assert f">{words}</text>" in drawn["expected_actual"]
    assert not re.search(r">[tT]\d+</text>", "".join(drawn.values()))


def test_the_map_has_one_hexagon_per_area_and_a_letter_where_shade_alone_would_not_do(drawn):
    assert drawn["hex_map"].count("<path") == len(GRADES)
    assert re.findall(r">([^<]+)</text>", drawn["hex_map"]) == [letter for letter in GRADE_LETTERS.values() if letter]


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
    for grade in GRADES:
        assert contrast(style.GRADE_INK[grade], style.GRADE_FILL[grade]) >= 4.5


def test_a_drawing_that_would_load_something_is_refused():
    with pytest.raises(ValueError, match="outside itself"):
        finish('<svg width="1" height="1" viewBox="0 0 1 1"><g><a href="x"><path d="M0,0"/></a></g></svg>', {})


def test_drawn_charts_are_kept_by_content_and_not_drawn_again(tmp_path, monkeypatch):
    first = draw.draw_all({"one": SPECS["contributions"], "two": SPECS["contributions"]}, workers=1, cache=tmp_path)
    assert len(list(tmp_path.iterdir())) == 1

    def never(batch: object) -> list[tuple[str, str]]:
        assert not batch
        return []

    monkeypatch.setattr(draw, "draw_batch", never)
    assert draw.draw_all({"one": SPECS["contributions"]}, workers=1, cache=tmp_path)["one"] == first["two"]
