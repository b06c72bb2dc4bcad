"""The CSV files beside the pages, each with CSVW metadata derived from the table's declaration.

In: a declared table's name and rows, and for people the areas of the run. Out: CSV text (UTF-8, one header row) and its
`-metadata.json`. Text cells that a spreadsheet would run as a formula (leading = + - @, tab or return) are neutralised
with a leading apostrophe; numbers are not touched. A file for people begins with a byte-order mark, so that Excel reads
it as UTF-8, and with the area's name, code, class and region and the window, where its rows have them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from operator import itemgetter
from typing import Any

from pipelines.declarations.catalogue import Column, tables
from reports.words.frame import CLASSES
from reports.words.read_run import Row, Run

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK = "\ufeff"
AREA = ("area_name", "area_code", "class", "region")
MARKED = "The file begins with a UTF-8 byte-order mark, so that spreadsheets read it as UTF-8."
GAP = "\x00"
CSVW_TYPES = {"string": "string", "int": "integer", "float": "double", "bool": "boolean"}
QUOTED = re.compile('[",\r\n]')
CHANGED = re.compile(f'{GAP} *[=+@\t-]|[",\r\n]')
"""In texts behind gaps: a start that is neutralised, or a letter for which a cell is quoted."""


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


def _cell(value: Any) -> str:
    """The same in quotes where the format needs them."""
    text = printed(value)
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text


def _cells(values: Sequence[Any]) -> list[str]:
    """A whole column; values repeat a great deal, so each is made once, and texts of which none needs a change stay."""
    kinds = set(map(type, values)) - {type(None)}
    if len(kinds) > 1:  # 1, 1.0 and true are one key
        return [_cell(value) for value in values]
    once = set(values)
    if kinds == {str} and not CHANGED.search(GAP + GAP.join(filter(None, once))):
        return [value or "" for value in values]
    known = {value: _cell(value) for value in once}
    return [known[value] for value in values]


def safe_name(code: str) -> str:
    """A code that can be a file name: letters, digits, dash and underscore only."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "_" for letter in code)


@cache
def columns_of(table: str, *, for_people: bool = False) -> tuple[Column, ...]:
    """Columns of a file: as declared, or for people with what says which area and window a row is of before them."""
    declared = tables()[table].columns
    known = {column.name: column for column in declared}
    if not for_people or "area_code" not in known:
        return declared
    first = [known.get(name) or tables()["area"].column(name) for name in AREA]
    first += [known["window"]] if "window" in known else []
    named = {column.name for column in first}
    return (*first, *(column for column in declared if column.name not in named))


def areas_of(run: Run) -> dict[str, Row]:
    """The areas of a run by code: what a file for people says of each."""
    return {str(area["area_code"]): area for area in run.rows("area")}


def _area_cells(rows: Sequence[Row], areas: Mapping[str, Row]) -> list[str]:
    """Name, code, class in words and region of each row's area, from the run's areas or else the row, as one text."""
    known: dict[Any, str] = {}
    for row in rows:
        if (code := row.get("area_code")) not in known:
            area: Row = {**row, **areas.get(str(code), {})}
            told = {**area, "area_code": code, "class": CLASSES.get(str(area.get("class")), area.get("class"))}
            known[code] = ",".join(_cell(told.get(name)) for name in AREA)
    return [known[row.get("area_code")] for row in rows]


def _columns(rows: Sequence[Row], names: Sequence[str]) -> Iterable[Sequence[Any]]:
    """The values of rows by column; None where a row has no such value."""
    if rows and len(names) > 1:
        with suppress(KeyError):  # of rows that do not hold every column
            return zip(*map(itemgetter(*names), rows), strict=True)
    return ([row.get(name) for row in rows] for name in names)


def csv_texts(
    table: str, groups: Mapping[str, Sequence[Row]], *, areas: Mapping[str, Row] | None = None
) -> dict[str, str]:
    """Rows of a declared table as one CSV for each group, columns in the declared order.

    With `areas` the files are for people: with a byte-order mark, and the area's columns first.
    """
    names = [column.name for column in columns_of(table, for_people=areas is not None)]
    rows = [row for group in groups.values() for row in group]
    head = ("" if areas is None else BYTE_ORDER_MARK) + ",".join(names) + "\n"
    by_column: list[list[str]] = []
    if areas is not None and "area_code" in names:
        by_column, names = [_area_cells(rows, areas)], names[len(AREA) :]
    by_column += [_cells(values) for values in _columns(rows, names)]
    lines = [",".join(cells) for cells in zip(*by_column, strict=True)]
    made: dict[str, str] = {}
    start = 0
    for group, own in groups.items():
        made[group] = "\n".join([head[:-1], *lines[start : start + len(own)], ""])
        start += len(own)
    return made


def csv_text(table: str, rows: Iterable[Row], *, areas: Mapping[str, Row] | None = None) -> str:
    """Rows of a declared table as CSV, columns in the declared order; with `areas` for people."""
    return csv_texts(table, {"": list(rows)}, areas=areas)[""]


def csvw_text(table: str, *, file_name: str, run_id: str, title: str = "", for_people: bool = False) -> str:
    """CSVW metadata of `file_name`: title, key and each column's type, unit and meaning from the declaration."""
    before, between, after = _csvw_parts(table, run_id, for_people=for_people)
    said = (json.dumps(text, ensure_ascii=False) for text in (file_name, title or tables()[table].title))
    return f"{before}{next(said)}{between}{next(said)}{after}"


@cache
def _csvw_parts(table: str, run_id: str, *, for_people: bool) -> tuple[str, str, str]:
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
        for column in columns_of(table, for_people=for_people)
    ]
    made = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": GAP,
        "dc:title": GAP,
        "dc:description": declared.description,
        "dc:source": f"ringfence run {run_id}",
        "dc:license": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "dialect": {"header": True, "encoding": "utf-8"},
        **({"notes": [MARKED]} if for_people else {}),
        "tableSchema": {"columns": columns, "primaryKey": list(declared.key)},
    }
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    before, between, after = text.split(json.dumps(GAP), 2)
    return before, between, after


@cache
def _schema(table: str) -> dict[str, Any]:
    """A table's declaration as a Table Schema, its columns as in the files for people."""
    kinds = {"int": "integer", "float": "number", "bool": "boolean"}
    declared = tables()[table]
    fields = [
        {"name": column.name, "type": kinds.get(column.type, "string"), "description": column.meaning}
        for column in columns_of(table, for_people=True)
    ]
    return {"fields": fields, "primaryKey": list(declared.key), "missingValues": [""]}


def datapackage_text(files: Mapping[str, tuple[str, bytes]], run_id: str) -> str:
    """A Data Package of every CSV of the site: path to (declared table, bytes), with schema, bytes and SHA-256.

    Many files share a schema, so resources name it by path (`schema_text`).
    """
    resources: list[dict[str, Any]] = []
    for path, (table, held) in sorted(files.items()):
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
