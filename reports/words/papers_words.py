"""What an area's papers say, in sentences: planned displacement first, then what stands beside it.

In: a row of table `planned_displacement`, and the row of `flag` of the same area and window. Out: sentences whose
numbers stand in the table beside them. The chance from the papers comes first and is never multiplied with that from
the returns. Refuses nothing: what the papers do not tell is said to be missing.
"""

from __future__ import annotations

from pipelines.declarations.table_words import NOT_ASSESSED
from reports.words.enquiry_words import SETTLES, in_100
from reports.words.narrative import chance, decimal, interval, is_missing, join_words, prose_gbp
from reports.words.read_run import Row


def years_said(text: str | None) -> str:
    """Years separated by blanks, in prose; "none" without any."""
    return join_words((text or "").split()) or "none"


def rate_said(rate: float | None) -> str:
    """Pounds per pound of transfer: "0.20 of each pound"; "more than it" needs no other words, for rates pass 1."""
    return f"{decimal(rate)} of each pound"


def planned_sentence(row: Row) -> str:
    """Planned displacement with its error and interval, or that the papers tell none."""
    if is_missing(row["planned_rate"]):
        return "No year holds both plans and a transfer, so the papers tell no planned displacement."
    return (
        f"For {years_said(row['years'])} the papers plan {prose_gbp(row['without_gbp'])} of own spend without the "
        f"transfer and {prose_gbp(row['with_gbp'])} with it: planned displacement is {rate_said(row['planned_rate'])} "
        f"of transfer (error {decimal(row['error'])}; 90% interval {interval(row['lower'], row['upper'])}), if one "
        "error runs through all the papers."
    )


def chance_sentence(row: Row, flag: Row | None, *, own: float | None = None) -> str:
    """The chance from the papers alone, then that from the returns, at the same prior; empty without the first."""
    if is_missing(row["posterior_10"]):
        return ""
    mine = "" if own is None else f"; {chance(row['posterior_own'])} at this run's own prior of {in_100(own)}"
    said = (
        "By the papers alone the chance that the council planned to replace its own money is "
        f"{chance(row['posterior_10'])}, if 10 councils in 100 replaced their own money "
        f"({chance(row['posterior_05'])} if 5 did; {chance(row['posterior_30'])} if 30 did{mine})."
    )
    if flag is None or flag["list"] == NOT_ASSESSED or is_missing(flag["posterior_10"]):
        return f"{said} The returns give none to set beside it."
    return f"{said} By the returns alone it is {chance(flag['posterior_10'])}, if 10 did. The two are not multiplied."


def smallest_sentence(row: Row, *, materiality_gbp: float = 0.0) -> str:
    """The smallest planned displacement these papers could show, against the materiality where one is set."""
    if is_missing(row["smallest_gbp"]):
        return ""
    said = (
        f"The smallest planned displacement that these papers can show is {prose_gbp(row['smallest_gbp'])}, or "
        f"{rate_said(row['smallest_rate'])}"
    )
    if materiality_gbp <= 0:
        return f"{said}."
    enough = "which they can show" if row["smallest_gbp"] <= materiality_gbp else "less than they can show"
    return f"{said}; this run's materiality is {prose_gbp(materiality_gbp)}, {enough}."


def floor_sentence(row: Row) -> str:
    """Budget lines met from NHS money that the council met itself before; empty where none is named."""
    if is_missing(row["floor_gbp"]) or not row["floor_gbp"]:
        return ""
    rate = "" if is_missing(row["floor_rate"]) else f", or {rate_said(row['floor_rate'])} of transfer"
    return (
        "Budget lines met from NHS money that the council met itself before come to "
        f"{prose_gbp(row['floor_gbp'])}{rate}: a floor for what was replaced."
    )


def outturn_sentence(row: Row) -> str:
    """Outturn against plan with its own, larger error; empty where it is not told."""
    if is_missing(row["outturn_rate"]):
        return ""
    return (
        f"Beside it, outturn against plan for {years_said(row['outturn_years'])}: {rate_said(row['outturn_rate'])} "
        f"(error {decimal(row['outturn_error'])}; 90% interval "
        f"{interval(row['outturn_lower'], row['outturn_upper'])}). Its error holds what "
        f"moves outturns in any year{_by_record(row)}, so it never takes the place of planned displacement."
    )


def _by_record(row: Row) -> str:
    """How far the area's outturn leaves its budget, where its own record says so."""
    years = row.get("outturn_shock_years")
    if not years:
        return ""
    return f" ({decimal(100 * row['outturn_shock'], places=1)}% of a year's budget, by {years} years of its own)"


def years_sentence(row: Row) -> str:
    """Years the papers leave out, and years whose paper was written afterwards."""
    said: list[str] = []
    if row["years_missing"]:
        said.append(
            "Years left out, for want of plans or a transfer or because the figures contradict each other: "
            f"{years_said(row['years_missing'])}."
        )
    if row["years_afterwards"]:
        said.append(
            "Written after the year began, or not dated, so that their error is doubled: "
            f"{years_said(row['years_afterwards'])}."
        )
    return " ".join(said)


def paper_sentences(
    row: Row, flag: Row | None, *, own: float | None = None, materiality_gbp: float = 0.0
) -> tuple[str, ...]:
    """All that is said of a window's papers, in the order in which a reader needs it."""
    found = (
        planned_sentence(row),
        chance_sentence(row, flag, own=own),
        smallest_sentence(row, materiality_gbp=materiality_gbp),
        floor_sentence(row),
        outturn_sentence(row),
        years_sentence(row),
        SETTLES,
    )
    return tuple(text for text in found if text)
