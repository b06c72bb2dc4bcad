"""Before relying on this: what is known to limit an area's figures.

In: a run's rows for one area. Out: sentences and tables on data quality, series breaks, status letters,
reorganisation, quarantined and marked rows. Empty means that nothing of the kind was recorded, and the sentences say
so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from reports.checks.check_words import column_words, number_words, plain_detail
from reports.words.frame import window_words
from reports.words.narrative import STATUS_MEANINGS, count_of, join_words, plain_code, sentence
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable

SHOWN = 40
LETTERS = (
    "Letters on this page: [e] estimated, [x] not available, [z] not applicable, [c] confidential, [b] break in the "
    "series. Grants and rates stand with a minus, as returns state them."
)


def break_words(run: Run) -> dict[str, tuple[str, str]]:
    """For each series break of table `series_break` what changed, and which lines of the returns it touches."""
    return {
        str(row["code"]): (str(row.get("what") or ""), str(row.get("lines") or "")) for row in run.rows("series_break")
    }


def area_breaks(years: Sequence[Row]) -> dict[str, list[str]]:
    """Series breaks that touch the area: code to financial years."""
    found: dict[str, list[str]] = {}
    for row in years:
        for code in str(row.get("breaks") or "").split(";"):
            if code.strip():
                found.setdefault(code.strip(), []).append(str(row["financial_year"]))
    return found


def told_first(marks: Sequence[Row], revisions: Sequence[Row], used: Sequence[Row]) -> tuple[str, ...]:
    """What is missing, revised or without effect for an area: the sentences that stand before all other cautions.

    `marks` are its rows of `check_mark`, `revisions` of `revision`, `used` of `allocation_use`.
    """
    said = [
        sentence(plain_detail(str(row["reason"] or ""))) for row in marks if str(row["check_code"]).endswith("-ABSENT")
    ]
    if revisions:
        years = join_words(sorted({str(row["financial_year"]) for row in revisions}))
        against = join_words(sorted({str(row["against"]) for row in revisions}))
        figures = count_of(len(revisions), "figure", "figures")
        said.append(f"{figures} of {years} differ from those accepted before ({against}); table revision has both.")
    for row in used:
        if row["why_not"]:
            said.append(f"{window_words(str(row['window'])) + ': ' if row['window'] else ''}{row['why_not']}")
    return tuple(dict.fromkeys(said))


def sentences(area: Row, flags: Sequence[Row], evidence: Sequence[Row], set_aside: Sequence[Row]) -> tuple[str, ...]:
    """Cautions in words, most general first."""
    said: list[str] = []
    for flag in flags:
        if flag["data_quality"]:
            said.append(f"Data quality for {window_words(str(flag['window']))} is graded {flag['data_quality']}.")
        if flag["marks"]:
            said.append(f"{window_words(str(flag['window']))}: {flag['marks']}")
        if flag["transfer_basis"]:
            said.append(
                f"The NHS transfer for {window_words(str(flag['window']))} is on the basis: {flag['transfer_basis']}."
            )
    if area["joined"]:
        said.append(
            sentence(area["note"])
            or "Several authorities are joined so that the area means the same ground in every year."
        )
    letters = Counter(str(row["status"]) for row in evidence if row["status"])
    if letters:
        parts = [
            f"{count_of(count, 'figure', 'figures')} marked [{letter}] {STATUS_MEANINGS.get(letter, 'see the source')}"
            for letter, count in sorted(letters.items())
        ]
        said.append(f"Of {count_of(len(evidence), 'figure', 'figures')} used, {join_words(parts)}.")
    elif evidence:
        said.append(
            f"All {count_of(len(evidence), 'figure', 'figures')} used are as published, without a status letter."
        )
    said.append(LETTERS)
    said.append(
        f"{count_of(len(set_aside), 'row or value', 'rows or values')} of this area's authorities "
        f"{'was' if len(set_aside) == 1 else 'were'} set aside in quarantine."
    )
    return tuple(said)


def breaks_table(breaks: dict[str, list[str]], words: Mapping[str, tuple[str, str]]) -> DataTable | None:
    """Series breaks by year: what changed and which lines it touches."""
    if not breaks:
        return None
    return DataTable(
        id="breaks-table",
        caption="Breaks in the series that touch this area [b]",
        columns=(Column("Financial years", short=True), Column("What changed"), Column("Lines of the returns touched")),
        rows=tuple(
            (Cell(", ".join(years)), Cell(sentence(what or plain_code(code))), Cell(sentence(lines).rstrip(".")))
            for code, years in sorted(breaks.items(), key=lambda found: (found[1], found[0]))
            for what, lines in (words.get(code, ("", "")),)
        ),
    )


def aside_table(rows: Sequence[Row], *, identity: str, caption: str, last: str) -> DataTable | None:
    """Quarantined or marked rows: what was found, where and why."""
    if not rows:
        return None
    return DataTable(
        id=identity,
        caption=caption,
        columns=(
            Column("Table and check"),
            Column("Record"),
            Column("Column"),
            Column("Found", numeric=True),
            Column(last),
        ),
        rows=tuple(
            (
                Cell(str(row.get("check_code") or ""), small=str(row.get("table") or "")),
                Cell(str(row.get("record_id") or "")),
                Cell(column_words(str(row.get("column") or "")) or "whole row"),
                Cell(number_words(row.get("value"))),
                Cell(plain_detail(str(row.get("reason") or row.get("expected") or ""))),
            )
            for row in rows[:SHOWN]
        ),
        note=f"The first {SHOWN} of {len(rows):,} are shown." if len(rows) > SHOWN else "",
    )


def of_authorities(rows: Sequence[Row], codes: Sequence[str]) -> list[Row]:
    """Rows whose record belongs to one of the area's authorities: record ids carry the authority's E-code."""
    return [row for row in rows if any(code in str(row.get("record_id") or "") for code in codes)]


def tables(
    years: Sequence[Row], words: Mapping[str, tuple[str, str]], *, marks: Sequence[Row], aside: Sequence[Row]
) -> tuple[DataTable, ...]:
    """Series breaks, marked figures and quarantined rows: the tables that hold anything."""
    made = (
        breaks_table(area_breaks(years), words),
        aside_table(
            marks, identity="marks-table", caption="Figures of this area that a check marked as doubtful", last="Why"
        ),
        aside_table(
            aside, identity="quarantine-table", caption="Rows and values of this area set aside", last="Reason"
        ),
    )
    return tuple(table for table in made if table)
