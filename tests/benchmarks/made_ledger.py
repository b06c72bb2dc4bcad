"""A made-up ledger of payments of any size, in the layout and with the faults of real ones.

In: a folder and a number of rows. Out: the folder as `ringfence payments` leaves it: made-up files are loaded once, and
their part of the ledger is repeated under names of other bodies until there are enough rows. As in the real files:
about 1,600 rows in a file, one a month, all of a body and a year in one file of the ledger; 400 payees, and of 400,000
rows 300 without a payee, 40 of nought, 30 with a number for a payee, and a few dates, scores and kinds that no
declaration allows. Names no one.
"""

from __future__ import annotations

import csv
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote

HEAD = ["Entity", "Date", "Expense type", "Expense area", "Supplier", "Transaction number", "Amount", "Description"]
BODIES = ("NHS Bolton CCG", "NHS Bury CCG", "NHS Oldham CCG")
AREAS = (
    "COMMUNITY SERVICES",
    "REABLEMENT",
    "ACUTE COMMISSIONING",
    "FUNDED NURSING CARE",
    "CARERS",
    "PROGRAMME PROJECTS",
)
KINDS = ("Clinical&Medical-Independent Sector", "Services From Local Authorities", "Professional Fees", "Rent")
WORDS = ("NORTH", "VALE", "BRIDGE", "HILL", "CARE", "WORKS", "HOUSE", "SUPPLIES", "MEDICAL", "GROUP", "GARDEN", "MILL")
FILES, ROWS_PER_FILE = 36, 1_650
FAULTY: dict[str, tuple[int, Any]] = {
    "supplier_raw": (1_300, ""),
    "amount_gbp": (9_500, 0.0),
    "date": (80_000, "2020-13-40"),
    "supplier_match_score": (80_000, 1.5),
    "date_order": (80_000, "ymd"),
    "period": (80_000, "Apr-20"),
}
"""Column: one row in so many holds the value."""
NUMBER = 13_000
"""One row in so many has a number for a payee."""


def _write_files(folder: Path, files: int) -> None:
    rng = random.Random(2011)
    payees = [f"{' '.join(rng.sample(WORDS, 3))} {rng.choice(('LTD', 'LLP', 'TRUST'))}" for _ in range(400)]
    for number in range(files):
        body, month = BODIES[number % len(BODIES)], number // len(BODIES) % 12 + 1
        path = folder / body / f"2020-{month:02d}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(HEAD)
            for row in range(ROWS_PER_FILE):
                day, amount = (
                    f"{rng.randint(1, 28):02d}/{month:02d}/2020",
                    round(rng.gammavariate(0.3, 40_000) + 500, 2),
                )
                writer.writerow([body, day, rng.choice(KINDS), rng.choice(AREAS), rng.choice(payees),
                                 30_000_000 + number * ROWS_PER_FILE + row, -amount if row % 90 == 0 else amount,
                                 "monthly invoice"])  # fmt: skip


def _again(table: Any, tag: str, start: int) -> Any:
    """The rows of a file as another file's, with faults where their number in the whole ledger says so."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    places = np.arange(start, start + table.num_rows)
    ids = pc.binary_join_element_wise(tag, pc.utf8_slice_codeunits(table["record_id"], len(tag), 100), "")
    names = pc.binary_join_element_wise(table["source_file"], tag, ".")
    made = {"record_id": ids, "source_file": names}
    for name, (every, value) in FAULTY.items():
        at = places % every == 7
        if at.any():
            made[name] = pc.if_else(pa.array(at), pa.scalar(value, table[name].type), table[name])
    at = places % NUMBER == 11
    if at.any():
        payees = made.get("supplier_raw", table["supplier_raw"])
        made["supplier_raw"] = pc.if_else(pa.array(at), pa.scalar("31339638"), payees)
    for name, values in made.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(name), values)
    return table


def make_ledger(folder: Path, rows: int) -> int:
    """Write a ledger of about `rows` rows to `folder`. Returns how many it has."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from pipelines.payments.file.canonical import KEY
    from pipelines.payments.ledger.partitions import NAME, PARTITION, write_bodies
    from pipelines.payments.load.load_payments import load_payments

    base = folder / "base"
    files = min(FILES, max(1, rows // ROWS_PER_FILE))
    _write_files(folder / "in", files)
    load_payments(folder / "in", base, workers=2)
    parts = sorted((base / "payment").rglob(NAME))
    copies = max(1, round(rows / (files * ROWS_PER_FILE)))

    def write(number: int) -> None:
        path = parts[number]
        table = pq.ParquetFile(path).read()
        kind, name, year = (unquote(part.partition("=")[2]) for part in path.relative_to(base / "payment").parts[:-1])
        for column, value in zip((*PARTITION, KEY), (kind, name, year, ""), strict=True):
            table = table.append_column(column, pa.repeat(value, table.num_rows))
        for copy in range(copies):
            made = _again(table, f"{copy:04x}", (copy * len(parts) + number) * table.num_rows)
            at = made.column_names.index("body_name")
            made = made.set_column(at, "body_name", pa.array([f"{name} {copy:04x}"] * made.num_rows))
            write_bodies([made], folder / "payment")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(len(parts))))
    for path in base.glob("*.parquet"):
        table = pq.read_table(path)
        if path.stem == "payment_file":
            table = pa.concat_tables([_tagged(table, f"{copy:04x}") for copy in range(copies)])
        pq.write_table(table, folder / path.name)
    return sum(int(number) for number in pq.read_table(folder / "payment_file.parquet")["rows_kept"].to_pylist())


def _tagged(table: Any, tag: str) -> Any:
    """The records of files as those of other files of another body."""
    import pyarrow.compute as pc

    for name, between in (("source_file", "."), ("body_name", " ")):
        place = table.schema.get_field_index(name)
        table = table.set_column(
            place, table.schema.field(place), pc.binary_join_element_wise(table[name], tag, between)
        )
    return table
