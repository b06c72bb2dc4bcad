"""Every command that writes, as a job that is killed: how it starts, what people then see, what they may see.

In: a folder to make the good results in, with few returns and few trees, so that each job is short. Out: jobs by name,
for `test_killed_at_random.py` and the soak. `run` and `payments` have their own in the test.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from killed_jobs import REPOSITORY, Job, Seen, ringfence

from audit.run import manifest, publish
from pipelines import lasting
from pipelines.load import generation
from pipelines.payments.ledger import put_in_place

FEW_TREES = "[forest]\nrepeats = 1\ntrees = 10\n"
RUNS = ("aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc", "dddddddddddddddd")
HEAD = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount"


def digests(folder: Path) -> Seen:
    """SHA-256 of every file below a folder."""
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}  # fmt: skip


def some_returns(folder: Path, pattern: str) -> Path:
    """Copies of a few of the embedded figures."""
    folder.mkdir()
    for path in (REPOSITORY / "data" / "returns").glob(pattern):
        shutil.copy(path, folder / path.name)
    return folder


def made(*command: str) -> float:
    """Do a command undisturbed. Returns the seconds it took."""
    began = time.monotonic()
    done = ringfence(*command)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - began


def one_or_the_other(good: Seen, whole: Seen) -> list[Seen]:
    """The last result or the new one."""
    return [good, whole]


def job(
    command: Callable[[Path], list[str]], seen: Callable[[Path], Seen], good: Path, whole: Path, *, once: bool = False,
    states: Callable[[Seen, Seen], list[Seen]] = one_or_the_other,
) -> Job:  # fmt: skip
    """A job whose last good result is the folder `good`; `whole` is made of it by the command, undisturbed."""

    def last_good(out: Path) -> None:
        shutil.copytree(good, out, dirs_exist_ok=True, symlinks=True)

    last_good(whole)
    seconds = made(*command(whole))
    return Job(command, seen, lambda *_: command(whole)[0], last_good, states, whole, seconds, once=once)


def tables(out: Path) -> Seen:
    """A folder of tables as the next command finds it: of one load, or refused."""
    generation.refuse_altered(out / "tables")
    return digests(out / "tables")


def tables_jobs(folder: Path) -> dict[str, Job]:
    """Load over an earlier load; check; audit."""
    settings, all_of, fewer = folder / "few_trees.toml", folder / "returns", folder / "fewer"
    settings.write_text(FEW_TREES)
    some_returns(all_of, "r[so]*_201[23]-*"), some_returns(fewer, "rs_2012-13*")
    for returns, name in ((fewer, "good_load"), (all_of, "good_check")):
        made("load", "--returns", str(returns), "--tables", str(folder / name / "tables"))

    def load(out: Path) -> list[str]:
        return ["load", "--returns", str(all_of), "--tables", str(out / "tables")]

    def check(out: Path) -> list[str]:
        return ["check", "--tables", str(out / "tables")]

    def audit(out: Path) -> list[str]:
        return ["audit", "--tables", str(out / "tables"), "--settings", str(settings)]

    return {
        "load": job(load, tables, folder / "good_load", folder / "whole_load"),
        "check": job(check, tables, folder / "good_check", folder / "whole_check"),
        "audit": job(audit, tables, folder / "whole_check", folder / "whole_audit"),
    }


def run_jobs(folder: Path) -> dict[str, Job]:
    """Pages drawn again where old ones stand; a sample drawn."""
    settings, returns = folder / "few_trees.toml", folder / "returns_of_run"
    settings.write_text(FEW_TREES)
    some_returns(returns, "r[so]*_201[23]-*")
    good = folder / "good_report"
    made("run", "--quiet", "--returns", str(returns), "--settings", str(settings), "--out", str(good))
    name = publish.latest(good).name
    drawn = shutil.copytree(good, folder / "good_sample", symlinks=True)
    (good / name / "site" / "index.html").write_text("the pages of another version\n")

    def report(out: Path) -> list[str]:
        return ["report", str(out / name)]

    def site(out: Path) -> Seen:
        lasting.settle(out / name / "site")
        manifest.read_whole(out / name)
        return digests(out / name / "site")

    def sample(out: Path) -> list[str]:
        return ["sample", "--out", str(drawn), "--to", str(out / "sample.csv"), "--size", "6"]

    def drawn_sample(out: Path) -> Seen:
        return {name: told for name, told in digests(out).items() if name[:6] == "sample"} if there(out) else {}

    def there(out: Path) -> bool:
        return (out / "sample.csv").is_file()

    (folder / "nothing").mkdir()
    return {
        "report": job(report, site, good, folder / "whole_report"),
        "sample": job(sample, drawn_sample, folder / "nothing", folder / "whole_sample", once=True),
    }


def prune_job(folder: Path) -> Job:
    """Four runs of which two stay: each of the others is whole or gone, the oldest last."""
    good = folder / "good_prune"
    for age, name in enumerate(RUNS):
        for at in range(200):
            path = good / name / "site" / "areas" / f"{at}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{name} {at}\n")
        (good / name / "manifest.json").write_text("{}")
        os.utime(good / name / "manifest.json", (1_700_000_000 - age, 1_700_000_000 - age))
    (good / "latest").symlink_to(RUNS[0])

    def runs(out: Path) -> Seen:
        told = {run.name: str(sorted(digests(run).items())) for run in publish.runs(out)}
        return told | {"latest": publish.latest(out).name}

    def states(before: Seen, after: Seen) -> list[Seen]:
        return [before, {name: told for name, told in before.items() if name != RUNS[2]}, after]

    return job(
        lambda out: ["prune", "--out", str(out), "--keep", "2"], runs, good, folder / "whole_prune", states=states
    )


def ledger_job(folder: Path) -> Job:
    """What a check finds in a ledger, put in place with the ledger."""
    for month in range(1, 4):
        path = folder / "in" / "nhs-madeham-ccg" / f"spend-2020-{month:02}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        start = f"NHS Madeham CCG,01/{month:02}/2020,Services,REABLEMENT,MADEHAM COUNCIL"
        path.write_text("\n".join([HEAD, *(f"{start},{month}{row:05},{row}.25" for row in range(1, 400))]))
    made("payments", str(folder / "in"), "--out", str(folder / "good_ledger"))
    shutil.rmtree(folder / "good_ledger" / "stage")

    def seen(out: Path) -> Seen:
        put_in_place.settle(out)
        hidden = (put_in_place.MAKING, ".lock")
        return {name: told for name, told in digests(out).items() if name.split("/")[0] not in hidden}

    return job(lambda out: ["check", "--payments", str(out)], seen, folder / "good_ledger", folder / "whole_ledger")


def some_jobs(folder: Path) -> dict[str, Job]:
    """Those that are quickly made, by name; the tests of power cuts stop the others at every file they put in place."""
    return {"prune": prune_job(folder), "check of payments": ledger_job(folder)}


def command_jobs(folder: Path) -> dict[str, Job]:
    """All of them by name."""
    return {**tables_jobs(folder), **run_jobs(folder), **some_jobs(folder)}
