"""From standardised forms to Parquet: one wide table per form, the ledger of every value, the account of files, the
quarantine.

In: `FormData` of all files. Out: Parquet in a folder. Two files that feed one table are joined; a record keeps its file
and release, so an earlier release is never overwritten by a later one.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from pipelines.areas.authorities import directory
from pipelines.declarations.catalogue import Table, arrow_schema, sources, tables
from pipelines.declarations.parquet import write_table
from pipelines.shape.form_data import FormData, SetAside


def wide_columns(table: Table, forms: list[FormData]) -> dict[str, list[Any]]:
    """Columns of a wide table: one row per record and combination of dimension values."""
    who = directory().by_code
    made: dict[str, list[Any]] = {name: [] for name in table.column_names}
    for form in forms:
        groups: dict[tuple[tuple[str, str], ...], list[Any]] = defaultdict(list)
        for line in form.lines:
            groups[line.dims].append(line)
        for dims, lines in groups.items():
            size = form.size
            known: dict[str, list[Any]] = {"financial_year": [form.financial_year] * size, **form.records}
            known |= {name: [value] * size for name, value in dims}
            known["record_id"] = form.record_ids(dims, table.key)
            known["release"], known["file_sha256"] = [form.release] * size, [form.sha256] * size
            if "authority_code" in known:
                known["area_code"] = [who[code].area_code if code in who else None for code in known["authority_code"]]
            known |= {line.column: line.values for line in lines}
            for name, column in made.items():
                column.extend(known.get(name) or [None] * size)
    return made


def write_ledger(forms: list[FormData], folder: Path) -> Path:
    """Write `ledger.parquet`: a row group per file, in the order given, so a reader can pick one table."""
    import pyarrow.parquet as pq

    schema = arrow_schema(tables()["ledger"])
    path, temporary = folder / "ledger.parquet", folder / "ledger.parquet.part"
    with pq.ParquetWriter(temporary, schema, compression="zstd", compression_level=1) as writer:
        for form in forms:
            table = _ledger_of(form, schema)
            if table.num_rows:
                writer.write_table(table)
    temporary.replace(path)
    return path


def _ledger_of(form: FormData, schema: Any) -> Any:
    """The ledger rows of one file, line after line; what is the same for a whole line is repeated, not built."""
    import pyarrow as pa

    table = tables()[form.table]
    identities: dict[tuple[tuple[str, str], ...], Any] = {}
    parts: list[Any] = []
    for line in form.lines:
        size = len(line.values)
        if line.dims not in identities:
            identities[line.dims] = pa.array(form.record_ids(line.dims, table.key), pa.string())
        text = table.column(line.column).type == "string"
        columns = {
            "table": pa.repeat(form.table, size),
            "record_id": identities[line.dims],
            "column": pa.repeat(line.column, size),
            "value": pa.nulls(size, pa.float64()) if text else pa.array(line.values, pa.float64()),
            "text": pa.array(line.values, pa.string()) if text else pa.nulls(size, pa.string()),
            "status": pa.array(line.statuses, pa.string()) if any(line.statuses) else pa.repeat("", size),
            "file_sha256": pa.repeat(form.sha256, size),
            "sheet": pa.repeat(line.sheet, size),
            "row": pa.array([row or None for row in line.rows], pa.int64()),
            "cell": pa.array(line.cells(), pa.string()),
        }
        parts.append(pa.Table.from_arrays([columns[name] for name in schema.names], schema=schema))
    return pa.concat_tables(parts).combine_chunks() if parts else schema.empty_table()


def source_rows(forms: list[FormData]) -> dict[str, list[Any]]:
    """Columns of `source_file`: one row per file with the account of its rows."""
    declared = sources()
    made: dict[str, list[Any]] = {name: [] for name in tables()["source_file"].column_names}
    for form in forms:
        source, counts = declared[form.source], form.counts
        missing = sum(line.values.count(None) for line in form.lines)
        row = {
            "file_sha256": form.sha256, "input_sha256": form.input_sha256, "file_name": form.file_name,
            "source": form.source, "table": form.table, "financial_year": form.financial_year,
            "publisher": source.publisher, "title": source.title, "licence": source.licence,
            "landing_page": source.landing_page, "release": form.release,
            "rows_read": counts.read, "rows_kept": counts.kept, "rows_quarantined": counts.quarantined,
            "rows_out_of_scope": counts.out_of_scope, "rows_not_data": counts.not_data,
            "values_kept": sum(len(line.values) for line in form.lines) - missing,
            "values_missing": missing,
            "fixes": "; ".join(form.fixes),
        }  # fmt: skip
        for name, column in made.items():
            column.append(row[name])
    return made


def quarantine_rows(forms: list[FormData]) -> dict[str, list[Any]]:
    """Columns of `quarantine` for rows and values set aside while loading."""
    made: dict[str, list[Any]] = {name: [] for name in tables()["quarantine"].column_names}
    for form in forms:
        for item in form.aside:
            record, column = _record_of(form, item)
            row = {
                "table": form.table, "record_id": record, "check_code": item.rule, "column": column,
                "value": item.value, "reason": item.reason,
                "file_name": form.file_name, "file_sha256": form.sha256, "sheet": item.place.sheet,
                "row": item.place.row, "column_letter": item.place.column,
            }  # fmt: skip
            for name, column in made.items():
                column.append(row.get(name))
    return made


def _record_of(form: FormData, item: SetAside) -> tuple[str, str]:
    """Record and column of what was set aside; where a whole row was, its file and row stand for the record."""
    line = next((line for line in form.lines if line.label == item.column), None)
    if item.whole_row or item.record is None or line is None:
        return f"{form.table}/{form.file_name}/{item.place.row}", ""
    return form.record_ids(line.dims, tables()[form.table].key)[item.record], line.column


def write_tables(forms: list[FormData], folder: Path) -> None:
    """Write every table the forms feed, the ledger, the account of files and the quarantine."""
    ordered = sorted(forms, key=lambda form: (form.table, form.financial_year, form.source, form.sha256))
    by_table: dict[str, list[FormData]] = defaultdict(list)
    for form in ordered:
        by_table[form.table].append(form)
    for name, given in by_table.items():
        write_table(name, wide_columns(tables()[name], given), folder)
    write_table("source_file", source_rows(ordered), folder)
    write_table("quarantine", quarantine_rows(ordered), folder)
    write_ledger(ordered, folder)
