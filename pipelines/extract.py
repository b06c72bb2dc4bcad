"""The embedded figures: a standardised form written as one compact CSV with CSVW metadata, and read back without loss.

In: a `FormData`. Out: `<source>_<year>.csv` (keys, one column per line, shorthand letters for missing) and `<name>.csv-metadata.json`, which
carries the original's SHA-256, release, and the sheet, row and column of every value in compact form: a position that is the same for the
whole line stands in the metadata, one that differs by record stands in an extra column shared by all lines that have it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from pathlib import Path
from typing import Any

from pipelines.catalogue import Source, Table
from pipelines.errors import InputError, Place
from pipelines.form_data import Counts, FormData, LineData
from pipelines.read_tabular import read_bytes

METADATA = ".csv-metadata.json"
FORMAT = 1
DOUBTFUL = " [{}]"


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _text(value: Any, status: str) -> str:
    if value is None:
        return f"[{status or 'x'}]"
    text = _number(value) if isinstance(value, float) else str(value)
    return text + DOUBTFUL.format(status) if status else text


def _axis(values: list[int], axes: list[list[int]]) -> int | str:
    if len(set(values)) == 1:
        return values[0]
    if values not in axes:
        axes.append(values)
    return f"position_{axes.index(values) + 1}"


def file_name(form: FormData) -> str:
    """File name of a form's extract, unique within a release of the figures."""
    month = form.records.get("month", [])
    part = month[0] if month and len(set(month)) == 1 else form.financial_year
    return f"{form.source}_{part}" if part != "any" else form.source


def write_extract(form: FormData, source: Source, table: Table, folder: Path, *, name: str = "") -> Path:
    """Write a form's extract and metadata, each under a temporary name, then renamed. Returns the CSV's path."""
    name = name or file_name(form)
    axes: list[list[int]] = []
    columns: list[dict[str, Any]] = []
    for line in form.lines:
        declared = table.column(line.column)
        entry: dict[str, Any] = {"name": line.label, "datatype": "string" if declared.type == "string" else "number"}
        entry["dims"] = [list(dim) for dim in line.dims]
        entry |= {
            "column": line.column,
            "sheet": line.sheet,
            "source_row": _axis(line.rows, axes),
            "source_column": _axis(line.columns, axes),
        }
        if line.span != 1:
            entry["span"] = line.span
        if any(number != 1 for number in line.added):
            entry["added"] = _axis(line.added, axes)
        columns.append(entry)
    keys = list(form.records)
    head = [*keys, *(line.label for line in form.lines), *(f"position_{number}" for number in range(1, len(axes) + 1))]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(head)
    written = [
        [_text(value, status) for value, status in zip(line.values, line.statuses, strict=True)] for line in form.lines
    ]
    for index in range(form.size):
        writer.writerow(
            [
                *(form.records[key][index] for key in keys),
                *(line[index] for line in written),
                *(axis[index] for axis in axes),
            ]
        )
    metadata = {
        "@context": "http://www.w3.org/ns/csvw", "url": f"{name}.csv", "dc:title": source.title, "dc:publisher": source.publisher,
        "dc:license": source.licence, "dc:rights": source.attribution, "notes": list(source.notes),
        "ringfence:extract": {
            "format": FORMAT, "source": form.source, "financial_year": form.financial_year, "release": form.release,
            "file_name": form.file_name, "sha256": form.sha256, "keys": keys, "fixes": form.fixes,
            "rows": {"read": form.counts.read, "kept": form.counts.kept, "quarantined": form.counts.quarantined,
                     "out_of_scope": form.counts.out_of_scope, "not_data": form.counts.not_data},
        },
        "tableSchema": {"columns": [{"name": key, "datatype": "string"} for key in keys] + columns},
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / f"{name}{METADATA}", json.dumps(metadata, ensure_ascii=False, separators=(",", ":")) + "\n")
    return _write(folder / f"{name}.csv", stream.getvalue())


