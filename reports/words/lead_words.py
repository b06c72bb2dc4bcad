"""What a reader must know beside a result: what a list is worth, and other explanations that tested positive.

In: tables `list_summary`, `look_alike`, `evaluation_look_alike` and `evaluation_list` of a run. Out: sentences to print
over a list, and after the reason of a result. Numbers come from the run; nothing is judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.declarations.table_words import REVIEW_LIST, UNUSUAL_LIST
from reports.words.enquiry_words import own_words, settled_words
from reports.words.narrative import about, count_of, decimal, evidence, is_missing
from reports.words.read_run import Row, Run

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
           "thirteen", "fourteen", "fifteen")  # fmt: skip
ROUTE = "route_"
Ratios = Mapping[tuple[str, str], float]
"""How much likelier a test fires where its innocent change was planted, by window and test."""


@dataclass(frozen=True)
class LeadWords:
    """A window's sentences on its lists, empty where the run holds no figures for them, and its tests' ratios.

    `member` is the short form of `review` that stands beside a name on its own page, `front` the one of the first page.
    """

    review: str
    member: str
    unusual: str
    ratios: Ratios
    front: str = ""


def likelihood_ratios(run: Run) -> Ratios:
    """The likelihood ratio of each look-alike test, as far as it was measured."""
    return {
        (str(row["window"]), str(row["test"])): float(row["likelihood_ratio"])
        for row in run.rows("evaluation_look_alike")
        if not is_missing(row["likelihood_ratio"])
    }


def in_words(number: int) -> str:
    """A small number in words: "fifteen"; larger ones in figures."""
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"


def by_lot(count: float) -> str:
    """What drawing names by lot would give, in words: 1.5 is "one or two"."""
    low = int(count)
    if not low:
        return "none or one"
    return f"{in_words(low)} or {in_words(low + 1)}" if count - low > 0.25 else f"about {in_words(low)}"


def _row(run: Run, window: str, name: str) -> Row | None:
    return next((row for row in run.rows("list_summary") if (row["window"], row["list"]) == (window, name)), None)


def measured_share(run: Run, window: str, name: str) -> Sequence[float]:
    """Share of a list that was planted, by route the money took, where the run holds the evaluation."""
    return [
        float(each["precision"]) for each in run.rows("evaluation_list")
        if each["window"] == window and each["detector"] == name and ROUTE in str(each["family"])
        and not is_missing(each["precision"])
    ]  # fmt: skip


def review_sentence(row: Row | None, room: int, measured: Sequence[float] = ()) -> str:
    """What the review list is worth: how many of it would be such councils at stated priors, how many were in tests,
    and how many of as many by lot.

    `room` is how many places the list has; `measured` the share of it that was planted, by route.
    """
    if row is None:
        return ""
    if row["problem"]:
        return f"No area could be judged in this window: {row['problem']}"
    places = int(row["places"] or 0)
    if not places or is_missing(row["expected_10"]):
        return f"No area of {row['assessed']:,} assessed has an evidence ratio above 1, so the review list is empty."
    full = f"The list has {in_words(places)} names every time, so being on it is no news by itself."
    if places < room:
        full = "No other area has an evidence ratio above 1; being on the list is no news by itself."
    tested = about(places * sum(measured) / len(measured)) if measured else ""
    tests = f" In tests in which one in ten had, {tested} of {places} were." if tested else ""
    return (
        f"Of the {count_of(places, 'area', 'areas')} on the list {about(row['expected_10'])} would be councils that "
        f"replaced their own money, if one council in ten did ({about(row['expected_05'])} if one in twenty, "
        f"{about(row['expected_30'])} if three in ten; the figures cannot say how many did).{tests} "
        f"{count_of(places, 'name', 'names')} drawn by lot would hold {by_lot(row['by_lot_10'])} at one in ten. {full}"
    )


def expected_names(row: Row | None) -> bool:
    """Whether a row of `list_summary` has names and says how many of them would be such councils."""
    return row is not None and not row["problem"] and bool(row["places"]) and not is_missing(row["expected_10"])


def good_answers(places: int, expected: float) -> int:
    """How many of a list's names will have a good answer, if one council in ten replaced its own money."""
    return places - round(expected)


