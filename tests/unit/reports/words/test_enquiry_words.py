"""The enquiry in words: days, states, priors, conclusions, and what papers say at a materiality."""

from __future__ import annotations

import re
from typing import Any

import pytest

from reports.words import enquiry_words, papers_words
from reports.words.read_run import Run

PLANNED: dict[str, Any] = {
    "years": "2011-12", "years_missing": "", "years_afterwards": "", "transfer_gbp": 4e6, "without_gbp": 5.4e7,
    "with_gbp": 5e7, "planned_rate": 1.0, "error": 0.2, "lower": 0.6, "upper": 1.4, "smallest_rate": 0.4,
    "smallest_gbp": 1.6e6, "posterior_05": 0.5, "posterior_10": 0.66, "posterior_30": 0.9, "posterior_own": 0.7,
    "floor_gbp": None, "floor_rate": None, "outturn_rate": None, "outturn_years": "",
}  # fmt: skip
FLAG: dict[str, Any] = {"list": "review list", "posterior_10": 0.31}


@pytest.mark.parametrize(
    ("text", "said"),
    [("2026-05-01", "1 May 2026"), ("2011-12-28", "28 December 2011"), ("2011-13-01", "2011-13-01"), (None, "")],
)
def test_a_day_is_written_as_people_write_it_and_no_day_stays_as_it_is(text: str | None, said: str) -> None:
    assert enquiry_words.day(text) == said


@pytest.mark.parametrize(("share", "said"), [(0.1, "10 in 100"), (0.0909, "9.1 in 100"), (0.125, "12.5 in 100")])
def test_a_prior_is_said_as_councils_in_a_hundred(share: float, said: str) -> None:
    assert enquiry_words.in_100(share) == said


def test_the_prior_of_a_run_is_told_only_where_it_is_not_ten_in_a_hundred() -> None:
    settings: dict[str, Any] = {"run_id": "x", "settings": {"enquiry.prior": 0.2}}
    updated = {"enquiry_summary": [{"window": "W1", "prior_updated": 0.1}, {"window": "W2", "prior_updated": 0.13}]}
    assert enquiry_words.own_prior(Run({"run_id": "x"}), "W1") is None
    assert enquiry_words.own_prior(Run(settings), "W1") == 0.2
    assert enquiry_words.own_prior(Run(settings, updated), "W1") is None
    assert enquiry_words.own_prior(Run(settings, updated), "W2") == 0.13


def test_what_came_back_is_used_not_used_blank_or_nothing() -> None:
    def form(*, used: bool = False, entries: int = 0, problems: int = 0) -> dict[str, Any]:
        return {"kind": "answer workbook", "used": used, "entries": entries, "problems": problems}

    state = enquiry_words.answer_state
    assert state([form(problems=2), form(used=True)]) == "answer used"
    assert state([form(entries=3, problems=1)]) == "answer not used"
    assert state([form()]) == "form came back blank"
    assert state([{"kind": "not read", "used": False}]) == state([]) == "no answer"


def test_beside_a_name_stand_when_it_was_asked_what_came_back_and_its_comment() -> None:
    run = Run(
        {"run_id": "x"},
        {
            "asked": [
                {"area_code": "E1", "kind": "papers", "date": "2026-05-01"},
                {"area_code": "E1", "kind": "papers", "date": "2026-06-01"},
                {"area_code": "E2", "kind": "papers", "date": ""},
                {"area_code": "E2", "kind": "comment", "date": "2026-05-02"},
            ],
            "answer_file": [{"area_code": "E1", "kind": "answer table", "used": True, "entries": 1, "problems": 0}],
            "responses": [
                {"area_code": "E1", "date": "2026-05-09", "comment": "Earlier"},
                {"area_code": "E1", "date": "2026-06-03", "comment": "\n Grants were moved\nand more"},
            ],
        },
    )
    asked = enquiry_words.asked_areas(run)
    assert asked is not None
    assert enquiry_words.enquiry_told(asked, "E1") == (
        "asked on 1 June 2026; answer used", "3 June 2026: Grants were moved",
    )  # fmt: skip
    assert enquiry_words.enquiry_told(asked, "E2") == (
        "asked (date not told); no answer", "asked for comment on 2 May 2026; none received",
    )  # fmt: skip
    assert enquiry_words.enquiry_told(asked, "E3") == ("not asked for papers", "no comment received")
    assert enquiry_words.asked_areas(Run({"run_id": "x"})) is None


