"""One passing and one failing example of every type that a suite may name.

In: `examples.yaml`. Out: frozen `Example` records whose rows are complete, and the made-up tables they stand in. The
reference page prints them and a test runs them, so what the page says is what happens. Refused, with file and line: an
unknown key, a type that suites may not use, a type without an example.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from expectations.records.checks import INFO, MARK, REPORT, WARNING, Check, Outcome
from expectations.records.table_frames import Frames, next_year
from expectations.suite.custom_checks import CUSTOM_TYPES
from expectations.suite.gx_types import GX_TYPES
from expectations.suite.yaml_lines import Node, read_yaml
from pipelines.declarations.catalogue import Column, Table, arrow_schema, tables
from pipelines.errors import DefinitionError, Place

FILE = Path(__file__).parent / "examples.yaml"
KEYS = ("type", "says", "kwargs", "passing", "failing", "fails", "others", "table")
FIRST_YEAR = "2011-12"
COMMON = ("record_id", "financial_year", "authority_code", "area_code", "release")
Rows = list[dict[str, Any]]


def _table(name: str, texts: tuple[str, ...], numbers: tuple[str, ...], key: tuple[str, ...]) -> Table:
    columns = [Column(item, "string", item) for item in (*COMMON, *texts)] + [
        Column(item, "float", item) for item in numbers
    ]
    return Table(name, name, "Made up for examples.", "core", key, tuple(columns))


KEY = ("financial_year", "authority_code")
TABLES = {
    "example": _table("example", ("word",), ("total", "part", "other_part", "opening", "closing"), KEY),
    "other_return": _table("other_return", (), ("figure",), KEY),
    "area": _table("area", (), (), ("area_code",)),
}
WITH_WORDS = (*KEY, "word")


@dataclass(frozen=True)
class Example:
    """A type, what it says, arguments, and rows that pass and fail; `fails` are the records the failing rows name."""

    type: str
    says: str
    kwargs: dict[str, Any]
    passing: Rows
    failing: Rows
    fails: tuple[str, ...]
    others: dict[str, Rows] = field(default_factory=dict[str, Rows])
    line: int = 0
    table: str = "example"


def load_examples(path: Path = FILE) -> tuple[Example, ...]:
    """All examples in file order. Raises DefinitionError."""
    root = read_yaml(path.read_text(encoding="utf-8"), path.name)
    made = tuple(_example(node, path.name) for node in (root.entries() if root else []))
    found = [item.type for item in made]
    without = [kind for kind in (*GX_TYPES, *CUSTOM_TYPES) if found.count(kind) != 1]
    if without:
        raise DefinitionError(f"type '{without[0]}' has no example, or two", place=Place(path.name), do="Give it one.")
    return made


def _example(node: Node, name: str) -> Example:
    given = {key: item.plain() for key, item in node.items()}
    unknown = sorted(set(given) - set(KEYS))
    if unknown or given.get("type") not in {*GX_TYPES, *CUSTOM_TYPES}:
        what = f"unknown key '{unknown[0]}'" if unknown else f"unknown type '{given.get('type')}'"
        raise DefinitionError(what, place=Place(name, line=node.line))
    kind = str(given["type"])
    says = str(given.get("says") or _first_paragraph(kind))
    return Example(
        type=kind,
        says=says,
        kwargs=given["kwargs"],
        passing=_complete(given["passing"]),
        failing=_complete(given["failing"]),
        fails=tuple(given.get("fails", ())),
        others={table: _complete(rows) for table, rows in given.get("others", {}).items()},
        line=node.line,
        table=given.get("table", "example"),
    )


def _first_paragraph(kind: str) -> str:
    """What a domain check says of itself."""
    text = (CUSTOM_TYPES[kind].run.__doc__ or "").split("\n\n")[0]
    return " ".join(text.split()) if kind in CUSTOM_TYPES else ""


def _complete(given: Any) -> Rows:
    """Rows with every key; `{years: {E0101: [..]}, column: c}` becomes a row per authority and year."""
    rows: Rows = []
    if isinstance(given, dict):
        for authority, values in given["years"].items():
            year = FIRST_YEAR
            for value in values:
                about = {"record_id": f"{authority}/{year}", "authority_code": authority, "financial_year": year}
                rows.append({**about, given["column"]: value})
                year = next_year(year)
    else:
        rows = [dict(row) for row in given]
    for number, row in enumerate(rows, start=1):
        usual = {
            "record_id": f"r{number}",
            "authority_code": f"E{100 + number:04d}",
            "area_code": f"A{number}",
            "financial_year": "2014-15",
            "release": "final",
        }
        row.update({name: row.get(name, value) for name, value in usual.items()})
    return rows


def run_example(example: Example, rows: Rows) -> Outcome:
    """How the example's check ends on `rows`."""
    import pyarrow as pa

    declared = dict(TABLES if example.table in TABLES else tables())
    if example.kwargs.get("dimension") == "word" or example.type == "sum_between":
        table = declared["example"]
        declared["example"] = Table(table.name, table.title, "", table.layer, WITH_WORDS, table.columns)
    held: dict[str, Any] = {}
    for name, content in {example.table: rows, **example.others}.items():
        schema = arrow_schema(declared[name])
        columns = {item.name: [row.get(item.name) for row in content] for item in schema}
        held[name] = pa.table(columns, schema=schema)
    frames = Frames(held=held, declared=declared)
    severity, action = (WARNING, MARK) if example.fails else (INFO, REPORT)
    origin = "gx" if example.type in GX_TYPES else "domain"
    check = Check(example.table, "EXAMPLE", example.type, example.kwargs, severity, action, example.says, origin=origin)
    if origin == "gx":
        from expectations.gx.adapter import run_gx

        return run_gx((check,), frames)[0]
    from expectations.suite.custom_checks import run_custom

    return run_custom(check, frames)
