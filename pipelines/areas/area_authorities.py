"""Authorities with all their codes: E-code, ONS codes by vintage, council codes, and the constant area each belongs to.

In: the loaded tables `authority_history`, `dtoc_monthly` and `outcome_ascof`, and the committed `reorganisations.csv`
and `other_bodies.csv`. Out: the rows of `area_authority`. A social-care authority without an area is refused unless it
was split in 2009.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from pipelines.areas.area_weights import Frames, Row
from pipelines.areas.authorities import RESTORE
from pipelines.declarations.catalogue import tables as declared_tables
from pipelines.declarations.declared_files import named, numbered_rows
from pipelines.errors import DefinitionError, InputError, Place
from pipelines.financial_year import shift
from pipelines.places import REFERENCE

FIRST_YEAR = "2008-09"
COLUMNS = {
    "other_bodies.csv": ("authority_code", "authority_name", "class", "region", "ons_code", "first_year", "last_year"),
    "reorganisations.csv": (
        "authority_code", "authority_name", "class", "region", "ons_code", "successor_codes", "first_year", "last_year",
        "effect", "area_code", "area_name",
    ),
}  # fmt: skip
AREA_CLASS = {"UA": "unitary", "MD": "metropolitan", "L": "london", "SC": "county"}
_ECODE = re.compile(r"E\d{4}")


def committed(name: str) -> list[Row]:
    """Rows of a committed reference, whole numbers and truth values read as such. Raises DefinitionError."""
    path = REFERENCE / name
    table = declared_tables().get(path.stem)
    kinds = {column.name: column.type for column in table.columns} if table else {}
    file, rows = named(path), numbered_rows(path, COLUMNS.get(name, tuple(kinds)), missing=RESTORE)

    def read(number: int, column: str, text: str) -> Any:
        if kinds.get(column) == "bool":
            return text == "true"
        if kinds.get(column) != "int":
            return text
        try:
            return int(text) if text else None
        except ValueError as error:
            place = Place(file, row=number, column=column)
            raise DefinitionError(f"found '{text}'", place=place, expected="a whole number", do="Mend it.") from error

    return [{column: read(number, column, text) for column, text in row.items()} for number, row in rows]


def _regions(history: list[Row]) -> dict[str, str]:
    """Region by E-code: stated for the authorities of 2013, handed on to those that later took their ground."""
    found = {row["ecode"]: row["region_name"] for row in history if row["region_name"]}
    origin = {row["origin_code"]: row["ecode"] for row in history if row["financial_year"] == "2013-14"}
    for row in history:
        found.setdefault(row["ecode"], found.get(origin.get(row["origin_code"], ""), ""))
    return found


def _years(history: list[Row], changes: list[Row]) -> dict[str, tuple[str, str]]:
    """First and last financial year by E-code; the last is empty while the code is in use."""
    seen: dict[str, set[str]] = defaultdict(set)
    for row in history:
        seen[row["ecode"]].add(row["financial_year"])
    start, end = min(min(years) for years in seen.values()), max(max(years) for years in seen.values())
    since = {code: shift(row["last_year"], 1) for row in changes for code in row["successor_codes"].split(";") if code}
    until = {row["authority_code"]: row["last_year"] for row in changes if row["effect"] == "joined"}
    return {
        code: (
            min(years) if min(years) > start else since.get(code, FIRST_YEAR),
            until.get(code, max(years) if max(years) < end else ""),
        )
        for code, years in seen.items()
    }


def _council_codes(frames: Frames) -> dict[str, list[str]]:
    """Council codes by ONS code. A code that passed to a successor stays with the authority that had it first."""
    holder: dict[str, str] = {}
    dated = [(row["month"], row["cassr_code"] or "", row["ons_code"] or "") for row in frames["dtoc_monthly"]]
    dated += [("9999", row["cassr_code"] or "", row["ons_code"] or "") for row in frames["outcome_ascof"]]
    for _, code, ons in sorted(dated):
        if code and ons.startswith("E"):
            holder.setdefault(code, ons)
    found: dict[str, list[str]] = defaultdict(list)
    for code, ons in sorted(holder.items()):
        found[ons].append(code)
    return found


def build_authorities(frames: Frames) -> list[Row]:
    """Rows of `area_authority`, one per E-code and ONS code, sorted.

    Raises InputError for an authority with social-care duties and no area.
    """
    changes, bodies = committed("reorganisations.csv"), committed("other_bodies.csv")
    history = [row for row in frames["authority_history"] if _ECODE.fullmatch(row["ecode"] or "")]
    dated = sorted(
        (row for row in history if row["status"]), key=lambda row: (row["financial_year"], row["origin_code"])
    )
    regions, years, councils = _regions(history), _years(dated, changes), _council_codes(frames)
    areas = {code: row["area_code"] for row in changes for code in row["successor_codes"].split(";")}
    areas = {code: area for code, area in areas.items() if code and area}
    areas |= {
        row["authority_code"]: row["area_code"] for row in changes if row["area_code"] or row["effect"] == "split"
    }
    rows: dict[str, Row] = {}
    found = [{**row, "authority_code": row["ecode"]} for row in dated if row["class"] != "FRA"]
    found += [row for row in changes if row["effect"] in ("same_ground", "split", "district")] + bodies
    for row in found:
        code, ons = row["authority_code"], row["ons_code"]
        first, last = years[code] if "status" in row else (row["first_year"], row["last_year"])
        kind, codes = "L" if row["class"] == "LB" else row["class"], councils.get(ons, []) if ons else []
        rows[code] = {
            "authority_code": code,
            "ons_code": ons,
            "cassr_code": next((one for one in codes if one.isdigit()), ""),
            "old_ons_code": next((one for one in codes if not one.isdigit()), ""),
            "authority_name": row["authority_name"],
            "class": kind,
            "region": regions.get(code) or row.get("region", ""),
            "area_code": areas.get(code, ons) if kind in AREA_CLASS else "",
            "social_care": kind in AREA_CLASS,
            "first_year": first,
            "last_year": last,
        }
        if rows[code]["social_care"] and code not in areas and not ons:
            raise InputError(
                f"{row['authority_name']} ({code}) belongs to no area",
                expected="an area code in data/reference/reorganisations.csv",
                do="Add a row saying what became of it.",
            )
    recoded = [_recode(rows[row["authority_code"]], row) for row in changes if row["effect"] == "recoded"]
    return sorted([*rows.values(), *recoded], key=lambda row: (row["authority_code"], row["ons_code"]))


def _recode(known: Row, change: Row) -> Row:
    """A further ONS code of an authority; the years of the code it is known by are cut to fit."""
    if change["last_year"]:
        known["first_year"] = shift(change["last_year"], 1)
    else:
        known["last_year"] = shift(change["first_year"], -1)
    return {**known, **{name: change[name] for name in ("ons_code", "first_year", "last_year")}}
