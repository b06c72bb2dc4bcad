"""Payment files given to processes through joblib, wherever work is done.

In: the name of a function that stages one file and leaves its result on disk, and the files. Out: why a file could not
be staged, for those that could not. A worker that dies, or is stopped because a file kept it too long, loses only what
it had in hand: those files are read again, each apart and within its limits, so that the one at fault is named and the
others are read. The same function runs everywhere, and only paths travel.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from pipelines.declarations.limits import Limits
from pipelines.errors import InputError
from pipelines.payments.ledger.stage import is_staged, record_of
from pipelines.processes.engine import engine, function_named, in_force, limited, lost_a_worker, processes
from pipelines.read.read_apart import read_apart

MOST_ROUNDS = 5
MOST_TRIES = 2


def spread(
    paths: Sequence[Path], reader: str, *, allowed: Limits, workers: int, root: Path, folder: Path
) -> dict[Path, str]:
    """Stage every path with the function named `module:function`, as `read_apart` takes it. Returns why some failed."""
    from joblib import Parallel, delayed

    for left_over in (*folder.glob("*.part"), *folder.glob("*.trying")):
        left_over.unlink(missing_ok=True)
    records = {path: record_of(path, root, folder) for path in paths}
    failed: dict[Path, str] = {}
    # The largest first, so that no worker is left alone with one at the end.
    order = sorted(paths, key=lambda path: (-path.stat().st_size, path))
    left, workers = [path for path in order if not is_staged(records[path], path)], processes(workers)
    rounds = MOST_ROUNDS if left and (workers > 1 or in_force()) else 0  # a single worker reads everything apart
    with engine(workers) if rounds else nullcontext():
        for _ in range(rounds):
            tasks = (delayed(_stage_one)(reader, path, allowed, root, folder) for path in left)
            try:
                results: Any = Parallel(return_as="generator_unordered")(tasks)
                for path, reason in results:
                    failed |= {path: reason} if reason else {}
            except Exception as error:
                if not lost_a_worker(error):
                    raise
            waiting = [path for path in left if path not in failed and not is_staged(records[path], path)]
            left = [path for path in waiting if not records[path].with_suffix(".trying").exists()]
            if not left:
                break
    suspects = [path for path in order if path not in failed and not is_staged(records[path], path)]
    problems: dict[Path, InputError | None] = (
        read_apart(suspects, reader, allowed=allowed, workers=workers, more=(root, folder)) if suspects else {}
    )
    return failed | {path: problem.what for path, problem in problems.items() if problem}


def _stage_one(reader: str, path: Path, allowed: Limits, root: Path, folder: Path) -> tuple[Path, str]:
    """The task: the path, and why it could not be staged, if so. An alarm ends its process when it takes too long."""
    trying = record_of(path, root, folder).with_suffix(".trying")
    with trying.open("ab") as mark:
        mark.write(b".")
        if mark.tell() > MOST_TRIES:  # whoever had it before died over it: it is left to be read apart
            return path, ""
    read = function_named(reader)
    importlib.import_module("pandas")  # a process's first file does not pay for what all of them need
    with limited(path, allowed):
        problem: InputError | None = read(path, allowed, root, folder)
    trying.unlink(missing_ok=True)
    return path, problem.what if problem else ""
