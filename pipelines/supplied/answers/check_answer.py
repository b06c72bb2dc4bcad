"""What can be told of an answer only as a whole: documents by their number, amounts in pounds, lines without a year.

In: the files of one area's answer, as they were read. Out: problems, added to the file they stand in. Refused: a
document that is not on the list, an amount far beyond own spend of the year, a line whose year is missing or is not
asked about. A line without an amount is a remark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.declarations.catalogue import Column
from pipelines.supplied.answer_form import AMOUNT, DOCUMENTS, LINES, PLAN, form
from pipelines.supplied.answers.answer_records import Entry, Expected, FileRead, Problem

POUNDS_FROM = 100.0
"""An amount so many times own spend of the year is taken to be in pounds: a thousand times, less a wide margin."""
LARGEST_GBP_THOUSAND = 10_000_000.0
"""More than any council spends; the measure where own spend is not given."""
LINE_AMOUNT = "amount_gbp_thousand"


def column_of(entry: Entry) -> Column:
    """The declared column of an entry."""
    return form(entry.form).column(entry.column)


def all_entries(files: Sequence[FileRead], *forms: str) -> Iterator[Entry]:
    """What was filled in on some forms."""
    return (entry for read in files for entry in read.entries if entry.form in forms)


def documents(files: Sequence[FileRead]) -> dict[int, str]:
    """The documents on the list by number: the title filled in, else what was asked for."""
    asked = {entry.number: str(entry.value) for read in files for entry in read.given if entry.form == DOCUMENTS}
    named = {entry.number: asked.get(entry.number, "") for entry in all_entries(files, DOCUMENTS)}
    titles = {e.number: str(e.value) for e in all_entries(files, DOCUMENTS) if e.column == "title"}
    return {**asked, **named, **titles}


def own_returned(files: Sequence[FileRead]) -> dict[str, float]:
    """Own spend by year, in £ thousand, as the request gave it."""
    given = (entry for read in files for entry in read.given if entry.column == "own_returned_gbp_thousand")
    return {entry.year: float(entry.value) for entry in given}


def line_years(files: Sequence[FileRead]) -> dict[int, str]:
    """The year of each budget line, by the line's number."""
    return {e.number: str(e.value) for e in all_entries(files, LINES) if e.column == "financial_year"}


def check_answer(files: Sequence[FileRead], expected: Expected) -> None:
    """Add what is wrong with an answer to its files."""
    listed, own, years = documents(files), own_returned(files), line_years(files)
    for read in files:
        found: list[Problem] = []
        for entry in read.entries:
            if entry.column == "document" and entry.value not in listed:
                what = f"document {entry.value} is not on the list of documents"
                do = "Name the document on the list, under that number."
                found.append(_problem(entry, what, "a number of that list", do))
            elif column_of(entry).unit == AMOUNT:
                year = entry.year if entry.form == PLAN else years.get(entry.number, "")
                found += _pounds(entry, own.get(year, 0.0))
        read.problems += [*found, *_lines(read, years, expected)]


def _problem(entry: Entry, what: str, expected: str, do: str, *, refused: bool = True) -> Problem:
    return Problem(what, expected, do, entry.sheet, entry.cell, refused=refused)


def _pounds(entry: Entry, own: float) -> Iterator[Problem]:
    most = POUNDS_FROM * own if own > 0 else LARGEST_GBP_THOUSAND
    if entry.value >= most:
        beside = f", {entry.value / own:,.0f} times own spend of the year" if own > 0 else ""
        what = f"found {entry.value:,.0f}{beside}: it looks like pounds"
        yield _problem(
            entry, what, "an amount in £ thousand", "Divide by 1,000, here and wherever pounds were written."
        )


def _lines(read: FileRead, years: dict[int, str], expected: Expected) -> Iterator[Problem]:
    """Lines met before of one file: with an amount they need a year that is asked about."""
    rows: dict[int, list[Entry]] = {}
    for entry in all_entries([read], LINES):
        rows.setdefault(entry.number, []).append(entry)
    for number, entries in rows.items():
        held = {entry.column: entry for entry in entries}
        year = years.get(number, "")
        if LINE_AMOUNT not in held:
            what = f"line {number} has no amount; it is not read"
            yield _problem(entries[0], what, "", "Give the amount if it is known.", refused=False)
        elif not year:
            yield _problem(held[LINE_AMOUNT], f"line {number} has no year", "a financial year", "Give its year.")
        elif not expected.window_of(year):
            wanted = "one of " + ", ".join(one for window in expected.windows.values() for one in window)
            yield _problem(held["financial_year"], f"{year} is not asked about", wanted, "Take the line out.")
        elif "line" not in held:
            what = f"line {number} is not named"
            yield _problem(held[LINE_AMOUNT], what, "", "Give the budget line's name.", refused=False)
