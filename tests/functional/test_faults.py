"""Faults of a night, each injected: the right exit code and message, and the last good run untouched.

In: three of the embedded returns, so that a run is short. A fault that this machine cannot make is skipped with its
reason: a full disk needs a mount, a lost permission the flag that binds root too.
"""

from __future__ import annotations

import ast
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from audit.commands.cli import main
from audit.run import publish
from audit.run import run as running
from audit.settings import Settings, load_settings, use
from expectations.running import check_process
from pipelines.errors import HungError, InputError
from pipelines.load import load
from pipelines.read.find_files import find_files
from reports.site import beside

REPOSITORY = Path(__file__).resolve().parents[2]
EMBEDDED = REPOSITORY / "data" / "returns"
LONGEST_WAIT_SECONDS = 600.0  # on a machine with much else to do
GOOD = "0123456789abcdef"
ROOMS = ("audit", "expectations", "pipelines", "reports")
NAMES = ("rs_2012-13", "rs_2013-14", "ro3_2013-14")


@pytest.fixture
def returns(tmp_path: Path) -> Path:
    folder = tmp_path / "returns"
    folder.mkdir()
    for name in NAMES:
        for path in EMBEDDED.glob(f"{name}.csv*"):
            shutil.copy(path, folder / path.name)
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return with_good_run(tmp_path / "runs")


def with_good_run(out: Path) -> Path:
    (out / GOOD).mkdir(parents=True)
    (out / GOOD / "manifest.json").write_text('{"run_id": "0123456789abcdef", "counts": {"quarantined": 0}}')
    (out / GOOD / "flags.csv").write_text("area_code\n")
    (out / "latest").symlink_to(GOOD)
    return out


def arguments(returns: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "audit.commands.cli", "run", "--quiet", "--returns", str(returns), "--out", str(out)]


def begin(returns: Path, out: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        arguments(returns, out), cwd=REPOSITORY, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )


def refused(process: subprocess.Popen[str], out: Path, code: int, *wanted: str) -> str:
    """The run ends with `code` and says so in one sentence; what was published is as it was."""
    _, told = process.communicate(timeout=LONGEST_WAIT_SECONDS)
    assert process.returncode == code, told
    assert "Traceback" not in told
    for text in wanted:
        assert text in told
    intact(out)
    return told


def intact(out: Path) -> None:
    assert (out / "latest").resolve() == (out / GOOD).resolve()
    assert [run.name for run in publish.runs(out)] == [GOOD]
    assert (out / GOOD / "flags.csv").read_text() == "area_code\n"


def wait_for(out: Path, pattern: str) -> Path:
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while time.monotonic() < until:
        for found in out.glob(pattern):
            return found
        time.sleep(0.02)
    pytest.fail(f"no {pattern}")


@contextmanager
def small_disk(place: Path, size: str) -> Generator[Path]:
    """A disk of its own at `place`, as a mount in memory."""
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("size", ["1m", "6m"])  # full while loading, while drawing pages
def test_a_disk_that_fills_up_at_any_stage_ends_the_run_with_that_reason(size: str, returns: Path, tmp_path: Path):
    with small_disk(tmp_path / "disk", size) as disk:
        out = with_good_run(disk / "runs")
        process = begin(returns, out, RINGFENCE_SET="limits.run.room_bytes = 1")
        told = refused(process, out, 11, "Make room")
        assert "No space left on device" in told or "room on the disk" in told


def test_a_folder_that_loses_its_permission_ends_the_run_with_that_reason(returns: Path, out: Path):
    process = begin(returns, out)
    tables = wait_for(out, ".*.part/tables")
    locked = subprocess.run(["chattr", "+i", str(tables)], capture_output=True, check=False)
    if locked.returncode:
        process.kill()
        process.communicate()
        pytest.skip("needs the right to make a folder immutable")
    try:
        refused(process, out, 11, "cannot be written any more (Operation not permitted", "mend its permissions")
    finally:
        subprocess.run(["chattr", "-i", str(tables)], check=False)


def test_a_folder_of_runs_that_is_read_only_from_the_start_is_refused(returns: Path, tmp_path: Path):
    with small_disk(tmp_path / "disk", "1m") as disk:
        out = with_good_run(disk / "runs")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        process = begin(returns, out, RINGFENCE_SET="limits.run.room_bytes = 1")
        refused(process, out, 11, "cannot be written (Read-only file system)")


HEAD = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
ROW = "NHS Madeham CCG,{0:02}/04/2020,Services,REABLEMENT,MADEHAM COUNCIL,4{0},{0}.25\n"


