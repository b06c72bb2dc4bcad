"""`flags.csv`: table `flag` as people open it in a spreadsheet, with its figures rounded as pages print them.

In: rows of table `flag`, which name their area. Out: CSV text with the declared columns, for people. The Parquet table
keeps every digit.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.declarations.catalogue import tables
from reports.words.downloads import csv_text
from reports.words.read_run import Row

THOUSAND = "gbp"
HUNDREDTH = {"rate", "share", "ratio"}


def flags_csv(rows: Iterable[Row]) -> str:
    """Pounds to the thousand; ratios, rates and shares to two decimals."""
    units = {column.name: column.unit for column in tables()["flag"].columns if column.type == "float"}
    places = {name: -3 if unit == THOUSAND else 2 for name, unit in units.items() if unit in HUNDREDTH | {THOUSAND}}
    rounded = [
        {
            name: round(value, places[name]) if name in places and value is not None and value == value else value
            for name, value in row.items()
        }
        for row in rows
    ]
    return csv_text("flag", rounded, areas={})
