"""A supplied table of allocations in a run: which file it is, its hash, and table `transfer`.

In: the option `--transfers` and the setting `transfer.file`. Out: the input's hash for the manifest, and the table in
the folder of the run. Refuses a table with any problem, after listing all of them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from audit.settings import Settings
from pipelines.declarations.limits import Limits, limits
from pipelines.errors import InputError, Place
from pipelines.read.read_apart import read_apart
from pipelines.recorded import file_hash
from pipelines.working_folder import in_home

MARK = "transfers/"  # before the name of this input in the manifest
LISTED = 5
READER = "audit.run.transfer_stage:read_table"
Read = tuple[list[dict[str, Any]], list[InputError]]


def transfer_file(option: Path | None, settings: Settings) -> Path | None:
    """The table to use: the option's, else the one the settings name; None without either."""
    named = str(settings["transfer.file"])
    return option if option is not None or not named else in_home(named)


def describe_transfers(path: Path | None) -> list[dict[str, str]]:
    """Name and SHA-256 of the table, if there is one. Raises InputError when it is not there."""
    if path is None:
        return []
    if not path.is_file():
        raise InputError("there is no such file", place=Place(str(path)), expected="a table of allocations as CSV")
    return [{"file_name": MARK + path.name, "sha256": file_hash(path)}]


def read_table(path: Path, _allowed: Limits) -> Read | InputError:
    """What a reader in a process of its own does with the table: its rows and problems, or why it is no such table."""
    from pipelines.supplied.transfer_table import read_transfers

    try:
        return read_transfers(path)
    except InputError as error:
        return error


def _read_apart(path: Path) -> Read:
    read: Any = read_apart([path], READER, allowed=limits(), workers=1)[path]
    if isinstance(read, InputError):
        raise read
    return read


def load_transfers(path: Path | None, tables: Path, *, inputs: list[dict[str, str]] | None = None) -> dict[str, int]:
    """Write table `transfer`, if a file was given. Returns the number of its rows.

    Raises the first problem of the file after printing the others, and InputError when its bytes are not those that
    were there when `inputs` were described.
    """
    if path is None:
        return {}
    from pipelines.declarations.parquet import write_table
    from pipelines.supplied.transfer_table import TABLE

    rows, problems = _read_apart(path)
    hashes = {item["sha256"] for item in inputs or ()}
    if inputs is not None and rows and rows[0]["file_sha256"] not in hashes:
        problems.append(InputError("the file changed while it was read", place=Place(path.name), do="Run again."))
    if problems:
        for problem in problems[1 : LISTED + 1]:
            print(f"also: {problem}", file=sys.stderr)
        raise problems[0]
    write_table(TABLE, {name: [row[name] for row in rows] for name in rows[0]}, tables)
    return {"allocations": len(rows)}
