"""Load and check the declarations: `tables/*.toml`, `sources/*.toml` and their column maps.

In: the declaration files. Out: frozen records used by every other room. Unknown keys, types and columns are refused
with the place and the fix, so a misspelling can never be silently ignored. This is the only reader of those files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.declarations.declared_files import named, need_address, numbered_rows, perhaps, read_toml
from pipelines.declarations.declared_folders import declarations, printed
from pipelines.errors import DefinitionError, Place
from pipelines.places import ROOT

TABLES = ROOT / "pipelines" / "tables"
SOURCES = ROOT / "pipelines" / "sources"
COLUMN_TYPES = ("string", "int", "float", "bool")
UNITS = (
    "", "gbp", "gbp_thousand", "gbp_million", "gbp_real", "gbp_per_adult", "days", "people", "weeks", "gbp_per_week",
    "gbp_per_hour", "hours", "percent", "share", "score", "rank", "index", "count", "rate", "ratio", "lsoas",
)  # fmt: skip
LINEAGE_COLUMNS = ("record_id", "release", "file_sha256")
SHAPES = ("grid", "transposed", "long", "lookup_count", "hexjson", "stata")
PARSES = ("text", "slug", "month", "financial_year", "financial_year_end", "calendar_year", "int")
SECTIONS = {
    "recognise": {"text", "headers", "year", "year_from"},
    "header": {"parts", "data_from", "years"},
    "options": {
        "basis", "fill_labels", "footer", "hidden", "id_column", "label_columns", "missing", "ons_header", "release",
        "scale", "scope",
    },
}  # fmt: skip
ID_SYSTEMS = ("ecode", "ons", "cassr", "cassr_name", "name", "none")
YEAR = re.compile(r"^(\d{4}-\d{2}|any)$")


@dataclass(frozen=True)
class Column:
    """One column of a table: its Arrow type, unit, meaning and the constraints the structural checks come from.

    `label` heads it on a form; `asked` is true for what those who get the form fill in.
    """

    name: str
    type: str
    meaning: str
    unit: str = ""
    required: bool = False
    enum: tuple[str, ...] = ()
    pattern: str = ""
    min: float | None = None
    max: float | None = None
    warning: str = ""
    label: str = ""
    asked: bool = False


@dataclass(frozen=True)
class Table:
    """A table as declared. `key` columns identify a row with `release`; `partitions` stand in the names of folders."""

    name: str
    title: str
    description: str
    layer: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    warnings: tuple[str, ...] = ()
    partitions: tuple[str, ...] = ()

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in the order they are declared and written."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The declaration of one column. Raises DefinitionError, listing those there are, when it is not declared."""
        for column in self.columns:
            if column.name == name:
                return column
        raise DefinitionError(f"table '{self.name}' has no column '{name}'", expected=perhaps(name, self.column_names))


@dataclass(frozen=True)
class Key:
    """A key column read from the rows of a file rather than from its title: its header and how to parse the text."""

    column: str
    header: str
    parse: str = "text"


@dataclass(frozen=True)
class Line:
    """One line of a return: where it goes (dimension values and column) and, per year, how to find it.

    `row` is its row in the column map.
    """

    dims: tuple[tuple[str, str], ...]
    column: str
    locators: dict[str, str]
    row: int = 0

    @property
    def label(self) -> str:
        """Dimension values and column joined by dots: `older_people.total_income_gbp_thousand`. Unique in a map."""
        return ".".join([value for _, value in self.dims] + [self.column])


