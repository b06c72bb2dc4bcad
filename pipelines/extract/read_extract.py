"""The embedded figures, read back without loss: an extract's CSV and CSVW metadata to the form they were written from.

In: `<name>.csv` and the `<name>.csv-metadata.json` beside it, as `write_extract` lays them out. Out: a `FormData` with
the original's SHA-256, release and the source cell of every value. Refused: an extract whose CSV and metadata disagree.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from pipelines.cell_values import hidden_in, printed_as
from pipelines.declarations.catalogue import Source, Table
from pipelines.declarations.extract_names import METADATA
from pipelines.errors import InputError, Place
from pipelines.read.read_tabular import read_bytes
from pipelines.shape.form_data import Counts, FormData, LineData

# What `write_extract` writes, and nothing else that `float` would take: no spaces, underscores, words or other digits.
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]\d{1,3})?", re.ASCII)


def metadata_path(path: Path) -> Path:
    """Where the metadata of an extract CSV stands."""
    return path.with_name(path.name.removesuffix(".csv") + METADATA)


def is_extract(path: Path) -> bool:
    """True when the file is one of our extracts: its metadata stands beside it."""
    return path.suffix == ".csv" and metadata_path(path).is_file()


def _value(text: str, kind: str) -> tuple[Any, str]:
    """Value and status letter of a cell. Raises ValueError when it is neither a number nor a missing mark."""
    status = ""
    if text.endswith("]") and text[-3:-2] == "[" and (kind != "string" or len(text) == 3):
        text, status = text[:-3].rstrip(), text[-2]
        if not text:
            return None, status
    if kind != "string" and not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return (printed_as(text) if kind == "string" else float(text)), status


def _values(texts: Sequence[str], kind: str, place: Place) -> tuple[list[Any], list[str]]:
    """Values and status letters of a column; most columns hold nothing but numbers and take the short way."""
    if kind != "string" and all(map(_NUMBER.fullmatch, texts)):
        return list(map(float, texts)), [""] * len(texts)
    values: list[Any] = []
    statuses: list[str] = []
    for number, text in enumerate(texts, 2):
        try:
            value, status = _value(text, kind)
        except ValueError:
            raise InputError(
                f"'{text}' is neither a number nor a missing mark such as [x]",
                place=Place(place.file, row=number, column=place.column),
                expected="a number",
                do="Restore the extract, or write it again with `ringfence extract`.",
            ) from None
        values.append(value)
        statuses.append(status)
    return values, statuses


def read_extract(path: Path, tables: dict[str, Table], sources: dict[str, Source]) -> FormData:
    """Read an extract back into the same FormData the original gives; only `input_sha256`, the CSV's own, differs.

    Raises InputError when the file or its metadata cannot be read, or the two disagree.
    """
    data = read_bytes(path)
    source, about, described = _read_metadata(path, sources)
    text = _text(data, path.name)
    hidden = hidden_in(text) or next(filter(None, map(hidden_in, _texts([about, described]))), "")
    if hidden:
        raise InputError(
            f"it holds the character {hidden}, which must not be printed",
            place=Place(path.name),
            do="Write the extract again with `ringfence extract`.",
        )
    size, columns = _read_columns(path, text, [*about["keys"], *(entry["name"] for entry in described)])
    if size != about["rows"]["kept"] and source.shape != "long" and source.shape != "lookup_count":
        raise InputError(
            f"{size} rows are there",
            place=Place(path.name),
            expected=f"{about['rows']['kept']} rows",
            do="Restore the extract.",
        )
    table = tables[source.table]
    return FormData(
        source=about["source"], table=source.table, financial_year=about["financial_year"], release=about["release"],
        file_name=about["file_name"], sha256=about["sha256"], input_sha256=hashlib.sha256(data).hexdigest(),
        records={key: list(map(printed_as, columns[key])) for key in about["keys"]},
        lines=[_read_line(entry, table, columns, size, name=path.name) for entry in described],
        counts=Counts(**about["rows"]), fixes=list(about["fixes"]),
    )  # fmt: skip


def _text(data: bytes, name: str) -> str:
    """The extract's text, without the byte-order mark a spreadsheet puts before it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "it is not UTF-8 text",
            place=Place(name),
            expected="an extract as `ringfence extract` writes it",
            do="Save it as CSV (comma delimited), UTF-8, or write it again.",
        ) from error


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in cast("dict[str, Any]", value).values() if isinstance(value, dict) else cast("list[Any]", value):
            yield from _texts(item)


def _read_metadata(path: Path, sources: dict[str, Source]) -> tuple[Source, dict[str, Any], list[dict[str, Any]]]:
    """The source, what the metadata says of the whole extract, and what it says of each line."""
    try:
        metadata = json.loads(read_bytes(metadata_path(path)))
        about = metadata["ringfence:extract"]
        return sources[about["source"]], about, metadata["tableSchema"]["columns"][len(about["keys"]) :]
    except (ValueError, KeyError, OSError) as error:
        raise InputError(
            f"its metadata cannot be read ({error})",
            place=Place(path.name),
            do="Write the extract again with `ringfence extract`.",
        ) from error


def _read_columns(path: Path, text: str, wanted: list[str]) -> tuple[int, dict[str, Sequence[str]]]:
    """Number of rows below the header, and every column by name."""
    head, *body = csv.reader(io.StringIO(text))
    absent = [name for name in wanted if name not in head]
    ragged = [number for number, row in enumerate(body, 2) if len(row) != len(head)]
    if absent or ragged:
        raise InputError(
            f"column '{absent[0]}' is not there" if absent else f"the row has {len(body[ragged[0] - 2])} cells",
            place=Place(path.name, row=1 if absent else ragged[0]),
            expected="the columns its metadata lists" if absent else f"{len(head)} cells, as the header has",
            do="Restore the extract, or write it again with `ringfence extract`.",
        )
    columns: list[Sequence[str]] = list(zip(*body, strict=True)) if body else [()] * len(head)
    return len(body), dict(zip(head, columns, strict=True))


def _read_line(
    entry: dict[str, Any], table: Table, columns: dict[str, Sequence[str]], size: int, *, name: str
) -> LineData:
    kind = table.column(entry["column"]).type
    values, statuses = _values(columns[entry["name"]], kind, Place(name, column=entry["name"]))

    def positions(found: int | str) -> list[int]:
        return [found] * size if isinstance(found, int) else list(map(int, columns[found]))

    return LineData(
        dims=tuple((dim, value) for dim, value in entry["dims"]),
        column=entry["column"],
        sheet=entry["sheet"],
        values=values,
        statuses=statuses,
        rows=positions(entry["source_row"]),
        columns=positions(entry["source_column"]),
        span=entry.get("span", 1),
        added=positions(entry["added"]) if "added" in entry else [],
    )
