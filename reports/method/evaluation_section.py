"""How well the method works, as measured on planted cases and on years without NHS money.

In: a run's `evaluation_*` tables, which came with this version and were measured once. Out: `WindowPart` records for
the page of how well it works and for that of the estimates; none where the run holds no evaluation. Every figure is one
of those tables', printed to three decimals; posteriors first.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from reports.charts import calibration
from reports.method.precision_tables import precision_parts
from reports.words.evaluation_tables import WINDOWS, capital, data_table, whole_table
from reports.words.narrative import count_of, decimal, is_missing, percent, whole
from reports.words.read_run import Row, Run
from reports.words.view_models import Figure, WindowPart

BIN = "posterior "
POSTERIOR = ("ground", "prevalence", "part", "areas", "expected", "actual", "standard_error", "ratio")
BESIDE = (
    ("intervals", "Does the interval hold the rate?", "evaluation_interval"),
    ("bands", "What the words are worth", "evaluation_band"),
    ("sizes", "Small and large areas", "evaluation_size"),
    ("tests", "What the tests of other explanations tell", "evaluation_look_alike"),
    ("worth", "What each part is worth", "evaluation_ablation"),
    ("agreement", "Agreement of the returns", "evaluation_agreement"),
    ("outcomes", "Outcomes that no part has seen", "evaluation_outcome"),
)
"""Identity, heading and table of what stands after the lists, in order."""
CHANCE = (
    ("placebo", "Years without NHS money", "evaluation_placebo"),
    ("permuted", "NHS money given to other councils", "evaluation_permutation"),
)
"""What is found where there can be nothing to find: beside the estimates."""


def _curve(rows: Sequence[Row], window: str) -> Figure | None:
    bins = [row for row in rows if str(row["part"]).startswith(BIN) and row["prevalence"] and row["areas"]]
    if not bins:
        return None
    points: list[dict[str, Any]] = [
        {
            "ground": str(row["ground"]),
            "said": round(100.0 * row["expected"] / row["areas"], 2),
            "so": round(100.0 * row["actual"] / row["areas"], 2),
        }
        for row in bins
    ]
    words = "; ".join(
        f"{point['ground']}: said {decimal(point['said'], places=1)}%, so {decimal(point['so'], places=1)}%"
        for point in points[:8]
    )
    return Figure(
        id=f"calibration-{window.lower()}",
        title=f"Said and so, {WINDOWS[window]}",
        subtitle="Each mark: areas of one bin of the posterior. On the dashed line, what was said is what was so.",
        description=f"Share said by the posterior and share planted, by bin. {words}. The table gives every bin.",
        chart=partial(calibration.draw, points),
    )


def _first_sentence(rows: Sequence[Row]) -> str:
    """What the first places were said to hold, and what they held, at each planted share."""
    said = [
        f"{percent(row['prevalence'])} planted, {row['ground']}: expected {decimal(row['expected'], places=1)}, "
        f"actual {decimal(row['actual'], places=0)}"
        for row in rows
        if not str(row["part"]).startswith(BIN) and not is_missing(row["expected"])
    ]
    return f"In the first places of all cases together: {'; '.join(said)}." if said else ""


def _posterior(run: Run, window: str) -> WindowPart | None:
    rows = [row for row in run.rows("evaluation_posterior") if row["window"] == window]
    if not rows:
        return None
    table = data_table("evaluation_posterior", rows, POSTERIOR, suffix=f"-{window.lower()}")
    return WindowPart(
        f"posterior-{window.lower()}", f"Is the posterior right? {capital(WINDOWS[window])}", _first_sentence(rows),
        _curve(rows, window), table,
    )  # fmt: skip


def _about(run: Run) -> WindowPart:
    about = run.rows("evaluation_run")[0]
    same = (
        "this very version of the method" if about["same_method"] else "another version of the method than this run's"
    )
    said = (
        f"{count_of(about['cases'] or 0, 'case was', 'cases were')} planted and looked for, with {same}. "
        f"Money was exchanged between councils {whole(about['permutations'])} times. Targets were set before anything "
        "was measured; what was not reached is said."
    )
    return WindowPart("targets", "Targets, and what was reached", said, None, whole_table(run, "evaluation_target"))


def _beside(run: Run, wanted: Sequence[tuple[str, str, str]]) -> tuple[WindowPart, ...]:
    parts = (WindowPart(key, heading, table=whole_table(run, table)) for key, heading, table in wanted)
    return tuple(part for part in parts if part.table)


def evaluation_parts(run: Run) -> tuple[WindowPart, ...]:
    """Posteriors first, then targets, lists, and what else was measured."""
    if not run.rows("evaluation_run"):
        return ()
    posteriors = (_posterior(run, window) for window in WINDOWS)
    return (*(part for part in posteriors if part), _about(run), *precision_parts(run), *_beside(run, BESIDE))


def chance_parts(run: Run) -> tuple[WindowPart, ...]:
    """What the method finds where there is nothing to find."""
    return _beside(run, CHANCE) if run.rows("evaluation_run") else ()
