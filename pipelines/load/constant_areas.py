"""Constant areas: the ground of one social-care authority, or of several joined so that it stays the same every year.

In: the rows of `area_authority` and the loaded table `hex_map`. Out: the rows of `area`. A run takes both tables as
committed in `data/reference` and writes them beside its own with the commissioner weights;
`python -m pipelines.load.constant_areas --returns DIR` makes the committed files again from published originals.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections import defaultdict
from pathlib import Path
from typing import Any

from pipelines.areas.area_authorities import AREA_CLASS, build_authorities, committed
from pipelines.areas.area_weights import Frames, Row, build_weights
from pipelines.declarations.catalogue import tables as declared_tables
from pipelines.places import REFERENCE
from pipelines.shape.form_data import FormData

FOR_CODES = ("authority_history", "dtoc_monthly", "hex_map", "outcome_ascof")
FOR_WEIGHTS = ("authority_history", "lsoa_commissioner_district", "ltla_utla", "population_by_age")


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
    """Write `area` and `area_authority` as committed, and `commissioner_area_weight`, beside the tables in `folder`."""
    from pipelines.declarations.parquet import read_table, write_table

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


def regenerate(forms: list[FormData]) -> dict[str, str]:
    """Text of `area_authority.csv` and `area.csv` from the forms of a load that holds the lookups and the workbooks."""
    from pipelines.load.assemble import wide_columns

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


def main(returns: Path) -> None:
    """Write both committed files from a folder of published originals or extracts."""
    from pipelines.lasting import write_text
    from pipelines.load.load import read_files
    from pipelines.read.find_files import find_files

    for stem, text in regenerate(read_files(find_files(returns)).forms).items():
        write_text(REFERENCE / f"{stem}.csv", text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write data/reference/area_authority.csv and area.csv.")
    parser.add_argument("--returns", type=Path, required=True, help="folder with the lookups and the monthly workbooks")
    main(parser.parse_args().returns)
