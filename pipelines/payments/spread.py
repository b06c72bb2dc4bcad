"""Files given to processes through joblib: loky on this computer, or a cluster of dask.distributed by one setting.

In: the name of a function that stages one file and leaves its result on disk, and the files. Out: why a file could not
be staged, for those that could not. A worker that dies, or is stopped because a file kept it too long, loses only what
it had in hand: those files are read again, each apart and within its limits, so that the one at fault is named and the
others are read. The same function runs everywhere, and only paths travel.
"""

from __future__ import annotations

import importlib
import os
import signal
from collections.abc import Generator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from pipelines.end_with_parent import end_with_parent
from pipelines.errors import DefinitionError, InputError
from pipelines.limits import Limits, use
from pipelines.payments.stage import is_staged, record_of
from pipelines.read_apart import limit_memory, read_apart

MOST_ROUNDS = 5
MOST_TRIES = 2
SECONDS_TO_CONNECT = 30
LOCAL = "local:"


@contextmanager
def engine(workers: int, cluster: str) -> Generator[None]:
    """Joblib's backend for what is run inside: loky, or dask.distributed at `cluster` (`local:4`, `tcp://host:8786`).

    Raises DefinitionError when the extra is not installed, InputError when nobody answers at the address.
    """
    from joblib import parallel_config

    if not cluster:
        with parallel_config(backend="loky", n_jobs=workers, initializer=end_with_parent, initargs=(os.getpid(),)):
            yield
        return
    try:
        dask: Any = importlib.import_module("distributed")  # an extra, not a dependency
    except ImportError as error:
        do = "Install the extra: pip install 'ringfence-audit[distributed]'."
        raise DefinitionError("--cluster needs dask.distributed", do=do) from error
    count = cluster.removeprefix(LOCAL)
    if count != cluster and not (count.isdigit() and int(count)):
        raise DefinitionError(f"'{cluster}' is no cluster", expected="local:4 or tcp://host:8786", do="Mend --cluster.")
    try:
        local = None if count == cluster else dask.LocalCluster(
            n_workers=int(count), threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        )  # fmt: skip
        client = dask.Client(local or cluster, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        do = "Start its scheduler, or mend --cluster."
        raise InputError(f"no cluster answers at {cluster} ({error})", do=do) from error
    try:
        with parallel_config(backend="dask", client=client, n_jobs=-1):
            yield
    finally:
        client.close()
        if local is not None:
            local.close()


def spread(
    paths: Sequence[Path], reader: str, *, allowed: Limits, workers: int, cluster: str, root: Path, folder: Path
) -> dict[Path, str]:
    """Stage every path with the function named `module:function`, as `read_apart` takes it. Returns why some failed."""
    from joblib import Parallel, delayed

    for left_over in (*folder.glob("*.part"), *folder.glob("*.trying")):
        left_over.unlink(missing_ok=True)
    records = {path: record_of(path, root, folder) for path in paths}
    failed: dict[Path, str] = {}
    # The largest first, so that no worker is left alone with one at the end.
    order = sorted(paths, key=lambda path: (-path.stat().st_size, path))
    left = [path for path in order if not is_staged(records[path], path)]
    rounds = MOST_ROUNDS if left and (workers > 1 or cluster) else 0  # a single worker reads everything apart
    with engine(workers, cluster) if rounds else nullcontext():
        for _ in range(rounds):
            tasks = (delayed(_stage_one)(reader, path, allowed, root, folder) for path in left)
            try:
                results: Any = Parallel(return_as="generator_unordered")(tasks)
                for path, reason in results:
                    failed |= {path: reason} if reason else {}
            except Exception as error:
                if not _lost_a_worker(error):
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
    module, _, name = reader.partition(":")
    read = getattr(importlib.import_module(module), name)
    importlib.import_module("pandas")  # a process's first file does not pay for what all of them need
    use(allowed)
    with _limited_memory(allowed):
        signal.alarm(allowed.file_seconds)
        try:
            problem: InputError | None = read(path, allowed, root, folder)
        finally:
            signal.alarm(0)
    trying.unlink(missing_ok=True)
    return path, problem.what if problem else ""


@contextmanager
def _limited_memory(allowed: Limits) -> Generator[None]:
    """Allow this process so much address space more than it has now; afterwards as before."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    limit_memory(allowed)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _lost_a_worker(error: Exception) -> bool:
    from concurrent.futures import BrokenExecutor, CancelledError

    return isinstance(error, BrokenExecutor | CancelledError) or type(error).__module__.startswith("distributed.")