@pytest.fixture
def payments(tmp_path: Path) -> Path:
    path = tmp_path / "payments" / "nhs-madeham-ccg" / "spend-2020-04.csv"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + "".join(ROW.format(day) for day in range(1, 29)))
    return path.parents[1]


def content(folder: Path) -> dict[str, bytes]:
    """What people read below a folder: neither a lock nor what is kept for, or removed by, the next load."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    hidden = (".lock", "stage/", ".making/")
    return {name: path.read_bytes() for name, path in found.items() if not any(part in name for part in hidden)}


@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_a_full_or_read_only_disk_ends_every_command_with_that_reason_and_leaves_what_was_there(
    fault: str, returns: Path, payments: Path, embedded_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with small_disk(tmp_path / "disk", "200m") as disk:
        tables, books, runs = str(disk / "tables"), str(disk / "ledger"), str(embedded_run.parent)
        run = shutil.copytree(embedded_run, disk / "runs" / embedded_run.name)
        load, pay = ["load", "--returns", str(returns), "--tables", tables], ["payments", str(payments), "--out", books]
        assert main(load) == main(pay) == 0
        with suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
            while fault == "full":
                filler.write(bytes(4096))
        if fault == "read-only":
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        before = content(disk)
        capsys.readouterr()
        for command in (
            load, pay, ["check", "--tables", tables], ["audit", "--tables", tables], ["check", "--payments", books],
            ["report", str(run)], ["report", str(run), "--zip", "--to", str(disk)],
            ["sample", "--out", runs, "--to", str(disk / "sample.csv")],
            ["diff", str(run), str(run), "--html", str(disk / "changes.html")],
        ):  # fmt: skip
            assert main(command) == 11, command
            told = capsys.readouterr().err
            assert "No space left on device" in told or "Read-only file system" in told, (command, told)
            assert "Traceback" not in told
            assert content(disk) == before, command
        assert main(["prune", "--out", str(run.parent), "--keep", "0"]) == (0 if fault == "full" else 11)


def test_program_references_and_returns_may_all_be_read_only(returns: Path, tmp_path: Path):
    with small_disk(tmp_path / "disk", "200m") as disk:
        for name in (
            "audit",
            "expectations",
            "pipelines",
            "reports",
            "data/reference",
            "data/returns",
            "data/payments",
        ):
            if (REPOSITORY / name).is_dir():
                shutil.copytree(REPOSITORY / name, disk / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(returns, disk / "given")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        own = {"PYTHONPATH": "", "RINGFENCE_SET": "forest.repeats = 1; forest.trees = 10"}
        command = arguments(disk / "given", tmp_path / "runs")
        done = subprocess.run(command, cwd=disk, capture_output=True, text=True, env={**os.environ, **own}, check=False)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "runs" / "latest" / "site" / "index.html").is_file()


@contextmanager
def somebody_else() -> Generator[None]:
    """The rights of nobody, which root may take on for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_return_and_a_folder_that_may_no_longer_be_read_are_named(returns: Path):
    assert load.read_file(returns / "rs_2012-13.csv")[0] is not None  # and all that reading needs is there
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        for path in returns.glob("rs_2013-14.csv*"):
            shutil.copy(path, folder / path.name)
        (folder / "rs_2013-14.csv").chmod(0)
        with somebody_else():
            form, (problem,), _ = load.read_file(folder / "rs_2013-14.csv")
        assert form is None
        assert str(problem).startswith("rs_2013-14.csv: the file cannot be read (Permission denied)")
        folder.chmod(0)
        with somebody_else(), pytest.raises(InputError, match="cannot be read"):
            find_files(folder)
        folder.chmod(0o755)