@dataclass(frozen=True)
class Source:
    """A published file family as declared in one TOML file and its column map; `landing_page` shows it, if known."""

    code: str
    title: str
    publisher: str
    licence: str
    attribution: str
    kind: str
    table: str
    shape: str
    recognise: dict[str, Any]
    lines: tuple[Line, ...]
    sheets: dict[str, str] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    id_system: str = "none"
    id_header: str = ""
    id_accept: str = ""
    england: str = ""
    keys: tuple[Key, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    landing_page: str = ""

    @property
    def years(self) -> tuple[str, ...]:
        """Financial years (or `any`) for which at least one line has a locator, in the order of the map."""
        return tuple(dict.fromkeys(year for line in self.lines for year in line.locators))


def map_of(source: Source) -> str:
    """The name to print of a source's column map."""
    return printed("source", source.code).removesuffix(".toml") + "/columns.csv"


def _refuse_unknown(found: dict[str, Any], known: set[str], place: Place, what: str) -> None:
    unknown = sorted(set(found) - known)
    if unknown:
        raise DefinitionError(
            f"unknown {what} key '{unknown[0]}'",
            place=place,
            expected=perhaps(unknown[0], known),
            do="Correct the spelling or remove the key.",
        )


def _need(found: dict[str, Any], names: tuple[str, ...], place: Place) -> None:
    for name in names:
        if name not in found:
            raise DefinitionError(f"key '{name}' is missing", place=place, do="Add it.")


def _one_of(value: str, allowed: tuple[str, ...], place: Place, what: str) -> None:
    if value not in allowed:
        expected = "one of " + ", ".join(filter(None, allowed))
        raise DefinitionError(f"unknown {what}: '{value}'", place=place, expected=expected)


def load_table(path: Path) -> Table:
    """Read one table file strictly. Raises DefinitionError for anything it does not know."""
    place, found = Place(named(path)), read_toml(path)
    _refuse_unknown(found, set(Table.__dataclass_fields__), place, "table")
    _need(found, ("name", "title", "description", "layer", "key", "columns"), place)
    columns, known = list[Column](), set(Column.__dataclass_fields__)
    for entry in found["columns"]:
        _refuse_unknown(entry, known, place, "column")
        _need(entry, ("name", "type", "meaning"), place)
        _one_of(entry["type"], COLUMN_TYPES, place, f"type of column '{entry['name']}'")
        _one_of(entry.get("unit", ""), UNITS, place, f"unit of column '{entry['name']}'")
        declared: dict[str, Any] = {**entry, "enum": tuple(entry.get("enum", ()))}
        columns.append(Column(**declared))
    names = [column.name for column in columns]
    if len(set(names)) != len(names):
        raise DefinitionError("a column is declared twice", place=place)
    if found["name"] != path.stem:
        expected = f'name = "{path.stem}"'
        raise DefinitionError(f"the name '{found['name']}' differs from the file's", place=place, expected=expected)
    missing = [name for name in (*found["key"], *found.get("partitions", ())) if name not in names]
    if missing:
        raise DefinitionError(
            f"key or partition column '{missing[0]}' is not declared",
            place=place,
            expected=perhaps(missing[0], names),
            do=f"Add a [[columns]] entry '{missing[0]}', or take it out of the key.",
        )
    return Table(
        name=found["name"],
        title=found["title"],
        description=found["description"],
        layer=found["layer"],
        key=tuple(found["key"]),
        columns=tuple(columns),
        warnings=tuple(found.get("warnings", ())),
        partitions=tuple(found.get("partitions", ())),
    )


def _load_lines(path: Path, table: Table) -> tuple[Line, ...]:
    place = Place(named(path))
    rows = numbered_rows(path, ("column",), missing="Add it: one row for each line, one column for each year.")
    if not rows:
        raise DefinitionError("the column map is empty", place=place, do="Add a row for each line of the return.")
    heads = list(rows[0][1])
    years = [head for head in heads if YEAR.match(head)]
    dims = [head for head in heads if head not in years and head not in ("column", "note")]
    for head in dims:
        if head not in table.key:
            raise DefinitionError(
                f"map column '{head}' is neither a year nor a key of table '{table.name}'",
                place=Place(place.file, row=1),
                expected="a financial year such as 2014-15, 'any', 'note' or one of " + ", ".join(table.key),
            )
    lines: list[Line] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        here = Place(place.file, row=number, column="column")
        if row["column"] not in table.column_names:
            near = perhaps(row["column"], table.column_names)
            raise DefinitionError(f"table '{table.name}' has no column '{row['column']}'", place=here, expected=near)
        line = Line(
            dims=tuple((dim, row[dim]) for dim in dims),
            column=row["column"],
            locators={year: row[year].strip() for year in years if row[year].strip()},
            row=number,
        )
        if seen.setdefault(line.label, number) != number:
            what = f"line '{line.label}' stands in row {seen[line.label]} too"
            raise DefinitionError(what, place=here, expected="each line once")
        lines.append(line)
    return tuple(lines)


def load_source(path: Path, tables: dict[str, Table]) -> Source:
    """Read one source file and its column map strictly. Raises DefinitionError."""
    place, found = Place(named(path)), read_toml(path)
    known = set(Source.__dataclass_fields__) - {"lines"}
    _refuse_unknown(found, known, place, "source")
    _need(found, ("code", "title", "publisher", "licence", "attribution", "kind", "table", "shape", "recognise"), place)
    if found["code"] != path.stem:
        expected = f'code = "{path.stem}"'
        raise DefinitionError(f"code '{found['code']}' differs from the file's name", place=place, expected=expected)
    for section, names in SECTIONS.items():
        _refuse_unknown(found.get(section, {}), names, place, section)
    for name, allowed in (("shape", SHAPES), ("kind", ("return", "reference")), ("id_system", ID_SYSTEMS)):
        _one_of(found.get(name, "none"), allowed, place, name)
    need_address(found, "landing_page", place)
    if found["table"] not in tables:
        expected, do = perhaps(found["table"], tables), "Correct it, or add its TOML to the folder of tables."
        raise DefinitionError(f"table '{found['table']}' is not declared", place=place, expected=expected, do=do)
    table = tables[found["table"]]
    for name, entry in found.get("keys", {}).items():
        _refuse_unknown({name: entry}, set(table.column_names), place, "[keys]")
        _refuse_unknown(entry, {"header", "parse"}, place, f"[keys.{name}]")
        _need(entry, ("header",), place)
        _one_of(entry.get("parse", "text"), PARSES, place, f"parse of key '{name}'")
    keys = tuple(Key(column=name, **entry) for name, entry in found.pop("keys", {}).items())
    lines = _load_lines(path.parent / path.stem / "columns.csv", table)
    declared: dict[str, Any] = {**found, "keys": keys, "notes": tuple(found.get("notes", ())), "lines": lines}
    return Source(**declared)


@cache
def tables(folder: Path = TABLES) -> dict[str, Table]:
    """All declared tables by name. Raises DefinitionError for the first file that is wrong."""
    return {path.stem: load_table(path) for path in declarations(folder, "table")}


@cache
def sources(folder: Path = SOURCES, tables_folder: Path = TABLES) -> dict[str, Source]:
    """All declared sources by code. Raises DefinitionError for the first file that is wrong."""
    declared = tables(tables_folder)
    return {path.stem: load_source(path, declared) for path in declarations(folder, "source")}


def arrow_schema(table: Table) -> Any:
    """The Arrow schema of a table: declared columns, with unit and meaning as field metadata."""
    import pyarrow as pa

    types = {"string": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
    fields = [
        pa.field(column.name, types[column.type], metadata={"unit": column.unit, "meaning": column.meaning})
        for column in table.columns
    ]
    return pa.schema(fields, metadata={"table": table.name, "title": table.title})