def tested_names(run: Run, row: Row) -> float | None:
    """How many names of a list were such councils in tests; None where the run holds none."""
    shares = measured_share(run, str(row["window"]), str(row["list"]))
    return int(row["places"]) * sum(shares) / len(shares) if shares else None


def front_sentence(row: Row | None, room: int) -> str:
    """The review list in two sentences, for the first page."""
    if row is None or not expected_names(row):
        return review_sentence(row, room)
    places = int(row["places"])
    full = f" It has {in_words(places)} names every time." if places >= room else ""
    return (
        f"Of these {places:,} {about(row['expected_10'])} would be councils that replaced their own money, if one in "
        f"ten did; about {good_answers(places, row['expected_10']):,} will have a good answer.{full}"
    )


def member_sentence(row: Row | None) -> str:
    """The short form for the page of an area on the list."""
    if row is None or not expected_names(row):
        return ""
    return (
        f"Of the {count_of(int(row['places']), 'area', 'areas')} on the review list {about(row['expected_10'])} would "
        "be councils that replaced their own money, if one council in ten did; being on it is no news by itself."
    )


def right_words(run: Run, window: str) -> str:
    """How many names of a window's review list would be right, if one council in ten replaced: "about 3 of 15"."""
    row = _row(run, window, REVIEW_LIST)
    if row is None or row["problem"] or not row["places"] or is_missing(row["expected_10"]):
        return ""
    return f"{about(row['expected_10'])} of {int(row['places'])}"


def unusual_sentence(run: Run, window: str) -> str:
    """What the unusual-pattern list is, and its measured precision where the run holds it."""
    row = _row(run, window, UNUSUAL_LIST)
    if row is None or row["problem"] or not row["places"]:
        return ""
    said = (
        f"The {in_words(int(row['places']))} areas of {row['assessed']:,} that an isolation forest isolates soonest, "
        "on own spend, council tax, reserves and care's share of spending together: money can leave care by other "
        "routes than its budget. The list is full every time, and how many of its areas replaced their own money "
        "cannot be read from the figures"
    )
    shares = measured_share(run, window, UNUSUAL_LIST)
    if not shares:
        return f"{said}."
    return (
        f"{said}; in tests in which one council in ten had, between {decimal(min(shares))} and {decimal(max(shares))} "
        "of its places were such councils, by the route the money took."
    )


def _together(*said: str) -> str:
    return " ".join(text for text in said if text)


def lead_words(run: Run, window: str) -> LeadWords:
    """The sentences of a window's lists."""
    room = int((run.manifest.get("settings") or {}).get("lists.review", 0))
    row = _row(run, window, REVIEW_LIST)
    review, unusual = (
        review_sentence(row, room, measured_share(run, window, REVIEW_LIST)),
        unusual_sentence(run, window),
    )
    settled = settled_words(run, window)
    return LeadWords(
        _together(review, own_words(run, window, row) if review else "", settled),
        member_sentence(row),
        _together(unusual, settled),
        likelihood_ratios(run),
        front_sentence(row, room),
    )


def times_likelier(ratio: float | None) -> str:
    """A test's likelihood ratio as a figure to read on, "5.2 times"; empty where it was not measured."""
    return "" if ratio is None else f"{evidence(ratio)} times"


def positive_tests(tests: Sequence[Row], ratios: Ratios) -> list[str]:
    """The explanations that tested positive in words, each with its likelihood ratio where that was measured."""
    said: list[str] = []
    for row in tests:
        if row["result"] == "positive":
            label = str(row["label"] or row["test"])
            likelier = times_likelier(ratios.get((str(row["window"]), str(row["test"]))))
            said.append(
                label[:1].lower()
                + label[1:]
                + (f" (in trials {likelier} as often where it was so)" if likelier else "")
            )
    return said


def tests_by_area(run: Run, window: str) -> dict[str, list[Row]]:
    """Rows of `look_alike` of a window by area."""
    tests: dict[str, list[Row]] = {}
    for row in run.rows("look_alike"):
        if row["window"] == window:
            tests.setdefault(str(row["area_code"]), []).append(row)
    return tests
