"""The embedded figures, written: a standardised form as one compact CSV with CSVW metadata, from which it reads back.

In: a `FormData`. Out: `<source>_<year>.csv` (keys, one column per line, shorthand letters for missing) and
`<name>.csv-metadata.json`, which carries the original's SHA-256, release, and the sheet, row and column of every value
in compact form: a position that is the same for the whole line stands in the metadata, one that differs by record
stands in an extra column shared by all lines that have it.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from pipelines import lasting
from pipelines.cell_values import harmless
from pipelines.declarations.catalogue import Source, Table
from pipelines.declarations.extract_names import METADATA
from pipelines.shape.form_data import FormData, LineData

FORMAT = 1
DOUBTFUL = " [{}]"


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _text(value: Any, status: str) -> str:
    if value is None:
        return f"[{status or 'x'}]"
    text = _number(value) if isinstance(value, float) else harmless(str(value))
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
    """Write a form's extract and metadata, each under a temporary name, then renamed. Returns the CSV's path.

    Values keep the unit the form has them in. Raises DefinitionError when a line's column is not one of `table`.
    """
    name = name or file_name(form)
    axes: list[list[int]] = []
    columns = [_described(line, table, axes) for line in form.lines]
    metadata = _metadata(form, source, columns, name=name)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / f"{name}{METADATA}", json.dumps(metadata, ensure_ascii=False, separators=(",", ":")) + "\n")
    return _write(folder / f"{name}.csv", _csv_text(form, axes))


def _described(line: LineData, table: Table, axes: list[list[int]]) -> dict[str, Any]:
    """What the metadata says of one line; positions that differ by record are added to `axes`."""
    kind = table.column(line.column).type
    entry: dict[str, Any] = {
        "name": line.label,
        "datatype": "string" if kind == "string" else "number",
        "dims": [list(dim) for dim in line.dims],
        "column": line.column,
        "sheet": line.sheet,
        "source_row": _axis(line.rows, axes),
        "source_column": _axis(line.columns, axes),
    }
    if line.span != 1:
        entry["span"] = line.span
    if any(number != 1 for number in line.added):
        entry["added"] = _axis(line.added, axes)
    return entry


def _csv_text(form: FormData, axes: list[list[int]]) -> str:
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
                *(harmless(form.records[key][index]) for key in keys),
                *(line[index] for line in written),
                *(axis[index] for axis in axes),
            ]
        )
    return stream.getvalue()


def _metadata(form: FormData, source: Source, columns: list[dict[str, Any]], *, name: str) -> dict[str, Any]:
    keys = list(form.records)
    return {
        "@context": "http://www.w3.org/ns/csvw", "url": f"{name}.csv", "dc:title": source.title,
        "dc:publisher": source.publisher, "dc:license": source.licence, "dc:rights": source.attribution,
        "notes": list(source.notes),
        "ringfence:extract": {
            "format": FORMAT, "source": form.source, "financial_year": form.financial_year, "release": form.release,
            "file_name": form.file_name, "sha256": form.sha256, "keys": keys, "fixes": form.fixes,
            "rows": {"read": form.counts.read, "kept": form.counts.kept, "quarantined": form.counts.quarantined,
                     "out_of_scope": form.counts.out_of_scope, "not_data": form.counts.not_data},
        },
        "tableSchema": {"columns": [{"name": key, "datatype": "string"} for key in keys] + columns},
    }  # fmt: skip


def _write(path: Path, text: str) -> Path:
    return lasting.write_text(path, text)
