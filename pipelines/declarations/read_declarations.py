"""Read the declarations strictly: a table's TOML, a source's TOML and its column map.

In: paths. Out: frozen records. Unknown keys, types and columns are refused with the place and the fix, so a misspelling
can never be silently ignored; all that is wrong in a file, and in all files of a folder, is told at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

from pipelines.declarations.declared import (
    COLUMN_TYPES,
    ID_SYSTEMS,
    PARSES,
    SECTIONS,
    SHAPES,
    UNITS,
    Column,
    Key,
    Line,
    Source,
    Table,
)
from pipelines.declarations.declared_files import named, need_address, numbered_rows, perhaps, read_toml
from pipelines.errors import DefinitionError, Place, UserError, noted, refuse

YEAR = re.compile(r"^(\d{4}-\d{2}|any)$")
NOTE, SCALE = "note", "scale"
"""Columns of a map beside the years and the keys of its table."""
LISTS = ("key", "columns", "warnings", "partitions", "enum", "notes")
SUBTABLES = ("recognise", "sheets", "header", "keys", "options")
Read = TypeVar("Read")


def read_all(paths: Iterable[Path], read: Callable[[Path], Read]) -> dict[str, Read]:
    """What `read` makes of each file, by name. Raises DefinitionError, which tells of every file that is wrong."""
    problems: list[UserError] = []
    made: dict[str, Read] = {}
    for path in paths:
        with noted(problems):
            made[path.stem] = read(path)
    refuse(problems)
    return made


def _unknown(found: dict[str, Any], known: set[str], place: Place, what: str) -> list[UserError]:
    return [
        DefinitionError(
            f"unknown {what} key '{name}'",
            place=place,
            expected=perhaps(name, known),
            do="Correct the spelling or remove the key.",
        )
        for name in sorted(set(found) - known)
    ]


def _missing(found: dict[str, Any], names: tuple[str, ...], place: Place) -> list[UserError]:
    return [
        DefinitionError(f"key '{name}' is missing", place=place, do="Add it.") for name in names if name not in found
    ]


def _none_of(value: Any, allowed: tuple[str, ...], place: Place, what: str) -> list[UserError]:
    if value in allowed:
        return []
    expected = "one of " + ", ".join(filter(None, allowed))
    return [DefinitionError(f"unknown {what}: '{value}'", place=place, expected=expected)]


def _misshapen(found: dict[str, Any], place: Place) -> list[UserError]:
    """Keys that hold no list or no section where one belongs."""
    wrong = [(name, "a list", "[ ... ]") for name in LISTS if not isinstance(found.get(name, []), list)]
    wrong += [(name, "a section", f"[{name}]") for name in SUBTABLES if not isinstance(found.get(name, {}), dict)]
    return [
        DefinitionError(f"key '{name}' is not {what}", place=place, expected=f"{what}, written {how}")
        for name, what, how in wrong
    ]


def load_table(path: Path) -> Table:
    """Read one table file strictly. Raises DefinitionError, which tells of everything it does not know."""
    place, found = Place(named(path)), read_toml(path)
    problems = _unknown(found, set(Table.__dataclass_fields__), place, "table")
    problems += _missing(found, ("name", "title", "description", "layer", "key", "columns"), place)
    problems += _misshapen(found, place)
    refuse(problems)
    columns: list[Column] = []
    for number, entry in enumerate(found["columns"], start=1):
        with noted(problems):
            columns.append(_column(entry, number, place))
    names = [str(entry.get("name")) for entry in found["columns"] if isinstance(entry, dict)]
    twice = sorted({name for name in names if names.count(name) > 1})
    problems += [DefinitionError(f"column '{name}' is declared twice", place=place) for name in twice]
    if found["name"] != path.stem:
        what, expected = f"the name '{found['name']}' differs from the file's", f'name = "{path.stem}"'
        problems.append(DefinitionError(what, place=place, expected=expected))
    for name in dict.fromkeys((*found["key"], *found.get("partitions", ()))):
        if name not in names:
            what = f"key or partition column '{name}' is not declared"
            do = f"Add a [[columns]] entry '{name}', or take it out of the key."
            problems.append(DefinitionError(what, place=place, expected=perhaps(str(name), names), do=do))
    refuse(problems)
    lists = {name: tuple(found.get(name, ())) for name in ("key", "warnings", "partitions")}
    texts = {name: found[name] for name in ("name", "title", "description", "layer")}
    return Table(columns=tuple(columns), **lists, **texts)


def _column(entry: Any, number: int, place: Place) -> Column:
    if not isinstance(entry, dict):
        what, expected = f"column {number} is not a table of keys", '{name = "...", type = "...", meaning = "..."}'
        raise DefinitionError(what, place=place, expected=expected)
    given = cast("dict[str, Any]", entry)
    called = f"of column '{given['name']}'" if "name" in given else f"of column {number}"
    problems = _unknown(given, set(Column.__dataclass_fields__), place, "column")
    problems += [
        DefinitionError(f"key '{name}' {called} is missing", place=place, do="Add it.")
        for name in ("name", "type", "meaning") if name not in given
    ]  # fmt: skip
    problems += _none_of(given.get("type", "string"), COLUMN_TYPES, place, f"type {called}")
    problems += _none_of(given.get("unit", ""), UNITS, place, f"unit {called}")
    problems += _misshapen(given, place)
    refuse(problems)
    declared: dict[str, Any] = {**given, "enum": tuple(given.get("enum", ()))}
    return Column(**declared)


def load_source(path: Path, tables: dict[str, Table]) -> Source:
    """Read one source file and its column map strictly. Raises DefinitionError, which tells of all that is wrong."""
    place, found = Place(named(path)), read_toml(path)
    problems = _unknown(found, set(Source.__dataclass_fields__) - {"lines"}, place, "source")
    needed = ("code", "title", "publisher", "licence", "attribution", "kind", "table", "shape", "recognise")
    problems += _missing(found, needed, place) + _misshapen(found, place)
    refuse(problems)
    if found["code"] != path.stem:
        what, expected = f"code '{found['code']}' differs from the file's name", f'code = "{path.stem}"'
        problems.append(DefinitionError(what, place=place, expected=expected))
    for section, names in SECTIONS.items():
        problems += _unknown(found.get(section, {}), names, place, section)
    for name, allowed in (("shape", SHAPES), ("kind", ("return", "reference")), ("id_system", ID_SYSTEMS)):
        problems += _none_of(found.get(name, "none"), allowed, place, name)
    with noted(problems):
        need_address(found, "landing_page", place)
    table = tables.get(found["table"])
    if table is None:
        what, do = f"table '{found['table']}' is not declared", "Correct it, or add its TOML to the folder of tables."
        problems.append(DefinitionError(what, place=place, expected=perhaps(found["table"], tables), do=do))
        refuse(problems)
        raise AssertionError("a source without a table is refused")
    problems += _wrong_keys(found.get("keys", {}), table, place)
    lines: tuple[Line, ...] = ()
    with noted(problems):
        lines = _load_lines(path.parent / path.stem / "columns.csv", table)
    refuse(problems)
    keys = tuple(Key(column=name, **entry) for name, entry in found.pop("keys", {}).items())
    declared: dict[str, Any] = {**found, "keys": keys, "notes": tuple(found.get("notes", ())), "lines": lines}
    return Source(**declared)


def _wrong_keys(keys: dict[str, Any], table: Table, place: Place) -> list[UserError]:
    problems: list[UserError] = []
    for name, entry in keys.items():
        problems += _unknown({name: entry}, set(table.column_names), place, "[keys]")
        problems += _unknown(entry, {"header", "parse"}, place, f"[keys.{name}]")
        problems += _missing(entry, ("header",), place)
        problems += _none_of(entry.get("parse", "text"), PARSES, place, f"parse of key '{name}'")
    return problems


def _load_lines(path: Path, table: Table) -> tuple[Line, ...]:
    place = Place(named(path))
    rows = numbered_rows(path, ("column",), missing="Add it: one row for each line, one column for each year.")
    if not rows:
        raise DefinitionError("the column map is empty", place=place, do="Add a row for each line of the return.")
    heads = list(rows[0][1])
    years = [head for head in heads if YEAR.match(head)]
    dims = [head for head in heads if head not in years and head not in ("column", NOTE, SCALE)]
    problems: list[UserError] = [
        DefinitionError(
            f"map column '{head}' is neither a year nor a key of table '{table.name}'",
            place=Place(place.file, row=1),
            expected=f"a financial year such as 2014-15, 'any', '{NOTE}', '{SCALE}' or one of " + ", ".join(table.key),
        )
        for head in dims
        if head not in table.key
    ]
    lines: list[Line] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        here = Place(place.file, row=number, column="column")
        if row["column"] not in table.column_names:
            what, near = (
                f"table '{table.name}' has no column '{row['column']}'",
                perhaps(row["column"], table.column_names),
            )
            problems.append(DefinitionError(what, place=here, expected=near))
        line = Line(
            dims=tuple((dim, row[dim]) for dim in dims),
            column=row["column"],
            locators={year: row[year].strip() for year in years if row[year].strip()},
            row=number,
        )
        if seen.setdefault(line.label, number) != number:
            what = f"line '{line.label}' stands in row {seen[line.label]} too"
            problems.append(DefinitionError(what, place=here, expected="each line once"))
        with noted(problems):
            scale = _scale(row.get(SCALE, ""), row["column"], table, Place(place.file, row=number, column=SCALE))
            lines.append(line if scale is None else Line(line.dims, line.column, line.locators, line.row, scale))
    refuse(problems)
    return tuple(lines)


def _scale(text: str, column: str, table: Table, place: Place) -> float | None:
    """The scale of one line; None where the map gives it none."""
    if not text.strip():
        return None
    expected = "a number that figures are multiplied by, such as 0.001 for £ in a column of £ thousand"
    try:
        scale = float(text)
    except ValueError:
        scale = math.nan
    if not math.isfinite(scale) or scale == 0:
        raise DefinitionError(f"scale '{text}' is no number to multiply by", place=place, expected=expected)
    if column in table.column_names and table.column(column).type == "string":
        what, do = f"column '{column}' holds text, which has no scale", "Leave the cell empty."
        raise DefinitionError(what, place=place, do=do)
    return scale
