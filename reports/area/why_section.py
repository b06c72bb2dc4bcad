"""Why this area: the features' contributions, largest first, with the area's value and its peers' median.

In: rows of tables `feature_value` and `area_score` for one area and window. Out: a `WindowPart` with bars and a table.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.charts import contributions
from reports.words.frame import window_words
from reports.words.narrative import (
    MISSING,
    STABLE,
    decimal,
    in_unit,
    is_missing,
    ordinal,
    percent,
    plain_code,
    probability,
)
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable, Figure, WindowPart

COLUMNS = (
    Column("Feature"),
    Column("This area", numeric=True),
    Column("Median of peers", numeric=True),
    Column("Contribution", numeric=True),
    Column("Beyond placebo"),
    Column("Rank if in line", numeric=True),
)


def _label(row: Row) -> str:
    return str(row["label"] or plain_code(str(row["feature"])))


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Largest contribution first, missing last, ties by the feature's code."""
    return sorted(
        rows, key=lambda row: (is_missing(row["contribution"]), -(row["contribution"] or 0.0), str(row["feature"]))
    )


def score_sentence(score: Row | None, *, ranked: bool) -> str:
    """Place by the score, stability and p-value in one sentence; a place is only ever given with how stable it is.

    `ranked`: graded A or B. Else the place is said to be no rank of results.
    """
    if score is None or is_missing(score["rank"]) or is_missing(score["of"]):
        return ""
    said = f"{ordinal(int(score['rank']))} of {int(score['of'])} by the forest's score"
    said += "" if ranked else " alone, which is no rank of results"
    if not is_missing(score["stability"]):
        said += f"; {STABLE.format(percent(score['stability']))}"
    if not is_missing(score["p_value"]):
        said += f"; p-value of the score {probability(score['p_value'])}"
    if not is_missing(score["baseline_rank"]):
        said += f"; {ordinal(int(score['baseline_rank']))} by the plain sum of features"
    return f"{said}."


def why_part(window: str, rows: Sequence[Row], score: Row | None, *, name: str, ranked: bool) -> WindowPart:
    """The window's contribution bars and table; the empty state says that no features were computed."""
    heading, identity = window_words(window), f"why-{window.lower()}"
    if not rows:
        return WindowPart(id=identity, heading=heading, empty="No features were computed for this area in this window.")
    ordered = in_order(rows)
    table = DataTable(
        id=f"{identity}-table",
        caption=f"Features of the score, {heading}",
        columns=COLUMNS,
        rows=tuple(
            (
                Cell(_label(row)),
                Cell(in_unit(row["value"], row["unit"])),
                Cell(in_unit(row["peer_median"], row["unit"])),
                Cell(decimal(row["contribution"], places=3)),
                Cell(MISSING if row["beyond_placebo"] is None else "yes" if row["beyond_placebo"] else "no"),
                Cell(MISSING if is_missing(row["rank_if_in_line"]) else f"{row['rank_if_in_line']:.0f}"),
            )
            for row in ordered
        ),
        note="Higher is more like displacement; pts: percentage points. Contribution: the fall in the score, and rank: "
        "the place by score, if this one feature were at its peers' median. Beyond placebo: beyond nine in ten placebo "
        "values.",
    )
    bars = [row for row in ordered if not is_missing(row["contribution"])]
    figure = None
    if bars and any(abs(row["contribution"]) > 0 for row in bars):
        top = bars[0]
        figure = Figure(
            id=f"{identity}-chart",
            title=f"Largest contribution: {_label(top)}",
            subtitle="Fall in the score if the feature were in line with peers. Dark bars lie beyond nine in ten "
            "placebo values.",
            description=f"{name}, {heading}: the largest contribution is {_label(top)}, "
            f"{decimal(top['contribution'], places=3)}. The table gives every value.",
            spec=contributions.spec(
                [
                    {
                        "label": _label(row),
                        "contribution": round(float(row["contribution"]), 5),
                        "text": decimal(row["contribution"], places=3),
                        "beyond": "yes" if row["beyond_placebo"] else "no",
                    }
                    for row in bars
                ]
            ),
        )
    return WindowPart(
        id=identity, heading=heading, sentence=score_sentence(score, ranked=ranked), figure=figure, table=table
    )
