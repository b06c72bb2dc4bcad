"""Every number in a sentence of an area's page stands in a table of that page, as it is or rounded."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

AMOUNT = re.compile(
    r"£(\d[\d,]*(?:\.\d+)?)( million| billion)?|(?<![\d£.,-])(\d[\d,]*\.\d+|\d{2,}(?:,\d{3})*)(?![\d-])"
)
SECTIONS = ("headline", "result", "money", "look-alikes", "questions")
YEARS = re.compile(r"\b(?:19|20)\d\d(?:-\d\d)?\b|\b\d{1,2} [A-Z][a-z]+ \d{4}\b")
TAG = re.compile(r"<[^>]+>")
NAMES = re.compile(r"ringfence request \w+|Run [0-9a-f]{16}|area code \w+|[Ss]ection (?:256|75)")
"""What holds digits and is no figure."""
SCALES = {"": 1.0, " million": 1e6, " billion": 1e9}


def tables(page: str) -> list[float]:
    """Every number of a table, as it stands and, where the table is in £ thousand, in pounds."""
    found: list[float] = []
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        for text in re.findall(r"\d[\d,]*(?:\.\d+)?", unescape(TAG.sub(" ", table))):
            number = float(text.replace(",", ""))
            found += [number, number * 1000]
    return found


def sentences(page: str, section: str) -> str:
    """The text of a section outside of its tables and drawings."""
    start = page.index(f'id="{section}"')
    body = (
        page[start : page.find("</section>", start)]
        if section != "headline"
        else page[start : page.index('id="minute"')]
    )
    plain = re.sub(r"<(table|svg|figcaption|small)\b.*?</\1>", " ", body, flags=re.DOTALL)
    return NAMES.sub(" ", YEARS.sub(" ", unescape(TAG.sub(" ", plain))))


def not_held(page: str, section: str, held: list[float]) -> list[str]:
    """Numbers of a section's sentences that are no number of a table, nor one rounded."""
    missing = list[str]()
    for found in AMOUNT.finditer(sentences(page, section)):
        text, scale = found[1] or found[3], SCALES[found[2] or ""]
        digits, places = text.replace(",", ""), len(text.partition(".")[2])
        unit = 10.0**-places
        if scale == 1.0 and found[1]:
            unit = 10.0 ** (len(digits) - len(digits.rstrip("0")))
        near = unit / 2 * 1.0001 + (500 / scale if scale > 1 else 0)  # a table in £ thousand is rounded itself
        if not any(abs(each / scale - float(digits)) <= near for each in held):
            missing.append(found[0])
    return missing


def test_every_number_of_a_sentence_stands_in_a_table_of_the_page(embedded_run: Path) -> None:
    wrong = dict[str, list[str]]()
    for path in sorted((embedded_run / "site" / "areas").glob("*.html")):
        page = path.read_text(encoding="utf-8")
        held = tables(page)
        missing = [f"{section}: {each}" for section in SECTIONS for each in not_held(page, section, held)]
        wrong |= {path.stem: missing} if missing else {}
    assert not wrong, dict(list(wrong.items())[:5])


def test_a_number_that_no_table_holds_is_seen() -> None:
    table = "<table><tr><td>14,451</td><td>2.84</td></tr></table>"
    page = f'<section id="result"><p>It spent £14.5 million less, 2.84 times.</p>{table}</section>'
    held = tables(page)
    assert not_held(page, "result", held) == []
    assert not_held(page.replace("2.84 times", "2.94 times"), "result", held) == ["2.94"]
    assert not_held(page.replace("£14.5", "£14.7"), "result", held) == ["£14.7 million"]
