"""The tables of an evaluation, from its recorded cases.

In: the scenarios and the results by name. Out: rows by table, tables and compact CSVs in a folder, and `results.md`.
Refuses nothing.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from audit.evaluation.measures import discovery_rows, family_row, size_rows
from audit.evaluation.oracle import oracle_scores
from audit.evaluation.permuted import permutation_rows
from audit.evaluation.placebo import calibration_rows
from audit.evaluation.plans import QUIET, SIZES, Scenario, families
from audit.evaluation.rankings import CURVES, ORACLE, ablation_rows, detector_rows, numbers
from audit.evaluation.targets import targets
from pipelines.declarations.catalogue import tables as declared_tables
from pipelines.declarations.parquet import write_table
from pipelines.declarations.table_words import BETTER_CARE_FUND, SECTION_256

ORDER = (
    "evaluation_target", "evaluation_ablation", "evaluation_power", "evaluation_discovery", "evaluation_unseen",
    "evaluation_scenario", "evaluation_placebo", "evaluation_calibration", "evaluation_permutation",
    "evaluation_outcome", "evaluation_agreement", "evaluation_size", "evaluation_detector", "evaluation_run",
)  # fmt: skip
PLAN_COLUMNS = ("ground", "size", "background", "prevalence", "route", "onset", "ramp", "tied_to_cuts")
CURVE_FAMILIES = ("centre", "prevalence_0.30", "fund_centre", "fund_prevalence_0.30")
Results = dict[str, dict[str, Any]]


def evaluation_rows(todo: list[Scenario], results: Results, about: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table. `results` also holds `real`, `money_as_returned` and the `permuted-...`."""
    made: dict[str, list[dict[str, Any]]] = {name: [] for name in ORDER}
    for family in families().values():
        mine = [item for item in todo if item.family == family.name]
        found = [results[item.name] for item in mine]
        facts = {"family": family.name, "window": family.window, "held_out": mine[0].held_out}
        plan = {name: getattr(family.plan, name) for name in PLAN_COLUMNS}
        made["evaluation_scenario"].append(facts | plan | family_row(found))
        if family.name in QUIET:
            p_values = {test: _untouched(found, f"p_{test}") for test in ("displacement", "forest", "combined")}
            made["evaluation_calibration"] += calibration_rows(f"planted: {family.name}", p_values)
            continue
        oracle = oracle_scores(found)
        rows = detector_rows(found, oracle)
        made["evaluation_detector"] += [facts | row for row in rows]
        made["evaluation_size"] += [facts | row for row in size_rows(found)]
        if family.plan.size in SIZES and family.name.removeprefix("fund_").startswith("size_"):
            made["evaluation_power"] += [
                {"window": family.window, "size": family.plan.size} | _only(row, "evaluation_power")
                for row in rows
                if row["detector"] in (*CURVES, ORACLE)
            ]
        if family.name in CURVE_FAMILIES:
            made["evaluation_discovery"] += [facts | row for row in discovery_rows(found, oracle)]
    for window in (SECTION_256, BETTER_CARE_FUND):
        open_cases = [results[item.name] for item in todo if item.window == window and not item.held_out]
        rows = ablation_rows(window, open_cases)
        made["evaluation_ablation"] += [{name: _rounded(value) for name, value in row.items()} for row in rows]
    permuted = [result for name, result in sorted(results.items()) if name.startswith("permuted-")]
    made["evaluation_permutation"] = permutation_rows(results["money_as_returned"]["found"],
                                                      [item["found"] for item in permuted])  # fmt: skip
    for name, rows in results["real"]["rows"].items():
        made[name] = rows + made[name]
    made["evaluation_target"] = targets(
        made["evaluation_scenario"], made["evaluation_detector"], made["evaluation_ablation"],
        made["evaluation_placebo"],
    )  # fmt: skip
    made["evaluation_run"] = [about | {"cases": len(todo), "permutations": len(permuted)}]
    return {
        name: [_only(row | {"place": place}, name) for place, row in enumerate(rows, start=1)]
        for name, rows in made.items()
    }


def _untouched(cases: list[dict[str, Any]], name: str) -> Any:
    import numpy as np

    return np.concatenate([numbers(case, name)[~np.array(case["injured"])] for case in cases])


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
    for name in ORDER[:-2]:
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
