"""The embedded payments, written: those between the NHS and councils, as five small CSV files that refer to each other.

In: a ledger of payments and the folder it was loaded from. Out: `payments.csv` (one row per payment) with `files.csv`,
`bodies.csv`, `payees.csv` and `accounts.csv`, to whose numbers it refers, and `payments-metadata.json`. Only payments
to a payee known for a public body are written, so no private person is among them; free words of rows in a
personal-health-budget cost centre are left out. No tiers: the rules are applied when the extract is read.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.cell_values import harmless
from pipelines.errors import InputError, Place
from pipelines.financial_year import of_month
from pipelines.lasting import write_text
from pipelines.payments.flow.both_sides import between
from pipelines.payments.flow.flow_sums import SIGNS_LOST
from pipelines.payments.flow.publications import marked, read_list, source_rows

FORMAT = 1
METADATA = "payments-metadata.json"
TITLE = "Payments between the NHS and councils, as published"
NOTES = (
    "A small part of what was published: the files held, and in them only payments between NHS bodies and councils.",
    "Amounts as printed. A row is ticked back to its source by file, sheet and row; columns are those of the file.",
)
ACCOUNT = ("expense_area", "expense_type", "department", "purpose")
PAYEE = ("supplier_raw", "supplier_kind", "supplier_org_code", "supplier_org_name", "supplier_match_score")
BODY = ("publisher", "publisher_kind", "publisher_code", "publication", "licence", "attribution", "copy_state")
FILE = (
    "file",
    "source_file",
    "sheet",
    "sheet_number",
    "file_sha256",
    "body",
    "form",
    "amount_column",
    "rows_read",
    "rows_kept",
)
PAYMENT = ("file", "source_row", "date", "period", "financial_year", "payee", "account", "amount_gbp",
           "transaction_number", "signs")  # fmt: skip
SIGNS = {"as printed": "", "no negatives in the file": "none", SIGNS_LOST: "lost"}
Row = Mapping[str, Any]


def _numbered(rows: Iterable[Row], names: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Every distinct combination of `names` in order, with its number from 1."""
    found = sorted({tuple(_text(row[name]) for name in names) for row in rows})
    return {key: number for number, key in enumerate(found, 1)}


def _text(value: Any) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)


def _csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([harmless(value) if isinstance(value, str) else _text(value) for value in row] for row in rows)
    return stream.getvalue()


def extract_texts(ledger: Path, folder: Path) -> dict[str, str]:
    """The six files of the extract by name, from a ledger that was loaded from `folder`."""
    listed = read_list(folder)
    traced = marked(between(ledger), listed)
    files, rows = source_rows(ledger, traced, listed), traced.to_pylist()
    sheet_numbers = {(row["source_file"], row["sheet"]): row["record_id"].split(":")[1] for row in rows}
    _check_one_body(rows)
    bodies, payees, accounts = _numbered(files, BODY), _numbered(rows, PAYEE), _numbered(rows, ACCOUNT)
    places = {(file["source_file"], file["sheet"]): number for number, file in enumerate(files, 1)}
    written_files = [
        {**file, "file": at, "sheet_number": sheet_numbers[file["source_file"], file["sheet"]],
         "body": bodies[tuple(_text(file[name]) for name in BODY)]}
        for at, file in enumerate(files, 1)
    ]  # fmt: skip
    payments = sorted(
        (places[row["source_file"], row["sheet"]], row["source_row"], row["date"], *_when(row),
         payees[tuple(_text(row[name]) for name in PAYEE)], accounts[tuple(_text(row[name]) for name in ACCOUNT)],
         row["amount_gbp"], row["transaction_number"], SIGNS[row["sign_source"]])
        for row in rows
    )  # fmt: skip
    made = {
        "payments.csv": _csv(PAYMENT, payments),
        "files.csv": _csv(FILE, ([file[name] for name in FILE] for file in written_files)),
        "bodies.csv": _csv(("body", *BODY), ([number, *key] for key, number in bodies.items())),
        "payees.csv": _csv(("payee", *PAYEE), ([number, *key] for key, number in payees.items())),
        "accounts.csv": _csv(("account", *ACCOUNT), ([number, *key] for key, number in accounts.items())),
    }  # fmt: skip
    return made | {METADATA: _metadata(made, len(payments))}


def _check_one_body(rows: Iterable[Row]) -> None:
    """Refuse sheets of several payers, or of tables side by side: the extract tells the payer and table by sheet."""
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for row in rows:
        told = row["body_name"], row["record_id"].split(":")[1]
        found.setdefault((row["source_file"], row["sheet"]), set()).add(told)
    for (name, sheet), told in sorted(found.items()):
        if len(told) > 1:
            raise InputError(
                "its payments are of several bodies or tables, which the extract cannot hold",
                place=Place(name, sheet),
                do="Put the payments of each body in a file of its own, or leave the file out.",
            )


def _when(row: Row) -> tuple[str, str]:
    """(period, financial year) where they do not follow from the date and the period."""
    month = row["date"][:7]
    period = row["period"]
    year = row["financial_year"]
    return "" if period == month else period, "" if period and of_month(period) == year else year


def _metadata(made: Mapping[str, str], payments: int) -> str:
    heads = {name: text.split("\n", 1)[0].split(",") for name, text in made.items()}
    described = [{"url": name, "tableSchema": {"columns": [{"name": column} for column in head]}}
                 for name, head in heads.items()]  # fmt: skip
    told = {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": TITLE,
        "notes": list(NOTES),
        "ringfence:payments": {"format": FORMAT, "payments": payments},
        "tables": described,
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def write_extract(ledger: Path, folder: Path, to: Path) -> list[Path]:
    """Write the extract to `to`, each file under a temporary name, then renamed. Returns the paths, sorted."""
    to.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, text in extract_texts(ledger, folder).items():
        written.append(write_text(to / name, text))
    return sorted(written)
