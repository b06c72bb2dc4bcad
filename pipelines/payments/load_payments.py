"""All payment files of a folder: read in parallel, staged, joined into the ledger, and the flow traced.

In: a folder. Out: a folder with `payment/`, `payment_file`, `payment_quarantine`, `payment_flow`, `payment_flow_sum`.
A file that kills its worker is tried again by itself, twice at most, then refused with that reason; the batch goes on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import InputError
from pipelines.payments.stage import rules_id, stage, staged_name

MOST_TRIES = 2
IGNORED = {"SOURCES.csv", "README.md", ".DS_Store", "Thumbs.db"}


@dataclass(frozen=True)
class Result:
    """The records of `payment_file` and the rows of `payment_flow`."""

    files: list[dict[str, Any]]
    flow: list[dict[str, Any]]


def find_payment_files(folder: Path) -> list[Path]:
    """Files below a folder, sorted, but for lists and hidden files. Raises InputError when there are none."""
    found = sorted(path for path in folder.rglob("*")
                   if path.is_file() and path.name not in IGNORED and not path.name.startswith("."))  # fmt: skip
    if not found:
        raise InputError(f"{folder} holds no files", do="Give a folder of payment files, one folder per body.")
    return found


def _alone(path: Path, root: Path, folder: Path) -> str:
    """Why a file could not be staged in a process of its own; empty when it could."""
    import multiprocessing

    left: int | None = None
    for _ in range(MOST_TRIES):
        process = multiprocessing.get_context("spawn").Process(target=stage, args=(path, root, folder))
        process.start()
        process.join()
        left = process.exitcode
        if left == 0:
            return ""
    return f"reading it ended its process {MOST_TRIES} times (exit {left})"


def _refuse(path: Path, root: Path, folder: Path, reason: str) -> None:
    source = path.relative_to(root).as_posix()
    counts = dict.fromkeys(("rows_read", "rows_kept", "rows_quarantined", "rows_repeated", "rows_not_data"), 0)
    record = {"source_file": source, "outcome": "refused", "reason": reason, "notes": "", **counts}
    told = {"record": record, "quarantine": [], "stamp": None, "rows": False}
    (folder / f"{staged_name(source)}.json").write_text(json.dumps(told), encoding="utf-8")


def stage_all(paths: list[Path], root: Path, folder: Path, *, workers: int) -> list[Path]:
    """Stage every file. Returns the paths of the records, one per file, in the order of the files."""
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    folder.mkdir(parents=True, exist_ok=True)
    records = [folder / f"{staged_name(path.relative_to(root).as_posix())}.json" for path in paths]
    done: set[str] = set()
    # The largest first, so that no worker is left alone with one at the end.
    order = sorted(paths, key=lambda path: (-path.stat().st_size, path))
    try:
        with Parallel(n_jobs=workers, backend="loky", return_as="generator_unordered") as pool:
            done = {str(record) for record in pool(delayed(stage)(path, root, folder) for path in order)}
    except TerminatedWorkerError:
        done = set()
    for path, record in zip(paths, records, strict=True):
        if str(record) not in done and not _finished(record):
            reason = _alone(path, root, folder)
            if reason:
                _refuse(path, root, folder, reason)
    return records


def _finished(record: Path) -> bool:
    return record.is_file() and not record.with_suffix(".trying").exists()


def load_payments(folder: Path, out: Path, *, workers: int = 1) -> Result:
    """Load a folder of payment files into `out`. Raises InputError when there is nothing to load."""
    from pipelines.payments.flow import write_flow
    from pipelines.payments.ledger import write_ledger

    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder", do="Give the folder that holds the payment files.")
    paths = find_payment_files(folder)
    out.mkdir(parents=True, exist_ok=True)
    records = stage_all(paths, folder, out / "stage" / rules_id(), workers=workers)
    files = write_ledger(records, out)
    return Result(files, write_flow(out))
