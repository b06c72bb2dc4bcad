"""Power lost after any system call of a command: what is read afterwards is the old or the new, whole, never neither.

Each command is recorded once under strace, over a folder that holds an earlier result, and replayed on three kinds of
disk. Skipped with a reason where strace is not there; `tests/unit/pipelines/test_lasting.py` needs none.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from killed_jobs import REPOSITORY, ringfence
from power_cut import FLUSHES, KINDS, Disk, Seen, calls, recorded, strace

from pipelines.payments.ledger.put_in_place import MAKING, READY

pytestmark = pytest.mark.skipif(strace() is None, reason="strace is not there, or may not be used")
NAMES = ("rs_2012-13", "rs_2013-14", "ro3_2013-14")
FEW = {"RINGFENCE_SET": "forest.repeats = 1; forest.trees = 10"}
HEAD = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
Look = Callable[[Disk, str], Seen]
"""What is read of a disk of a kind, by whoever comes next."""


@pytest.fixture
def returns(tmp_path: Path) -> Path:
    return some_returns(tmp_path / "returns", NAMES)


def some_returns(folder: Path, names: tuple[str, ...]) -> Path:
    folder.mkdir()
    for name in names:
        for path in (REPOSITORY / "data" / "returns").glob(f"{name}.csv*"):
            shutil.copy(path, folder / path.name)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder whose disk is replayed."""
    (tmp_path / "disk").mkdir()
    return (tmp_path / "disk").resolve()


def replayed(command: list[str], root: Path, look: Look, *, said: str) -> None:
    """Run the command, and hold what may be read after each of its calls against the old and the new.

    When it has `said` that it is done, all is on every kind of disk.
    """
    disk, log = Disk(root), root.parent / "log"
    old = {kind: look(disk, kind) for kind in KINDS}
    assert old["ordered"] == old["strict"] and not [one for one in old["strict"].values() if "lost" in one]
    done = recorded(
        [sys.executable, "-m", "audit.commands.cli", *command], log, cwd=REPOSITORY, env={**os.environ, **FEW}
    )
    assert done.returncode == 0, done.stderr
    changes, seen, after = 0, {kind: list[Seen]() for kind in KINDS}, False
    for call, told in calls(log):
        changed = disk.apply(call, told)
        if call == "write" and told.startswith(("1<", "1,")) and said in told:
            after = True
            final = look(disk, "ordered")
            for kind in KINDS:
                assert look(disk, kind) == final, f"'{said}' was said before it was on the disk ({kind})"
        if changed:
            changes += 1
            for kind in KINDS if call in FLUSHES or not seen["ordered"] else ("ordered",):
                if (found := look(disk, kind)) != (seen[kind] or [None])[-1]:
                    seen[kind].append(found)
    assert after, f"'{said}' was never said"
    new = look(disk, "ordered")
    assert new != old["ordered"] and not [one for one in new.values() if "lost" in one]
    assert set(disk.seen("ordered")) == set(Disk(root).seen("ordered")), "the replay has missed a call"
    for kind in KINDS:
        assert [one for one in seen[kind] if one not in (old[kind], new)] == [], kind
        assert seen[kind][-1] == new, kind
    print(f"\n{command[0]}: {changes:,} points at which power was lost, each on {len(KINDS)} kinds of disk")


def latest_run(disk: Disk, kind: str) -> Seen:
    """The run that `latest` leads to, file by file; empty where it leads nowhere."""
    pointer = disk.seen(kind, "runs").get("latest", "")
    return disk.seen(kind, f"runs/{pointer.removeprefix('-> ')}") if pointer else {}


def folder_of(name: str) -> Look:
    return lambda disk, kind: disk.seen(kind, name)


def a_ledger(disk: Disk, kind: str) -> Seen:
    """The ledger as `settle` leaves it: what is ready goes before what stands there."""
    found = disk.seen(kind, "ledger")
    ready = {name.removeprefix(f"{READY}/"): told for name, told in found.items() if name.startswith(f"{READY}/")}
    replaced = {name.split("/")[0] for name in ready}
    hidden = (MAKING, READY, "stage", ".lock")
    standing = {
        name: told
        for name, told in found.items()
        if name.split("/")[0] not in (*hidden, *replaced) and not name.split("/")[0].endswith(".last")
    }
    return standing | ready


def test_a_run_is_the_old_or_the_new_one(returns: Path, root: Path):
    out = root / "runs"
    (out / "0123456789abcdef").mkdir(parents=True)
    for name in ("manifest.json", "flags.csv"):
        (out / "0123456789abcdef" / name).write_text("{}")
    (out / "latest").symlink_to("0123456789abcdef")
    command = ["run", "--returns", str(returns), "--out", str(out)]
    replayed(command, root, latest_run, said="Done.")


def test_the_pages_of_a_run_are_the_old_or_the_new_ones(embedded_run: Path, root: Path):
    run = shutil.copytree(embedded_run, root / embedded_run.name)
    replayed(["report", str(run)], root, folder_of(f"{run.name}/site"), said="pages. Open")


def test_a_load_a_check_and_an_audit_each_leave_the_tables_before_or_after(returns: Path, root: Path, tmp_path: Path):
    fewer, tables = some_returns(tmp_path / "fewer", NAMES[:1]), root / "tables"
    assert ringfence("load", "--returns", str(fewer), "--tables", str(tables)).returncode == 0
    replayed(["load", "--returns", str(returns), "--tables", str(tables)], root, folder_of("tables"), said=" files")
    replayed(["check", "--tables", str(tables)], root, folder_of("tables"), said=" warning ")
    replayed(["audit", "--tables", str(tables)], root, folder_of("tables"), said=" not assessed")


def test_a_ledger_of_payments_is_the_old_or_the_new_one_and_so_is_what_a_check_leaves(root: Path, tmp_path: Path):
    for month in (4, 5):
        path = tmp_path / "in" / "nhs-madeham-ccg" / f"spend-2020-{month:02}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [f"NHS Madeham CCG,{day:02}/{month:02}/2020,Services,REABLEMENT,MADEHAM COUNCIL,{month}{day},{day}.25\n"
                for day in range(1, 29)]  # fmt: skip
        path.write_text(HEAD + "".join(rows), encoding="utf-8")
        command = ["payments", str(tmp_path / "in"), "--out", str(root / "ledger"), "--workers", "1"]
        if month == 4:
            assert ringfence(*command).returncode == 0
    replayed(command, root, a_ledger, said="kept")
    replayed(["check", "--payments", str(root / "ledger")], root, a_ledger, said=" passed")


def test_a_sample_is_there_with_what_describes_it_or_not_at_all(embedded_runs: Path, root: Path):
    def sample(disk: Disk, kind: str) -> Seen:
        found = disk.seen(kind)
        return found if "sample.csv" in found else {}

    command = ["sample", "--out", str(embedded_runs), "--to", str(root / "sample.csv")]
    replayed(command, root, sample, said="Written:")
