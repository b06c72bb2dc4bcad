"""This page in one minute: seven rows, each the answer in at most twenty words and a link to its section.

In: what the page's sections already hold for one area. Out: `Pair` records, and the council's response in a line.
Nothing is worked out here; what is not held is said to be missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.declarations.table_words import NOT_ASSESSED
from reports.area.look_alike_section import is_tested, label_of
from reports.england.areas_table import result_of
from reports.words.chance_words import chance_in_words
from reports.words.enquiry_words import comment_sentence, day
from reports.words.frame import short_window
from reports.words.narrative import band_words, count_of, first_small, is_missing, join_words, outcome
from reports.words.read_run import Row
from reports.words.view_models import Pair

MOST_WORDS = 20
SHORT = 160
NO_RESPONSE = "No comment of the council is on record."
Flags = Mapping[str, Row | None]


def _by_window(told: Mapping[str, str]) -> str:
    """What is told of each window; once where it is the same for all."""
    if len(set(told.values())) == 1:
        return next(iter(told.values()))
    return "; ".join(f"{short_window(window)}: {first_small(said)}" for window, said in told.items())


def claimed(flags: Flags) -> str:
    """The verdict of each window."""

    def said(flag: Row | None) -> str:
        if flag is None or result_of(flag) == NOT_ASSESSED or not flag["band"]:
            return outcome(result_of(flag))
        return band_words(flag["band"])

    return f"{_by_window({window: said(flag) for window, flag in flags.items()})}." if flags else "No result is held."


def how_sure(flags: Flags) -> str:
    """The chance in each window, in words, with the prior it rests on."""
    told = {
        window: chance_in_words(flag["posterior_10"])
        for window, flag in flags.items()
        if flag and result_of(flag) != NOT_ASSESSED and not is_missing(flag["posterior_10"])
    }
    if not told:
        return "No chance can be given: nothing was assessed."
    if len(set(told.values())) == 1:
        return f"Chance of replacement {next(iter(told.values()))}, if one council in ten replaced its own money."
    said = "; ".join(f"{short_window(window)} {chance}" for window, chance in told.items())
    return f"Chance of replacement: {said}; if one council in ten replaced."


def figures_words(evidence: Sequence[Row], *, marked: int, quality: Sequence[str]) -> str:
    """How many figures, from how many files, how many doubtful, and the grade."""
    published = {(str(row["record_id"]), str(row["column"])) for row in evidence if row["file_sha256"]}
    files = {str(row["file_sha256"]) for row in evidence if row["file_sha256"]}
    if not published:
        return "No figures were recorded for this area."
    graded = f"; data quality {' and '.join(dict.fromkeys(quality))}" if quality else ""
    return (
        f"{count_of(len(published), 'published figure', 'published figures')}, each with its cell, in "
        f"{count_of(len(files), 'file', 'files')}; {marked:,} marked by checks{graded}."
    )


def compared_with(assessed: int, peers: Sequence[str]) -> str:
    """Whom the area is compared with: the average of those assessed, and its nearest peers by name."""
    every = f"The average of {assessed:,} areas" if assessed else "The average of all areas"
    return f"{every}; nearest peers {join_words(list(peers[:3]))}." if peers else f"{every}."


def else_explains(tests: Sequence[Row]) -> str:
    """How many tests of other explanations are positive, and which."""
    tested = [row for row in tests if is_tested(row)]
    found = list(dict.fromkeys(first_small(label_of(row)) for row in tested if row["result"] == "positive"))
    if not tested:
        return "No test of another explanation could be made."
    if not found:
        return f"None of {count_of(len(tested), 'test', 'tests')} is positive: no innocent change is seen."
    if len(found) == 1:
        window = next(str(row["window"]) for row in tested if row["result"] == "positive")
        both = len({str(row["window"]) for row in tested if row["result"] == "positive"}) > 1
        where = "both windows" if both else short_window(window)
        return f"One tested positive, as a sign ({where}): {found[0]}."
    return f"{count_of(len(found), 'explanation', 'explanations')} tested positive; each stands with its test."


def to_ask(questions: int) -> str:
    """How many questions, and what would settle most."""
    if not questions:
        return "Nothing needs asking."
    many = count_of(questions, "question", "questions")
    return f"{many} to the chief finance officer, each with its document."


def response_line(responses: Sequence[Row], asked: Sequence[Row]) -> Pair:
    """The council's newest comment in a line, or that there is none."""
    if not responses:
        return Pair("Response", comment_sentence(asked) or NO_RESPONSE, href="#response")
    newest = max(responses, key=lambda row: (str(row["date"]), str(row["body"])))
    text = " ".join(str(newest["comment"] or "").split())
    first = text if len(text) <= SHORT else f"{text[:SHORT].rsplit(' ', 1)[0]} ..."
    return Pair("Response", f"{newest['body']}, {day(str(newest['date']))}: “{first}”", href="#response")


def papers_line(told: str) -> tuple[Pair, ...]:
    """What became of the request for papers; none where nobody asked."""
    return (Pair("Papers", told, href="#enquiry"),) if told else ()


def minute_rows(
    flags: Flags, *, evidence: Sequence[Row], marked: int, tests: Sequence[Row], questions: int, assessed: int,
    peers: Sequence[str], run_id: str,
) -> tuple[Pair, ...]:  # fmt: skip
    """The seven rows in the order in which they are asked."""
    quality = [str(flag["data_quality"]) for flag in flags.values() if flag and flag["data_quality"]]
    return (
        Pair("What is claimed", claimed(flags), href="#result"),
        Pair("How sure", how_sure(flags), href="#result"),
        Pair("From which figures", figures_words(evidence, marked=marked, quality=quality), href="#evidence"),
        Pair("Compared with whom", compared_with(assessed, peers), href="#peers"),
        Pair("What else could explain it", else_explains(tests), href="#look-alikes"),
        Pair("What to ask", to_ask(questions), href="#questions"),
        Pair("How to do it again", f"Run {run_id}: the same inputs give the same bytes.", href="#reperform"),
    )
