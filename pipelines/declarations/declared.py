"""What a declaration says, as frozen records: tables with their columns, sources with the lines of their column maps.

In: nothing; `read_declarations.py` makes the records from files. Out: the records, and the words a declaration may use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipelines.declarations.declared_files import perhaps
from pipelines.declarations.declared_folders import printed
from pipelines.errors import DefinitionError

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

    `row` is its row in the column map; figures are multiplied by `scale` where the map gives it one of its own.
    """

    dims: tuple[tuple[str, str], ...]
    column: str
    locators: dict[str, str]
    row: int = 0
    scale: float | None = None

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

    def scale_of(self, line: Line) -> float:
        """What the figures of a line are multiplied by to be in the unit of its column: its own scale, else ours."""
        return line.scale if line.scale is not None else float(self.options.get("scale", 1.0))

    @property
    def years(self) -> tuple[str, ...]:
        """Financial years (or `any`) for which at least one line has a locator, in the order of the map."""
        return tuple(dict.fromkeys(year for line in self.lines for year in line.locators))


def map_of(source: Source) -> str:
    """The name to print of a source's column map."""
    return printed("source", source.code).removesuffix(".toml") + "/columns.csv"
