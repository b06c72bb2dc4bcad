"""Constant areas: which authority, with which codes, belongs to which area in which years.

In: the loaded tables `authority_history`, `dtoc_monthly`, `outcome_ascof` and `hex_map`, and the committed `reorganisations.csv` and
`other_bodies.csv`. Out: the rows of `area_authority` and `area`. `python -m pipelines.areas --returns DIR` writes them to
`data/reference`, where the engine and every run read them. A social-care authority without an area is refused unless split in 2009.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from pipelines.area_weights import Frames, Row, build_weights
from pipelines.catalogue import tables as declared_tables
from pipelines.errors import InputError, Place
from pipelines.financial_year import shift

REFERENCE = Path(__file__).resolve().parents[1] / "data" / "reference"
FIRST_YEAR = "2008-09"
AREA_CLASS = {"UA": "unitary", "MD": "metropolitan", "L": "london", "SC": "county"}
FOR_CODES = ("authority_history", "dtoc_monthly", "hex_map", "outcome_ascof")
FOR_WEIGHTS = ("authority_history", "lsoa_commissioner_district", "ltla_utla", "population_by_age")
_ECODE = re.compile(r"E\d{4}")


def committed(name: str) -> list[Row]:
    """Rows of a committed reference, with whole numbers, true and false read as such. Raises InputError if it cannot be read."""
    path = REFERENCE / name
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except OSError as error:
        raise InputError(
            f"the reference cannot be read ({error.strerror})",
            place=Place(f"data/reference/{name}"),
            do="Restore data/reference from the release.",
        ) from error
    table = declared_tables().get(path.stem)
    kinds = {column.name: column.type for column in table.columns} if table else {}
    read = {"bool": lambda text: text == "true", "int": lambda text: int(text) if text else None}
    return [{name: read.get(kinds.get(name, ""), str)(text) for name, text in row.items()} for row in rows]


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
    return {
        code: (
            min(years) if min(years) > start else since.get(code, FIRST_YEAR),
            max(years) if max(years) < end else "",
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
    """Rows of `area_authority`, one per E-code and ONS code, sorted. Raises InputError for social care without an area."""
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


def build_areas(authorities: list[Row], frames: Frames) -> list[Row]:
    """Rows of `area`, sorted; class, name and region are those of the authority that lends the area its code."""
    changes = [row for row in committed("reorganisations.csv") if row["area_code"]]
    hexes = {row["code"]: row for row in frames["hex_map"] if row["map"] == "upper_tier"}
    joined = {row["area_code"]: row["area_name"] for row in reversed(changes) if row["effect"] == "joined"}
    members: dict[str, list[Row]] = defaultdict(list)
    for row in authorities:
        if row["area_code"]:
            members[row["area_code"]].append(row)
    made: list[Row] = []
    for code, group in sorted(members.items()):
        lead = next(row for row in group if row["ons_code"] == code)
        place = hexes.get(code, {})
        made.append(
            {
                "area_code": code,
                "area_name": joined.get(code) or lead["authority_name"],
                "class": AREA_CLASS[lead["class"]],
                "region": lead["region"],
                "joined": code in joined,
                "authority_codes": ";".join(sorted({row["authority_code"] for row in group})),
                "hex_q": int(place["q"]) if place else None,
                "hex_r": int(place["r"]) if place else None,
                "note": next((row["note"] for row in changes if row["area_code"] == code), ""),
            }
        )
    return made


def write_areas(folder: Path) -> None:
    """Write `area`, `area_authority` (as committed) and `commissioner_area_weight` beside the loaded tables in `folder`."""
    from pipelines.write_parquet import read_table, write_table

    frames: Frames = {name: read_table(folder, name).to_dict("records") for name in FOR_WEIGHTS}
    made = {name: committed(f"{name}.csv") for name in ("area", "area_authority")}
    made["commissioner_area_weight"] = build_weights(made["area_authority"], frames)
    for name, rows in made.items():
        write_table(name, {column: [row[column] for row in rows] for column in rows[0]}, folder)


def as_csv(name: str, rows: list[Row]) -> str:
    """Rows as the committed CSV of a table."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(declared_tables()[name].column_names)
    for row in rows:
        cells = [row[column] for column in declared_tables()[name].column_names]
        writer.writerow(
            [str(cell).lower() if isinstance(cell, bool) else "" if cell is None else cell for cell in cells]
        )
    return stream.getvalue()


def regenerate(returns: Path) -> dict[str, str]:
    """Text of `area_authority.csv` and `area.csv` from a folder of published originals or extracts."""
    from pipelines.assemble import wide_columns
    from pipelines.find_files import find_files
    from pipelines.load import read_files

    forms = read_files(find_files(returns)).forms
    frames: Frames = {}
    for name in FOR_CODES:
        columns: dict[str, list[Any]] = wide_columns(
            declared_tables()[name], [form for form in forms if form.table == name]
        )
        frames[name] = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    authorities = build_authorities(frames)
    return {
        "area_authority": as_csv("area_authority", authorities),
        "area": as_csv("area", build_areas(authorities, frames)),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description="Write data/reference/area_authority.csv and area.csv from published files."
    )
    parser.add_argument(
        "--returns", type=Path, required=True, help="folder that holds the lookups and the delayed-transfer workbooks"
    )
    for stem, text in regenerate(parser.parse_args().returns).items():
        part = REFERENCE / f"{stem}.csv.part"
        part.write_text(text, encoding="utf-8", newline="")
        os.replace(part, REFERENCE / f"{stem}.csv")
