"""Commands started in the folder that holds the data, which is hostile: no file of it is run, each command ends soon.

The folder holds a module for every name of the standard library and of the libraries we use, programs named like those
we look for, a pipe, a socket, links that lead out of it, and as many files as a folder may hold.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines import isolated
from reports.site.print_pdf import NAMES

LIBRARIES = (
    "_distutils_hack", "cryptography", "dask", "distributed", "great_expectations", "jinja2", "joblib", "markupsafe",
    "numpy", "pandas", "psutil", "pyarrow", "pypdfium2", "python_calamine", "scipy", "sitecustomize", "sklearn", "tqdm",
    "usercustomize", "xlsxwriter", "yaml",
)  # fmt: skip
OURS = ("expectations", "pipelines", "reports")
PROGRAMS = (*NAMES, "ssh-keygen", "ps", "git")
COMMAND = Path(sys.executable).with_name("ringfence")
HEAD = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
SECONDS = 180


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder; what of it is run writes its name into `was-run` beside it."""
    folder = tmp_path_factory.mktemp("hostile") / "data"
    folder.mkdir()
    told = folder.parent / "was-run"
    for name in sorted({*sys.stdlib_module_names, *LIBRARIES, *OURS}):
        (folder / f"{name}.py").write_text(f"open({str(told)!r}, 'a').write('{name} ')\n", encoding="utf-8")
    for name in PROGRAMS:
        (folder / name).write_text(f"#!/bin/sh\necho {name} >> '{told}'\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def there(hostile: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A command of ours, run in the folder with the folder on the path of programs."""
    if not COMMAND.is_file():
        pytest.skip("the command is not installed beside this Python")

    def run(*arguments: str | Path, begin: tuple[str, ...] = (str(COMMAND),)) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PATH": ":" + os.environ["PATH"]}
        environment.pop("PYTHONSAFEPATH", None)
        return subprocess.run([*begin, *map(str, arguments)], cwd=hostile, env=environment, capture_output=True,
                              text=True, check=False, timeout=SECONDS)  # fmt: skip

    return run


def was_run(hostile: Path) -> str:
    told = hostile.parent / "was-run"
    return told.read_text(encoding="utf-8") if told.exists() else ""


def test_the_folder_would_tell_if_a_module_of_it_were_run(hostile: Path) -> None:
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}  # another test may set it
    subprocess.run([sys.executable, "-c", "import queue"], cwd=hostile, env=plain, check=False)
    assert was_run(hostile) == "queue "
    (hostile.parent / "was-run").unlink()


