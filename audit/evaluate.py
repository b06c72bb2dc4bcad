"""The evaluation: plant, look, compare. Measured answers to "how well does this work?", as tables.

In: a folder of loaded tables (the embedded figures by default), an output folder and how many rounds of seeds. Out: one
result file per case (a case already there is not done again), tables evaluation_scenario, evaluation_detector,
evaluation_size, evaluation_calibration and evaluation_target, and `results.md`. Refuses result files of another
generator or method: they are done again.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from audit.evaluation_case import run_case
from audit.evaluation_measures import calibration_rows, detector_rows, family_row, ranking_row, size_rows
from audit.evaluation_oracle import oracle_scores
from audit.evaluation_plans import Scenario, families, scenarios
from audit.evaluation_targets import targets
from audit.generator_hash import generator_hash
from pipelines.write_parquet import write_table

METHOD = (
    "assess", "breaks", "contributions", "displacement", "error_control", "evaluation_case", "evaluation_plans",
    "expected_spend", "features", "flag_rows", "flags", "forest", "grants", "look_alike_measures", "look_alikes",
    "member_sums", "panel", "peers", "population", "scaling", "settings", "transfers", "window_data",
)  # fmt: skip
QUIET = ("nothing", "background_only")
PLAN_COLUMNS = ("ground", "size", "background", "prevalence", "route", "onset", "ramp", "tied_to_cuts")


def fingerprint() -> str:
    """Hash of the generator and of every module and setting of the method: old results of other code do not count."""
    here = Path(__file__).parent
    left_out = (
        "evaluate",
        "evaluation_",
        "cli",
        "commands",
        "run",
        "manifest",
        "stage_log",
        "explain",
        "sentences",
        "resume",
    )
    paths = [path for path in sorted(here.glob("*.py")) if not path.stem.startswith(left_out)]
    paths += [here / "evaluation_case.py", here / "settings.toml", *sorted((here / "features").glob("*.toml"))]
    digest = hashlib.sha256(generator_hash().encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _one(tables: Path, folder: Path, scenario: Scenario, mark: str) -> bool:
    """Do one case unless its result file is there. True when it was done now."""
    path = folder / f"{scenario.name}.json"
    if path.is_file():
        try:
            if json.loads(path.read_text(encoding="utf-8")).get("fingerprint") == mark:
                return False
        except json.JSONDecodeError:
            pass
    made = run_case(tables, scenario) | {"fingerprint": mark}
    temporary = path.with_suffix(".part")
    temporary.write_text(json.dumps(made), encoding="utf-8")
    temporary.replace(path)
    return True


def evaluate(tables: Path, out: Path, *, rounds: int, workers: int, say: Callable[[str], None]) -> Path:
    """Do every case that is not done, then write the tables below `out`. Returns the folder of the tables."""
    from joblib import Parallel, delayed

    folder = out / "cases"
    folder.mkdir(parents=True, exist_ok=True)
    todo, mark = scenarios(rounds=rounds), fingerprint()
    done = 0
    results = Parallel(n_jobs=workers, return_as="generator_unordered")(
        delayed(_one)(tables, folder, scenario, mark) for scenario in todo
    )
    for number, fresh in enumerate(results, start=1):
        done += bool(fresh)
        if number % 10 == 0 or number == len(todo):
            say(f"{number} of {len(todo)} cases")
    cases = {
        scenario.name: json.loads((folder / f"{scenario.name}.json").read_text(encoding="utf-8")) for scenario in todo
    }
    say(f"{done} cases done now, {len(todo) - done} were there")
    return write_results(todo, cases, out)


def _ranked(row: dict[str, Any], best: float) -> dict[str, Any]:
    return row | {"share_of_oracle": row["power_at_fdr_10"] / best if best > 0 else math.nan}


def write_results(todo: list[Scenario], cases: dict[str, dict[str, Any]], out: Path) -> Path:
    """Tables and `results.md` from the recorded cases."""
    import pandas as pd

    known = families()
    scenario_rows: list[dict[str, Any]] = []
    detectors: list[dict[str, Any]] = []
    calibration: list[dict[str, Any]] = []
    sizes: list[dict[str, Any]] = []
    for family, (plan, _) in known.items():
        mine = [item for item in todo if item.family == family]
        found = [cases[item.name] for item in mine]
        facts = {"family": family, "held_out": mine[0].held_out}
        about = {name: getattr(plan, name) for name in PLAN_COLUMNS}
        scenario_rows.append(facts | about | family_row(found))
        if family not in QUIET:
            oracle = ranking_row("oracle", *oracle_scores(found))
            best = oracle["power_at_fdr_10"]
            detectors += [facts | _ranked(row, best) for row in (*detector_rows(found), oracle)]
            sizes += [facts | row for row in size_rows(found)]
        else:
            calibration += [{"family": family} | row for row in calibration_rows(found)]
    tables = out / "tables"
    rows = {
        "evaluation_scenario": scenario_rows,
        "evaluation_detector": detectors,
        "evaluation_calibration": calibration,
        "evaluation_size": sizes,
        "evaluation_target": targets(scenario_rows, detectors),
    }
    for name, made in rows.items():
        write_table(name, pd.DataFrame(made), tables)
        pd.DataFrame(made).to_csv(out / f"{name}.csv", index=False, float_format="%.4g", lineterminator="\n")
    (out / "results.md").write_text(results_page(rows), encoding="utf-8")
    return tables


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "none" if value != value else f"{value:.2f}"
    return str(value)


def results_page(rows: dict[str, list[dict[str, Any]]]) -> str:
    """The result tables as Markdown, in the order of the page."""
    shown = {
        "evaluation_target": ("target", "must_reach", "aim", "reached", "met", "note"),
        "evaluation_scenario": (
            "family", "held_out", "cases", "injured", "flagged", "false_flags", "power_a_b", "power_a_b_c",
            "cannot_tell_share", "coverage", "interval_width", "sign_errors", "driver_in_top_three", "stability",
        ),
        "evaluation_detector": (
            "family", "detector", "average_precision", "precision_at_15", "power_at_fdr_10", "power_at_fdr_20",
            "share_of_oracle",
        ),
        "evaluation_size": ("family", "size", "injured", "found", "false_alarms"),
        "evaluation_calibration": ("family", "test", "level", "share", "rows"),
    }  # fmt: skip
    parts = ["# Results of the evaluation\n\nMade by `ringfence evaluate`; nothing here is written by hand.\n"]
    for name, columns in shown.items():
        titles = [column.replace("_", " ") for column in columns]
        lines = ["| " + " | ".join(titles) + " |", "|" + "---|" * len(columns)]
        lines += ["| " + " | ".join(_cell(row[column]) for column in columns) + " |" for row in rows[name]]
        parts.append(f"## {name.removeprefix('evaluation_').capitalize()}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)
