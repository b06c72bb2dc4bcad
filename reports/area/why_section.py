"""Why an area is on the unusual-pattern list: the four features' contributions, largest first, beside its peers.

In: rows of tables `feature_value`, `area_score` and `flag` for one area and window. Out: a `WindowPart` with bars and a
table where the area is on the list; one line for all windows where it is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from reports.charts import contributions
from reports.words.frame import short_window, window_words
from reports.words.narrative import MISSING, decimal, in_unit, is_missing, ordinal, plain_code
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable, Figure, Pair, WindowPart

COLUMNS = (
    Column("Feature"),
    Column("This area", numeric=True),
    Column("Median of peers", numeric=True),
    Column("Contribution", numeric=True),
    Column("Place if in line", numeric=True),
)


def _label(row: Row) -> str:
    return str(row["label"] or plain_code(str(row["feature"])))


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Largest contribution first, missing last, ties by the feature's code."""
    return sorted(
        rows, key=lambda row: (is_missing(row["contribution"]), -(row["contribution"] or 0.0), str(row["feature"]))
    )


def is_unusual(flag: Row | None) -> bool:
    """Whether an area is on the unusual-pattern list."""
    return flag is not None and not is_missing(flag["unusual_place"])


def why_absent(scores: Mapping[str, Row | None]) -> tuple[Pair, ...]:
    """One line for the windows in which the area is not on the list, with its place by the forest's score."""
    said: list[str] = []
    for window, score in scores.items():
        short = short_window(window)
        held = score is not None and not is_missing(score["rank"]) and not is_missing(score["of"])
        place = f"isolated {ordinal(int(score['rank']))} of {int(score['of'])}" if held and score else "not scored"
        said.append(f"{short}: {place}")
    return (Pair("Not on the unusual-pattern list", "; ".join(said)),) if said else ()


def why_part(window: str, rows: Sequence[Row], flag: Row | None, *, name: str) -> WindowPart | None:
    """The window's contribution bars and table; None for an area that is not on its list."""
    heading, identity = window_words(window), f"why-{window.lower()}"
    if flag is None or not is_unusual(flag) or not rows:
        return None
    ordered = in_order(rows)
    table = DataTable(
        id=f"{identity}-table",
        caption=f"Features of the unusual pattern, {heading}",
        columns=COLUMNS,
        rows=tuple(
            (
                Cell(_label(row)),
                Cell(in_unit(row["value"], row["unit"])),
                Cell(in_unit(row["peer_median"], row["unit"])),
                Cell(decimal(row["contribution"], places=3)),
                Cell(MISSING if is_missing(row["rank_if_in_line"]) else f"{row['rank_if_in_line']:.0f}"),
            )
            for row in ordered
        ),
        note="Higher is more like replacement; pts: percentage points; the first sign of own spend is a natural log. "
        "Contribution: the fall in the score, and place: where the area would stand, if this one feature were at its "
        "peers' median.",
    )
    bars = [row for row in ordered if not is_missing(row["contribution"])]
    figure = None
    if bars and any(abs(row["contribution"]) > 0 for row in bars):
        top = bars[0]
        figure = Figure(
            id=f"{identity}-chart",
            title=f"Largest contribution: {_label(top)}",
            subtitle="Fall in the score if the feature were in line with peers.",
            description=f"{name}, {heading}: the largest contribution is {_label(top)}, "
            f"{decimal(top['contribution'], places=3)}. The table gives every value.",
            chart=partial(
                contributions.draw,
                [
                    {
                        "label": _label(row),
                        "contribution": round(float(row["contribution"]), 5),
                        "text": decimal(row["contribution"], places=3),
                    }
                    for row in bars
                ],
            ),
        )
    said = f"In place {int(flag['unusual_place'])} of the unusual-pattern list."
    return WindowPart(id=identity, heading=heading, sentence=said, figure=figure, table=table)
