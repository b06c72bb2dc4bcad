"""Which areas lack a return in a year in which the others filed it, without a declared gap.

In: the core tables of a run and the registers of authorities and of gaps. Out: (area, financial year) pairs. A gap that
is declared is bridged by the method; one that nobody declared is not, because nobody knows what it hides.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from expectations.domain.completeness import missing_by_year
from expectations.records.checks import NotRunError
from expectations.records.table_frames import Frames, councils

RETURNS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("rs", "adult_social_care_nce_gbp_thousand", {}),
    ("ro3", "net_current_expenditure_gbp_thousand", {"client_group": "older_people"}),
)
"""Tables that own spend comes from, with the column and rows that give it."""


def absent_returns(folder: Path) -> frozenset[tuple[str, str]]:
    """(area code, financial year) of every undeclared gap; a year that nobody filed is none."""
    frames, found = Frames(folder), set[tuple[str, str]]()
    for table, column, where in RETURNS:
        try:
            frame = councils(frames.frame(table, [column], where=where))
            filed = frame[frame["financial_year"].isin(frame.loc[frame[column].notna(), "financial_year"].unique())]
            for year, must, missing in missing_by_year(frames, table, filed, column):
                found.update((must[code]["area"], year) for code in missing)
        except NotRunError:
            continue
    return frozenset(found)
