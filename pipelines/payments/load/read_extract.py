"""The embedded payments, read back: the same rows between the NHS and councils that the ledger gives.

In: the folder `write_extract` wrote. Out: the rows `flow.trace` takes, and the rows of `payment_source`. Refused: files
that do not fit each other.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

from pipelines.cell_values import hidden_in, printed_as
from pipelines.declarations.limits import Limits
from pipelines.errors import InputError, Place
from pipelines.financial_year import of_month
from pipelines.payments.file.amounts import LARGEST
from pipelines.payments.flow.both_sides import direction_of, row_schema, sorted_rows
from pipelines.payments.flow.flow import area_of
from pipelines.payments.load.write_extract import FORMAT, METADATA, SIGNS
from pipelines.read.read_tabular import read_bytes

PRINTED_SIGNS = {short: words for words, short in SIGNS.items()}

ADVICE = "Restore the folder, or write it again with `ringfence payments DIR --out OUT --extract TO`."


def is_extract(folder: Path) -> bool:
    """Whether a folder holds an extract of payments rather than original files."""
    return (folder / METADATA).is_file()


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    try:
        text = read_bytes(folder / name).decode("utf-8")
        if hidden_in(text):
            raise ValueError(f"the character {hidden_in(text)} must not be printed")
        read = csv.DictReader(io.StringIO(text), strict=True)
        return [{name: printed_as(cell or "") for name, cell in row.items()} for row in read]
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(f"it cannot be read ({error})", place=Place(name), do=ADVICE) from error


def _by_number(folder: Path, name: str, key: str) -> dict[str, dict[str, str]]:
    return {row[key]: row for row in _rows(folder, name)}


def read_extract(folder: Path) -> tuple[Any, list[dict[str, Any]]]:
    """(rows as `both_sides.between` gives them, sources). Raises InputError for files not as written."""
    try:
        told = json.loads(read_bytes(folder / METADATA))["ringfence:payments"]
        if told["format"] != FORMAT:
            raise ValueError(f"format {told['format']}")
        payments = _rows(folder, "payments.csv")
        if len(payments) != told["payments"]:
            raise ValueError(f"{len(payments)} payments, not {told['payments']}")
        return _read(folder, payments)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise InputError(
            f"the embedded payments do not fit each other ({error})", place=Place(folder.name), do=ADVICE
        ) from error


def read_extract_apart(folder: Path, _allowed: Limits) -> tuple[Any, list[dict[str, Any]]] | InputError:
    """The same for a reader in a process of its own, which gives its refusal back."""
    try:
        return read_extract(folder)
    except InputError as error:
        return error


def _read(folder: Path, payments: list[dict[str, str]]) -> tuple[Any, list[dict[str, Any]]]:
    import pyarrow as pa

    bodies, files = _by_number(folder, "bodies.csv", "body"), _by_number(folder, "files.csv", "file")
    payees, accounts = _by_number(folder, "payees.csv", "payee"), _by_number(folder, "accounts.csv", "account")
    rows: list[dict[str, Any]] = []
    for row in payments:
        file, payee = files[row["file"]], payees[row["payee"]]
        rows.append(_row(row, file, bodies[file["body"]], payee) | _words(accounts[row["account"]]))
    traced = Counter((row["source_file"], row["sheet"]) for row in rows)
    sources = [_source(file, bodies[file["body"]], traced) for file in files.values()]
    return sorted_rows([pa.Table.from_pylist(rows, schema=row_schema())]), sources


def _row(row: dict[str, str], file: dict[str, str], body: dict[str, str], payee: dict[str, str]) -> dict[str, Any]:
    period = row["period"] or row["date"][:7]
    made: dict[str, Any] = {
        "record_id": f"{file['file_sha256'][:12]}:{file['sheet_number']}:{row['source_row']}",
        "body_type": body["publisher_kind"], "body_code": body["publisher_code"], "body_name": body["publisher"],
        "supplier_kind": payee["supplier_kind"], "supplier_org_code": payee["supplier_org_code"],
        "supplier_org_name": payee["supplier_org_name"], "supplier_raw": payee["supplier_raw"],
        "supplier_area_code": area_of(payee["supplier_org_code"]),
        "supplier_match_score": float(payee["supplier_match_score"]),
        "financial_year": row["financial_year"] or of_month(period), "period": period, "date": row["date"],
        "transaction_number": row["transaction_number"], "amount_gbp": float(row["amount_gbp"]),
        "sign_source": PRINTED_SIGNS[row["signs"]], "source_file": file["source_file"], "sheet": file["sheet"],
        "source_row": int(row["source_row"]),
    }  # fmt: skip
    direction = direction_of(made["body_type"], made["supplier_kind"])
    if not abs(made["amount_gbp"]) < LARGEST:
        raise ValueError(f"'{row['amount_gbp']}' is no amount")
    if not direction:
        raise ValueError(f"'{payee['supplier_raw']}' is no public body of the other side")
    return made | {"direction": direction}


def _words(account: dict[str, str]) -> dict[str, str]:
    return {name: account[name] for name in ("expense_area", "expense_type", "department", "purpose")}


def _source(file: dict[str, str], body: dict[str, str], traced: Counter[tuple[str, str]]) -> dict[str, Any]:
    return {
        **{name: file[name] for name in ("source_file", "sheet", "file_sha256", "form", "amount_column")},
        **{name: value for name, value in body.items() if name != "body"},
        "rows_read": int(file["rows_read"]), "rows_kept": int(file["rows_kept"]),
        "rows_traced": traced[file["source_file"], file["sheet"]],
    }  # fmt: skip
