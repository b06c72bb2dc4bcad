"""The CSV files beside the pages, each with CSVW metadata derived from the table's declaration.

In: a declared table's name and rows. Out: CSV text (UTF-8, one header row) and its `-metadata.json`. Text cells that
a spreadsheet would run as a formula (leading = + - @, tab or return) are neutralised with a leading apostrophe;
numbers are not touched.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from pipelines.declarations.catalogue import tables
from reports.words.read_run import Row

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
GAP = "\x00"
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


def _printed_column(values: Sequence[Any]) -> list[str]:
    """`printed` of a whole column; texts repeat a great deal, so each is printed once."""
    if {type(value) for value in values} <= {str, type(None)}:
        known = {value: printed(value) for value in set(values)}
        return [known[value] for value in values]
    return [printed(value) for value in values]


def csv_texts(table: str, groups: Mapping[str, Sequence[Row]]) -> dict[str, str]:
    """Rows of a declared table as one CSV for each group, columns in the declared order."""
    names = tables()[table].column_names
    rows = [row for group in groups.values() for row in group]
    lines = list(zip(*(_printed_column([row.get(name) for row in rows]) for name in names), strict=True))
    made: dict[str, str] = {}
    start = 0
    for group, own in groups.items():
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(lines[start : start + len(own)])
        made[group] = stream.getvalue()
        start += len(own)
    return made


def csv_text(table: str, rows: Iterable[Row]) -> str:
    """Rows of a declared table as CSV, columns in the declared order."""
    return csv_texts(table, {"": list(rows)})[""]


def csvw_text(table: str, *, file_name: str, run_id: str, title: str = "") -> str:
    """CSVW metadata of `file_name`: title, key and each column's type, unit and meaning from the declaration."""
    before, between, after = _csvw_parts(table, run_id)
    said = (json.dumps(text, ensure_ascii=False) for text in (file_name, title or tables()[table].title))
    return f"{before}{next(said)}{between}{next(said)}{after}"


@cache
def _csvw_parts(table: str, run_id: str) -> tuple[str, str, str]:
    """The metadata's text before the file's name, between that and the title, and after."""
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
        "url": GAP,
        "dc:title": GAP,
        "dc:description": declared.description,
        "dc:source": f"ringfence run {run_id}",
        "dc:license": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "dialect": {"header": True, "encoding": "utf-8"},
        "tableSchema": {"columns": columns, "primaryKey": list(declared.key)},
    }
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    before, between, after = text.split(json.dumps(GAP), 2)
    return before, between, after


@cache
def _schema(table: str) -> dict[str, Any]:
    """A table's declaration as a Table Schema."""
    kinds = {"int": "integer", "float": "number", "bool": "boolean"}
    declared = tables()[table]
    fields = [
        {"name": column.name, "type": kinds.get(column.type, "string"), "description": column.meaning}
        for column in declared.columns
    ]
    return {"fields": fields, "primaryKey": list(declared.key), "missingValues": [""]}


def datapackage_text(files: Mapping[str, tuple[str, str]], run_id: str) -> str:
    """A Data Package of every CSV of the site: path to (declared table, text), with schema, bytes and SHA-256.

    Many files share a schema, so resources name it by path (`schema_text`).
    """
    resources: list[dict[str, Any]] = []
    for path, (table, text) in sorted(files.items()):
        held = text.encode()
        resources.append(
            {
                "name": path.rpartition("/")[2].removesuffix(".csv").lower(),
                "path": path,
                "title": tables()[table].title,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(held),
                "hash": f"sha256:{hashlib.sha256(held).hexdigest()}",
                "schema": f"downloads/{table}.schema.json",
            }
        )
    licence = {
        "name": "OGL-UK-3.0",
        "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    }
    made = {
        "name": f"ringfence-{run_id.lower()}",
        "title": f"Results of ringfence run {run_id}",
        "licenses": [licence],
        "resources": resources,
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def schema_text(table: str) -> str:
    """A table's Table Schema as JSON, which the Data Package's resources name."""
    return json.dumps(_schema(table), indent=1, ensure_ascii=False) + "\n"
