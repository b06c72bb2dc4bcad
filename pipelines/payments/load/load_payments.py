"""All payment files of a folder: read in parallel, staged, joined into the ledger, and the flow traced.

In: a folder. Out: a folder with `payment/`, `payment_file`, `payment_quarantine`, `payment_flow`, `payment_flow_sum`,
put in the place of the last ones when all are written. A file that kills its reader (twice, the second time alone), or
keeps it too long, is refused with that reason; the batch goes on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.declarations.limits import limits
from pipelines.errors import InputError
from pipelines.payments.file.load_file import refused_record
from pipelines.payments.ledger import put_in_place
from pipelines.payments.ledger.stage import record_of, rules_id, staged_name, write_record
from pipelines.payments.load.spread import spread
from pipelines.read.find_files import Found, survey

READER = "pipelines.payments.ledger.stage:stage_apart"
IGNORED = {"Thumbs.db"}
ADDRESS = re.compile("[a-z][a-z0-9]+:/")


@dataclass(frozen=True)
class Result:
    """The records of `payment_file` and the table `payment_flow`, coded."""

    files: list[dict[str, Any]]
    flow: Any


def find_payment_files(folder: Path) -> Found:
    """Files below a folder, sorted, but for lists and hidden files, and what may not be read: links, pipes, odd names.

    Raises InputError when there is nothing.
    """
    found = survey(folder)
    found.files = [path for path in found.files if path.name not in IGNORED]
    if not found.files and not found.problems:
        raise InputError(f"{folder} holds no files", do="Give a folder of payment files, one folder per body.")
    return found


def _refuse(source: str, folder: Path, reason: str) -> Path:
    place = folder / f"{staged_name(source)}.json"
    write_record(place, {"record": refused_record(source, "", reason), "stamp": None, "negative": False})
    return place


def stage_all(paths: list[Path], root: Path, folder: Path, *, workers: int) -> list[Path]:
    """Stage every file. Returns the paths of the records, one per file, in the order of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    failed = spread(paths, READER, allowed=limits(), workers=workers, root=root, folder=folder)
    for path, reason in failed.items():
        _refuse(path.relative_to(root).as_posix(), folder, reason)
    return [record_of(path, root, folder) for path in paths]


def load_payments(folder: Path, out: Path, *, workers: int = 1) -> Result:
    """Load a folder of payment files into `out`. Where a cluster is in force, all of its workers see both.

    Raises InputError when there is nothing to load.
    """
    from pipelines.payments.flow.flow import write_flow
    from pipelines.payments.ledger.ledger import write_ledger

    if ADDRESS.match(str(folder)) and not folder.exists():
        raise InputError(
            f"{folder} is the address of a store, not a folder",
            do="Copy what it holds into a folder first: docs/how-to/add-payments.md shows how.",
        )
    folder, out = folder.absolute(), out.absolute()
    found, staged = find_payment_files(folder), out / "stage" / rules_id()
    records = stage_all(found.files, folder, staged, workers=workers)
    records += [_refuse(problem.place.file, staged, problem.what) for problem in found.problems if problem.place]
    making = put_in_place.begin(out)
    files = write_ledger(records, making)
    flow = write_flow(making, folder)
    put_in_place.end(out)
    return Result(files, flow)
