"""The files that traced payments come from: publisher, licence and how far the copy is from what was published.

In: the table `payment_file` of a ledger, the table `payment_flow`, and the list `SOURCES.csv` that may stand beside
the files (columns `path`, `licence`, `source_state`). Out: rows of `payment_source`. What no list states is said to be
not stated.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.errors import InputError, Place
from pipelines.payments.flow.both_sides import plain
from pipelines.payments.flow.flow_sums import SIGNS_LOST
from pipelines.payments.words.organisations import NHS_KINDS
from pipelines.payments.words.texts import arrow_compute
from pipelines.read.find_files import LIST
from pipelines.read.read_tabular import read_bytes

MOST_BYTES = 16_777_216
NOT_STATED = "not stated"
OPEN = re.compile(r"\bOGL\b|Open Government", re.IGNORECASE)
ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0 ({publisher})."
SOUND_SINCE = "2021-22"
PLAIN = "Published by {publisher}."
AMOUNT_FIELD = {"net": "amount_net", "gross": "amount_gross", "unknown": "amount"}


def read_list(folder: Path) -> dict[str, dict[str, str]]:
    """Rows of `SOURCES.csv` by path below the folder; none where there is no list, or a link, which is named elsewhere.

    Raises InputError for a list that cannot be read.
    """
    path = folder / LIST
    if path.is_symlink() or not path.is_file():
        return {}
    if path.lstat().st_size > MOST_BYTES:
        raise InputError("the list of files is too long", place=Place(LIST), expected=f"at most {MOST_BYTES:,} bytes")
    text = read_bytes(path).decode("utf-8-sig", errors="replace")
    try:
        rows = [{name: cell or "" for name, cell in row.items()} for row in csv.DictReader(io.StringIO(text))]
    except csv.Error as error:
        raise InputError(f"the list of files cannot be read ({error})", place=Place(LIST), do="Mend it.") from error
    return {row["path"]: row for row in rows if row.get("path")}


def marked(rows: Any, listed: Mapping[str, Mapping[str, str]]) -> Any:
    """Rows of the ledger, those from copies of which the list says that minus signs may be lost marked so.

    Such copies of years before 2021-22 lost them for certain elsewhere, and are never added up.
    """
    import pyarrow as pa

    pc = arrow_compute()
    names = [name for name, said in listed.items() if "minus sign" in said.get("source_state", "")]
    said = plain(rows, ["sign_source", "source_file", "financial_year"])
    lost = pc.is_in(said["source_file"], value_set=pa.array(names, pa.string()))
    lost = pc.and_(lost, pc.less(said["financial_year"], SOUND_SINCE))
    signs = pc.if_else(lost, SIGNS_LOST, said["sign_source"]).dictionary_encode()
    return rows.set_column(rows.schema.get_field_index("sign_source"), "sign_source", signs)


def amount_column(record: Mapping[str, Any]) -> str:
    """The letter of the column the amounts of a file were read from; a PDF has lines, not columns."""
    if record["form"] == "pdf":
        return ""
    used = dict(pair.split("=", 1) for pair in str(record["columns"] or "").split(", ") if "=" in pair)
    return used.get(AMOUNT_FIELD.get(str(record["amount_basis"]), ""), "")


def publication(kind: str) -> str:
    """What bodies of a kind publish."""
    return "Payments over £25,000" if kind in NHS_KINDS else "Payments to suppliers"


def rows_by_sheet(rows: Any) -> dict[tuple[str, str], int]:
    """How many rows of a table are from each file and sheet, sorted."""
    counted = plain(rows, ["source_file", "sheet"]).group_by(["source_file", "sheet"]).aggregate([([], "count_all")])
    return dict(sorted(((row["source_file"], row["sheet"]), row["count_all"]) for row in counted.to_pylist()))


def source_rows(ledger: Path, flow: Any, listed: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """Rows of `payment_source`, one per file and sheet of the flow, sorted."""
    import pyarrow.parquet as pq

    records = {record["source_file"]: record for record in pq.read_table(ledger / "payment_file.parquet").to_pylist()}
    return [_row(records[name], sheet, number, listed.get(name, {}))
            for (name, sheet), number in rows_by_sheet(flow).items()]  # fmt: skip


def _row(record: Mapping[str, Any], sheet: str, traced: int, said: Mapping[str, str]) -> dict[str, Any]:
    publisher, licence = str(record["body_name"]), said.get("licence") or NOT_STATED
    words = ATTRIBUTION if OPEN.search(licence) and not licence.startswith(NOT_STATED) else PLAIN
    return {
        "source_file": record["source_file"], "sheet": sheet, "file_sha256": record["file_sha256"],
        "publisher": publisher, "publisher_kind": record["body_type"], "publisher_code": record["body_code"],
        "publication": publication(str(record["body_type"])), "licence": licence,
        "attribution": words.format(publisher=publisher), "copy_state": said.get("source_state") or NOT_STATED,
        "form": record["form"], "amount_column": amount_column(record), "rows_read": record["rows_read"],
        "rows_kept": record["rows_kept"], "rows_traced": traced,
    }  # fmt: skip