def test_a_long_reply_is_cut_between_words_and_an_empty_one_is_told_by_its_day() -> None:
    said = enquiry_words.reply_line([{"date": "2026-06-03", "comment": "word " * 60}])
    assert said.startswith("3 June 2026: word word") and said.endswith("word…") and len(said) < 120
    assert enquiry_words.reply_line([{"date": "2026-06-03", "comment": "  "}]) == "comment of 3 June 2026"


def test_a_conclusion_names_day_office_outcome_document_page_and_pounds_where_determined() -> None:
    row = {"date": "2026-05-01", "office": "Example office", "outcome": "partly", "document": "Report", "page": "7",
           "replaced_gbp": 640_000.0}  # fmt: skip
    said = "An auditor's conclusion of 1 May 2026 (Example office): partly replaced. It rests on Report, page 7."
    assert enquiry_words.conclusion_sentence(row) == f"{said} Own money replaced: £640,000."
    assert enquiry_words.conclusion_sentence({**row, "replaced_gbp": None}) == said


def test_the_chance_from_papers_comes_first_and_is_not_multiplied_with_that_from_returns() -> None:
    said = papers_words.chance_sentence(PLANNED, FLAG)
    assert said.index("66%, if 10 councils in 100 replaced their own money") < said.index(
        "By the returns alone it is 31%"
    )
    assert said.endswith("The two are not multiplied.")
    assert "own prior" not in said
    assert "70% at this run's own prior of 20 in 100" in papers_words.chance_sentence(PLANNED, FLAG, own=0.2)
    unassessed = papers_words.chance_sentence(PLANNED, {"list": "not assessed", "posterior_10": None})
    assert unassessed.endswith("The returns give none to set beside it.")


@pytest.mark.parametrize(("materiality", "said"), [(2e6, "which they can show."), (1e6, "less than they can show.")])
def test_what_papers_can_show_is_set_against_a_materiality_where_one_is_set(materiality: float, said: str) -> None:
    assert "materiality" not in papers_words.smallest_sentence(PLANNED)
    told = papers_words.smallest_sentence(PLANNED, materiality_gbp=materiality)
    assert told.startswith("The smallest planned displacement that these papers can show is £1.6 million, or 0.40")
    assert told.endswith(said)


def test_what_papers_do_not_tell_is_left_out_or_said_to_be_missing() -> None:
    told = papers_words.paper_sentences(PLANNED, FLAG)
    assert len(told) == 4
    nothing = {**PLANNED, "planned_rate": None, "posterior_10": None, "smallest_gbp": None}
    assert papers_words.paper_sentences(nothing, None) == (
        "No year holds both plans and a transfer, so the papers tell no planned displacement.",
        enquiry_words.SETTLES,
    )


def test_no_sentence_on_papers_accuses() -> None:
    full = {**PLANNED, "floor_gbp": 1e5, "outturn_rate": 0.2, "outturn_error": 1.0, "outturn_lower": -2.0,
            "outturn_upper": 2.4, "years_missing": "2012-13", "years_afterwards": "2011-12"}  # fmt: skip
    told = " ".join(papers_words.paper_sentences(full, FLAG, own=0.2, materiality_gbp=1e6))
    assert not re.search(r"suspic|fraud|guilt|divert|abuse|misus|wrong|hid", told)
