"""What happens to a changed file of payments: the same payments, refused, named, or silent.

In: a folder with one body's folder of files. Out: a verdict. The folder is loaded as `ringfence payments` loads it;
what is named is told by the table of rows set aside and by the notes and the reason of each file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judge import SILENT, Verdict
from payment_changes import payments, text

from pipelines.errors import UserError
from pipelines.payments.load.load_payments import load_payments

BODY = "wiltshire-council"
COLUMNS = ("date", "supplier_clean", "amount_gbp")


@dataclass(frozen=True)
class Paid:
    """Payments, counted; what is set aside or noted; and the reasons of refused files."""

    payments: Counter[tuple[Any, ...]]
    told: Counter[str]
    refused: tuple[str, ...]


def read(folder: Path, out: Path) -> Paid:
    """Load a folder of payment files."""
    import pyarrow.dataset as ds
    import pyarrow.parquet as pq

    load_payments(folder, out)
    kept = list((out / "payment").rglob("*.parquet"))
    rows = ds.dataset(kept).to_table(columns=list(COLUMNS)).to_pylist() if kept else []
    files = pq.read_table(out / "payment_file.parquet").to_pylist()
    aside = pq.read_table(out / "payment_quarantine.parquet").to_pylist()
    told = Counter(f"{row['code']}: {row['reason']}" for row in aside)
    told += Counter(note for row in files for note in str(row["notes"] or "").split("; ") if note)
    told += Counter("repeated rows" for row in files if row["rows_repeated"])
    told += Counter("rows that are no data" for row in files if row["rows_not_data"])
    reasons = tuple(str(row["reason"]) for row in files if row["outcome"] == "refused")
    return Paid(Counter(tuple(str(row[name]) for name in COLUMNS) for row in rows), told, reasons)


def sound(folder: Path, out: Path) -> Paid:
    """What the sound file gives."""
    (folder / BODY).mkdir(parents=True)
    text(payments(), folder / BODY)
    return read(folder, out)


def judge(folder: Path, out: Path, before: Paid) -> Verdict:
    """The verdict on a changed folder."""
    try:
        found = read(folder, out)
    except UserError as error:
        return Verdict("refused", "reading", str(error))
    if found.refused and not found.payments:
        return Verdict("refused", "reading", found.refused[0])
    if found.payments == before.payments:
        return Verdict("equal", "", next(iter(found.told - before.told), ""))
    new = found.told - before.told
    return Verdict("named", "reading", next(iter(new))) if new else Verdict(SILENT)
