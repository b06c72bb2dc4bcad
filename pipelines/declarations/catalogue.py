"""All declared tables and sources, read once: `tables/*.toml`, `sources/*.toml` and their column maps.

In: the declaration files. Out: frozen records used by every other room, and the Arrow schemas that follow from them.
The one door to the declarations: `read_declarations.py` refuses what is wrong in them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pipelines.declarations.declared import (
    COLUMN_TYPES,
    ID_SYSTEMS,
    LINEAGE_COLUMNS,
    PARSES,
    SECTIONS,
    SHAPES,
    UNITS,
    Column,
    Key,
    Line,
    Source,
    Table,
    map_of,
)
from pipelines.declarations.declared_folders import declarations
from pipelines.declarations.read_declarations import load_source, load_table, read_all
from pipelines.places import ROOT

__all__ = [
    "COLUMN_TYPES", "ID_SYSTEMS", "LINEAGE_COLUMNS", "PARSES", "SECTIONS", "SHAPES", "SOURCES", "TABLES", "UNITS",
    "Column", "Key", "Line", "Source", "Table", "arrow_schema", "load_source", "load_table", "map_of", "sources",
    "tables",
]  # fmt: skip
TABLES = ROOT / "pipelines" / "tables"
SOURCES = ROOT / "pipelines" / "sources"


@cache
def tables(folder: Path = TABLES) -> dict[str, Table]:
    """All declared tables by name. Raises DefinitionError, which tells of every file that is wrong."""
    return read_all(declarations(folder, "table"), load_table)


@cache
def sources(folder: Path = SOURCES, tables_folder: Path = TABLES) -> dict[str, Source]:
    """All declared sources by code. Raises DefinitionError, which tells of every file that is wrong."""
    declared = tables(tables_folder)
    return read_all(declarations(folder, "source"), lambda path: load_source(path, declared))


def arrow_schema(table: Table) -> Any:
    """The Arrow schema of a table: declared columns, with unit and meaning as field metadata."""
    import pyarrow as pa

    types = {"string": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
    fields = [
        pa.field(column.name, types[column.type], metadata={"unit": column.unit, "meaning": column.meaning})
        for column in table.columns
    ]
    return pa.schema(fields, metadata={"table": table.name, "title": table.title})
