"""The section "Papers" of an area: asked, answered, what the papers show by window, checks, texts, problems.

In: rows of the enquiry's tables for one area. Out: `SectionPart` records, none where the run holds nothing of the area,
so that its page stays as it was. Planned displacement comes first and the returns' chance after it; nothing is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from reports.area.supplied.answer_tables import (
    checks_table,
    figures_table,
    files_table,
    is_asked,
    lines_table,
    named_table,
)
from reports.area.supplied.answer_texts import texts_tables
from reports.area.supplied.conclusion_part import conclusion_part
from reports.words.answer_problems import problems_table
from reports.words.enquiry_words import PAPERS, answer_state, in_100, own_prior, when_asked
from reports.words.frame import window_words
from reports.words.narrative import MISSING, band_words, chance, decimal, evidence, interval, is_missing, thousand
from reports.words.papers_words import paper_sentences, years_said
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, SectionPart

BY_AREA = ("asked", "answer_file", "answer_problem", "answer_figure", "answer_text", "answer_check", "conclusion")
Measure = tuple[str, Callable[[Row], str]]


@dataclass(frozen=True)
class Reading:
    """How a run's papers are read: pounds below which nobody looks further, and the run's own prior where it is one."""

    materiality_gbp: float = 0.0
    priors: Mapping[str, float | None] = field(default_factory=dict[str, float | None])


def reading(run: Run, windows: Sequence[str]) -> Reading:
    """What the settings and the conclusions of a run say."""
    held = (run.manifest.get("settings") or {}).get("enquiry.materiality_gbp")
    return Reading(float(held or 0.0), {window: own_prior(run, window) for window in windows})


def _rate(rate: float | None, error: float | None, lower: float | None, upper: float | None) -> str:
    if is_missing(rate):
        return MISSING
    return f"{decimal(rate)} (error {decimal(error)}; {interval(lower, upper)})"


MEASURES: tuple[Measure, ...] = (
    ("Chance by the papers alone, if 5 councils in 100 replaced", lambda row: chance(row["posterior_05"])),
    ("Chance by the papers alone, if 10 in 100 did", lambda row: chance(row["posterior_10"])),
    ("Chance by the papers alone, if 30 in 100 did", lambda row: chance(row["posterior_30"])),
    (
        "The same, if 10 in 100 did and each year's papers err on their own",
        lambda row: chance(row["posterior_10_independent"]),
    ),
    ("What the papers say", lambda row: band_words(row["band"])),
    (
        "Evidence ratio of the papers (if each year's err on their own)",
        lambda row: f"{evidence(row['evidence_ratio'])} ({evidence(row['evidence_ratio_independent'])})",
    ),
    (
        "Planned displacement, £ per £ of transfer (error; 90% interval)",
        lambda row: _rate(row["planned_rate"], row["error"], row["lower"], row["upper"]),
    ),
    ("Its error if each year's papers err on their own", lambda row: decimal(row["error_independent"])),
    ("Own spend planned without the transfer, £ thousand", lambda row: thousand(row["without_gbp"])),
    ("Own spend planned with it, £ thousand", lambda row: thousand(row["with_gbp"])),
    (
        "Transfer of the years used, £ thousand",
        lambda row: f"{thousand(row['transfer_gbp'])} ({row['transfer_basis']})",
    ),
    ("Years used", lambda row: years_said(row["years"])),
    ("Years left out", lambda row: years_said(row["years_missing"])),
    ("Years written afterwards or not dated: error doubled", lambda row: years_said(row["years_afterwards"])),
    (
        "Smallest planned displacement these papers can show, £ per £ (£ thousand)",
        lambda row: f"{decimal(row['smallest_rate'])} ({thousand(row['smallest_gbp'])})",
    ),
    (
        "Lines met before: a floor, £ thousand (£ per £)",
        lambda row: (
            thousand(row["floor_gbp"]) + ("" if is_missing(row["floor_rate"]) else f" ({decimal(row['floor_rate'])})")
        ),
    ),
    (
        "Outturn against plan, £ per £ (error; 90% interval)",
        lambda row: _rate(row["outturn_rate"], row["outturn_error"], row["outturn_lower"], row["outturn_upper"]),
    ),
    ("Years of outturn against plan", lambda row: years_said(row["outturn_years"])),
)
NOTE = (
    "Chance: that the council planned to replace its own money, read from its papers alone and not multiplied with the "
    "returns'. The errors are the papers' own: unless it is said otherwise one error runs through all of them. "
    "What is not told is left out."
)


def shown_table(window: str, row: Row, flag: Row | None, reads: Reading) -> DataTable:
    """Everything that the sentences say in numbers, and the returns' chance beside it."""
    own, held = reads.priors.get(window), flag or {}
    lines = [(label, said(row)) for label, said in MEASURES]
    if own is not None:
        lines.insert(3, (f"Chance by the papers alone, if {in_100(own)} did", chance(row["posterior_own"])))
    lines.insert(
        4 if own is None else 5, ("Chance by the returns alone, if 10 in 100 did", chance(held.get("posterior_10")))
    )
    if reads.materiality_gbp > 0:
        lines.append(("Materiality of this run, £ thousand", thousand(reads.materiality_gbp)))
    return DataTable(
        id=f"papers-{window.lower()}-table",
        caption=f"What the papers show, {window_words(window)}",
        columns=(Column("Measure"), Column("By the papers")),
        rows=tuple((Cell(label), Cell(value)) for label, value in lines if not value.startswith(MISSING)),
        note=NOTE,
    )


