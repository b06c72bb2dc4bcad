"""The workbooks of a run: what `area.xlsx` and `england.xlsx` hold, taken from its tables.

In: a run. Out: the bytes of a workbook by its path in the site. The sentences and questions are those of the pages;
money is in pounds and pence, so that a spreadsheet's sums are those of the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reports.area import questions
from reports.area.area_page import years_of
from reports.area.supplied.supplied_section import criteria_questions
from reports.checks.evidence_files import evidence_order
from reports.england.areas_table import result_of, table_order
from reports.words.frame import CLASSES, flag_windows, window_words
from reports.words.narrative import is_missing, outcome, release_words
from reports.words.read_run import Row, Run
from reports.words.reperform import method_pairs
from reports.workbooks.area_book import area_workbook
from reports.workbooks.book_records import (
    About,
    AreaBook,
    AskedQuestion,
    EnglandBook,
    FigureRow,
    GapWindow,
    GapYear,
    ListedArea,
    ListSheet,
    Number,
)
from reports.workbooks.england_book import england_workbook

ENGLAND = "downloads/england.xlsx"
SHA_SHOWN = 12
WARNING = "A flag is a prompt for enquiry, not evidence of misuse. Protecting social care was a permitted purpose."
LICENCE = (
    "Contains public sector information licensed under the Open Government Licence v3.0. The program is under the MIT "
    "licence."
)
READ_AREA = (
    "Gap: expected and actual spend of each year, in pounds; sums, differences and ratios are formulas, so that the "
    "spreadsheet works them out again, and under them stands what the run says. Figures: each published figure with "
    "file, sheet and cell; the row of the CSV is that of the file beside the area's page. Questions: what to ask, with "
    "empty columns for the answers."
)
READ_ENGLAND = (
    "A sheet for each list and for all areas of each window. Rate \u00d7 NHS money is a formula: pounds of own money "
    "less per pound of NHS money than the average council, times the NHS money above base. Sums are formulas too."
)
WINDOW_TABLES = ("expected_spend", "evidence", "flag", "look_alike", "feature_value")


EVERY_AREA = False
"""Whether a site holds the workbook of every area. Measured: 150 of them take 20 ms each of a normal machine, as long
as all its pages; so an area's is written when it is asked for (`ringfence report RUN --xlsx AREA`) and in its zip.
"""


def area_book_path(code: str) -> str:
    """Where an area's workbook lies in the site."""
    return f"downloads/{code}.xlsx"


def _number(value: Any, *, places: int = 2) -> Number:
    if is_missing(value):
        return None
    return round(float(value), places) + 0.0


@dataclass(frozen=True)
class RunBooks:
    """A run whose tables are grouped once for all its workbooks."""

    run: Run

    @cached_property
    def groups(self) -> Mapping[str, Mapping[Any, Sequence[Row]]]:
        """Rows by table, then by area and window."""
        return {table: self.run.grouped(table, "area_code", "window") for table in WINDOW_TABLES}

    def _of(self, table: str, code: str) -> list[Row]:
        return [row for window in flag_windows(self.run) for row in self.groups[table].get((code, window), ())]

    def _about(self, title: str, whom: str, read: str) -> About:
        pairs = [("Warning", WARNING), ("How to read it", read), ("Licence", LICENCE)]
        return About(
            title, whom, self.run.run_id, (*pairs, *((pair.label, pair.text) for pair in method_pairs(self.run)))
        )

    def area(self, area: Row) -> bytes:
        """The workbook of an area (a row of table `area`)."""
        code, windows = str(area["area_code"]), flag_windows(self.run)
        whom = f"{area['area_name']} ({code})"
        spend = {window: self.groups["expected_spend"].get((code, window), ()) for window in windows}
        asked = questions.for_area(
            self._of("flag", code), self._of("look_alike", code), self._of("feature_value", code),
            criteria=criteria_questions(self.run.rows("criteria"), [years_of(spend[window]) for window in windows]),
        )[1]  # fmt: skip
        return area_workbook(
            AreaBook(
                about=self._about("NHS money and adult social care: one area", whom, READ_AREA),
                gaps=tuple(
                    _gap(window, spend[window], next(iter(self.groups["flag"].get((code, window), ())), None))
                    for window in windows
                ),
                figures=_figures(self._of("evidence", code)),
                questions=tuple(AskedQuestion(question.text, question.document) for question in asked),
            )
        )

    def england(self) -> bytes:
        """The workbook of England."""
        about = self._about("NHS money and adult social care: England", "All areas", READ_ENGLAND)
        return england_workbook(EnglandBook(about, tuple(self._sheets())))

    def _sheets(self) -> Iterator[ListSheet]:
        for window in flag_windows(self.run):
            rows = [row for row in self.run.rows("flag") if row["window"] == window]
            flags, words = {str(row["area_code"]): row for row in rows}, window_words(window)
            for name, place in (("Review", "review_place"), ("Unusual", "unusual_place")):
                on = [flag for flag in flags.values() if not is_missing(flag[place])]
                on.sort(key=lambda flag: (int(flag[place]), str(flag["area_code"])))
                heading = f"{'Review' if name == 'Review' else 'Unusual-pattern'} list: {words}"
                areas = tuple(_listed(flag, flag, place=int(flag[place])) for flag in on)
                yield ListSheet(f"{name} {window}", heading, WARNING, areas)
            ordered = table_order(self.run.rows("area"), flags)
            everyone = tuple(_listed(area, flags.get(str(area["area_code"]))) for area in ordered)
            yield ListSheet(f"All {window}", f"All areas: {words}", WARNING, everyone)


