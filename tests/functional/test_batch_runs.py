"""Scheduled runs: one at a time, killed and continued to the same bytes, verified, pruned, explained."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from audit.commands.cli import main
from audit.run import payment_stage, publish, resume
from audit.run.manifest import outputs, read_manifest, write_manifest
from pipelines.errors import InputError, Place
from pipelines.processes import run_lock

REPOSITORY = Path(__file__).resolve().parents[2]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "audit.commands.cli", *arguments]


def ringfence(*arguments: str, clone: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), cwd=clone, capture_output=True, text=True, check=False, env=from_here())


def from_here() -> dict[str, str]:
    """The environment with modules looked for in the current folder: a command run in this process says not to."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}


def test_a_stage_is_done_again_when_a_file_it_left_has_changed(tmp_path):
    work = tmp_path / "work"
    resume.begin(work)
    (work / "tables" / "rs.parquet").write_bytes(b"figures")
    resume.mark(work, "load", {"files": 1})
    assert resume.done(work, "load") == {"files": 1}
    (work / "tables" / "rs.parquet").write_bytes(b"other figures")
    assert resume.done(work, "load") is None
    assert resume.done(work, "audit") is None


def test_what_a_killed_run_left_half_written_is_removed_before_it_goes_on(tmp_path):
    work = tmp_path / "work"
    resume.begin(work)
    (work / "tables" / "rs.parquet.part").write_bytes(b"half")
    (work / "site.part").mkdir()
    resume.begin(work)
    assert sorted(path.name for path in work.rglob("*")) == [".stages", "tables"]


def test_a_second_run_is_told_who_holds_the_lock_and_changes_nothing(tmp_path):
    out = tmp_path / "runs"
    with run_lock.hold(out):
        done = ringfence("run", "--out", str(out))
    assert done.returncode == 75
    assert f"process {os.getpid()}" in done.stderr
    assert [path.name for path in out.iterdir()] == [".lock"]


def test_a_lock_left_by_a_killed_run_is_taken_over(tmp_path):
    (tmp_path / ".lock").write_text("process 1\n")
    with run_lock.hold(tmp_path):
        assert run_lock.holder(tmp_path) == f"process {os.getpid()}"
    assert run_lock.holder(tmp_path) == ""


def test_the_lock_is_held_until_the_last_child_of_a_killed_run_has_ended(tmp_path):
    program = "import sys; sys.stdin.read()"
    with run_lock.hold(tmp_path) as descriptor:
        child = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, pass_fds=(descriptor,))
        copy = os.dup(descriptor)
    other = os.open(tmp_path / ".lock", os.O_RDWR)
    os.close(copy)
    with pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    child.communicate(timeout=20)
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(other)


