"""How well the method works, as measured on planted cases and on windows without NHS money.

In: a run's `evaluation_*` tables, which came with this version and were measured once. Out: `WindowPart` records; none
where the run holds no evaluation. Every figure is one of those tables', printed to three decimals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.declarations.table_words import BETTER_CARE_FUND, SECTION_256
from reports.charts import power_curve
from reports.words.evaluation_tables import WINDOWS, capital, data_table, three, uniform_table, whole_table
from reports.words.narrative import decimal, is_missing, whole
from reports.words.read_run import Row, Run
from reports.words.view_models import DataTable, Figure, WindowPart

CENTRES = {SECTION_256: "centre", BETTER_CARE_FUND: "fund_centre"}
LINES = {"oracle": "oracle", "method": "method", "five-line baseline": "baseline"}
CHANCE = 0.05
SCENARIO = (
    "family", "window", "cases", "injured", "flagged", "false_flags", "power_a_b", "power_a_b_c", "cannot_tell_share",
    "coverage", "interval_width", "sign_errors", "driver_in_top_three", "stability_b_rule", "stability_top_15",
)  # fmt: skip
DETECTOR = (
    "family", "window", "detector", "average_precision", "precision_at_15", "found_at_05", "power_at_fdr_10",
    "share_of_oracle",
)  # fmt: skip
VERBS = {"gains": "ranks areas better", "loses": "ranks areas worse"}
NO_DIFFERENCE = "makes no difference that can be told"
FOREST, BASELINE = "what the forest adds to the displacement estimate", "the forest against the five-line baseline"


def _signed(value: Any) -> str:
    return ("+" if float(value) >= 0 else "") + decimal(value, places=3)


def _with_chance(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**{line: row.get(line) for line in LINES.values()}, **row, "chance": CHANCE}


def _curve(rows: Sequence[Row], window: str) -> Figure | None:
    mine = [row for row in rows if row["window"] == window]
    steps = sorted({float(row["size"]) for row in mine})
    if not steps:
        return None
    found = {(float(row["size"]), LINES.get(str(row["detector"]))): row["found_at_05"] for row in mine}
    data = [
        _with_chance({"step": decimal(step, places=2), **{line: found.get((step, line)) for line in LINES.values()}})
        for step in steps
    ]
    words = "; ".join(
        f"{row['step']}: method {three(row['method'])}, oracle {three(row['oracle'])}"
        for row in data
        if not is_missing(row["method"]) and not is_missing(row["oracle"])
    )
    return Figure(
        id=f"power-{window.lower()}",
        title=f"How much is found, by how much was planted: {WINDOWS[window]}",
        subtitle="Share of areas with displacement planted found while 5% of the others are picked, by size",
        description=f"Share found by displacement rate planted. {words}. Chance finds 0.050.",
        spec=power_curve.spec(data, scale="Displacement rate planted, pounds per pound"),
    )


def _false_curve(rows: Sequence[Row], window: str) -> Figure | None:
    mine = [row for row in rows if row["family"] == CENTRES[window] and row["rule"] == "list of"]
    lengths = sorted({float(row["level"]) for row in mine})
    if not lengths:
        return None
    false = {(float(row["level"]), str(row["detector"])): row["false_share"] for row in mine}
    data = [
        {"step": whole(length), **{name: false.get((length, name)) for name in ("oracle", "method")}}
        for length in lengths
    ]
    words = "; ".join(f"{row['step']} areas: method {three(row['method'])}" for row in data)
    return Figure(
        id=f"false-{window.lower()}",
        title=f"What a list holds: {WINDOWS[window]}",
        subtitle="Share of the areas ranked highest in which nothing was planted, by length of the list",
        description=f"False share by length of the list. {words}.",
        spec=power_curve.spec(data, scale="Areas on the list", lines=("oracle", "method")),
    )


def _pick(rows: Sequence[Row], **wanted: Any) -> Row | None:
    return next((row for row in rows if all(row.get(name) == value for name, value in wanted.items())), None)


def _power(run: Run, window: str) -> WindowPart:
    rows = run.rows("evaluation_power")
    method, oracle = (_pick(rows, window=window, size=1.0, detector=name) for name in ("method", "oracle"))
    said = ""
    if method and oracle:
        said = (
            f"With a pound displaced for each pound in a tenth of the areas, the method finds "
            f"{three(method['found_at_05'])} of them while 5% of the others are picked. The oracle, which knows what "
            f"was planted and how figures vary, finds {three(oracle['found_at_05'])}; chance {three(CHANCE)}."
        )
    mine = [row for row in rows if row["window"] == window]
    table = data_table("evaluation_power", mine, suffix=f"-{window.lower()}") if mine else None
    return WindowPart(f"power-part-{window.lower()}", f"Power: {WINDOWS[window]}", said, _curve(rows, window), table)


def _discovery(run: Run, window: str) -> WindowPart:
    rows = run.rows("evaluation_discovery")
    mine = [row for row in rows if row["window"] == window]
    first = _pick(rows, family=CENTRES[window], detector="method", rule="list of", level=15.0)
    best = _pick(rows, family=CENTRES[window], detector="oracle", rule="list of", level=15.0)
    said = ""
    if first and best:
        said = (
            f"Where displacement was planted in a tenth of the areas, {three(first['false_share'])} of the 15 ranked "
            "highest held none; "
            f"of the oracle's 15, {three(best['false_share'])}."
        )
    table = data_table("evaluation_discovery", mine, suffix=f"-{window.lower()}") if mine else None
    heading = f"False discoveries: {WINDOWS[window]}"
    return WindowPart(f"discovery-part-{window.lower()}", heading, said, _false_curve(rows, window), table)


def _worth(run: Run) -> WindowPart:
    rows = run.rows("evaluation_ablation")
    said: list[str] = []
    for row in rows:
        if row["what"] in (FOREST, BASELINE):
            begin = "Added to the displacement estimate" if row["what"] == FOREST else "Against the sum of its features"
            said.append(
                f"{begin}, the forest {VERBS.get(str(row['verdict']), NO_DIFFERENCE)} "
                f"for {WINDOWS[str(row['window'])]}: {_signed(row['gain'])} in average precision, 90% interval "
                f"{_signed(row['lower'])} to {_signed(row['upper'])}."
            )
    return WindowPart("worth", "What each part is worth", " ".join(said), None, whole_table(run, "evaluation_ablation"))


def _unseen(run: Run) -> WindowPart:
    said = [
        f"{capital(WINDOWS[str(row['window'])])}: in the median area the smallest displacement that could have "
        f"been seen is {three(row['smallest_detectable_rate'])} times the NHS money; pound for pound could not "
        f"have been shown in {three(row['share_full_backfill_unseen'])} of the areas. Where the "
        "upper end of the gap's interval is below the NHS money it is ruled out: that is what nothing found means."
        for row in run.rows("evaluation_unseen")
        if row["size"] == "all areas"
    ]
    table = whole_table(run, "evaluation_unseen")
    return WindowPart("unseen", "What could not have been seen", " ".join(said), None, table)


def _scenario(run: Run, *, held_out: bool) -> DataTable | None:
    rows = [row for row in run.rows("evaluation_scenario") if bool(row["held_out"]) == held_out]
    return data_table("evaluation_scenario", rows, SCENARIO, suffix="-held" if held_out else "") if rows else None


def _detectors(run: Run, *, held_out: bool) -> DataTable | None:
    rows = [
        row for row in run.rows("evaluation_detector")
        if (bool(row["held_out"]) if held_out else row["family"] in CENTRES.values())
    ]  # fmt: skip
    return data_table("evaluation_detector", rows, DETECTOR, suffix="-held" if held_out else "") if rows else None


def evaluation_parts(run: Run) -> tuple[WindowPart, ...]:
    """Targets first, then what they rest on."""
    about = next(iter(run.rows("evaluation_run")), None)
    if about is None:
        return ()
    same = (
        "this very version of the method" if about["same_method"] else "another version of the method than this run's"
    )
    said = (
        f"{whole(about['cases'])} cases were planted in the returns and looked for, with {same}. Targets were set "
        "before anything was measured; what was not reached is said."
    )
    held = "Two routes of each window were left out of all tuning. They are reported apart."
    return (
        WindowPart("targets", "Targets, and what was reached", said, None, whole_table(run, "evaluation_target")),
        _worth(run),
        *(_power(run, window) for window in WINDOWS),
        *(_discovery(run, window) for window in WINDOWS),
        _unseen(run),
        WindowPart("rankings", "Every detector, main case", "", None, _detectors(run, held_out=False)),
        WindowPart("families", "Flags and intervals", "", None, _scenario(run, held_out=False)),
        WindowPart("held-flags", "Routes left out of tuning: flags", held, None, _scenario(run, held_out=True)),
        WindowPart("held-ranks", "Routes left out of tuning: rankings", "", None, _detectors(run, held_out=True)),
        WindowPart("placebo", "Windows without NHS money", "", None, whole_table(run, "evaluation_placebo")),
        WindowPart("uniform", "p-values where there is nothing to find", "", None, uniform_table(run)),
        WindowPart("permuted", "Permuted transfers", "", None, whole_table(run, "evaluation_permutation")),
        WindowPart("outcomes", "Held-out outcomes", "", None, whole_table(run, "evaluation_outcome")),
        WindowPart("agreement", "Agreement of the returns", "", None, whole_table(run, "evaluation_agreement")),
        WindowPart("sizes", "Small and large areas", "", None, whole_table(run, "evaluation_size")),
    )
