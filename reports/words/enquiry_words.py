"""The enquiry in words: when an area was asked, what came back, what an auditor concluded, at which prior.

In: rows of tables `asked`, `answer_file`, `responses`, `conclusion` and `enquiry_summary`. Out: text. What was supplied
is passed on unedited. Refuses nothing: where a run holds none of it the text is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.declarations.table_words import PARTLY, SETTLED
from reports.words.narrative import MONTHS, about, count_of, is_missing, prose_gbp
from reports.words.read_run import Row, Run

PAPERS, COMMENT = "papers", "comment"
ANSWERS = ("answer workbook", "answer table")
"""Kinds of file that an area's answer can come in."""
USUAL_PRIOR = 0.10
"""The prior that every page prints; a run's own is told where it is another."""
LINE = 100
"""Letters of a reply's first line that lists show."""
DAY = re.compile(r"^(\d{4})-(\d\d)-(\d\d)$")
CONCLUDED = {PARTLY: "partly replaced"}
SETTLES = "An answer settles nothing; an auditor's conclusion does."


def day(text: str | None) -> str:
    """A day as people write it: "2026-05-01" reads "1 May 2026"; other text stays as it is."""
    found, names = DAY.match(text or ""), MONTHS.split("|")
    if found is None or not 1 <= int(found[2]) <= len(names):
        return text or ""
    return f"{int(found[3])} {names[int(found[2]) - 1].capitalize()} {found[1]}"


def in_100(share: float) -> str:
    """A prior as councils in a hundred: "12.3 in 100", "10 in 100"."""
    return f"{100.0 * share:.1f}".removesuffix(".0") + " in 100"


def own_prior(run: Run, window: str) -> float | None:
    """The run's own prior for a window, updated by conclusions on areas drawn; None where it is 10 in 100."""
    rows = [row for row in run.rows("enquiry_summary") if row["window"] == window]
    found = rows[0]["prior_updated"] if rows else (run.manifest.get("settings") or {}).get("enquiry.prior")
    if found is None or is_missing(found):
        return None
    return None if abs(float(found) - USUAL_PRIOR) < 0.0005 else float(found)


def concluded(outcome: str | None) -> str:
    """What was concluded of the council's own money."""
    return CONCLUDED.get(outcome or "", outcome or "not stated")


def conclusion_sentence(row: Row) -> str:
    """A conclusion with its day, office, document and page, and the pounds where they were determined."""
    pounds = "" if is_missing(row["replaced_gbp"]) else f" Own money replaced: {prose_gbp(row['replaced_gbp'])}."
    return (
        f"An auditor's conclusion of {day(row['date'])} ({row['office']}): {concluded(row['outcome'])}. It rests on "
        f"{row['document']}, page {row['page']}.{pounds}"
    )


def when_asked(rows: Sequence[Row]) -> str:
    """The last day on which an area was asked: "on 1 May 2026", or that the letter left it open."""
    days = sorted(str(row["date"]) for row in rows if row["date"])
    return f"on {day(days[-1])}" if days else "(date not told)"


def comment_sentence(asked: Sequence[Row]) -> str:
    """When a comment on the area's page was asked for; empty where none was."""
    rows = [row for row in asked if row["kind"] == COMMENT]
    return f"A comment was asked for {when_asked(rows)}." if rows else ""


def answer_state(files: Sequence[Row]) -> str:
    """What became of an area's answer: used, not used, blank, or none came."""
    forms = [row for row in files if row["kind"] in ANSWERS]
    if any(row["used"] for row in forms):
        return "answer used"
    if any(row["problems"] or row["entries"] for row in forms):
        return "answer not used"
    return "form came back blank" if forms else "no answer"


@dataclass(frozen=True)
class Asked:
    """Whom a run says was asked for what, and what came back, by area."""

    asked: Mapping[tuple[str, ...], Sequence[Row]]
    files: Mapping[tuple[str, ...], Sequence[Row]]
    commented: Mapping[tuple[str, ...], Sequence[Row]]


def asked_areas(run: Run) -> Asked | None:
    """None where nobody was asked and nobody replied, so that lists have no column for it."""
    if not run.rows("asked") and not run.rows("responses"):
        return None
    commented = run.grouped("responses", "area_code")
    return Asked(run.grouped("asked", "area_code", "kind"), run.grouped("answer_file", "area_code"), commented)


def reply_line(rows: Sequence[Row]) -> str:
    """The day and the first line of the last reply: "3 May 2026: Grants were moved"; cut where it is long."""
    last = max(rows, key=lambda row: str(row["date"] or ""))
    first = next((line.strip() for line in str(last["comment"] or "").splitlines() if line.strip()), "")
    if len(first) > LINE:
        first = first[:LINE].rsplit(" ", 1)[0].rstrip(",;:") + "\u2026"
    return f"{day(last['date'])}: {first}" if first else f"comment of {day(last['date'])}"


def enquiry_told(asked: Asked, code: str) -> tuple[str, str]:
    """(papers, comment) of an area beside its name on a list; a comment is told by its day and first line."""
    papers, comment = asked.asked.get((code, PAPERS), ()), asked.asked.get((code, COMMENT), ())
    state = answer_state(asked.files.get((code,), ()))
    if papers:
        said = f"asked {when_asked(papers)}; {state}"
    else:
        said = "not asked for papers" if state == "no answer" else f"no request on record; {state}"
    if replies := asked.commented.get((code,)):
        return said, reply_line(replies)
    return said, f"asked for comment {when_asked(comment)}; none received" if comment else "no comment received"


def settled_words(run: Run, window: str) -> str:
    """How many settled areas a list leaves out; empty where none is."""
    settled = sum(row["window"] == window and row["list"] == SETTLED for row in run.rows("flag"))
    return f"Settled areas are left out: {settled:,} of them." if settled else ""


def own_words(run: Run, window: str, row: Row | None) -> str:
    """How many of the review list (a row of `list_summary`) at the run's own prior; empty where it is 10 in 100."""
    prior = own_prior(run, window)
    if prior is None or row is None or not row["places"] or is_missing(row.get("expected_own")):
        return ""
    many = count_of(int(row["places"]), "area", "areas")
    return f"At this run's own prior of {in_100(prior)} it would be {about(row['expected_own'])} of the {many}."
