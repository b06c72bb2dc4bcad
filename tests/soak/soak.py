"""Run after run over a folder that changes, killed at random: nothing may be lost, half-published or left growing.

`make soak` starts SOAK_RUNS (200) runs with SOAK_SEED (20111), for SOAK_SECONDS (1,500) at most. In: copies of some of
the embedded figures, few enough that a run is short, with a file left out, a value altered, a file that is no return;
every SOAK_WHOLE-th turn (20) all of them. Out: the figures on stdout, and exit code 1 with the rule that broke. Needs
/proc (Linux) for the memory and open files of a run, and for processes that stay.
"""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from audit.revisions.revision_tables import FILES as WITH_REVISIONS
from audit.run import manifest, publish
from audit.run.history_stage import WITH_HISTORY
from pipelines.errors import EXIT_INPUT, EXIT_OK, EXIT_TERMINATED, LockedError
from pipelines.processes import run_lock
from tests.functional.killed_jobs import family, stage_of_run

ROOT = Path(__file__).resolve().parents[2]
RETURNS = ROOT / "data" / "returns"
KEEP = 4
LONGEST_WAIT_SECONDS = 300.0
BEGINNING_SECONDS = 4.0  # before this the program may not yet have said that it ends cleanly when told to


def leave_out(*names: str) -> Callable[[Path], None]:
    """A change that takes returns out of the folder, each with its metadata."""

    def change(folder: Path) -> None:
        for name in names:
            for path in folder.glob(name + ".csv*"):
                path.unlink()

    return change


def alter(name: str, by: float) -> Callable[[Path], None]:
    """A change of one published value, the first number of the first row."""

    def change(folder: Path) -> None:
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        at = next(at for at, cell in enumerate(rows[1]) if cell.replace(".", "", 1).isdigit())
        rows[1][at] = str(round(float(rows[1][at]) + by, 4))
        path.unlink()
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)

    return change


def rename(name: str) -> Callable[[Path], None]:
    """A return under another name, which is printed: another run, with the same figures."""

    def change(folder: Path) -> None:
        for path in list(folder.glob(name + ".csv*")):
            path.rename(path.with_name(path.name.replace(name, "renamed")))

    return change


def no_return(folder: Path) -> None:
    """A file that is no return at all: the run must refuse it."""
    (folder / "minutes.csv").write_text("item,owner\nbudget,nobody\n", encoding="utf-8")


SOME = ("rs_2012-13", "rs_2013-14", "ro3_2013-14", "ra_2018-19", "unit_costs_2009-10", "unit_costs_2013-14")
CHANGES: dict[str, Callable[[Path], None]] = {
    "as embedded": lambda _folder: None,
    "without unit costs": leave_out("unit_costs_2009-10", "unit_costs_2013-14"),
    "a unit cost altered": alter("unit_costs_2013-14", 0.1),
    "a return renamed": rename("ra_2018-19"),
}
WHOLE = "all that is embedded"
REFUSED = "a file that is no return"


@dataclass
class Found:
    """What the soak has counted."""

    counts: Counter[str] = field(default_factory=Counter)
    peak_mb: list[float] = field(default_factory=list)
    open_files: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    folder_mb: list[float] = field(default_factory=list)  # after each prune
    temporary_mb: list[float] = field(default_factory=list)
    stamps: dict[str, dict[Path, tuple[int, int]]] = field(default_factory=dict)
    stages: Counter[str] = field(default_factory=Counter)  # in which a run was killed
    started: int = 0
    runs: dict[str, str] = field(default_factory=dict)  # change -> id of its run
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)  # id -> hash of every file


def need(rule: str, *, holds: bool, told: object = "") -> None:
    """End the soak when a rule is broken."""
    if not holds:
        raise SystemExit(f"BROKEN: {rule} {told}")


def memory_and_files(process: int) -> tuple[float, int]:
    """MB (each shared page counted once) and open files of a process and all below it."""
    kilobytes, files = 0, 0
    for one in family(process):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            files += len(list(Path(f"/proc/{one}/fd").iterdir()))
        except OSError:
            continue
    return kilobytes / 1024, files