def _figures(evidence: Sequence[Row]) -> tuple[FigureRow, ...]:
    """The figures in the order of the page's CSV, whose first row is its header."""
    return tuple(
        FigureRow(
            window=str(row["window"]), number=str(row["evidence_id"]), figure=str(row["figure"] or ""),
            year=str(row["financial_year"] or ""),
            value=None if is_missing(row["value"]) else float(row["value"]),
            status=str(row["status"] or ""),
            unit=str(row["unit"] or ""),
            publication=", ".join(filter(None, (str(row["title"] or ""), release_words(row["release"])))),
            file=str(row["file_name"] or ""), sheet=str(row["sheet"] or ""), cell=str(row["cell"] or ""),
            sha256=str(row["file_sha256"] or "")[:SHA_SHOWN], row=place,
        )
        for place, row in enumerate(sorted(evidence, key=evidence_order), start=2)
    )  # fmt: skip


def _gap(window: str, rows: Sequence[Row], flag: Row | None) -> GapWindow:
    def stated(name: str) -> Number:
        return None if flag is None else _number(flag[name])

    years = tuple(
        GapYear(
            year=str(row["financial_year"]), is_base=bool(row["is_base"]),
            expected=None if row["is_base"] else _number(row["expected_gbp"]), actual=_number(row["actual_gbp"]),
            allocated=_number(row.get("reckoned_gbp")),
            booked=_number(row["nhs_receipts_gbp"]) if row["nhs_basis"] == "received" else None,
        )
        for row in sorted(rows, key=lambda row: (not row["is_base"], str(row["financial_year"])))
    )  # fmt: skip
    booked = any(year.booked is not None for year in years)
    return GapWindow(
        window=window, heading=window_words(window), years=years, gap=stated("gap_gbp"),
        gap_lower=stated("gap_lower_gbp"), gap_upper=stated("gap_upper_gbp"), allocated=stated("transfer_gbp"),
        booked=stated("booked_gbp") if booked else None,
        missing="" if rows else "No expected spend was computed for this area in this window.",
    )  # fmt: skip


def _listed(area: Row, flag: Row | None, *, place: int | None = None) -> ListedArea:
    kind = str(area["class"] or "")
    held: Mapping[str, Any] = flag or {}
    return ListedArea(
        place=place, name=str(area["area_name"]), code=str(area["area_code"]), kind=CLASSES.get(kind, kind),
        region=str(area["region"] or ""), result=outcome(result_of(flag)), band=str(held.get("band") or ""),
        ratio=_number(held.get("evidence_ratio"), places=4), chance=_number(held.get("posterior_10"), places=4),
        rate=_number(held.get("replacement_rate"), places=6),
        rate_lower=_number(held.get("replacement_lower"), places=4),
        rate_upper=_number(held.get("replacement_upper"), places=4),
        money=_number(held.get("transfer_gbp")), gap=_number(held.get("gap_gbp")),
    )  # fmt: skip


def site_books(run: Run, *, areas: bool = EVERY_AREA) -> Iterator[tuple[str, bytes]]:
    """The workbooks that lie in a site, by path: England's, and with `areas` that of every area."""
    books = RunBooks(run)
    yield ENGLAND, books.england()
    if areas:
        yield from ((area_book_path(str(area["area_code"])), books.area(area)) for area in run.rows("area"))