def _write(path: Path, text: str) -> Path:
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(text, encoding="utf-8", newline="")
    os.replace(temporary, path)
    return path


def metadata_path(path: Path) -> Path:
    """Where the metadata of an extract CSV stands."""
    return path.with_name(path.name.removesuffix(".csv") + METADATA)


def is_extract(path: Path) -> bool:
    """True when the file is one of our extracts: its metadata stands beside it."""
    return path.suffix == ".csv" and metadata_path(path).is_file()


def _value(text: str, kind: str, place: Place) -> tuple[Any, str]:
    status = ""
    if text.endswith("]") and text[-3:-2] == "[" and (kind != "string" or len(text) == 3):
        text, status = text[:-3].rstrip(), text[-2]
        if not text:
            return None, status
    if kind == "string":
        return text, status
    try:
        return float(text), status
    except ValueError:
        raise InputError(
            f"'{text}' is neither a number nor a missing mark such as [x]",
            place=place,
            expected="a number",
            do="Restore the extract, or write it again with `ringfence extract`.",
        ) from None


def read_extract(path: Path, tables: dict[str, Table], sources: dict[str, Source]) -> FormData:
    """Read an extract back into the same FormData the original gives. Raises InputError when CSV and metadata disagree."""
    data = read_bytes(path)
    place = Place(path.name)
    try:
        metadata = json.loads(metadata_path(path).read_text(encoding="utf-8"))
        about = metadata["ringfence:extract"]
        source = sources[about["source"]]
        described = metadata["tableSchema"]["columns"][len(about["keys"]) :]
    except (ValueError, KeyError, OSError) as error:
        raise InputError(
            f"its metadata cannot be read ({error})",
            place=place,
            do="Write the extract again with `ringfence extract`.",
        ) from error
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"))))
    head, body = rows[0], rows[1:]
    at = {name: index for index, name in enumerate(head)}
    wanted = [*about["keys"], *(entry["name"] for entry in described)]
    absent = [name for name in wanted if name not in at]
    ragged = [number for number, row in enumerate(body, 2) if len(row) != len(head)]
    if absent or ragged:
        raise InputError(
            f"column '{absent[0]}' is not there" if absent else "the row is cut short",
            place=Place(path.name, row=None if absent else ragged[0]),
            expected="the columns its metadata lists",
            do="Restore the extract, or write it again with `ringfence extract`.",
        )
    if len(body) != about["rows"]["kept"] and source.shape != "long" and source.shape != "lookup_count":
        raise InputError(
            f"{len(body)} rows are there",
            place=place,
            expected=f"{about['rows']['kept']} rows",
            do="Restore the extract.",
        )
    table = tables[source.table]

    def positions(found: int | str) -> list[int]:
        return [found] * len(body) if isinstance(found, int) else [int(row[at[found]]) for row in body]

    lines: list[LineData] = []
    for entry in described:
        index, kind = at[entry["name"]], table.column(entry["column"]).type
        read = [
            _value(row[index], kind, Place(path.name, row=number, column=entry["name"]))
            for number, row in enumerate(body, 2)
        ]
        lines.append(
            LineData(
                dims=tuple((name, value) for name, value in entry["dims"]),
                column=entry["column"],
                sheet=entry["sheet"],
                values=[value for value, _ in read],
                statuses=[status for _, status in read],
                rows=positions(entry["source_row"]),
                columns=positions(entry["source_column"]),
                span=entry.get("span", 1),
                added=positions(entry["added"]) if "added" in entry else [],
            )
        )
    return FormData(
        source=about["source"], table=source.table, financial_year=about["financial_year"], release=about["release"],
        file_name=about["file_name"], sha256=about["sha256"], input_sha256=hashlib.sha256(data).hexdigest(),
        records={key: [row[at[key]] for row in body] for key in about["keys"]}, lines=lines,
        counts=Counts(**about["rows"]), fixes=list(about["fixes"]),
    )  # fmt: skip
