"""The verdict on the method in three lines: how often its lists are right, what it cannot say, what settles it.

In: a run's `evaluation_*` tables. Out: three sentences or more a line, each figure as the evaluation holds it; where
the run holds none, the line says so and still says what the method cannot do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.declarations.table_words import BETTER_CARE_FUND, REVIEW_LIST, SECTION_256
from reports.method.papers_tables import ERROR, as_made
from reports.words.enquiry_words import in_100
from reports.words.evaluation_tables import WINDOWS
from reports.words.narrative import decimal, is_missing, join_words, percent
from reports.words.read_run import Row, Run

REAL = {SECTION_256: "real_paths", BETTER_CARE_FUND: "fund_real_paths"}
"""The family of planted cases that is most like life: replacement planted in the paths of real councils."""
FIRST = "first 15"
NOT_MEASURED = "This run holds no evaluation, so how often its lists are right was not measured."
LIMITS = (
    "The figures cannot say how many councils replaced their own money, nor settle one council: every council got the "
    "money, and own spend moves by as much for reasons of its own."
)
SETTLES = "The council's own papers settle it: what it planned to spend without the money, and an auditor's conclusion."


def _in_window(window: str) -> str:
    return f"for {WINDOWS[window]}"


def _lists(run: Run) -> Iterator[tuple[str, Row]]:
    for window, family in REAL.items():
        wanted = {"window": window, "family": family, "detector": REVIEW_LIST}.items()
        found = (row for row in run.rows("evaluation_list") if wanted <= dict(row).items())
        yield from ((window, row) for row in found if not is_missing(row["precision"]))


def right_line(run: Run) -> str:
    """How often the review list is right where replacement was planted, and what its chances are worth."""
    found = list(_lists(run))
    if not found:
        return NOT_MEASURED
    right = [f"{decimal(row['precision'] * row['places'], places=1)} {_in_window(window)}" for window, row in found]
    one = found[0][1]
    lot = decimal(one["prevalence"] * one["places"], places=1)
    said = (
        f"Replacement was planted in {in_100(one['prevalence'])} of the paths that real councils took. Of the "
        f"{one['places']} names of the review list, so many are right: {join_words(right)}; drawn by lot, {lot} would "
        "be."
    )
    worth = [
        f"{decimal(row['expected'], places=0)} were said and {decimal(row['actual'], places=0)} were so "
        f"{_in_window(window)}"
        for window, _ in found
        for row in run.rows("evaluation_posterior")
        if (row["window"], row["part"], row["ground"]) == (window, FIRST, "real paths")
        and row["prevalence"] == one["prevalence"]
    ]
    return f"{said} The chances of those names added up over all cases: {'; '.join(worth)}." if worth else said


def limits_line(run: Run) -> str:
    """What the figures cannot say, with how wide the interval of one council's rate is."""
    widths = [
        f"{decimal(row['width'], places=1)} pounds wide {_in_window(str(row['window']))}"
        for row in run.rows("evaluation_interval")
        if row["ground"] == "real paths" and row["group"] == "others"
    ]
    wide = (
        f" The 90% interval of one council's replacement rate is {join_words(widths)}; the question is whether it is "
        "nought or one."
    )
    return LIMITS + (wide if widths else "")


def _found(rows: Sequence[Row], window: str, errors: str) -> str:
    wanted = {"window": window, "papers": "unbiased", "errors": errors, "years": 3, "error": ERROR}.items()
    return next((percent(row["power"]) for row in rows if wanted <= dict(row).items()), "")


def settles_line(run: Run) -> str:
    """What settles it, with how many such councils three years of papers find."""
    rows, said = as_made(run.rows("evaluation_papers")), list[str]()
    for window in WINDOWS:
        low, high = (_found(rows, window, errors) for errors in ("one through all years", "each year its own"))
        if low and high:
            said.append(f"{low} to {high} {_in_window(window)}")
    if not said:
        return SETTLES
    return (
        f"{SETTLES} Three years of papers without bias find {join_words(said)} of the councils in which it was "
        "planted, with one in ten of those found wrong."
    )


def verdict(run: Run) -> tuple[str, str, str]:
    """The three lines."""
    return right_line(run), limits_line(run), settles_line(run)
