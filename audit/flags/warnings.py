"""What the reader of a run must be told before its figures: authorities that are missing, cells set aside, revisions,
and allocations that decide nothing.

In: the tables of a run. Out: one sentence each, sorted, for the summary. The same stands on the pages, from the same
tables.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit.panel.member_sums import read_or_empty

ENDINGS = ("-ABSENT", "-CELLS")
"""Codes of checks on what is missing end so."""


def warnings(tables: Path) -> list[str]:
    """The warnings of a run, without doubles."""
    marks, compared, use = (read_or_empty(tables, name) for name in ("check_mark", "compared_return", "allocation_use"))
    said = [
        f"{row['check_code']}, {str(row['record_id']).partition('@')[0]}: {row['reason']}"
        for row in _rows(marks)
        if str(row["check_code"]).endswith(ENDINGS) and not str(row["check_code"]).endswith("-MANY-CELLS")
    ]
    for row in _rows(compared):
        if row["revised"]:
            accepted = f"; accepted: {row['reason']}" if row["reason"] else ""
            said.append(
                f"{row['file_name']}: figures that differ from {row['against']}: {row['revised']:,}, of authorities: "
                f"{row['authorities']:,}{accepted}"
            )
        elif row["beyond"]:
            said.append(f"{row['file_name']} was changed since it was written with the embedded figures")
    said += [
        f"{row['area_code']}, {row['window'] or 'no window'}: {row['why_not']}" for row in _rows(use) if row["why_not"]
    ]
    return list(dict.fromkeys(said))


def _rows(frame: Any) -> list[dict[str, Any]]:
    return [] if frame.empty else frame.to_dict("records")
