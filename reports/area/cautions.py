"""The limits of an area's figures: what is known to weaken them.

In: a run's rows for one area. Out: sentences and tables on data quality, series breaks, status letters,
reorganisation, quarantined and marked rows. Empty means that nothing of the kind was recorded, and the sentences say
so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.checks.check_words import column_words, number_words, plain_detail
from reports.words.frame import short_window, window_words
from reports.words.narrative import STATUS_MEANINGS, join_words, percent, plain_code, prose_gbp, sentence
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable

SHOWN = 40
MUCH = 0.1
"""A share of the money worked out from which on a doubt about it is told on the page."""
ABSENT = "-ABSENT"
ALWAYS = {"b": "break in the series", "x": "not available"}


def break_words(run: Run) -> dict[str, str]:
    """What each series break of table `series_break` changed."""
    return {str(row["code"]): str(row.get("what") or "") for row in run.rows("series_break")}


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
        sentence(plain_detail(str(row["reason"] or ""))) for row in marks if str(row["check_code"]).endswith(ABSENT)
    ]
    if revisions:
        years = join_words(sorted({str(row["financial_year"]) for row in revisions}))
        against = join_words(sorted({str(row["against"]) for row in revisions}))
        said.append(f"Figures of {years} differ from those accepted before ({against}); table revision has both.")
    for row in used:
        if row["why_not"]:
            said.append(f"{window_words(str(row['window'])) + ': ' if row['window'] else ''}{row['why_not']}")
    return tuple(dict.fromkeys(said))


def deduction(rows: Sequence[Row]) -> tuple[str, ...]:
    """How far the deduction for public health lies from the grant, where that is much of the money worked out."""
    said: list[str] = []
    for row in rows:
        share = float(row["error_share"])
        if abs(share) >= MUCH:
            off, side = prose_gbp(abs(share) * row["money_gbp"]), "above" if share > 0 else "below"
            said.append(
                f"The deduction for public health, taken off when NHS money since 2015-16 is worked out, lies {off} "
                f"{side} the grant of 2016-17: {percent(abs(share))} of that money."
            )
    return tuple(said)


def sentences(area: Row, flags: Sequence[Row], evidence: Sequence[Row], set_aside: Sequence[Row]) -> tuple[str, ...]:
    """Cautions in words, most general first."""
    said: list[str] = []
    for flag in flags:
        told = [
            f"data quality {flag['data_quality']}" if flag["data_quality"] else "",
            f"NHS money {flag['transfer_basis']}" if flag["transfer_basis"] else "",
            str(flag["marks"] or "").rstrip("."),
        ]
        if any(told):
            said.append(f"{short_window(str(flag['window']))}: {'; '.join(part for part in told if part)}.")
    if area["joined"]:
        said.append(
            sentence(area["note"])
            or "Several authorities are joined so that the area means the same ground in every year."
        )
    letters = ALWAYS | {
        status: STATUS_MEANINGS.get(status, "see the source")
        for row in evidence
        if (status := str(row["status"] or ""))
    }
    listed = "; ".join(f"[{letter}] {letters[letter]}" for letter in sorted(letters))
    said.append(f"Letters: {listed}. Grants and rates carry a minus.")
    if not set_aside:
        said.append("No row or value of this area's authorities was set aside.")
    return tuple(said)


def breaks_table(breaks: dict[str, list[str]], words: Mapping[str, str]) -> DataTable | None:
    """Series breaks by year: what changed."""
    if not breaks:
        return None
    by_year: dict[str, list[str]] = {}
    for code, years in breaks.items():
        by_year.setdefault(", ".join(years), []).append(sentence(words.get(code) or plain_code(code)))
    return DataTable(
        id="breaks-table",
        caption="Breaks in the series [b]",
        columns=(Column("Year", short=True), Column("What changed")),
        rows=tuple((Cell(years), Cell(" ".join(sorted(found)))) for years, found in sorted(by_year.items())),
    )


def aside_table(rows: Sequence[Row], *, identity: str, caption: str) -> DataTable | None:
    """Quarantined or marked rows: which check, of which record, and what it found."""
    if not rows:
        return None
    return DataTable(
        id=identity,
        caption=caption,
        columns=(Column("Check"), Column("Record"), Column("What was found")),
        rows=tuple(
            (Cell(str(row.get("check_code") or "")), Cell(str(row.get("record_id") or "")), Cell(_found(row)))
            for row in rows[:SHOWN]
        ),
        note=f"The first {SHOWN} of {len(rows):,} are shown." if len(rows) > SHOWN else "",
    )


def _found(row: Row) -> str:
    """Why a check spoke; the column and its value before it where the reason does not name them."""
    reason = plain_detail(str(row.get("reason") or row.get("expected") or ""))
    column, value = column_words(str(row.get("column") or "")), number_words(row.get("value"))
    told = [part for part in (column, value) if part and part.lower() not in reason.lower()]
    return f"{sentence(' '.join(told)).rstrip('.')}: {reason}" if told else reason


def of_authorities(rows: Sequence[Row], codes: Sequence[str]) -> list[Row]:
    """Rows whose record belongs to one of the area's authorities: record ids carry the authority's E-code."""
    return [row for row in rows if any(code in str(row.get("record_id") or "") for code in codes)]


def tables(
    years: Sequence[Row], words: Mapping[str, str], *, marks: Sequence[Row], aside: Sequence[Row]
) -> tuple[DataTable, ...]:
    """Series breaks, marked figures and quarantined rows: the tables that hold anything."""
    made = (
        breaks_table(area_breaks(years), words),
        aside_table(
            [row for row in marks if not str(row["check_code"]).endswith(ABSENT)],
            identity="marks-table",
            caption="Figures that a check marked, used here or not",
        ),
        aside_table(aside, identity="quarantine-table", caption="Rows and values set aside, and not used"),
    )
    return tuple(table for table in made if table)
