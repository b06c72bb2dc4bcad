"""What the checks left of a run's tables, and the flags as a file that a spreadsheet opens.

In: the folder of a run at work. Out: the names of rewritten tables; `flags.csv` and the number of rows set aside.
"""

from __future__ import annotations

import json
from pathlib import Path


def rewritten_tables(work: Path) -> list[str]:
    """Tables from which the checks set rows aside."""
    found = json.loads((work / "validation.json").read_text(encoding="utf-8"))
    return list(found["tables_rewritten"])


def write_open_tables(work: Path) -> int:
    """Write `flags.csv` beside the Parquet. Returns the number of quarantined rows and values."""
    import pyarrow.parquet as pq

    from pipelines.declarations.parquet import read_table
    from reports.words.flags_csv import flags_csv

    flags = pq.read_table(work / "tables" / "flag.parquet").to_pylist()
    (work / "flags.csv").write_text(flags_csv(flags), encoding="utf-8", newline="")
    return len(read_table(work / "tables", "quarantine", ["table"]))