def of_this_soak(temporary: Path) -> list[int]:
    """Processes that were started by a run of this soak, by their environment."""
    mark, found = f"TMPDIR={temporary}".encode(), list[int]()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def size_mb(folder: Path) -> float:
    """Of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


class Soak:
    """One folder of runs under load."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.out, self.temporary = folder, folder / "runs", folder / "tmp"
        self.temporary.mkdir()
        self.chance, self.found, self.measured = random.Random(seed), Found(), True

    def start(self, returns: Path) -> subprocess.Popen[str]:
        """Begin a run as a scheduler would."""
        self.found.started += 1
        command = [sys.executable, "-m", "audit.commands.cli", "run", "--quiet", "--returns", str(returns)]
        return subprocess.Popen(
            [*command, "--out", str(self.out)], cwd=ROOT, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "TMPDIR": str(self.temporary)},
        )  # fmt: skip

    def finish(self, returns: Path) -> tuple[int, str]:
        """Run to the end, measuring. Returns the exit code and what was printed as an error."""
        process = self.start(returns)
        peak, files, began = 0.0, 0, time.monotonic()
        lines: list[str] = []
        reader = threading.Thread(target=lambda: lines.extend(process.stderr or ()))
        reader.start()
        while process.poll() is None:
            now, opened = memory_and_files(process.pid)
            peak, files = max(peak, now), max(files, opened)
            time.sleep(0.5)
        reader.join()
        if self.measured and process.returncode == EXIT_OK and time.monotonic() - began > 3:  # not an unchanged run
            self.found.peak_mb.append(peak)
            self.found.open_files.append(files)
            self.found.seconds.append(time.monotonic() - began)
        return process.returncode, "".join(lines)

    def kill(self, returns: Path, *, may_end_with: int) -> None:
        """Stop a run at a random moment; the last good run must be as it was."""
        before = self.latest()
        how = self.chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM))
        moment = self.chance.uniform(0.2, 1.1 * statistics.median(self.found.seconds or [20.0]))
        process = self.start(returns)
        try:
            _, told = process.communicate(timeout=moment)
        except subprocess.TimeoutExpired:
            process.send_signal(how)
            _, told = process.communicate(timeout=LONGEST_WAIT_SECONDS)
        code = process.returncode
        stopped = {-signal.SIGKILL, EXIT_TERMINATED} | ({-signal.SIGTERM} if moment < BEGINNING_SECONDS else set())
        need("a stopped run ends with 143", holds=code in stopped | {may_end_with}, told=(code, moment, told))
        self.wait_for_the_lock()
        self.found.counts["ended before its kill" if code == may_end_with else f"killed by {how.name}"] += 1
        if code != may_end_with:
            self.found.stages[stage_of_run(self.out)] += 1
        if code != EXIT_OK:
            need("a killed run leaves `latest` alone", holds=self.latest() == before)
        self.all_whole()

    def wait_for_the_lock(self) -> None:
        """Until no process of a killed run is left, nor its lock."""
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        while time.monotonic() < until:
            try:
                with run_lock.hold(self.out):
                    if not of_this_soak(self.temporary):
                        return
            except LockedError:
                pass
            time.sleep(0.1)
        need("the lock of a killed run is let go, and no process stays", holds=False, told=of_this_soak(self.temporary))

    def latest(self) -> str:
        """Id of the run that `latest` names."""
        return publish.latest(self.out).name if publish.is_run(self.out / "latest") else ""

    def all_whole(self, *, to_the_byte: bool = False) -> None:
        """Every published run has exactly the files and bytes its manifest records.

        A run that was found whole, and none of whose files was written since, is not read again unless `to_the_byte`.
        """
        for run in publish.runs(self.out):
            stamps = {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(run.rglob("*"))}
            if self.found.stamps.get(run.name) == stamps and not to_the_byte:
                continue
            self.found.stamps[run.name] = stamps
            recorded = manifest.read_manifest(run).get("outputs")
            need("every published run is whole", holds=recorded == manifest.outputs(run), told=run.name)
            same = self.found.outputs.setdefault(run.name, recorded or {})
            differ = sorted(name for name, digest in (recorded or {}).items() if same.get(name) != digest)
            before = (*WITH_HISTORY, *WITH_REVISIONS)  # these tell of the runs before, which change
            other = [name for name in differ if name not in before]
            need("the same run has the same bytes, whatever was killed", holds=not other, told=(run.name, other[:5]))

    def turn(self, *, whole: bool) -> None:
        """One night: the folder changes, perhaps a run is killed, the next one must end well."""
        name = WHOLE if whole else self.chance.choice([*CHANGES, REFUSED])
        returns = self.folder / "returns"
        shutil.rmtree(returns, ignore_errors=True)
        returns.mkdir()
        self.measured = not whole
        for path in RETURNS.iterdir():
            if whole or path.name.partition(".csv")[0] in SOME:
                shutil.copy(path, returns / path.name)
        if not whole:
            (no_return if name == REFUSED else CHANGES[name])(returns)
        before = self.latest()
        if self.chance.random() < 0.6:
            self.kill(returns, may_end_with=EXIT_INPUT if name == REFUSED else EXIT_OK)
        code, told = self.finish(returns)
        status = json.loads((self.out / publish.STATUS).read_text(encoding="utf-8"))
        if name == REFUSED:
            need("a file that is no return is refused", holds=code == EXIT_INPUT, told=(code, told))
            need("a refused run leaves `latest` alone", holds=self.latest() == before)
            need("status.json says that the run was refused", holds=status["state"] == "refused")
        else:
            need("the next run completes", holds=code == EXIT_OK, told=(name, code, told))
            need("`latest` is the run of these inputs", holds=self.latest() == status["run"], told=(name, status))
            known = self.found.runs.setdefault(name, status["run"])
            need("the same inputs give the same run", holds=known == status["run"], told=name)
        ended = "refused" if name == REFUSED else "unchanged" if status["unchanged"] else "completed"
        self.found.counts[ended] += 1
        self.all_whole()
        need("nothing half-written is left", holds=not list(self.out.glob(".*.part")))
        with run_lock.hold(self.out):
            self.found.counts["pruned"] += len(publish.prune(self.out, keep=self.chance.randint(1, KEEP)))
        self.found.folder_mb.append(size_mb(self.out))
        self.found.temporary_mb.append(size_mb(self.temporary))
        need("no process stays behind", holds=not of_this_soak(self.temporary), told=of_this_soak(self.temporary))
        need("prune never takes the latest", holds=name == REFUSED or self.latest() == status["run"])

    def figures(self, seconds: float) -> str:
        """What was counted and measured, as lines."""
        counts, peaks, files = self.found.counts, self.found.peak_mb, self.found.open_files
        third = max(len(peaks) // 3, 1)

        def sides(values: list[float] | list[int]) -> str:
            if not values:
                return "not measured"
            first, last = statistics.median(values[:third]), statistics.median(values[-third:])
            return f"highest {max(values):,.0f}; median of the first third {first:,.0f}, of the last {last:,.0f}"

        every = Counter({key: number for key, number in counts.items() if key != "pruned"})
        return "\n".join([
            f"runs started: {every.total()} in {seconds / 60:,.0f} minutes: "
            + ", ".join(f"{number} {key}" for key, number in sorted(every.items())),
            f"killed in: {dict(sorted(self.found.stages.items()))}",
            f"runs pruned: {counts['pruned']}; different runs: {len(self.found.outputs)}, none with two contents",
            f"peak memory of a run, MB: {sides(peaks)}",
            f"open files of a run: {sides(files)}",
            f"seconds of a run: {sides(self.found.seconds)}",
            f"folder of runs after each prune, MB: {sides(self.found.folder_mb)}",
            f"temporary folder after each turn, MB: {sides(self.found.temporary_mb)}",
            "processes that stayed behind: none",
            "lost, half-published or changed: nothing",
        ])  # fmt: skip


def main() -> None:
    """Turn after turn until the runs are started or the time is over."""
    runs, seconds, seed, every = (
        int(os.environ.get(f"SOAK_{name}", default))
        for name, default in (("RUNS", 200), ("SECONDS", 1500), ("SEED", 20111), ("WHOLE", 20))
    )
    began, turns = time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="ringfence-soak-") as folder:
        soak = Soak(Path(folder), seed)
        while soak.found.started < runs and time.monotonic() - began < seconds:
            turns += 1
            soak.turn(whole=turns % every == 0)
            print(f"{time.monotonic() - began:5.0f} s  {dict(soak.found.counts)}", flush=True)
        soak.all_whole(to_the_byte=True)
        print(soak.figures(time.monotonic() - began))


if __name__ == "__main__":
    main()