STATES = {
    "answer used": "An answer came back and is used.",
    "answer not used": "An answer came back; it is not used until its problems are mended.",
    "form came back blank": "The form came back blank, which counts as no answer.",
    "no answer": "No answer is held.",
}


def asked_sentence(asked: Sequence[Row], files: Sequence[Row]) -> str:
    """When the area was asked for papers, and what came back; empty where neither is known."""
    papers = [row for row in asked if row["kind"] == PAPERS]
    if not papers and not files:
        return ""
    first = f"Papers were asked for {when_asked(papers)}." if papers else "No request for papers is on record."
    return f"{first} {STATES[answer_state(files)]}"


def papers_parts(
    of: Callable[..., Sequence[Row]], code: str, *, windows: Sequence[str], reads: Reading
) -> tuple[SectionPart, ...]:
    """The whole section; `of` gives a table's rows of an area, or of an area and window."""
    held = {name: of(name, code) for name in BY_AREA}
    held["asked"] = [row for row in held["asked"] if row["kind"] == PAPERS]
    planned = {window: next(iter(of("planned_displacement", code, window)), None) for window in windows}
    if not any(held.values()) and not any(planned.values()):
        return ()
    files, texts = files_table(held["answer_file"]), texts_tables(held["answer_text"])
    problems = problems_table(held["answer_problem"])
    said = asked_sentence(held["asked"], held["answer_file"])
    beside = tuple(table for table in (files, problems) if table)
    first = (
        SectionPart("papers-asked", "Asked and answered", (said,) if said else (), beside) if said or beside else None
    )
    shown = [
        _window_part(window, planned[window], next(iter(of("flag", code, window)), None), held, reads)
        for window in windows
    ]
    told = SectionPart("papers-texts", "Documents, replies and notes", tables=texts) if texts else None
    return tuple(part for part in (conclusion_part(held["conclusion"]), first, *shown, told) if part)


def _window_part(
    window: str, row: Row | None, flag: Row | None, held: Mapping[str, Sequence[Row]], reads: Reading
) -> SectionPart | None:
    """One window; None where nothing came back for any."""
    figures, checks = (
        [each for each in held[name] if each["window"] == window] for name in ("answer_figure", "answer_check")
    )
    if not held["answer_figure"] and row is None:
        return None
    identity, heading = f"papers-{window.lower()}", window_words(window)
    if row is None and not any(is_asked(each) for each in figures):
        return SectionPart(identity, heading, ("The answer tells nothing of this window.",))
    tables = (
        shown_table(window, row, flag, reads) if row else None, figures_table(window, figures),
        named_table(window, figures), lines_table(window, figures), checks_table(window, checks),
    )  # fmt: skip
    said = () if row is None else paper_sentences(
        row, flag, own=reads.priors.get(window), materiality_gbp=reads.materiality_gbp
    )  # fmt: skip
    return SectionPart(identity, heading, said, tuple(table for table in tables if table))
