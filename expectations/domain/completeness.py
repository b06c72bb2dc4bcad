"""Who must be there and is not: authorities without a return, cells without a number, sums that are not the published
ones.

In: `Frames` and the arguments of a suite entry; the registers `return_gaps.csv` (gaps of the originals with their
reasons) and `published_totals.csv` of `data/reference`. Out: `Found`. A finding on an authority without a return has a
record id of its own, because there is no row it could stand on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from expectations.records.checks import Check, Finding, Found, NotRunError, as_text
from expectations.records.table_frames import ENGLAND, Frame, Frames, councils, in_years
from pipelines.declarations.declared_files import read_list
from pipelines.places import REFERENCE

GAPS = REFERENCE / "return_gaps.csv"
TOTALS = REFERENCE / "published_totals.csv"
GAP_COLUMNS = ("table", "authority_code", "first_year", "last_year", "reason", "source")
TOTAL_COLUMNS = ("table", "column", "financial_year", "total", "source")
VALUE_RULE = "LOAD-VALUE"  # as `pipelines.shape.form_data` names it
NAMED = 10
WHOLE = 3
"""Authorities that may be missing in a year whose sum is still set against the published one."""
Register = dict[str, dict[str, str]]


def everyone_filed(
    frames: Frames,
    check: Check,
    *,
    at_most: int = -1,
    column: str = "",
    where: dict[str, Any] | None = None,
    only_years: list[str] | None = None,
    except_years: list[str] | None = None,
) -> Found:
    """In each year, every authority that the register says must file has a row (with a value in `column`, when given),
    but for the declared gaps.

    With `at_most`, years in which more authorities are missing; without, each missing authority.
    """
    frame = councils(frames.frame(check.table, [column] if column else [], where=where))
    frame = in_years(frame, only_years, except_years)
    judged = 0
    made: list[Finding] = []
    told: list[str] = []
    for year, must, missing in missing_by_year(frames, check.table, frame, column):
        judged += len(must)
        if len(missing) <= at_most:
            continue
        if missing:
            names = ", ".join(f"{must[code]['name']} ({code})" for code in missing[:NAMED])
            told.append(f"{year}: without {len(missing)} of {len(must)}: {names}{' ...' * (len(missing) > NAMED)}")
        made += [_absent(check.table, year, code, must[code], column) for code in missing]
    return Found(judged, 0, tuple(made), "; ".join(told), failed_without_rows=bool(told) and not made)


def missing_by_year(frames: Frames, table: str, frame: Frame, column: str) -> Iterator[tuple[str, Register, list[str]]]:
    """(year, authorities that must file, those that did not and have no declared gap) of every year in the frame."""
    register, gaps = _register(frames), _declared_gaps(table)
    here: dict[str, set[str]] = defaultdict(set)
    for year, code in frame.loc[_given(frame, column), ["financial_year", "authority_code"]].to_numpy():
        here[year].add(code)
    for year in sorted(frame["financial_year"].dropna().unique()):
        must = {code: row for code, row in register.items() if row["first"] <= year <= row["last"]}
        yield year, must, sorted(code for code in must if code not in here[year] and not _is_gap(gaps, code, year))


def _given(frame: Frame, column: str) -> Any:
    return frame[column].notna() if column else frame["authority_code"].notna()


def _register(frames: Frames) -> Register:
    """Authorities with social care by code: name, area and the years in which they exist."""
    columns = ["authority_code", "area_code", "social_care", "first_year", "last_year"]
    held = frames.arrow("area_authority").column_names
    frame = frames.frame("area_authority", [*columns, *(["authority_name"] if "authority_name" in held else [])])
    made: dict[str, dict[str, str]] = {}
    for row in frame[frame["social_care"].astype(bool)].to_dict("records"):
        first, last = as_text(row["first_year"]), as_text(row["last_year"]) or "9999-00"
        known = made.setdefault(row["authority_code"], {"first": first, "last": last})
        known |= {"first": min(known["first"], first), "last": max(known["last"], last)}
        known |= {"name": as_text(row.get("authority_name", row["authority_code"])), "area": as_text(row["area_code"])}
    if not made:
        raise NotRunError("the register names no authority with social care")
    return made


def _declared_gaps(table: str) -> dict[str, list[tuple[str, str]]]:
    made: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in read_list(GAPS, GAP_COLUMNS):
        if row["table"] == table:
            made[row["authority_code"]].append((row["first_year"], row["last_year"]))
    return made


def _is_gap(gaps: dict[str, list[tuple[str, str]]], code: str, year: str) -> bool:
    return any(first <= year <= last for first, last in gaps.get(code, ()))


def _absent(table: str, year: str, code: str, about: dict[str, str], column: str) -> Finding:
    what = f"{about['name']} has no {column}" if column else f"there is no row of {about['name']}"
    reason = f"{what} in {year}, though the register says it must file and no gap is declared"
    return Finding(f"{table}/{year}/{code}/absent", column, reason=reason, area_code=about["area"], financial_year=year)


def values_understood(frames: Frames, check: Check, *, at_most: int = -1) -> Found:
    """No cell of the table was set aside while loading because it is no number.

    With `at_most`, years in which more authorities have such cells; without, each cell.
    """
    frame = frames.frame(check.table)
    if not frames.has("quarantine"):
        return Found(len(frame), judged=frame["record_id"])
    aside = frames.frame("quarantine", ["table", "record_id", "check_code", "column", "value", "reason"])
    aside = aside[(aside["table"] == check.table) & (aside["check_code"] == VALUE_RULE)]
    both = aside.merge(frame.drop_duplicates("record_id"), on="record_id", suffixes=("", "_of_row"))
    made: list[Finding] = []
    told: list[str] = []
    for year, rows in both.groupby("financial_year", sort=True):
        who = (
            sorted(rows["authority_code"].unique()) if "authority_code" in rows else sorted(rows["record_id"].unique())
        )
        if len(who) <= at_most:
            continue
        told.append(
            f"{year}: {len(rows)} cells of {len(who)} authorities are no numbers, such as '{rows['value'].iloc[0]}'"
        )
        made += [_cell(row) for row in rows.to_dict("records")]
    return Found(len(frame), 0, tuple(made), "; ".join(told), judged=frame["record_id"])


def _cell(row: dict[str, Any]) -> Finding:
    reason = f"{row['reason']}; the figure is missing and the row incomplete"
    return Finding(
        str(row["record_id"]), as_text(row["column"]), as_text(row["value"]), reason=reason,
        area_code=as_text(row.get("area_code")), financial_year=as_text(row.get("financial_year")),
    )  # fmt: skip


def sum_as_published(
    frames: Frames, check: Check, *, column: str, tolerance_share: float, where: dict[str, Any] | None = None
) -> Found:
    """The councils' `column` adds up to the national total that was published, within tolerance, in every year whose
    total is in the register and in which nearly everybody filed. A finding stands on the England row, where there is
    one.
    """
    published = {
        row["financial_year"]: float(row["total"])
        for row in read_list(TOTALS, TOTAL_COLUMNS)
        if (row["table"], row["column"]) == (check.table, column)
    }
    frame = frames.frame(check.table, [column], where=where)
    sums = councils(frame).groupby("financial_year")[column].sum(min_count=1).dropna()
    whole = {
        year for year, _, missing in missing_by_year(frames, check.table, councils(frame), "") if len(missing) <= WHOLE
    }
    judged = sorted(set(sums.index) & set(published) & whole)
    made: list[Finding] = []
    told: list[str] = []
    for year in judged:
        found, due = float(sums[year]), published[year]
        if abs(found - due) <= tolerance_share * due:
            continue
        reason = f"the councils' {column} adds up to {found:,.0f} in {year}; published was {due:,.0f}"
        told.append(reason)
        rows = frame[(frame["financial_year"] == year) & (frame["authority_code"] == ENGLAND)]
        record = str(sorted(rows["record_id"])[0]) if len(rows) else f"{check.table}/{year}/{ENGLAND}/absent"
        made.append(Finding(record, column, as_text(found), as_text(due), found - due, reason, financial_year=year))
    return Found(len(judged), 0, tuple(made), "; ".join(told))
