"""The tables of an evaluation, from its recorded cases.

In: the scenarios and the results by name. Out: rows by table, tables and compact CSVs in a folder, and `results.md`.
Refuses nothing.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from audit.evaluation.measures import band_rows, interval_rows, look_alike_rows, posterior_rows, size_rows
from audit.evaluation.oracle import oracle_scores
from audit.evaluation.permuted import permutation_rows
from audit.evaluation.placebo import ONE_IN_TEN
from audit.evaluation.plans import (
    BLOCKS,
    INNOCENT,
    PREFIX,
    RATES,
    REAL_PATHS,
    Family,
    Scenario,
    families,
    held_out,
    is_route,
)  # fmt: skip
from audit.evaluation.rankings import ablation_rows, best_rows, list_rows
from audit.evaluation.results.targets import targets
from audit.method.look_alikes.all_tests import TESTS
from pipelines.declarations.catalogue import tables as declared_tables
from pipelines.declarations.parquet import write_table

ORDER = (
    "evaluation_target", "evaluation_posterior", "evaluation_list", "evaluation_best", "evaluation_interval",
    "evaluation_band", "evaluation_size", "evaluation_ablation", "evaluation_look_alike", "evaluation_placebo",
    "evaluation_permutation", "evaluation_papers", "evaluation_sample", "evaluation_outcome", "evaluation_agreement",
    "evaluation_run",
)  # fmt: skip
PAPERS, SAMPLES = "papers-", "samples-"
"""What the names of the results begin with that hold planted papers and samples."""
Results = dict[str, dict[str, Any]]
Rows = list[dict[str, Any]]


def evaluation_rows(todo: list[Scenario], results: Results, about: dict[str, Any]) -> dict[str, Rows]:
    """Rows of every table. `results` also holds `real`, `money_as_returned`, the `permuted-...`, papers and samples."""
    made: dict[str, Rows] = {name: [] for name in ORDER}
    by_family = {name: [results[item.name] for item in todo if item.family.name == name] for name in families()}
    for family in families().values():
        found, facts = by_family[family.name], _facts(family)
        if any(any(case["injured"]) for case in found):
            oracle = oracle_scores(found) if "oracle" in found[0] else None
            made["evaluation_list"] += [facts | row for row in list_rows(found, oracle)]
            if oracle is not None and is_route(family):
                made["evaluation_best"] += [facts | row for row in best_rows(found, oracle)]
    for window, prefix in PREFIX.items():
        made_here = _pooled(window, prefix, by_family)
        for name, rows in made_here.items():
            made[name] += [{"window": window} | row for row in rows]
    permuted = [result for name, result in sorted(results.items()) if name.startswith("permuted-")]
    made["evaluation_permutation"] = permutation_rows(results["money_as_returned"]["found"],
                                                      [item["found"] for item in permuted])  # fmt: skip
    for name, start in (("evaluation_papers", PAPERS), ("evaluation_sample", SAMPLES)):
        made[name] = [row for item, found in results.items() if item.startswith(start) for row in found["rows"]]
    for name, rows in results["real"]["rows"].items():
        made[name] = rows + made[name]
    made["evaluation_target"] = targets(made)
    made["evaluation_run"] = [about | {"cases": len(todo), "permutations": len(permuted)}]
    return {
        name: [_only(row | {"place": place}, name) for place, row in enumerate(rows, start=1)]
        for name, rows in made.items()
    }


def _facts(family: Family) -> dict[str, Any]:
    plan = family.plan
    return {
        "window": family.window, "family": family.name, "ground": family.ground, "route": plan.route,
        "onset": "ramp" if plan.ramp else plan.onset, "held_out": held_out(family), "prevalence": plan.prevalence,
    }  # fmt: skip


def _pooled(window: str, prefix: str, by_family: dict[str, Rows]) -> dict[str, Rows]:
    """What is counted over several families of one window."""
    families_here = [family for family in families().values() if family.window == window]
    routes = [case for family in families_here if is_route(family) for case in by_family[family.name]]
    tuned = [family for family in families_here if is_route(family) and not held_out(family)]
    real = by_family[f"{prefix}real_paths"]
    matching = {
        (BLOCKS, 0.10): routes, (REAL_PATHS, 0.10): real, (BLOCKS, 0.05): by_family[f"{prefix}prevalence_0.05"],
        (BLOCKS, 0.30): by_family[f"{prefix}prevalence_0.30"],
    }  # fmt: skip
    quiet = {BLOCKS: by_family[f"{prefix}nothing"], REAL_PATHS: by_family[f"{prefix}real_nothing"]}
    posteriors = [
        {"ground": ground, "prevalence": share} | row
        for (ground, share), cases in matching.items()
        for row in posterior_rows(cases, share)
    ]
    posteriors += [
        {"ground": ground, "prevalence": 0.0} | row
        for ground, cases in quiet.items()
        for row in posterior_rows(cases, ONE_IN_TEN)
    ]
    intervals = [
        {"family": name, "ground": ground} | row
        for name, ground, cases, continuous in (
            (f"{prefix}routes", BLOCKS, routes, False), (f"{prefix}real_paths", REAL_PATHS, real, False),
            (f"{prefix}real_{RATES}", REAL_PATHS, by_family[f"{prefix}real_{RATES}"], True),
        )
        for row in interval_rows(cases, continuous=continuous)
    ]  # fmt: skip
    innocents = [*routes, *by_family[f"{prefix}nothing"], *by_family[f"{prefix}{INNOCENT}"]]
    return {
        "evaluation_posterior": posteriors,
        "evaluation_interval": intervals,
        "evaluation_band": [
            {"ground": ground} | row
            for ground, cases in ((BLOCKS, routes), (REAL_PATHS, real))
            for row in band_rows(cases)
        ],
        "evaluation_size": size_rows(routes),
        "evaluation_ablation": ablation_rows([case for family in tuned for case in by_family[family.name]]),
        "evaluation_look_alike": look_alike_rows(innocents, {test.code: test.planted for test in TESTS}),
    }


def _only(row: dict[str, Any], table: str) -> dict[str, Any]:
    """The declared columns of a table, numbers to four figures: more is not known, and the page prints the same."""
    kept = {column.name: row[column.name] for column in declared_tables()[table].columns if column.name in row}
    return {name: _rounded(value) for name, value in kept.items()}


def _rounded(value: Any) -> Any:
    if value is None:
        return math.nan
    return float(f"{value:.4g}") if isinstance(value, float) else value


def write_results(rows: dict[str, list[dict[str, Any]]], out: Path) -> Path:
    """Write the tables, the CSVs and `results.md`. Returns the folder of the tables."""
    import pandas as pd

    tables, compact = out / "tables", out / "csv"
    compact.mkdir(parents=True, exist_ok=True)
    for name in ORDER:
        frame = pd.DataFrame(rows[name])
        write_table(name, frame, tables)
        frame.to_csv(compact / f"{name}.csv", index=False, float_format="%.4g", lineterminator="\n")
    (out / "results.md").write_text(results_page(rows), encoding="utf-8")
    return tables


def results_page(rows: dict[str, list[dict[str, Any]]]) -> str:
    """All tables but the longest as Markdown, in the order of the method page."""
    about = rows["evaluation_run"][0]
    parts = [
        "# Results of the evaluation\n",
        f"Made by `ringfence evaluate`: {about['cases']} planted cases and {about['permutations']} permutations of the "
        f"money. Nothing here is edited by hand. Method `{about['method']}`, figures `{about['figures']}`.\n",
    ]
    for name in ORDER[:-1]:
        declared = declared_tables()[name]
        columns = [
            column.name
            for column in declared.columns
            if column.name != "place" and any(_known(row.get(column.name)) for row in rows[name])
        ]
        lines = ["| " + " | ".join(column.replace("_", " ") for column in columns) + " |", "|" + "---|" * len(columns)]
        lines += ["| " + " | ".join(_cell(row.get(column)) for column in columns) + " |" for row in rows[name]]
        parts.append(f"## {declared.title}\n\n{declared.description}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _known(value: Any) -> bool:
    return value is not None and value == value and value != ""


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not _known(value):
        return "" if value == "" else "none"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3f}"
    return str(value)
