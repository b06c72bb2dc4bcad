"""The Airflow example against the real Airflow: imported, run on the embedded figures, and every exit code mapped.

`make test-airflow` runs it in an environment of its own, because Airflow and ringfence want different libraries. In:
the Airflow that runs this file, and the installed ringfence of the repository. Out: one line per rule that holds; exit
code 1 with the first one that does not.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
from importlib import util
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DAG_FILE = ROOT / "docs" / "examples" / "ringfence_dag.py"
FAILING = (10, 11, 12, 13, 14, 70, 143)


def holds(rule: str, found: object, wanted: object) -> None:
    """Say that a rule holds, or end."""
    if found != wanted:
        raise SystemExit(f"BROKEN: {rule}: found {found!r}, wanted {wanted!r}")
    print(f"holds: {rule}", flush=True)


def load_dag(home: Path) -> Any:
    """The DAG as Airflow would import it with RINGFENCE_PROGRAM set."""
    os.environ["RINGFENCE_PROGRAM"] = str(home)
    spec = util.spec_from_file_location(f"dag_{home.name}", DAG_FILE)
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.dag


def states(dag: Any) -> dict[str, str]:
    """Run the DAG once in this process. Returns the state of every task, and of the whole."""
    done = dag.test()
    return {task.task_id: str(task.state) for task in done.get_task_instances()} | {"dag": str(done.state)}


def stub(folder: Path, code: int) -> Path:
    """A folder whose ringfence does nothing but end with `code`."""
    program = folder / f"ends_{code}" / ".venv" / "bin" / "ringfence"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
    program.chmod(0o755)
    return program.parents[2]


def outcome(task: Any) -> str:
    """How one task ends when it is run on its own: done, or the name of the exception Airflow acts on."""
    try:
        task.execute({})
    except Exception as error:  # noqa: BLE001 - which one is the question
        return type(error).__name__
    return "done"


def main(folder: Path) -> None:
    """Every rule, cheapest first."""
    out = folder / "runs"
    os.environ["RINGFENCE_OUT"] = str(out)
    out.mkdir()

    dag = load_dag(ROOT)
    holds("the DAG holds a run and then a prune", [task.task_id for task in dag.topological_sort()], ["run", "prune"])
    for code in FAILING:
        holds(f"exit code {code} fails", outcome(load_dag(stub(folder, code)).get_task("run")), "AirflowException")
    holds("exit code 75 is skipped", outcome(load_dag(stub(folder, 75)).get_task("run")), "AirflowSkipException")
    holds("exit code 0 succeeds", outcome(load_dag(stub(folder, 0)).get_task("run")), "done")

    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        skipped = {"run": "skipped", "prune": "skipped", "dag": "success"}
        holds("while another run holds the lock, both tasks are skipped", states(dag), skipped)
    os.environ["RINGFENCE_RETURNS"] = str(folder / "gone")
    failed = {"run": "failed", "prune": "upstream_failed", "dag": "failed"}
    holds("a folder of returns that is gone fails the run", states(dag), failed)
    del os.environ["RINGFENCE_RETURNS"]
    good = {"run": "success", "prune": "success", "dag": "success"}
    holds("the embedded figures run to the end", states(dag), good)
    holds("there is a report", (out / "latest" / "site" / "index.html").is_file(), True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="ringfence-airflow-") as made:
        home = Path(made) / "airflow"
        os.environ |= {
            "AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(DAG_FILE.parent), "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True, stdout=subprocess.DEVNULL)
        main(Path(made))