def changed_while_read(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    """Make `change` happen after the inputs were described and before they are read."""
    genuine = load.load

    def after_the_change(folder: Path, tables: Path, **options: Any) -> Any:
        change(folder)
        return genuine(folder, tables, **options)

    monkeypatch.setattr(load, "load", after_the_change)


@pytest.mark.parametrize(
    ("change", "name"),
    [(lambda folder: [path.unlink() for path in folder.glob("rs_2013-14*")], "rs_2013-14.csv"),
     (lambda folder: (folder / "rs_2012-13.csv").write_text("nothing\n"), "rs_2012-13.csv"),
     (lambda folder: shutil.copy(EMBEDDED / "rs_2009-10.csv", folder / "new.csv"), "new.csv")],
    ids=["deleted", "changed", "added"],
)  # fmt: skip
def test_an_input_deleted_changed_or_added_while_it_is_read_stops_the_run(
    change: Any, name: str, returns: Path, out: Path, monkeypatch: pytest.MonkeyPatch
):
    changed_while_read(monkeypatch, change)
    with pytest.raises(InputError, match=name):
        running.run(running.Options(returns=returns, out=out, workers=1, quiet=True))
    intact(out)


def test_an_input_that_goes_while_a_reader_has_it_is_named(returns: Path):
    paths = sorted(returns.glob("*.csv"))
    paths[0].unlink()
    loaded = load.read_files(paths, workers=2)
    assert [problem.place.file for problem in loaded.problems if problem.place] == [paths[0].name]
    assert len(loaded.forms) == 2


def test_a_folder_where_a_return_belongs_is_refused(returns: Path, out: Path):
    (returns / "rs_2013-14.csv").unlink()
    (returns / "rs_2013-14.csv").mkdir()
    refused(begin(returns, out), out, 11, "rs_2013-14.csv: it is a folder, but its name is that of a file")


def test_a_folder_where_the_link_to_the_last_run_belongs_is_refused_and_left_alone(tmp_path: Path):
    run = tmp_path / GOOD
    (tmp_path / "latest").mkdir()
    run.mkdir()
    with pytest.raises(InputError, match="a folder where the link to the last run belongs"):
        publish.point_latest(run)
    assert (tmp_path / "latest").is_dir()


def test_a_file_where_the_folder_of_runs_belongs_is_refused(returns: Path, tmp_path: Path):
    (tmp_path / "runs").write_text("not a folder")
    process = begin(returns, tmp_path / "runs")
    _, told = process.communicate(timeout=LONGEST_WAIT_SECONDS)
    assert process.returncode == 11
    assert "cannot be written (File exists)" in told
    assert (tmp_path / "runs").read_text() == "not a folder"


def test_a_folder_where_the_settings_file_belongs_is_refused(returns: Path, out: Path, tmp_path: Path):
    refused(begin(returns, out, RINGFENCE_SETTINGS=str(tmp_path)), out, 10, "settings cannot be read: [Errno 21]")


def test_a_broken_link_among_the_returns_is_refused(returns: Path, out: Path):
    (returns / "rs_2014-15.csv").symlink_to(returns / "gone.csv")
    refused(begin(returns, out), out, 11, "rs_2014-15.csv: it is a link that leads nowhere")


def test_a_broken_link_in_place_of_the_returns_is_refused(out: Path, tmp_path: Path):
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    refused(begin(tmp_path / "link", out), out, 11, "the folder does not exist")


def test_a_latest_that_leads_nowhere_is_mended_by_the_next_run(tmp_path: Path):
    (tmp_path / GOOD).mkdir()
    (tmp_path / "latest").symlink_to("gone")
    publish.point_latest(tmp_path / GOOD)
    assert (tmp_path / "latest").resolve().name == GOOD


def hurried(seconds: int) -> Settings:
    return load_settings(also=f"limits.run.stage_seconds = {seconds}")


@pytest.fixture
def defaults_again() -> Iterator[None]:
    yield
    use(load_settings())


def sleeper(*, text: bool = True, **_: Any) -> subprocess.Popen[Any]:
    """A process that never answers."""
    program = [sys.executable, "-c", "import time; time.sleep(600)"]
    pipe = subprocess.PIPE
    return subprocess.Popen(program, stdin=pipe, stdout=pipe, stderr=pipe, text=text)


@pytest.mark.usefixtures("defaults_again")
@pytest.mark.parametrize("stage", ["load", "check", "audit"])
def test_a_stage_that_hangs_is_stopped_with_its_processes_and_named(
    stage: str, returns: Path, out: Path, monkeypatch: pytest.MonkeyPatch
):
    started: list[subprocess.Popen[str]] = []

    def start(**options: Any) -> subprocess.Popen[str]:
        started.append(sleeper(**options))
        return started[-1]

    monkeypatch.setattr(check_process, "start_early", start)
    if stage == "load":
        monkeypatch.setattr(running, "load_tables", lambda *_, **__: time.sleep(600))
    else:
        monkeypatch.setattr(running, "_loaded", lambda _job: {})
        monkeypatch.setattr(running, "_work_ahead", lambda *_: None)
    if stage == "audit":
        monkeypatch.setattr(check_process, "begin", lambda *_: None)
        monkeypatch.setattr(check_process, "finish", lambda *_, **__: "checks none")
        monkeypatch.setattr(running, "assess_tables", lambda *_: time.sleep(600))
    with pytest.raises(HungError, match=f"the stage '{stage}' did not end within 1 seconds") as raised:
        running.run(running.Options(returns=returns, out=out, workers=1, quiet=True, settings=hurried(1)))
    assert raised.value.exit_code == 70
    if stage == "audit":
        started[0].kill()  # by then the checks have ended; here they were left out
    assert [one.wait(timeout=LONGEST_WAIT_SECONDS) for one in started] == [-signal.SIGKILL]
    intact(out)
    assert not list(out.glob(".*.part"))


@pytest.mark.usefixtures("defaults_again")
def test_a_printing_process_that_hangs_is_stopped_when_the_stage_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    from audit.run.stage_log import StageLog

    use(hurried(1))
    printer = sleeper(text=False)
    monkeypatch.setattr(beside, "_start", lambda: printer)
    log = StageLog(tmp_path / "log.jsonl", stages=1, quiet=True)
    with pytest.raises(HungError, match="'report'"), log.stage("report"), beside.beside() as work:
        work.ask(len, "one")
        list(work.answers(wait=True))
    assert printer.wait(timeout=LONGEST_WAIT_SECONDS) == -signal.SIGKILL


@pytest.mark.usefixtures("defaults_again")
def test_checks_that_hang_end_by_themselves_when_their_run_was_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    use(hurried(1))
    monkeypatch.setattr(check_process, "SECONDS_OF_GRACE", 0)
    os.mkfifo(tmp_path / "rs.yaml")  # whoever opens it waits for ever
    checks = check_process.start_early()
    check_process.begin(checks, tmp_path, tmp_path, tmp_path / "out")
    assert checks.wait(timeout=LONGEST_WAIT_SECONDS) == -signal.SIGALRM
    check_process.abandon(checks)


def test_a_clock_that_was_ahead_does_not_change_which_run_is_the_newest(tmp_path: Path):
    ahead = time.time_ns() + 10**18  # thirty years
    for name in ("a" * 16, "b" * 16):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text("{}")
        os.utime(tmp_path / name / "manifest.json", ns=(ahead, ahead))
    work = tmp_path / ".c.part"
    work.mkdir()
    (work / "manifest.json").write_text("{}")
    publish.publish(work, tmp_path / ("c" * 16))
    assert publish.runs(tmp_path)[0].name == "c" * 16
    assert publish.prune(tmp_path, keep=1) == ["a" * 16, "b" * 16]


def test_an_old_run_whose_pages_are_drawn_again_is_no_newer_for_it(tmp_path: Path):
    for seconds, name in enumerate(("a" * 16, "b" * 16)):
        (tmp_path / name / "site").mkdir(parents=True)
        (tmp_path / name / "manifest.json").write_text("{}")
        os.utime(tmp_path / name / "manifest.json", (seconds, seconds))
    (tmp_path / ("a" * 16) / "site").rename(tmp_path / ("a" * 16) / "site.part")
    (tmp_path / ("a" * 16) / "site.part").rename(tmp_path / ("a" * 16) / "site")
    assert [run.name for run in publish.runs(tmp_path)] == ["b" * 16, "a" * 16]


def test_no_code_of_a_run_but_its_status_file_asks_what_time_it_is():
    found: set[str] = set()
    for room in ROOMS:
        for path in sorted((REPOSITORY / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute):
                    name = ast.unparse(node)
                    if name in ("time.time", "time.time_ns") or name.endswith((".now", ".today", ".utcnow")):
                        found.add(f"{path.relative_to(REPOSITORY)}: {name}")
    today = ("audit/account/summary.py", "expectations/authoring/quarantine_commands.py",
             "expectations/authoring/show_failures.py", "expectations/running/check_loaded.py",
             "expectations/running/check_payments.py")  # fmt: skip
    assert found == {"audit/run/publish.py: dt.datetime.now", *(f"{name}: datetime.date.today" for name in today)}


def test_of_two_schedulers_at_once_one_runs_and_the_other_is_told(returns: Path, out: Path):
    first = begin(returns, out)
    wait_for(out, ".*.part/tables")
    second = begin(returns, out)
    _, told = second.communicate(timeout=LONGEST_WAIT_SECONDS)
    assert second.returncode == 75
    assert f"process {first.pid}" in told
    intact(out)
    first.terminate()
    assert first.wait(timeout=LONGEST_WAIT_SECONDS) == 143
    intact(out)
