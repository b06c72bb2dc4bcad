"""The CSV files beside the pages, each with CSVW metadata derived from the table's declaration.

In: a declared table's name and rows. Out: CSV text (UTF-8, one header row) and its `-metadata.json`. Text cells that
a spreadsheet would run as a formula (leading = + - @, tab or return) are neutralised with a leading apostrophe;
numbers are not touched.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from pipelines.catalogue import tables
from reports.read_run import Row

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
CSVW_TYPES = {"string": "string", "int": "integer", "float": "double", "bool": "boolean"}


def neutral(text: str) -> str:
    """Text that no spreadsheet runs: a leading apostrophe before = + - @, tab or return, also behind leading spaces."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def printed(value: Any) -> str:
    """A CSV cell: empty for missing, true/false, numbers in full, text neutralised."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value) if isinstance(value, int) else neutral(str(value))


def csv_text(table: str, rows: Iterable[Row]) -> str:
    """Rows of a declared table as CSV, columns in the declared order."""
    names = tables()[table].column_names
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([printed(row.get(name)) for name in names] for row in rows)
    return stream.getvalue()


def csvw_text(table: str, *, file_name: str, run_id: str, title: str = "") -> str:
    """CSVW metadata of `file_name`: title, key and each column's type, unit and meaning from the declaration."""
    declared = tables()[table]
    columns: Sequence[dict[str, Any]] = [
        {
            "name": column.name,
            "titles": column.name,
            "datatype": CSVW_TYPES[column.type],
            "dc:description": column.meaning,
            "required": column.required,
            **({"schema:unitText": column.unit} if column.unit else {}),
        }
        for column in declared.columns
    ]
    made = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": file_name,
        "dc:title": title or declared.title,
        "dc:description": declared.description,
        "dc:source": f"ringfence run {run_id}",
        "dc:license": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "dialect": {"header": True, "encoding": "utf-8"},
        "tableSchema": {"columns": columns, "primaryKey": list(declared.key)},
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"
