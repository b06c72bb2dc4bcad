"""What the checks said in earlier runs, recorded with the run that is being made.

In: the folder of runs, or the record of a run that is made again. Out: table `check_history`. It is an input that lies
in the folder of runs: the manifest names the earlier runs, no figure depends on them, and `verify` makes a run again
from what it recorded, whatever stands in the folder by then.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from audit.run import publish
from expectations.running.history import FILE, HISTORY, write_history

WITH_HISTORY = (
    f"tables/{HISTORY}.parquet", "validation.json", "validation.csv", "site/validation.html", "site/manifest.json",
)  # fmt: skip
"""Files of a run that tell of earlier runs; every other file follows from inputs, settings, code and libraries."""


def record_history(out: Path, tables: Path, *, identity: str = "", recorded: Path | None = None) -> None:
    """Write `check_history` to `tables`: from `recorded` (the table of another run) if given, else from the runs in
    `out`.

    A run of this very `identity` that is made again, since files of it were missing, keeps what it recorded.
    """
    own = out / identity / "tables" / f"{HISTORY}.parquet"
    recorded = recorded or (own if identity and own.is_file() and publish.is_run(out / identity) else None)
    if recorded is None:
        earlier = [run for run in reversed(publish.runs(out)) if run.name != identity and (run / FILE).is_file()]
        write_history(earlier, tables)
    else:
        shutil.copyfile(recorded, tables / f"{HISTORY}.parquet")


def earlier_runs(tables: Path) -> list[dict[str, str]]:
    """The earlier runs considered, oldest first: id, and the SHA-256 of what was read."""
    import pyarrow.parquet as pq

    lines = pq.read_table(tables / f"{HISTORY}.parquet", columns=["run_id", "sha256"]).to_pylist()
    return list({line["run_id"]: line for line in lines}.values())