def test_no_command_runs_a_module_or_a_program_that_lies_beside_the_data(
    hostile: Path, tmp_path: Path, there: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    paid, runs, tables, key = (tmp_path / name for name in ("paid", "runs", "tables", "key"))
    for body in ("one", "two"):
        (paid / body).mkdir(parents=True)
        row = f"NHS Bolton CCG,30/04/2020,Services,REABLEMENT,Bolton Council,{body},5.00\n"
        (paid / body / "x.csv").write_text(HEAD + row, encoding="utf-8")
    done = there("run", "--quiet", "--payments", paid, "--out", runs, "--workers", "2")
    assert (done.returncode, done.stderr) == (0, "")
    run = (runs / "latest").resolve()
    shutil.copytree(run / "tables", tables)
    for arguments in (
        ("report", run), ("report", run, "--pdf", "E06000001", "--to", tmp_path), ("sign", run, "--key", key),
        ("verify", run, "--signed-by", key), ("explain", "Hartlepool", "--out", runs), ("diff", run, run),
        ("check", "--tables", tables), ("audit", "--tables", tables), ("load", "--returns", ".", "--tables", tables),
        ("payments", ".", "--out", tmp_path / "ledger", "--workers", "2"), ("check", "--payments", run / "tables"),
        ("payments", paid, "--out", tmp_path / "other", "--cluster", "local:2"), ("sources", "."), ("settings",),
        ("doctor", "--returns", ".", "--out", runs), ("sample", "--out", runs, "--to", tmp_path / "sample.csv"),
        ("request", "E06000001", "--out", runs, "--to", tmp_path / "request"), ("answers", ".", "--out", runs),
        ("quarantine", "list", "--run", run), ("expectations", "history", "--runs", runs), ("prune", "--out", runs),
    ):  # fmt: skip
        done = there(*arguments)
        assert done.returncode not in (2, 70), done.stderr
        assert was_run(hostile) == "", arguments


def test_python_m_leaves_the_current_folder_before_anything_of_the_library_is_imported(
    hostile: Path, tmp_path: Path, there: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    # What `python -m` itself imports comes before any program: for that there is the command, or `python -P -m`.
    listed = "import runpy, sys; print(*sys.modules)"
    first = subprocess.run([sys.executable, "-P", "-c", listed], capture_output=True, text=True, check=True).stdout
    aside = tmp_path / "aside"
    aside.mkdir()
    moved = [hostile / f"{name.split('.')[0]}.py" for name in first.split()]
    for path in {path for path in moved if path.exists()}:
        path.rename(aside / path.name)
    try:
        for arguments in (("settings",), ("sources", "."), ("payments", ".", "--out", tmp_path / "out")):
            done = there(*arguments, begin=(sys.executable, "-m", "audit.commands.cli"))
            assert done.returncode in (0, 11), done.stderr
            assert was_run(hostile) == "", arguments
    finally:
        for path in aside.iterdir():
            path.rename(hostile / path.name)


def test_a_program_is_never_taken_from_the_current_folder(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(hostile)
    for path in ("", ".", f":{hostile}", "../data"):
        monkeypatch.setenv("PATH", path)
        assert isolated.program(*PROGRAMS) is None
    monkeypatch.chdir(hostile.parent)
    assert isolated.program("./data/git") == str(hostile / "git"), "unless somebody names its path"


def test_children_look_for_modules_where_this_process_does_but_for_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", ".", str(tmp_path), "made", "/made", str(isolated.ROOT)])
    assert isolated.environment()["PYTHONPATH"] == os.pathsep.join(["/made", str(isolated.ROOT)])
    assert isolated.command("a.b", "c")[1:] == ["-P", "-s", "-m", "a.b", "c"]
    monkeypatch.chdir(isolated.ROOT)
    assert str(isolated.ROOT) in isolated.safe_path(sys.path)


@pytest.fixture(scope="module")
def full(hostile: Path) -> Path:
    """The same folder with a pipe, a socket, links out of it, and filled to as many things as a folder may hold."""
    os.mkfifo(hostile / "pipe.csv")
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as one:
        os.chdir(hostile)
        try:
            one.bind("socket.csv")
        finally:
            os.chdir(here)
    (hostile / "out.csv").symlink_to("/etc/passwd")
    (hostile / "SOURCES.csv").symlink_to("/etc/passwd")
    (hostile / "up").symlink_to("/")
    for number in range(10_000 - len(list(hostile.iterdir()))):
        (hostile / f"{number:05}.csv").write_text(f"a,b\n{number},2\n", encoding="utf-8")
    return hostile


@pytest.mark.parametrize(
    "arguments",
    [("run", "--returns", "."), ("sources", "."), ("payments", ".")],
    ids=["returns", "sources", "payments"],
)
def test_a_folder_of_ten_thousand_hostile_things_ends_soon_with_one_clear_line(
    full: Path, tmp_path: Path, there: Callable[..., subprocess.CompletedProcess[str]], arguments: tuple[str, ...]
) -> None:
    began = time.monotonic()
    done = there(*arguments, *(() if "sources" in arguments else ("--out", tmp_path / "out")))
    assert time.monotonic() - began < SECONDS / 2
    assert done.returncode == 11
    told = [line for line in done.stderr.splitlines() if line.startswith("ringfence: ")]
    assert len(told) == 1, done.stderr
    said = "none of the 10,000 files" if "payments" in arguments else "SOURCES.csv: it is a link that leads out"
    assert said in told[0]
    assert len(done.stdout) + len(done.stderr) < 12_000
    assert was_run(full) == ""


def test_ten_thousand_hostile_things_in_a_folder_of_answers_are_no_answers_and_hold_nobody_up(
    full: Path, tmp_path: Path, there: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    began = time.monotonic()
    done = there("answers", ".", "--out", tmp_path / "out")
    assert time.monotonic() - began < SECONDS / 2
    assert done.returncode == 0, done.stderr
    assert len(done.stdout) + len(done.stderr) < 20_000
    assert was_run(full) == ""
