"""May what differs from the figures accepted before be published? Only within limits, or with a reason.

In: `Frames` with tables `compared_return` and `revision`. Out: `Found`; a finding stands on a file, and names the
largest revisions.
"""

from __future__ import annotations

from typing import Any

from expectations.records.checks import Check, Finding, Found, as_text
from expectations.records.table_frames import Frame, Frames

COLUMNS = ["file_name", "against", "figures", "revised", "authorities", "largest_share", "beyond", "reason"]
NAMED = 3
MOST_PRINTED = 10.0


def revisions_accepted(frames: Frames, check: Check) -> Found:
    """No file differs beyond the limits from what was accepted before, unless a reason was given for it."""
    frame = frames.frame(check.table, COLUMNS)
    wrong = frame[frame["beyond"].astype(bool) & (frame["reason"].fillna("") == "")]
    made = tuple(_finding(row, frames) for row in wrong.to_dict("records"))
    return Found(len(frame), 0, made, judged=frame["record_id"])


def figures_as_before(frames: Frames, check: Check) -> Found:
    """No figure differs from the one accepted before."""
    frame = frames.frame(check.table, COLUMNS)
    wrong = frame[(frame["revised"] > 0) | frame["beyond"].astype(bool)]
    made = tuple(_finding(row, frames) for row in wrong.to_dict("records"))
    return Found(len(frame), 0, made, judged=frame["record_id"])


def _finding(row: dict[str, Any], frames: Frames) -> Finding:
    name = as_text(row["file_name"])
    if not row["revised"]:
        what = f"{name} is not the extract that was written with the embedded figures: it was changed since"
    else:
        what = (
            f"{name}: {row['revised']:,} of {row['figures']:,} figures of {row['authorities']} authorities differ from "
            f"{row['against']}, the largest by {_share(row['largest_share'])}; {_examples(row, frames)}"
        )
    if as_text(row["reason"]):
        what += f"; accepted: {as_text(row['reason'])}"
    year = as_text(row["financial_year"])
    return Finding(str(row["record_id"]), "revised", as_text(row["revised"]), "0", reason=what, financial_year=year)


def _share(share: float) -> str:
    return f"{share:.1%} of own spend" if share <= MOST_PRINTED else f"over {MOST_PRINTED:g} times own spend"


def _examples(row: dict[str, Any], frames: Frames) -> str:
    columns = ["table", "source", "column", "old", "new", "share", "authority_code", "financial_year"]
    frame: Frame = frames.frame("revision", columns)
    here = frame[(frame["source"] == row["source"]) & (frame["financial_year"].isin([row["financial_year"]]))]
    here = (here if len(here) else frame[frame["source"] == row["source"]]).sort_values(
        ["share", "record_id", "column"], ascending=[False, True, True]
    )
    return "; ".join(
        f"{one['authority_code']} {one['column']} {as_text(one['old']) or 'none'} -> {as_text(one['new']) or 'none'}"
        for one in here.head(NAMED).to_dict("records")
    )
