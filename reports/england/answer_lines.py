"""The answer in three lines: what was found, how sure, what would settle it; and who was asked.

In: a run's bands by window, the smallest amounts, `list_summary`, and the tables of the enquiry. Out: `Pair`s. Every
number of the lines stands in a table of the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.declarations.table_words import BAND_WORDS, NOT_ASSESSED, REVIEW_LIST, SETTLED
from reports.england.smallest_amount import beyond
from reports.words.enquiry_words import ANSWERS, PAPERS
from reports.words.lead_words import expected_names, good_answers, in_words, tested_names
from reports.words.narrative import about, count_of, whole
from reports.words.read_run import Row, Run
from reports.words.view_models import Pair

FOUND, SURE, SETTLE = "What was found", "How sure", "What would settle it"
NO_RESULTS = "Nothing: this run holds no results."
NONE_ASSESSED = (
    "Nothing: no area could be assessed. The returns of this run do not hold a council's own spending (the Revenue "
    "Summary, RS) in the years that a window takes; Sources says which returns it holds."
)
SETTLES = (
    "Papers written before each year that say what the council would have spent without the money: a section 256 "
    "agreement or a Better Care Fund plan, with the budget. An auditor's conclusion on them settles an area."
)
NOBODY = "No area was asked for its papers yet: the command ringfence request writes what to send to whom."


def _reviewed(run: Run) -> list[Row]:
    return [row for row in run.rows("list_summary") if row["list"] == REVIEW_LIST and expected_names(row)]


def found_line(bands: Mapping[str, Counter[str]], areas: int) -> str:
    """What the figures say over all windows, by band; verdict first."""
    total = Counter[str]()
    for own in bands.values():
        total.update(own)
    if not total.total():
        return NO_RESULTS
    assessed = total.total() - total[NOT_ASSESSED]
    if not assessed:
        return NONE_ASSESSED
    strongly, towards, leans, nothing, leans_against, against = (total[band] for band in BAND_WORDS)
    undecided = 2 * (leans + nothing + leans_against) > assessed
    verdict = "For most the returns do not decide." if undecided else "For most the returns point one way or the other."
    return (
        f"{verdict} Of {count_of(total.total(), 'result', 'results')} ({count_of(areas, 'area', 'areas')}, "
        f"{in_words(len(bands))} {'window' if len(bands) == 1 else 'windows'}) {strongly:,} point strongly towards "
        f"replacement of the council's own money, {towards:,} point towards it and {against:,} against it; "
        f"{leans:,} lean towards it and {leans_against:,} against; {nothing:,} say nothing either way, which is a full "
        f"answer; {total[NOT_ASSESSED]:,} {'was' if total[NOT_ASSESSED] == 1 else 'were'} not assessed."
    )


def sure_line(
    rates: Mapping[str, Sequence[float]], summaries: Sequence[Row], tested: Sequence[float | None] = ()
) -> str:
    """How much the figures could have shown, and how many names of the review lists will have a good answer.

    `tested` says by list how many names were such councils in tests.
    """
    every = [rate for own in rates.values() for rate in own]
    said: list[str] = []
    if every:
        many = beyond(every)
        verdict = "Not sure." if 2 * many > len(every) else "Sure of large differences only."
        said.append(
            f"{verdict} In {many:,} of {count_of(len(every), 'result', 'results')} the smallest amount that could have "
            "been seen is larger than all the NHS money of the area and window."
        )
    review = [row for row in summaries if row["list"] == REVIEW_LIST and expected_names(row)]
    if review:
        places, expected = sum(int(row["places"]) for row in review), sum(row["expected_10"] for row in review)
        said.append(
            f"Of {count_of(places, 'name', 'names')} on the review {'list' if len(review) == 1 else 'lists'} "
            f"{about(expected)} would be councils that replaced their own money, if one in ten did{_tests(tested)}; "
            f"about {good_answers(places, expected):,} will have a good answer."
        )
    return " ".join(said) or "The run holds no figures that tell."


def _tests(tested: Sequence[float | None]) -> str:
    held = [number for number in tested if number is not None]
    return f" ({about(sum(held))} were in tests)" if held and len(held) == len(tested) else ""


def answer_lines(bands: Mapping[str, Counter[str]], rates: Mapping[str, Sequence[float]], run: Run) -> tuple[Pair, ...]:
    """The three lines."""
    return (
        Pair(FOUND, found_line(bands, len(run.rows("area")))),
        Pair(SURE, sure_line(rates, run.rows("list_summary"), [tested_names(run, row) for row in _reviewed(run)])),
        Pair(SETTLE, SETTLES),
    )


def counts(run: Run) -> tuple[Pair, ...]:
    """Areas asked for papers, answered and settled, in any window."""
    answers = [row for row in run.rows("answer_file") if row["kind"] in ANSWERS and (row["used"] or row["problems"])]
    used = {str(row["area_code"]) for row in answers if row["used"]}
    asked = {str(row["area_code"]) for row in (*run.rows("asked"), *answers) if row["kind"] in (PAPERS, *ANSWERS)}
    settled = {str(row["area_code"]) for row in run.rows("flag") if row["list"] == SETTLED}
    told = (("Areas", len(run.rows("area"))), ("Asked", len(asked)), ("Answered", len(used)), ("Settled", len(settled)))
    return tuple(Pair(label, whole(number)) for label, number in told)


def counts_note(run: Run) -> str:
    """What to do where nobody was asked; empty where somebody was."""
    return "" if run.rows("asked") or run.rows("answer_file") else NOBODY
