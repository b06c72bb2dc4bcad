"""What a council is told: why it is asked, in words that allege nothing; letters, blanks and where to look."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.declarations.table_words import BOTH_LISTS, NO_LIST, REVIEW_LIST, UNUSUAL_LIST
from pipelines.errors import DefinitionError
from reports.requests.front_words import front_lines
from reports.requests.letter_words import Letter, comment_letter, papers_letter
from reports.requests.print_letter import WIDTH, letter_html, letter_text
from reports.requests.request import AreaRequest, Asking
from reports.requests.shared_words import BLANK, JOINED, day_words
from reports.requests.where_to_look import where_to_look
from reports.requests.why_asked import DRAWN, LISTED, NAMED, why_asked
from reports.words.view_models import Question
from reports.workbooks.records import Block, GivenYear

ACCUSES = re.compile(r"fraud|suspici|finding|guilt|wrongdo|misus|\bdropped\b|offend|culprit|admit", re.IGNORECASE)
SUMMARIES: list[dict[str, Any]] = [
    {"window": "W1", "list": REVIEW_LIST, "places": 15, "expected_10": 3.37},
    {"window": "W1", "list": UNUSUAL_LIST, "places": 10, "expected_10": None},
    {"window": "W2", "list": REVIEW_LIST, "places": 15, "expected_10": 9.2},
]


def flag(window: str, on: str) -> dict[str, str]:
    return {"window": window, "list": on}


def asked_of(code: str = "E06000001", name: str = "Anytown <& District>", **asking: str) -> AreaRequest:
    block = Block("W1", "W1: a window", "adult social care", (GivenYear("2011-12", 1.0, "RO3: A1", 1.0, "estimated"),))
    return AreaRequest(
        code=code, name=name, joined=False, run_id="0123456789abcdef", asking=Asking(**asking),
        why=why_asked([flag("W1", REVIEW_LIST)], SUMMARIES, how=LISTED), blocks=(block,), full=(block,), cells=(),
        questions=(Question("What?", "A paper"),),
    )  # fmt: skip


def test_an_area_drawn_by_lot_is_not_told_of_lists_even_if_it_is_on_one() -> None:
    (said,) = why_asked([flag("W1", BOTH_LISTS)], SUMMARIES, how=DRAWN)
    assert "drawn by lot" in said and "review list" not in said


def test_an_area_on_the_review_list_is_told_its_size_and_how_few_would_have_replaced_their_money() -> None:
    said = " ".join(why_asked([flag("W1", REVIEW_LIST)], SUMMARIES, how=LISTED))
    assert "15 names whatever the figures say" in said and "about 3 of them" in said
    assert "Most councils on a list will have a good answer." in said


def test_most_good_answers_are_not_promised_where_the_run_expects_otherwise() -> None:
    said = why_asked([flag("W2", REVIEW_LIST)], SUMMARIES, how=LISTED)
    assert said[-1] == "Many councils on a list will have a good answer."


def test_both_lists_and_both_windows_are_each_named() -> None:
    said = why_asked([flag("W1", BOTH_LISTS), flag("W2", REVIEW_LIST)], SUMMARIES, how=NAMED)
    assert len(said) == 4
    assert [("review list" in text, "unusual-pattern list" in text) for text in said[:3]] == [
        (True, False), (False, True), (True, False),
    ]  # fmt: skip


def test_an_area_on_no_list_is_told_so() -> None:
    (said,) = why_asked([flag("W1", NO_LIST)], SUMMARIES, how=NAMED)
    assert said.startswith("The area is on no list.")


@pytest.mark.parametrize("letter", [papers_letter, comment_letter])
def test_nothing_in_a_letter_or_on_the_first_sheet_accuses_and_all_say_that_nothing_is_alleged(letter: Any) -> None:
    request = asked_of()
    text = letter_text(letter(request)) + " ".join(line.text for line in front_lines(request))
    assert not ACCUSES.search(text)
    assert text.count("Nothing is alleged") >= 2
    assert "permitted purpose" in text and "personal data" in text


def words(text: str) -> list[str]:
    return re.findall(r"[\w£.,;:()<>&'-]+", text)


@pytest.mark.parametrize("letter", [papers_letter, comment_letter])
def test_page_and_text_of_a_letter_have_the_same_words(letter: Any) -> None:
    made: Letter = letter(asked_of(date="2026-05-01", office="Audit office"))
    page = letter_html(made)
    body = html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<body>")[2]))
    text = re.sub(r"(?m)^-+$|^  - ", "", letter_text(made)).replace(made.subject.upper(), made.subject)
    assert [word.strip(":") for word in words(body)] == [word.strip(":") for word in words(text)]


def test_a_letter_is_escaped_holds_no_script_no_address_and_fits_its_lines() -> None:
    made = papers_letter(asked_of())
    page = letter_html(made)
    assert "Anytown &lt;&amp; District&gt;" in page
    assert "<script" not in page and "http" not in page and "src=" not in page
    assert max(map(len, letter_text(made).splitlines())) <= WIDTH


def test_what_the_office_does_not_give_is_a_blank_and_what_it_gives_is_printed() -> None:
    assert letter_text(papers_letter(asked_of())).count(BLANK) == 4, "office twice, date and day to answer by"
    given = letter_text(papers_letter(asked_of(date="2026-05-01", by="2026-06-30", office="Audit office")))
    assert BLANK not in given
    assert "1 May 2026" in given and "30 June 2026" in given and given.count("Audit office") == 2
    assert day_words("") == BLANK


def test_a_joined_area_is_told_that_its_figures_join_several_authorities() -> None:
    request = asked_of()
    for joined in (True, False):
        one = replace(request, joined=joined)
        assert (JOINED in [line.text for line in front_lines(one)]) is joined
        assert ("several authorities" in letter_text(papers_letter(one))) is joined


def test_where_to_look_names_publications_for_both_windows_and_no_address() -> None:
    rows = where_to_look()
    assert {row["window"] for row in rows} == {"W1", "W2"}
    assert all(all(row.values()) for row in rows)
    assert not [row for row in rows if "http" in " ".join(row.values()) or "www." in " ".join(row.values())]


ENTRY = 'window = "W1"\nyears = ""\nwhat = ""\ntitle = "A"\npublisher = "B"\nsupply_as = ""\n'


@pytest.mark.parametrize(
    "text",
    [
        f'[[publications]]\n{ENTRY}colour = "red"\n',
        f"[[publications]]\n{ENTRY.replace('W1', 'W9')}",
        f"[[publications]]\n{ENTRY}[[publications]]\n{ENTRY}",
    ],
    ids=["unknown key", "unknown window", "twice"],
)
def test_a_publication_with_a_slip_is_refused_with_its_title(tmp_path: Path, text: str) -> None:
    path = tmp_path / "where_to_look.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError, match="publication 'A' is not complete, or stands twice"):
        where_to_look(path)
