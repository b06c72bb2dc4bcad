"""Fixtures every kind of test may use: the repository's folder and the published originals, when they are there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.isolated import SAFE

REPOSITORY = Path(__file__).resolve().parents[1]
ORIGINALS = REPOSITORY.parent / "shared" / "returns"
ADDED = ORIGINALS.with_name("returns_added")
NOT_EMBEDDED = ("rs_2007-08.xls",)
"""Originals of which no figures are carried: no result could use them (docs/decisions/0019)."""


@pytest.fixture(autouse=True)
def environment_again() -> Iterator[None]:
    """A command called in this process changes where Python looks for modules; the next test finds that as it was."""
    before, path = {name: os.environ.get(name) for name in SAFE}, list(sys.path)
    yield
    sys.path[:] = path
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder that holds this project."""
    return REPOSITORY


@pytest.fixture(scope="session")
def originals() -> Path:
    """The folder of published originals, or a skip that says why: they are not part of the repository."""
    if not ORIGINALS.is_dir():
        pytest.skip("the published originals are not beside the repository (../shared/returns)")
    return ORIGINALS


def _once(folder: Path, make: Callable[[Path], object]) -> Path:
    """Make `folder` once for all test workers: the first makes it, the others wait until it is there."""
    lock, ready = folder.with_suffix(".lock"), folder / "ready"
    try:
        lock.mkdir(parents=True)
    except FileExistsError:
        for _ in range(1200):
            if ready.exists():
                return folder
            time.sleep(0.25)
        pytest.fail(f"{folder.name} was not made in five minutes; see the worker that made it")
    folder.mkdir()
    make(folder)
    ready.touch()
    return folder


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of one test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def original_tables(originals: Path, shared_folder: Path) -> Path:
    """Tables loaded from the published originals, once."""

    def make(folder: Path) -> None:
        from audit.run.load_stage import load_tables

        both = folder.with_name(f"{folder.name}_from")
        shutil.copytree(originals, both)
        if ADDED.is_dir():
            shutil.copytree(ADDED, both / "added", ignore=shutil.ignore_patterns(*NOT_EMBEDDED))
        load_tables(both, folder, workers=2)
        shutil.rmtree(both)

    return _once(shared_folder / "original_tables", make)


@pytest.fixture(scope="session")
def embedded_runs(shared_folder: Path) -> Path:
    """A folder of runs with one run on the embedded figures, made by the command as a user would."""

    def make(folder: Path) -> None:
        subprocess.run(
            [sys.executable, "-m", "audit.commands.cli", "run", "--quiet", "--out", str(folder)],
            cwd=REPOSITORY,
            check=True,
        )

    return _once(shared_folder / "embedded_runs", make)


@pytest.fixture(scope="session")
def embedded_run(embedded_runs: Path) -> Path:
    """The run on the embedded figures."""
    return (embedded_runs / "latest").resolve()


@pytest.fixture(scope="session")
def embedded_tables(embedded_run: Path) -> Path:
    """Its tables: what every figure on a page comes from."""
    return embedded_run / "tables"
