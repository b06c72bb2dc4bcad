"""Which edition of a figure is in use, and whether a break between years has been declared.

In: `Frames` and the arguments of a suite entry; for breaks also the register `data/reference/series_breaks.csv`. Out:
`Found`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from expectations.domain.coverage import in_several_releases
from expectations.records.checks import Check, Finding, Found, NotRunError, as_text
from expectations.records.table_frames import ENGLAND, Frames, councils, findings, next_year
from pipelines.declarations.declared_files import read_rows
from pipelines.places import REFERENCE

REGISTER = REFERENCE / "series_breaks.csv"
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
DATE = re.compile(r"\b(\d{1,2}) (" + "|".join(MONTHS) + r") (\d{4})\b")
ALL_LINES = "all services"


def release_date(text: Any) -> str:
    """The date that a release states, as 2015-11-19; empty where it states none."""
    found = DATE.search(as_text(text).casefold())
    return f"{found[3]}-{MONTHS.index(found[2]) + 1:02d}-{int(found[1]):02d}" if found else ""


def release_not_superseded(frames: Frames, check: Check) -> Found:
    """No row comes from an older release while a newer one of the same key is there too; the date is read from the
    release as the file states it.

    A key with several releases of which one has no date is not judged.
    """
    key = list(frames.declared[check.table].key)
    frame = frames.frame(check.table, ["release"])
    several = in_several_releases(frame, key)
    if not several.any():
        return Found(len(frame), judged=frame["record_id"])
    frame = frame.assign(_date=frame["release"].map(release_date))
    groups = frame.groupby(key, dropna=False)
    undated = several & (groups["_date"].transform("min") == "")
    judged = frame[~undated].copy()
    judged["_newest"] = judged.groupby(key, dropna=False)["_date"].transform("max")
    old = judged[judged["_date"] < judged["_newest"]]
    made = findings(
        old, "release", value="release", reason="'{value}' is superseded: a release of {row[_newest]} is there too"
    )
    return Found(len(judged), int(undated.sum()), made, judged=judged["record_id"])


def declared_breaks(path: Path = REGISTER) -> dict[str, list[str]]:
    """The lines of the returns that break nationally, by first year on the new basis. Raises NotRunError."""
    if not path.is_file():
        raise NotRunError("the register of series breaks is not there")
    rows = [row for row in read_rows(path, ("financial_year", "areas", "lines")) if not row["areas"].strip()]
    made: dict[str, list[str]] = {}
    for row in rows:
        made.setdefault(row["financial_year"], []).append(row["lines"])
    return made


def national_break_declared(
    frames: Frames, check: Check, *, column: str, line: str, band: float, where: dict[str, Any] | None = None
) -> Found:
    """Where the sum of `column` over the authorities of two successive years changes by more than `band`, the register
    of series breaks has a national entry of that year for `line` (or for all services).

    A finding stands on the England row of the year, where there is one.
    """
    import numpy as np

    frame = frames.frame(check.table, [column], where=where)
    single = councils(frame)
    both = ["financial_year", "authority_code"]
    single = single.dropna(subset=[*both, column])
    if single.duplicated(both).any():
        single = single.groupby(both, as_index=False)[column].sum()
    by_year = single.pivot(index="authority_code", columns="financial_year", values=column)
    years, grid = list(by_year.columns), by_year.to_numpy(dtype=float)
    breaks = declared_breaks()
    judged = 0
    made: list[Finding] = []
    told: list[str] = []
    for place, before in enumerate(years):
        year = next_year(before)
        if year not in years:
            continue
        pair = grid[:, [place, years.index(year)]]
        was, now = (float(total) for total in pair[~np.isnan(pair).any(axis=1)].sum(axis=0))
        if was == 0:
            continue
        judged += 1
        change = now / was - 1
        lines = [text.casefold() for text in breaks.get(year, [])]
        if abs(change) <= band or any(line.casefold() in text or ALL_LINES in text for text in lines):
            continue
        reason = (
            f"{column} changed by {change:+.0%} over all authorities in {year}, beyond {band:.0%}, and the register "
            "has no series break of that year: a change of basis or of spending, nobody has said which"
        )
        told.append(reason)
        rows = frame[(frame["financial_year"] == year) & (frame["authority_code"] == ENGLAND)]
        for record in sorted(rows["record_id"])[:1]:
            made.append(Finding(str(record), column, as_text(now), as_text(was), reason=reason, financial_year=year))
    return Found(judged, 0, tuple(made), "; ".join(told), failed_without_rows=bool(told))
