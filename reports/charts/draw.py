"""Draw Vega-Lite specifications to SVG with vl-convert, those of one shape in one drawing.

In: specifications by key. Out: finished SVG by key. Measured: what costs is not drawing but setting up the drawing of
a mark (0.3 ms), of an axis (6 ms) and of a text's measure (0.8 ms), each time. So a shape (everything but the data) is
compiled to Vega once, all charts of that shape become the facets of one Vega drawing that is cut apart afterwards,
ticks are data, and texts are drawn empty and filled in after: a chart costs 2 ms rather than 25. A chart's bytes do not
depend on which others are drawn beside it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache as remember
from typing import Any

from reports.charts.finish_svg import finish

DRAWING = "11"
SCOPE = re.compile(r'<g class="mark-group role-scope"[^>]*>')
GROUP = re.compile(r"<g\b[^>]*?(/?)>|</g>")
Spec = Mapping[str, Any]


def content_key(spec: Spec) -> str:
    """The hash of a specification, of the drawing library's version and of this module's way of drawing."""
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{DRAWING}\n{_library()}\n{text}".encode()).hexdigest()


@remember
def _library() -> str:
    from importlib.metadata import version

    return version("vl-convert-python")


def _shape(spec: Spec) -> str:
    """A specification without its data, as text."""
    return json.dumps({**spec, "datasets": {name: [] for name in sorted(spec["datasets"])}}, sort_keys=True)


def _empty_texts(marks: Sequence[dict[str, Any]]) -> None:
    """Let text marks draw nothing and carry what they print as description: measuring a text is what costs."""
    for mark in marks:
        _empty_texts(mark.get("marks", ()))
        if mark["type"] == "text":
            update = mark["encode"]["update"]
            update["description"], update["text"] = update["text"], {"value": ""}


def _by_ticks(scale: dict[str, Any]) -> None:
    """Let a scale with ticks be measured by them alone: they enclose every other value of it (`ticks.nice_ticks`)."""
    found = scale["domain"].get("fields", ())
    ticks = [place for place in found if isinstance(place, dict) and place["data"] == "ticks"]
    if ticks:
        scale["domain"] = ticks[0]


@remember
def _compiled(shape: str) -> str:
    """The Vega drawing of many charts of a shape: what it draws of one, once per facet `chart` of data `all`."""
    import vl_convert

    spec = json.loads(shape)
    vega: dict[str, Any] = vl_convert.vegalite_to_vega(spec)
    _empty_texts(vega["marks"])
    for scale in vega.get("scales", ()):
        if isinstance(scale["domain"], dict):
            _by_ticks(scale)
    for entry in vega["data"]:
        if entry["name"] in spec["datasets"]:
            own = {"type": "filter", "expr": f"datum.set_ === '{entry['name']}'"}
            entry.update(source="chart", transform=[own, *entry.get("transform", ())])
            for name in ("values", "url", "format"):
                entry.pop(name, None)
    inside = {name: vega[name] for name in ("data", "signals", "scales", "marks") if name in vega}
    facet = {"facet": {"name": "chart", "data": "all", "groupby": "chart_"}}
    return json.dumps(
        {
            "$schema": vega["$schema"],
            "width": spec["width"],
            "height": spec["height"],
            "autosize": "none",
            "config": vega.get("config", {}),
            "data": [{"name": "all"}],
            "marks": [{"type": "group", "from": facet, **inside}],
        }
    )


def _cut(svg: str) -> list[str]:
    """The drawing of each facet, in order."""
    start = SCOPE.search(svg)
    if start is None:
        raise ValueError("the drawing holds no charts")
    made: list[str] = []
    depth, begun = 0, 0
    for tag in GROUP.finditer(svg, start.end()):
        if tag[0] == "</g>":
            depth -= 1
            if depth == 0:
                made.append(svg[begun : tag.start()])
            if depth < 0:
                break
        elif not tag[1]:
            depth += 1
            if depth == 1:
                begun = tag.end()
    return made


def _frame(spec: Spec) -> tuple[float, float, float, float]:
    """Width, height, left and top of a specification: its view with the padding around it."""
    given = spec["padding"]
    sides: dict[str, float] = (
        given if isinstance(given, dict) else dict.fromkeys(("left", "right", "top", "bottom"), given)
    )
    width, height = spec["width"] + sides["left"] + sides["right"], spec["height"] + sides["top"] + sides["bottom"]
    return width, height, sides["left"], sides["top"]


def draw_batch(batch: Sequence[tuple[str, Spec]]) -> list[tuple[str, str]]:
    """Several specifications to finished SVG, in the order given; one drawing for each shape among them."""
    import vl_convert

    shapes: dict[str, list[int]] = {}
    for place, (_, spec) in enumerate(batch):
        shapes.setdefault(_shape(spec), []).append(place)
    drawn: dict[int, str] = {}
    for shape, places in shapes.items():
        vega: dict[str, Any] = json.loads(_compiled(shape))
        vega["data"][0]["values"] = [
            {**row, "chart_": place, "set_": name}
            for place in places
            for name, rows in batch[place][1]["datasets"].items()
            for row in rows
        ]
        parts = _cut(vl_convert.vega_to_svg(json.dumps(vega), allowed_base_urls=[]))
        for place, part in zip(places, parts, strict=True):
            drawn[place] = finish(part, _frame(batch[place][1]))
    return [(key, drawn[place]) for place, (key, _) in enumerate(batch)]


def draw_one(spec: Spec) -> str:
    """One specification to finished SVG."""
    return draw_batch([("", spec)])[0][1]
