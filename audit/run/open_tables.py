"""The flags of a run as a file that a spreadsheet opens.

In: the folder of a run at work. Out: `flags.csv` and the number of rows set aside.
"""

from __future__ import annotations

from pathlib import Path


def write_open_tables(work: Path) -> int:
    """Write `flags.csv` beside the Parquet. Returns the number of quarantined rows and values."""
    import pyarrow.parquet as pq

    from pipelines.declarations.parquet import read_table
    from reports.words.flags_csv import flags_csv

    flags = pq.read_table(work / "tables" / "flag.parquet").to_pylist()
    (work / "flags.csv").write_text(flags_csv(flags), encoding="utf-8", newline="")
    return len(read_table(work / "tables", "quarantine", ["table"]))
