"""Where work is done: in processes of this computer, or on a cluster of dask.distributed, by one setting.

In: the setting (`--cluster` or RINGFENCE_CLUSTER: `local:4`, `tcp://host:8786`), given once to `at`. Out: joblib's
backend for what is run inside `engine`, and results of files read far away. What comes out is the same bytes, so the
setting is no part of a run's settings or id. Refused: no cluster, nobody at the address, and workers that run another
program.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import signal
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipelines.declarations.limits import Limits, use
from pipelines.errors import DefinitionError, InputError, Place
from pipelines.places import ROOT
from pipelines.processes.end_with_parent import end_with_parent
from pipelines.read.read_apart import limit_memory, read_apart

CLUSTER = "RINGFENCE_CLUSTER"
IN_FORCE = "RINGFENCE_CLUSTER_OF_THIS_JOB"  # an address, set by `at` for the processes of one job, never by people
SECONDS_TO_CONNECT = 30
LOCAL = "local:"
ROOMS = ("pipelines", "expectations", "audit")


def add_cluster(parser: argparse.ArgumentParser) -> None:
    """Declare the option that says where work is done."""
    text = "work on a dask.distributed cluster: tcp://HOST:PORT, or local:N for N processes here"
    parser.add_argument("--cluster", default=os.environ.get(CLUSTER, ""), metavar="WHERE", help=text)


@contextmanager
def at(cluster: str) -> Generator[None]:
    """Let what is run inside, and the processes it starts, work at `cluster`; with none, in processes of this computer.

    Raises DefinitionError when the extra is not installed or a worker runs another program than this one, InputError
    when nobody answers at the address.
    """
    if not cluster:
        yield
        return
    dask, count = _distributed(), cluster.removeprefix(LOCAL)
    if count != cluster and not (count.isdigit() and int(count)):
        raise DefinitionError(f"'{cluster}' is no cluster", expected="local:4 or tcp://host:8786", do="Mend --cluster.")
    local: Any = None
    if count != cluster:
        local = dask.LocalCluster(
            n_workers=int(count), threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        )  # fmt: skip
    try:
        _meet(dask, local.scheduler_address if local else cluster)
        os.environ[IN_FORCE] = local.scheduler_address if local else cluster
        yield
    finally:
        os.environ.pop(IN_FORCE, None)
        if local:
            local.close()


def in_force() -> str:
    """The address of the cluster to work at; empty for this computer."""
    return os.environ.get(IN_FORCE, "")


@contextmanager
def engine(workers: int) -> Generator[None]:
    """Joblib's backend for what is run inside: the cluster in force; else so many processes here."""
    from joblib import parallel_config

    if in_force():
        with (
            _client(_distributed(), in_force()) as client,
            parallel_config(backend="dask", client=client, n_jobs=-1) as config,
        ):
            _mend(config["backend"])
            with _died():
                yield
        return
    loky = parallel_config(backend="loky", n_jobs=workers, initializer=end_with_parent, initargs=(os.getpid(),))
    with loky, _died():
        yield


def _mend(backend: Any) -> None:
    """Two things that joblib's backend for dask leaves undone, on this one instance."""
    count, submit = backend.effective_n_jobs, backend.submit

    def submit_and_tell(func: Any, callback: Any = None) -> Any:
        """A task that ended by the death of its workers is an error, not one that is waited for without end."""
        future = submit(func, callback)
        future.add_done_callback(lambda done: callback(done.exception()) if done.exception() else None)
        return future

    backend.submit = submit_and_tell
    # Where one worker is left, joblib would work in this very process, which a hostile file could kill.
    backend.effective_n_jobs = lambda n_jobs: max(2, count(n_jobs))


@contextmanager
def _died() -> Generator[None]:
    try:
        yield
    except Exception as error:
        if not lost_a_worker(error):
            raise
        what = f"processes that worked on it died, more than once ({type(error).__name__})"
        raise InputError(what, do="Give them more memory, or work with fewer --workers.") from error


def read_anywhere(paths: Sequence[Path], reader: str, *, allowed: Limits, workers: int) -> dict[Path, Any]:
    """What the function named `module:function` gives for every path: on the cluster in force, or as `read_apart` here.

    A file over which workers of the cluster die is read apart here, with those they had in hand, and named by that.
    """
    found: dict[Path, Any] = {}
    if in_force():
        from joblib import Parallel, delayed

        with engine(workers):
            calls = (delayed(_read_here)(reader, number, path.absolute(), allowed) for number, path in enumerate(paths))
            results: Any = Parallel(return_as="generator_unordered")(calls)
            try:
                found.update((paths[number], result) for number, result in results)
            except Exception as error:
                if not lost_a_worker(error):
                    raise
    left = [path for path in paths if path not in found]
    return found | (read_apart(left, reader, allowed=allowed, workers=workers) if left else {})


def _read_here(reader: str, number: int, path: Path, allowed: Limits) -> tuple[int, Any]:
    with limited(allowed):
        return number, function_named(reader)(path, allowed)


def function_named(name: str) -> Any:
    """The function `module:function`."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


@contextmanager
def limited(allowed: Limits) -> Generator[None]:
    """A worker within the limits: so much more address space than it has now, and an alarm that ends its process."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    use(allowed)
    limit_memory(allowed)
    signal.alarm(allowed.file_seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        resource.setrlimit(resource.RLIMIT_AS, before)


def lost_a_worker(error: Exception) -> bool:
    """Whether an error says that a worker died, and nothing about the work."""
    from concurrent.futures import BrokenExecutor, CancelledError

    return isinstance(error, BrokenExecutor | CancelledError) or type(error).__module__.startswith("distributed.")


def program_id() -> str:
    """A hash of the code and declarations that work on files."""
    found = hashlib.sha256()
    for path in sorted(
        path for room in ROOMS for path in (ROOT / room).rglob("*.*") if path.suffix in (".py", ".toml")
    ):
        found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _distributed() -> Any:
    try:
        return importlib.import_module("distributed")  # an extra, not a dependency
    except ImportError as error:
        do = "Install the extra: pip install 'ringfence-audit[distributed]'."
        raise DefinitionError("--cluster needs dask.distributed", do=do) from error


@contextmanager
def _client(dask: Any, address: str) -> Generator[Any]:
    try:
        client = dask.Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        do = "Start its scheduler, or mend --cluster."
        raise InputError(f"no cluster answers at {address} ({error})", do=do) from error
    try:
        yield client
    finally:
        client.close()


def _meet(dask: Any, address: str) -> None:
    """Wait for a worker, and see that all run this program. Raises InputError or DefinitionError."""
    with _client(dask, address) as client:
        try:
            client.wait_for_workers(1, timeout=SECONDS_TO_CONNECT)
        except TimeoutError as error:
            do = "Start workers: dask worker " + address
            raise InputError(f"the cluster at {address} has no workers", do=do) from error
        try:
            theirs: dict[str, str] = client.run(program_id)
        except ImportError as error:
            theirs = {f"a worker at {address} ({error})": ""}
    other = sorted(worker for worker, program in theirs.items() if program != program_id())
    if other:
        do = "Install the same version on every computer of the cluster, and start its workers again."
        raise DefinitionError("a worker of the cluster runs another program", place=Place(other[0]), do=do)
