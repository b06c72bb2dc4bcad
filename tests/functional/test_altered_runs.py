"""A published run that was changed: `run` does not say that nothing has, `verify` names it, `report` and `diff` refuse.

In: copies of the run on the embedded figures, each changed in one way. A run that only lacks files is made again.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.commands.cli import main
from audit.run import manifest, publish, resume
from audit.run import run as running
from audit.run.run import Options
from pipelines import recorded
from pipelines.processes.run_lock import hold_folder

Change = Callable[[Path], object]


@pytest.fixture
def run(embedded_run: Path, tmp_path: Path) -> Path:
    """A copy of the run, in a folder of runs of its own, as the latest."""
    copy = shutil.copytree(embedded_run, tmp_path / "runs" / embedded_run.name)
    publish.point_latest(copy)
    return copy


def says(**told: Any) -> Change:
    """A manifest edited as by hand: its own hash is what it was."""

    def change(run: Path) -> None:
        path = run / "manifest.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(recorded.record_text({**content, **told}), encoding="utf-8")

    return change


def signed_again(run: Path) -> None:
    """A forger who knows how a manifest holds its own hash, and gives the run another input."""
    content = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    content["inputs"][0]["sha256"] = "0" * 64
    (run / "manifest.json").write_text(recorded.record_text(recorded.signed(content)), encoding="utf-8")


def rewritten(name: str, change: Callable[[bytes], bytes]) -> Change:
    return lambda run: (run / name).write_bytes(change((run / name).read_bytes()))


def one_bit(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def without_second_line(content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join([lines[0], *lines[2:]])


def a_socket(run: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(run)
        try:
            one.bind("plug")
        finally:
            os.chdir(here)


def a_pipe_for(name: str) -> Change:
    return lambda run: [(run / name).unlink(), os.mkfifo(run / name)]


def a_link_for(name: str) -> Change:
    def change(run: Path) -> None:
        (run / name).rename(run.parent / "moved")
        (run / name).symlink_to(run.parent / "moved")

    return change


def of_nine(content: bytes) -> bytes:
    """Another version, in as many bytes."""
    return content.replace(b'"version": "', b'"version": "9', 1)[:-2] + b"\n"


FORGED = rewritten("site/manifest.json", of_nine)
ALTERED: dict[str, tuple[Change, str]] = {
    "counts edited": (says(counts={"quarantined": 0}), "manifest.json: the record was changed"),
    "version edited": (says(version="9.9.9"), "manifest.json: the record was changed"),
    "run id edited": (says(run_id="0123456789abcdef"), "manifest.json: the record was changed"),
    "an input forged": (signed_again, "but what decides a run's id gives"),
    "manifest empty": (rewritten("manifest.json", lambda _: b""), "manifest.json: the record is empty"),
    "manifest of zeros": (rewritten("manifest.json", lambda content: bytes(len(content))), "the record is empty"),
    "manifest cut off": (rewritten("manifest.json", lambda content: content[:-400]), "the record cannot be read"),
    "manifest no object": (rewritten("manifest.json", lambda _: b"[]"), "the record is no JSON object"),
    "manifest a link": (a_link_for("manifest.json"), "the record is a link"),
    "a row of flags.csv deleted": (rewritten("flags.csv", without_second_line), "flags.csv has "),
    "a table shortened": (rewritten("tables/flag.parquet", lambda content: content[:-9]), "tables/flag.parquet has "),
    "a table a link": (a_link_for("tables/flag.parquet"), "tables/flag.parquet is a link"),
    "a table a pipe": (a_pipe_for("tables/flag.parquet"), "tables/flag.parquet is a pipe"),
    "a page emptied": (rewritten("site/index.html", lambda _: b""), "site/index.html has 0 bytes"),
    "the manifest on the pages forged": (FORGED, "site/manifest.json was changed"),
    "a pipe": (lambda run: os.mkfifo(run / "site" / "pipe"), "site/pipe is a pipe"),
    "a socket": (a_socket, "plug is a socket"),
    "a link to a folder": (lambda run: (run / "more").symlink_to(run.parent), "more is a link"),
    "a file added": (lambda run: (run / "site" / "new.html").write_text("new"), "site/new.html was added"),
}  # fmt: skip
BYTES: dict[str, tuple[Change, str]] = {
    name: (rewritten(name, one_bit), f"{name} was changed")
    for name in ("flags.csv", "site/index.html", "tables/flag.parquet", "summary.json")
}
"""Of the same size: `verify` reads every byte."""


def ended(capsys: pytest.CaptureFixture[str], *command: str) -> tuple[int, str]:
    """Exit code and what was said as an error; all of it in one line."""
    code = main(list(command))
    told = capsys.readouterr().err
    assert len(told.splitlines()) <= 1, told
    return code, told


@pytest.mark.parametrize("kind", ALTERED)
def test_an_altered_run_is_named_by_run_and_verify_and_left_as_it_is(
    kind: str, run: Path, capsys: pytest.CaptureFixture[str]
):
    change, said = ALTERED[kind]
    change(run)
    before = {name: told.st_mtime_ns for name, told in recorded.entries(run).items()}
    for command in (["run", "--out", str(run.parent)], ["verify", str(run)]):
        code, told = ended(capsys, *command)
        assert code == 14, (command, told)
        assert said in told
    assert {name: told.st_mtime_ns for name, told in recorded.entries(run).items()} == before


@pytest.mark.parametrize("name", BYTES)
def test_verify_finds_one_bit_in_any_file(name: str, run: Path, capsys: pytest.CaptureFixture[str]):
    change, said = BYTES[name]
    change(run)
    code, told = ended(capsys, "verify", str(run))
    assert code == 14 and said in told


TABLES = [kind for kind in ALTERED if "table" in kind or kind[:8] == "manifest" or "edited" in kind or "forged" in kind]


@pytest.mark.parametrize("kind", [*TABLES, "tables/flag.parquet"])
def test_nothing_is_drawn_compared_explained_or_drawn_by_lot_from_altered_tables(
    kind: str, run: Path, tmp_path: Path, embedded_run: Path, capsys: pytest.CaptureFixture[str]
):
    change, said = (ALTERED | BYTES)[kind]
    change(run)
    if kind == "the manifest on the pages forged":
        return  # the tables are whole: the pages are drawn again, see below
    here, other, to = str(run), str(embedded_run), str(tmp_path / "sample.csv")
    for command in (["report", here], ["report", here, "--zip", "--to", str(tmp_path)], ["diff", here, other],
                    ["diff", other, here], ["explain", "--out", str(run.parent), "Kent"],
                    ["sample", "--out", str(run.parent), "--to", to]):  # fmt: skip
        code, told = ended(capsys, *command)
        assert code == 14, (command, told)
        assert said in told
    assert not Path(to).exists() and not list(tmp_path.glob("*.zip"))


def test_a_renamed_run_is_known_for_what_it_is(run: Path, capsys: pytest.CaptureFixture[str]):
    other = run.rename(run.with_name("0123456789abcdef"))
    for command in (["verify", str(other)], ["report", str(other)], ["diff", str(other), str(other)]):
        code, told = ended(capsys, *command)
        assert code == 14
        assert f"the folder is called 0123456789abcdef, but holds run {run.name}" in told


def test_a_run_whose_folder_has_another_runs_name_is_not_taken_for_it(run: Path, capsys: pytest.CaptureFixture[str]):
    own = ["run", "--out", str(run.parent), "--prior", "0.2"]
    assert resume.missing_parts(run) == ()
    from audit.settings import own_settings

    folder, missing = running.planned(Options(out=run.parent, settings=own_settings(None, prior=0.2)))
    assert missing is None
    run.rename(folder)
    code, told = ended(capsys, *own)
    assert code == 14 and f"but holds run {run.name}" in told


GONE: dict[str, Change] = {
    "a page": lambda run: (run / "site" / "method.html").unlink(),
    "the flags": lambda run: [(run / "flags.csv").unlink(), (run / "tables" / "flag.parquet").unlink()],
    "the site, as a kill in mid-swap left it": lambda run: (run / "site").rename(run / ".site.part"),
    "the manifest": lambda run: (run / "manifest.json").unlink(),
    "the log": lambda run: (run / "log.jsonl").unlink(),
}


@pytest.mark.parametrize("kind", GONE)
def test_what_a_run_lacks_is_noticed_and_asks_for_making_it_again(kind: str, run: Path):
    GONE[kind](run)
    assert resume.missing_parts(run)


def test_a_run_that_lacks_files_is_made_again_with_the_same_bytes(
    run: Path, embedded_run: Path, capsys: pytest.CaptureFixture[str]
):
    for kind in ("a page", "the flags"):
        GONE[kind](run)
    assert main(["run", "--out", str(run.parent)]) == 0
    told = capsys.readouterr().out
    assert "3 files of this run were missing, first flags.csv; it was made again." in told
    assert "Nothing had changed" not in told
    assert manifest.outputs(run) == manifest.outputs(embedded_run)
    assert not list(run.parent.glob(".*.part"))
    status = json.loads((run.parent / "status.json").read_text(encoding="utf-8"))
    assert status["made_again_for"] == ["flags.csv", "site/method.html", "tables/flag.parquet"]
    assert main(["run", "--out", str(run.parent)]) == 0
    assert "Nothing had changed since this run." in capsys.readouterr().out


def test_pages_that_were_changed_or_are_gone_are_drawn_again_with_the_same_bytes(
    run: Path, embedded_run: Path, capsys: pytest.CaptureFixture[str]
):
    told = (run / "manifest.json").read_bytes(), (run / "manifest.json").stat().st_mtime_ns
    FORGED(run)
    (run / "site" / "method.html").unlink()
    os.mkfifo(run / "site" / "pipe")
    assert main(["report", str(run.parent / "latest")]) == 0
    assert manifest.outputs(run) == manifest.outputs(embedded_run)
    assert ((run / "manifest.json").read_bytes(), (run / "manifest.json").stat().st_mtime_ns) == told
    capsys.readouterr()
    assert main(["run", "--out", str(run.parent)]) == 0
    assert "Nothing had changed" in capsys.readouterr().out


def test_pages_drawn_by_another_version_are_recorded_and_nothing_else_is(run: Path, monkeypatch: pytest.MonkeyPatch):
    from reports.site import beside, downloads

    before, at = manifest.read_manifest(run), (run / "manifest.json").stat().st_mtime_ns
    rewritten("flags.csv", one_bit)(run)  # which is not what was published, and stays so
    monkeypatch.setattr(beside, "_start", lambda: None)
    monkeypatch.setattr(downloads, "record_text", lambda told: recorded.record_text({**told, "another": "version"}))
    assert main(["report", str(run)]) == 0
    after = manifest.read_manifest(run)
    changed = {name for name in before["outputs"] if before["outputs"][name] != after["outputs"][name]}
    assert changed == {"site/manifest.json"}
    assert (run / "manifest.json").stat().st_mtime_ns == at
    found = manifest.differences(run, after, every_byte=True)
    assert (found.missing, found.altered) == ((), ("flags.csv was changed",))


def test_pages_that_somebody_draws_are_left_to_them(run: Path, capsys: pytest.CaptureFixture[str]):
    (run / ".site.part").mkdir()
    with hold_folder(run):
        for command in (["report", str(run)], ["run", "--out", str(run.parent)]):
            code, told = ended(capsys, *command)
            assert code == 75 and "another command is at work on" in told
        assert publish.prune(run.parent, keep=0) == []
    for command in (["run", "--out", str(run.parent)], ["report", str(run), "--zip", "--to", str(run.parent)]):
        (run / ".site.part").mkdir(exist_ok=True)
        assert main(command) == 0
        assert not (run / ".site.part").exists()


def test_a_swap_in_three_steps_that_was_killed_is_put_right_by_the_next_run(run: Path):
    run.rename(run.with_name(f".{run.name}.last"))
    assert resume.missing_parts(run) == ()
    (run / "site").rename(run / ".site.last")
    assert resume.missing_parts(run) == ()


LEFT = {
    "a folder": lambda path: (path.mkdir(), (path / "x").write_text("x")),
    "a file": lambda path: path.write_text("x"),
    "a link": lambda path: path.symlink_to("nowhere"),
}


@pytest.mark.parametrize("kind", LEFT)
@pytest.mark.parametrize("command", [["run"], ["prune"]], ids=["run", "prune"])
def test_what_a_killed_command_left_is_swept_at_the_next_start(kind: str, command: list[str], run: Path):
    left = [run.parent / ".aaaabbbbccccdddd.part", run.parent / ".latest.part"]
    for path in left:
        LEFT[kind](path)
    assert main([*command, "--out", str(run.parent)]) == 0
    assert not [path for path in left if os.path.lexists(path)]
    assert publish.latest(run.parent) == run
