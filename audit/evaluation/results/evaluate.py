"""The evaluation: plant, look, compare. Measured answers to "how well does this work?", as tables.

In: a folder of loaded tables (the embedded figures by default), an output folder and how many rounds of seeds. Out: one
result file per case, the tables `evaluation_*`, the same as CSV, and `results.md`. A case already there is not done
again, so a killed evaluation goes on where it stopped. Refuses result files of another generator, method or input:
they are done again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.evaluation.case import run_case
from audit.evaluation.enquiry.papers import DRAWS as PAPERS_DRAWS
from audit.evaluation.enquiry.papers import run_papers
from audit.evaluation.enquiry.sampling import DRAWS as SAMPLES_DRAWS
from audit.evaluation.enquiry.sampling import run_sampling
from audit.evaluation.fingerprint import method_fingerprint, tables_fingerprint
from audit.evaluation.permuted import run_permuted
from audit.evaluation.plans import PERMUTATIONS, Scenario, scenarios
from audit.evaluation.real import run_real
from audit.evaluation.results.tables import PAPERS, SAMPLES, evaluation_rows, write_results
from audit.generators.frozen import FUND_MODULES, generator_hash
from pipelines.processes.engine import engine


@dataclass(frozen=True)
class Drawn:
    """Planted papers, or samples from planted truths, drawn so many times."""

    what: str
    draws: int

    @property
    def name(self) -> str:
        """Name of the result file."""
        return f"{self.what}{self.draws:05d}-draws"


Work = Scenario | Drawn | int | str


def jobs(rounds: int) -> dict[str, Work]:
    """Everything to do, by the name of its result file: longest first, so that workers end together."""
    made: dict[str, Work] = {"real": "real", "money_as_returned": "money"}
    drawn = Drawn(PAPERS, rounds * PAPERS_DRAWS), Drawn(SAMPLES, rounds * SAMPLES_DRAWS)
    made |= {item.name: item for item in drawn}
    made |= {f"permuted-{seed:03d}": seed for seed in range(rounds * PERMUTATIONS)}
    return made | {scenario.name: scenario for scenario in scenarios(rounds=rounds)}


def _found(tables: Path, work: Work) -> dict[str, Any]:
    if isinstance(work, Scenario):
        return run_case(tables, work)
    if isinstance(work, Drawn):
        run = run_papers if work.what == PAPERS else run_sampling
        return {"rows": run(tables, work.draws)}
    if work == "real":
        return {"rows": run_real(tables)}
    return {"found": run_permuted(tables, work if isinstance(work, int) else None)}


def _one(tables: Path, folder: Path, name: str, work: Work, mark: str) -> bool:
    """Do one case unless its result file is there. True when it was done now."""
    path = folder / f"{name}.json"
    if path.is_file():
        try:
            if json.loads(path.read_text(encoding="utf-8")).get("fingerprint") == mark:
                return False
        except json.JSONDecodeError:
            pass
    made = _found(tables, work) | {"fingerprint": mark}
    temporary = path.with_suffix(".part")
    temporary.write_text(json.dumps(made), encoding="utf-8")
    temporary.replace(path)
    return True


def evaluate(tables: Path, out: Path, *, rounds: int, workers: int, say: Callable[[str], None]) -> Path:
    """Do every case that is not done, then write the tables below `out`. Returns the folder of the tables."""
    from joblib import Parallel, delayed

    folder = out.absolute() / "cases"
    folder.mkdir(parents=True, exist_ok=True)
    todo = jobs(rounds)
    about = {
        "method": method_fingerprint(),
        "figures": tables_fingerprint(tables),
        "generator": generator_hash()[:16],
        "fund_generator": generator_hash(FUND_MODULES)[:16],
        "rounds": rounds,
    }
    mark = f"{about['method']}-{about['figures']}"
    done = 0
    with engine(workers):
        results = Parallel(return_as="generator_unordered")(
            delayed(_one)(tables, folder, name, work, mark) for name, work in todo.items()
        )
        for number, fresh in enumerate(results, start=1):
            done += bool(fresh)
            if number % 10 == 0 or number == len(todo):
                say(f"{number} of {len(todo)} cases")
    say(f"{done} cases done now, {len(todo) - done} were there")
    cases = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in todo}
    return write_results(evaluation_rows(scenarios(rounds=rounds), cases, about), out)