def test_too_little_room_is_said_before_anything_is_written(tmp_path, monkeypatch):
    class Full:
        free = 1_000_000

    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Full)
    with pytest.raises(InputError, match="only 1 MB are free"):
        publish.need_room(tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_files_of_payments_ask_for_room_of_their_own_size(tmp_path, monkeypatch):
    class Small:
        free = 300_000_500

    (tmp_path / "payments" / "body").mkdir(parents=True)
    (tmp_path / "payments" / "body" / "april.csv").write_bytes(b"x" * 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Small)
    publish.need_room(tmp_path / "runs")
    assert payment_stage.room_for(payment_stage.EMBEDDED_PAYMENTS) == 0
    with pytest.raises(InputError, match="MB are free"):
        publish.need_room(tmp_path / "runs", more=payment_stage.room_for(tmp_path / "payments"))


def made_runs(out: Path, count: int) -> list[str]:
    names = [f"{number:016x}" for number in range(count)]
    for number, name in enumerate(names):
        (out / name).mkdir(parents=True)
        (out / name / "manifest.json").write_text("{}")
        os.utime(out / name / "manifest.json", (number, number))
    (out / "latest").symlink_to(names[0])
    return names


def test_prune_keeps_the_newest_the_latest_and_the_pinned(tmp_path):
    names = made_runs(tmp_path, 6)
    (tmp_path / "pinned.txt").write_text(names[2] + "\n")
    (tmp_path / "refused" / "x").mkdir(parents=True)
    assert sorted(publish.prune(tmp_path, keep=2)) == [names[1], names[3]]
    assert sorted(path.name for path in publish.runs(tmp_path)) == [names[0], names[2], names[4], names[5]]
    assert not (tmp_path / "refused").exists()


def test_verify_makes_the_same_bytes_again_in_a_second_clone_at_another_path(embedded_run, tmp_path):
    clone = tmp_path / "a clone elsewhere"
    for name in ("audit", "expectations", "pipelines", "reports", "data/reference", "data/returns", "data/payments"):
        shutil.copytree(REPOSITORY / name, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
    where = [sys.executable, "-c", "import audit.commands.cli; print(audit.commands.cli.__file__)"]
    told = subprocess.run(where, cwd=clone, capture_output=True, text=True, check=True, env=from_here()).stdout
    assert told.strip() == str(clone / "audit" / "commands" / "cli.py")
    done = ringfence("verify", str(embedded_run), clone=clone)
    assert done.returncode == 0, done.stderr
    assert "The same bytes" in done.stdout


def test_verify_names_a_file_that_was_changed_after_publication(embedded_run, tmp_path):
    copy = tmp_path / embedded_run.name
    shutil.copytree(embedded_run, copy)
    (copy / "flags.csv").write_text("changed\n")
    done = ringfence("verify", str(copy))
    assert done.returncode == 14
    assert "not as it was published: flags.csv has 8 bytes, not " in done.stderr


def test_verify_names_the_setting_that_makes_a_run_differ(embedded_run, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text("[lists]\nreview = 20\n")
    done = ringfence("verify", str(embedded_run), "--settings", str(own))
    assert done.returncode == 14
    assert "a setting differs: lists.review 15 -> 20" in done.stderr


def test_the_run_tells_a_scheduler_what_it_found(embedded_run, embedded_runs):
    told = json.loads((embedded_run / "summary.json").read_text())
    assert told["run"] == embedded_run.name == read_manifest(embedded_run)["run_id"]
    assert told["rows_read"] > told["rows_kept"] > 100_000
    assert "not evidence of misuse" in (embedded_run / "summary.txt").read_text()
    assert json.loads((embedded_runs / "status.json").read_text())["state"] == "done"
    text = " ".join((embedded_run / "summary.txt").read_text().split())
    assert sum(told["results"].values()) == 300 and set(told["bands"]) == {"W1", "W2"}
    assert [row["window"] for row in told["review_lists"]] == ["W1", "W2"]
    assert text.count("If one council in ten replaced its own money, about ") == 2
    assert all(f"{item['name']} ({item['area']})" in text for item in told["flagged"])
    stages = [json.loads(line)["stage"] for line in (embedded_run / "log.jsonl").read_text().splitlines()]
    assert stages == ["load", "check", "audit", "report", "publish"]


def test_quiet_says_nothing_and_verbose_names_every_check_that_did_not_pass(embedded_runs):
    assert ringfence("run", "--quiet", "--out", str(embedded_runs)).stdout == ""
    told = ringfence("run", "--verbose", "--out", str(embedded_runs)).stdout
    assert "Nothing had changed" in told
    assert "failed   " in told
    assert "passed" in told.splitlines()[-3]


def test_a_refused_run_tells_the_status_file_why(tmp_path):
    out = tmp_path / "runs"
    assert ringfence("run", "--returns", str(tmp_path / "gone"), "--out", str(out)).returncode == 11
    status = json.loads((out / "status.json").read_text())
    assert (status["state"], status["exit_code"]) == ("refused", 11)
    assert "the folder does not exist" in status["message"]


def test_a_wrong_setting_is_in_the_status_file_too_and_leaves_that_of_a_run_at_work_alone(tmp_path):
    out, own = tmp_path / "runs", tmp_path / "own.toml"
    own.write_text("[lists]\nno_such = 1\n")
    assert ringfence("run", "--settings", str(own), "--out", str(out)).returncode == 10
    status = json.loads((out / "status.json").read_text())
    assert (status["state"], status["exit_code"]) == ("refused", 10)
    assert "lists.no_such" in status["message"]
    (out / "status.json").unlink()
    with run_lock.hold(out):
        assert ringfence("run", "--out", str(out)).returncode == 75
    assert not (out / "status.json").exists()


@pytest.mark.parametrize(
    ("end", "state", "code"),
    [(RuntimeError("a bug"), "failed", 70), (SystemExit(143), "stopped", 143), (KeyboardInterrupt(), "stopped", 143)],
)
def test_a_run_that_met_a_bug_or_was_told_to_stop_says_so_in_the_status_file(end, state, code, tmp_path, monkeypatch):
    def ends(_options):
        raise end

    monkeypatch.setattr("audit.run.run.run", ends)
    assert main(["run", "--out", str(tmp_path)]) == code
    status = json.loads((tmp_path / "status.json").read_text())
    assert (status["state"], status["exit_code"]) == (state, code)


@pytest.mark.parametrize("arguments", [("run", "--workers", "0"), ("prune", "--keep", "-1"), ("run", "--no-such"), ()])
def test_a_wrong_command_line_ends_with_2_before_anything_is_done(arguments, tmp_path):
    done = ringfence(*arguments, *(("--out", str(tmp_path / "runs")) if arguments else ()))
    assert done.returncode == 2
    assert done.stderr.startswith("usage: ringfence")
    assert not (tmp_path / "runs").exists()


def test_a_message_never_steers_the_terminal_it_is_printed_on():
    told = str(InputError("'\x1b[2J\u202eevil\r' is no number", place=Place("a\x07.csv")))
    assert told == "a\\u0007.csv: '\\u001b[2J\\u202eevil\\u000d' is no number"


def test_a_strict_run_in_which_rows_were_set_aside_ends_with_13_and_its_status_says_so(embedded_run, tmp_path):
    out = tmp_path / "runs"
    run = shutil.copytree(embedded_run, out / embedded_run.name)
    told = read_manifest(run)
    told["counts"]["quarantined"] = 3
    write_manifest(run, told)
    for asked, code in (("--quiet", 0), ("--strict", 13)):
        assert ringfence("run", asked, "--out", str(out)).returncode == code
        assert json.loads((out / "status.json").read_text())["exit_code"] == code


def test_doctor_says_whether_a_run_could_start(embedded_runs, tmp_path):
    done = ringfence("doctor", "--out", str(embedded_runs))
    assert done.returncode == 0
    assert "lock: free" in done.stdout
    assert "A run can start." in done.stdout
    assert "the last one ended with 0 (done) at 20" in done.stdout
    assert ringfence("doctor", "--returns", str(tmp_path / "gone")).returncode == 11


def test_doctor_names_what_is_set_and_every_folder_that_would_stop_a_run(tmp_path, monkeypatch):
    monkeypatch.setenv("RINGFENCE_PAYMENTS", str(tmp_path / "gone"))
    (tmp_path / "file").write_text("where the folder of runs belongs")
    done = ringfence("doctor", "--out", str(tmp_path / "file"))
    assert done.returncode == 11
    assert f"environment: RINGFENCE_PAYMENTS={tmp_path / 'gone'}" in done.stdout
    assert f"payments: {tmp_path / 'gone'}: the folder does not exist" in done.stdout
    assert "the folder for the results cannot be written (File exists)" in done.stdout


def test_settings_prints_every_setting_and_marks_what_differs(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text("[lists]\nreview = 20\n")
    done = ringfence("settings", "--settings", str(own))
    assert "lists.review = 20   (default 15)" in done.stdout
    assert "lists.unusual = 10" in done.stdout


def test_a_run_that_is_there_already_becomes_the_latest_again(embedded_run, tmp_path):
    out = tmp_path / "runs"
    shutil.copytree(embedded_run, out / embedded_run.name)
    (out / "0123456789abcdef").mkdir()
    (out / "latest").symlink_to("0123456789abcdef")
    assert ringfence("run", "--quiet", "--out", str(out)).returncode == 0
    assert (out / "latest").resolve().name == embedded_run.name


def test_a_run_that_ended_with_an_error_leaves_no_name_in_the_lock(tmp_path):
    with pytest.raises(InputError), run_lock.hold(tmp_path):
        raise InputError("refused")
    assert run_lock.holder(tmp_path) == ""


def test_the_metadata_of_an_extract_is_an_input_of_the_run(tmp_path):
    from audit.run.load_stage import describe_inputs

    names = ("rs_2013-14.csv", "rs_2013-14.csv-metadata.json")
    for name in names:
        shutil.copy(REPOSITORY / "data" / "returns" / name, tmp_path / name)
    described = [item["file_name"] for item in describe_inputs(tmp_path)]
    assert described[:2] == list(names)


def test_where_the_inputs_stood_changes_nothing_a_run_says(embedded_run, tmp_path):
    copy = tmp_path / "elsewhere"
    shutil.copytree(REPOSITORY / "data" / "returns", copy)
    assert ringfence("run", "--quiet", "--returns", str(copy), "--out", str(tmp_path / "runs")).returncode == 0
    again = (tmp_path / "runs" / "latest").resolve()
    assert again.name == embedded_run.name
    assert outputs(again) == outputs(embedded_run)


def test_an_input_that_changes_while_the_run_reads_is_named(tmp_path):
    from audit.run.load_stage import describe_inputs, load_tables

    folder = tmp_path / "returns"
    folder.mkdir()
    for name in ("rs_2013-14.csv", "rs_2013-14.csv-metadata.json"):
        shutil.copy(REPOSITORY / "data" / "returns" / name, folder / name)
    described = describe_inputs(folder)
    path = folder / "rs_2013-14.csv"
    path.write_text(path.read_text().replace(",0,", ",1,", 1))
    with pytest.raises(InputError, match="changed while the run was reading"):
        load_tables(folder, tmp_path / "tables", workers=1, inputs=described)


def test_payments_are_loaded_one_job_at_a_time_and_once_more_to_the_same_bytes(tmp_path):
    given, out = tmp_path / "nhs-bolton-ccg", tmp_path / "ledger"
    given.mkdir()
    head = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
    (given / "2020-04.csv").write_text(head + "NHS Bolton CCG,30/04/2020,Services,CARERS,Bolton Council,1,5.00\n")
    (given / "noise.csv").write_bytes(b"\x00\x01\x02" * 900)
    load = ["payments", str(tmp_path / "nhs-bolton-ccg"), "--out", str(out)]
    with run_lock.hold(out):
        held = ringfence(*load)
    assert held.returncode == 75
    assert [path.name for path in out.iterdir()] == [".lock"]
    done = ringfence(*load, "--strict")
    assert (done.returncode, "refused: noise.csv" in done.stdout) == (13, True), done.stderr
    first = {path: path.read_bytes() for path in out.rglob("*.parquet")}
    assert ringfence(*load).returncode == 0
    assert {path: path.read_bytes() for path in out.rglob("*.parquet")} == first
