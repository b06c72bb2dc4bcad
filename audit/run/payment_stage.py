"""Payments in a run: the embedded extract, or a folder of payment files, into the tables of the run.

In: a folder. Out: the hash of every file in it, and tables `payment_flow`, `payment_flow_sum`, `payment_exposure` and
`payment_source`; from original files also the ledger they were traced in and its accounts. A file that cannot be read
is refused with its reason in `payment_file`; the run goes on, as payments only corroborate.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from pipelines.declarations.limits import limits
from pipelines.errors import InputError, Place
from pipelines.places import DATA
from pipelines.read.find_files import LIST, survey
from pipelines.read.read_apart import read_apart
from pipelines.recorded import file_hash

EMBEDDED_PAYMENTS = DATA / "payments"
EXTRACT_READER = "pipelines.payments.load.read_extract:read_extract_apart"
MARK = "payments/"  # before the names of these inputs in the manifest
Inputs = list[dict[str, str]]


def describe_payments(folder: Path) -> Inputs:
    """Name and SHA-256 of every file of payments. Raises InputError for a folder that cannot be read."""
    found: Inputs = []
    beside = folder / LIST
    for path in [*survey(folder).files, *([beside] if beside.is_file() and not beside.is_symlink() else [])]:
        try:
            found.append({"file_name": MARK + path.relative_to(folder).as_posix(), "sha256": file_hash(path)})
        except OSError:
            found.append({"file_name": MARK + path.relative_to(folder).as_posix(), "sha256": "unreadable"})
    return found


def room_for(folder: Path) -> int:
    """Bytes of disk that files of payments need beside the run: as many as they have; none for our extract.

    Measured on 18 published files: what is written of them, while a run is at work, takes 0.57 of their size.
    """
    from pipelines.payments.load.read_extract import is_extract

    return 0 if is_extract(folder) else sum(path.stat().st_size for path in survey(folder).files)


def of_payments(inputs: Inputs) -> Inputs:
    """The inputs of a run that are files of payments."""
    return [item for item in inputs if item["file_name"].startswith(MARK)]


def of_returns(inputs: Inputs) -> Inputs:
    """The inputs of a run that are returns: only the others are marked with what they are."""
    return [item for item in inputs if "/" not in item["file_name"]]


def load_run_payments(folder: Path, tables: Path, *, workers: int, inputs: Inputs | None = None) -> dict[str, int]:
    """Write the tables of payments to `tables`. Returns counts of payments traced, their files and pounds.

    Raises InputError when the extract is damaged, or is not what it was when `inputs` were described.
    """
    from pipelines.payments.load.read_extract import is_extract, read_extract

    flow: Any
    if is_extract(folder):
        from pipelines.payments.flow.flow import trace, write_tables

        rows, sources = read_extract(folder) if folder == EMBEDDED_PAYMENTS else _read_apart(folder)
        flow = trace(rows)
        write_tables(flow, sources, tables)
    else:
        from pipelines.payments.load.load_payments import load_payments

        flow = load_payments(folder, tables, workers=workers).flow
        shutil.rmtree(tables / "stage", ignore_errors=True)
    if inputs is not None and describe_payments(folder) != of_payments(inputs):
        raise InputError(
            "the payment files changed while the run was reading them",
            place=Place(folder.name),
            expected="the content they had when the run began",
            do="Run again when nobody is writing to the folder.",
        )
    files, pounds = len(flow["source_file"].unique()), round(float(sum(flow["amount_gbp"].to_numpy())))
    return {"payments": flow.num_rows, "payment_files": files, "of_payments_gbp": pounds}


def _read_apart(folder: Path) -> tuple[Any, list[dict[str, Any]]]:
    """An extract that is not our own, read in a process of its own. Raises InputError."""
    read: Any = read_apart([folder], EXTRACT_READER, allowed=limits(), workers=1)[folder]
    if isinstance(read, InputError):
        raise read
    return read
