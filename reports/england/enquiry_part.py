"""The enquiry on the front page: asked, answered, settled; answers not used; England by the sample; the prior.

In: tables `enquiry_summary`, `answer_file` and `answer_problem` of a run. Out: a `SectionPart`. Where nobody was asked
there is none. Conclusions on areas that were not drawn enter no share of England.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reports.words.answer_problems import problems_table
from reports.words.enquiry_words import ANSWERS, SETTLES, in_100
from reports.words.frame import window_words
from reports.words.narrative import MISSING, count_of, is_missing, percent, whole
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, SectionPart

IDENTITY, HEADING = "enquiry", "The enquiry"
NOTHING_YET = "nothing determined yet"
COUNTS = (
    ("Asked", "asked"), ("Answered", "answered"), ("Answers not used", "not_used"), ("Settled", "settled"),
    ("of these: replaced", "replaced"), ("of these: partly replaced", "partly"),
    ("of these: not replaced", "not_replaced"), ("of these: cannot be determined", "undetermined"),
)  # fmt: skip
Told = Callable[[Row], str]


def _by_window(rows: Sequence[Row], lines: Sequence[tuple[str, Told]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple((Cell(label), *(Cell(said(row)) for row in rows)) for label, said in lines)


def _columns(rows: Sequence[Row]) -> tuple[Column, ...]:
    return Column("Areas"), *(Column(window_words(str(row["window"])), numeric=True) for row in rows)


def _prior(row: Row, name: str) -> str:
    return MISSING if is_missing(row[name]) else in_100(float(row[name]))


def counts_table(rows: Sequence[Row]) -> DataTable:
    """Asked, answered and settled by window, and the prior as set and as updated."""

    def counted(name: str) -> Told:
        return lambda row: whole(row[name])

    lines: tuple[tuple[str, Told], ...] = (
        *((label, counted(name)) for label, name in COUNTS),
        ("Prior as set", lambda row: _prior(row, "prior_set")),
        ("Prior updated by conclusions on areas drawn", lambda row: _prior(row, "prior_updated")),
    )
    weight = next((f"{row['prior_weight']:g}" for row in rows if not is_missing(row["prior_weight"])), "")
    counts = f" The prior as set counts as the conclusions on {weight} areas." if weight else ""
    return DataTable(
        id="enquiry-counts",
        caption="Areas asked, answered and settled",
        columns=_columns(rows),
        rows=_by_window(rows, lines),
        note=f"Answered: the answer is used and tells something of the window. Prior: councils taken to have replaced "
        f"their own money before looking at one.{counts}",
    )


def _share(row: Row, name: str) -> str:
    """A share of the sample with its interval."""
    share = row["share" if name == "share" else f"{name}_share"]
    if is_missing(share):
        return NOTHING_YET
    return f"{percent(share)} ({percent(row[f'{name}_lower'])} to {percent(row[f'{name}_upper'])})"


def _bounds(row: Row, name: str) -> str:
    least, most = row[f"{name}_least"], row[f"{name}_most"]
    return NOTHING_YET if is_missing(least) else f"{percent(least)} to {percent(most)}"


def sample_table(rows: Sequence[Row]) -> DataTable | None:
    """England by the areas drawn alone; None where no sample was given."""
    if not any(row["sampled"] for row in rows):
        return None
    lines: tuple[tuple[str, Told], ...] = (
        ("Areas drawn", lambda row: whole(row["sampled"])),
        ("of these with a conclusion", lambda row: whole(row["sampled_settled"])),
        (
            "Settled areas that were not drawn: they do not enter",
            lambda row: whole((row["settled"] or 0) - (row["sampled_settled"] or 0)),
        ),
        ("Share of areas that replaced (90% interval)", lambda row: _share(row, "share")),
        ("The same, whatever those without a conclusion did", lambda row: _bounds(row, "share")),
        ("Share of NHS money in such areas (90% interval)", lambda row: _share(row, "money")),
        ("The same, whatever those without one did", lambda row: _bounds(row, "money")),
    )
    return DataTable(
        id="enquiry-sample",
        caption="England by the sample",
        columns=_columns(rows),
        rows=_by_window(rows, lines),
        note="Each area drawn stands for as many as its probability says. Partly replaced counts half; cannot be "
        "determined counts as without a conclusion.",
    )


def _files(run: Run) -> DataTable | None:
    """Answers and other files with problems, each leading to its area's page."""
    names = {str(area["area_code"]): str(area["area_name"]) for area in run.rows("area")}

    def area(row: Row) -> Cell:
        code = str(row["area_code"] or "")
        return Cell(names[code], href=f"areas/{code}.html") if code in names else Cell(code or "several or none")

    rows = [row for row in run.rows("answer_file") if row["problems"]]
    if not rows:
        return None
    return DataTable(
        id="enquiry-files",
        caption="Files with problems",
        columns=(Column("File"), Column("Taken for"), Column("Area"), Column("Used"), Column("Problems", numeric=True)),
        rows=tuple(
            (
                Cell(str(row["file_name"])), Cell(str(row["kind"])), area(row),
                Cell(("yes, but for rows" if row["kind"] not in ANSWERS else "yes") if row["used"] else "no"),
                Cell(whole(row["problems"])),
            )
            for row in rows
        ),
        note="What was found, and what to do, stands on the area's page; for files of several areas below.",
    )  # fmt: skip


def _homeless(run: Run) -> list[Row]:
    """Problems and remarks that no area's page can show."""
    held = {str(area["area_code"]) for area in run.rows("area")}
    return [row for row in run.rows("answer_problem") if str(row["area_code"] or "") not in held]


def sample_sentence(rows: Sequence[Row]) -> str:
    """That only areas drawn speak for England; empty without a sample."""
    if not any(row["sampled"] for row in rows):
        return ""
    return (
        "A sample was drawn with known probabilities, and it alone speaks for England and moves the prior: conclusions "
        "on areas that were not drawn do not enter."
    )


def enquiry_part(run: Run) -> SectionPart | None:
    """The section; None where nobody was asked and nothing was concluded: the count of the page says so."""
    rows, files = run.rows("enquiry_summary"), run.rows("answer_file")
    if not files and not run.rows("asked") and not any(row["settled"] or row["sampled"] for row in rows):
        return None
    refused = [row for row in files if row["kind"] in ANSWERS and row["problems"] and not row["used"]]
    unused = f"{count_of(len(refused), 'file', 'files')} of answers cannot be used until mended." if refused else ""
    first = (
        "Areas are asked for papers written before the year, and what comes back is set beside the returns. " + SETTLES
    )
    tables = (
        counts_table(rows) if rows else None, sample_table(rows), _files(run),
        problems_table(_homeless(run), identity="enquiry-problems"),
    )  # fmt: skip
    said = (first, sample_sentence(rows), unused)
    return SectionPart(IDENTITY, HEADING, tuple(text for text in said if text), tuple(each for each in tables if each))
