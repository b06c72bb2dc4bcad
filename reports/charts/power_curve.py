"""How much a detector finds, or how much of its list is false, along a scale: one line for each detector, named at its
end.

In: one row per step of the scale with its text and each line's value (None where missing), and the lines in order.
Out: a Vega-Lite specification. Lines differ in width and dash as well as in colour, so that they part in greyscale.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.style import ACTUAL, EXPECTED, QUIET, base_line, grid, level, printed, specification
from reports.charts.ticks import nice_ticks, tick_rows

WIDTH, HEIGHT = 520, 210
LABEL_HEIGHT = 15.0
LINES = {
    "oracle": ("The oracle", {"color": EXPECTED, "strokeWidth": 2, "strokeDash": [7, 4]}),
    "method": ("This method", {"color": ACTUAL, "strokeWidth": 3}),
    "baseline": ("Sum of features", {"color": QUIET, "strokeWidth": 1.5}),
    "chance": ("Chance", {"color": QUIET, "strokeWidth": 1.5, "strokeDash": [2, 3]}),
}


def _apart(ends: list[dict[str, Any]], least: float) -> list[dict[str, Any]]:
    """Labels from the lowest up, each at least `least` above the one before."""
    made: list[dict[str, Any]] = []
    for end in sorted(ends, key=lambda end: (end["y"], end["text"])):
        made.append({**end, "y": max(end["y"], made[-1]["y"] + least) if made else end["y"]})
    return made


def spec(rows: Sequence[dict[str, Any]], *, scale: str, lines: Sequence[str] = tuple(LINES)) -> dict[str, Any]:
    """The specification for `rows` (each with `step` and a value for each of `lines`); `scale` names the steps."""
    place = {"type": "point", "padding": 0.3, "domain": [row["step"] for row in rows]}
    x = {"field": "step", "type": "ordinal", "axis": None, "scale": place}
    values = [0.0, *(row[line] for row in rows for line in lines)]
    axis = nice_ticks(values)
    last = rows[-1]
    ends = [{"step": last["step"], "y": last[line], "text": LINES[line][0]} for line in lines if last[line] is not None]
    labels = _apart(ends, (axis[-1] - axis[0]) * LABEL_HEIGHT / HEIGHT)

    def y(name: str) -> dict[str, Any]:
        return {"x": x, "y": level(name, top=0, bottom=HEIGHT)}

    layers: list[dict[str, Any]] = [
        *grid(level("y", top=0, bottom=HEIGHT), width=WIDTH),
        *({"mark": {"type": "line", **LINES[line][1]}, "encoding": y(line)} for line in reversed(lines)),
        {"data": {"name": "labels"}, "mark": {"type": "text", "align": "left", "dx": 8},
         "encoding": {**y("y"), **printed("text")}},
        {"mark": {"type": "text", "dy": 15}, "encoding": {"x": x, "y": {"value": HEIGHT}, **printed("step")}},
        {"data": {"name": "scale"}, "mark": {"type": "text", "dy": 32},
         "encoding": {"x": {"value": WIDTH / 2}, "y": {"value": HEIGHT}, **printed("text")}},
        base_line(HEIGHT, width=WIDTH),
    ]  # fmt: skip
    return specification(
        {
            "width": WIDTH,
            "height": HEIGHT,
            "padding": {"left": 48, "right": 124, "top": 12, "bottom": 42},
            "data": {"name": "steps"},
            "layer": layers,
        },
        {
            "steps": [{name: row[name] for name in ("step", *lines)} for row in rows],
            "ticks": tick_rows([*values, *(label["y"] for label in labels)]),
            "labels": labels,
            "scale": [{"text": scale}],
        },
    )
