"""Where work is done: in processes of this computer, or on a cluster of dask.distributed, by one setting.

In: the setting (`--cluster` or RINGFENCE_CLUSTER: `local:4`, `tls://host:8786`), given once to `at`. Out: joblib's
backend for what is run inside `engine`, and results of files read far away. What comes out is the same bytes, so the
setting is no part of a run's settings or id. Refused: no cluster, one that anybody could command (without TLS, unless
RINGFENCE_CLUSTER_WITHOUT_TLS says yes), nobody at the address, and workers that run another program.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipelines.declarations.limits import Limits, use
from pipelines.errors import DefinitionError, InputError, Place
from pipelines.isolated import SAFE
from pipelines.places import ROOT
from pipelines.processes.end_with_parent import end_with_parent
from pipelines.read.read_apart import read_apart
from pipelines.read.reader_bounds import too_much, within_bounds
from pipelines.working_folder import HOME, own_files

CLUSTER = "RINGFENCE_CLUSTER"
WITHOUT_TLS = "RINGFENCE_CLUSTER_WITHOUT_TLS"
# Set by `at` for the processes of one job, never by people: an address, and a number of processes here.
IN_FORCE, PROCESSES = "RINGFENCE_CLUSTER_OF_THIS_JOB", "RINGFENCE_PROCESSES_OF_THIS_JOB"
ENCRYPTED = ("tls://", "wss://")
SECONDS_TO_CONNECT = 30
LOCAL, EXPECTED = "local:", "local:4 or tls://host:8786"
ROOMS = ("pipelines", "expectations", "audit")


def add_cluster(parser: argparse.ArgumentParser) -> None:
    """Declare the option that says where work is done."""
    text = "work on a dask.distributed cluster, tls://HOST:PORT; or local:N, N processes here without any port"
    parser.add_argument("--cluster", default=os.environ.get(CLUSTER, ""), metavar="WHERE", help=text)


@contextmanager
def at(cluster: str) -> Generator[None]:
    """Let what is run inside, and the processes it starts, work at `cluster`; with none, in processes of this computer.

    Raises DefinitionError when the extra is not installed, the cluster is open to anybody, or a worker runs another
    program than this one, and InputError when nobody answers at the address.
    """
    if not cluster:
        yield
        return
    name, value = IN_FORCE, cluster
    if cluster.startswith(LOCAL):
        name, value = PROCESSES, cluster.removeprefix(LOCAL)
        if not (value.isascii() and value.isdigit() and int(value)):
            raise DefinitionError(f"'{cluster}' is no cluster", expected=EXPECTED, do="Mend --cluster.")
    else:
        _refuse_open(cluster)
        _meet(_distributed(), cluster)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name, None)


def _refuse_open(cluster: str) -> None:
    """Whoever reaches a scheduler without TLS runs code as its owner: refused, or said where it is asked for."""
    if cluster.startswith(ENCRYPTED):
        return
    said = os.environ.get(WITHOUT_TLS, "")
    what = f"the cluster {cluster} is reached without TLS, so whoever reaches its ports can run programs there and here"
    if said != "yes":
        raise DefinitionError(
            what, expected=f"a scheduler with TLS, such as tls://HOST:PORT, or {WITHOUT_TLS}=yes",
            do="See docs/how-to/add-payments.md; local:N works here and needs no cluster.",
        )  # fmt: skip
    print(f"ringfence: warning: {what}.", file=sys.stderr)


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
    # Python's own switches for the processes that joblib starts: it does not let us write their command.
    os.environ.update(SAFE)
    begun = {"initializer": end_with_parent, "initargs": (os.getpid(),)}
    with parallel_config(backend="loky", n_jobs=processes(workers), **begun), _died():
        yield


def processes(workers: int) -> int:
    """How many processes to work with here: as many as `--cluster local:N` says, else `workers`."""
    return int(os.environ.get(PROCESSES, "0")) or workers


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
    return found | (read_apart(left, reader, allowed=allowed, workers=processes(workers)) if left else {})


def _read_here(reader: str, number: int, path: Path, allowed: Limits) -> tuple[int, Any]:
    with limited(path, allowed):
        try:
            return number, function_named(reader)(path, allowed)
        except MemoryError:
            return number, too_much(path, allowed)


def function_named(name: str) -> Any:
    """The function `module:function`."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


@contextmanager
def limited(path: Path, allowed: Limits) -> Generator[None]:
    """A worker within the bounds of one file; an alarm ends its process when the time is up."""
    use(allowed)
    with within_bounds(path, allowed):
        yield


def lost_a_worker(error: Exception) -> bool:
    """Whether an error says that a worker died, and nothing about the work."""
    from concurrent.futures import BrokenExecutor, CancelledError

    return isinstance(error, BrokenExecutor | CancelledError) or type(error).__module__.startswith("distributed.")


def program_id() -> str:
    """A hash of the code and declarations that work on files, the user's own among them."""
    found = hashlib.sha256()
    for path in sorted(
        path for room in ROOMS for path in (ROOT / room).rglob("*.*") if path.suffix in (".py", ".toml")
    ):
        found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    for name, path in own_files().items():
        found.update(name.encode() + path.read_bytes())
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
    except (OSError, ValueError, TimeoutError, TypeError) as error:  # the last where dask has no certificates
        do = "Start its scheduler, mend --cluster, or tell dask where its certificates are."
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
        do = "Install the same version on every computer of the cluster, and start its workers again"
        do += f", with {HOME} naming the same working folder." if own_files() else "."
        raise DefinitionError("a worker of the cluster runs another program", place=Place(other[0]), do=do)
