"""The same drawing in fewer bytes: neighbours that look alike are written together.

In: the inside of an SVG whose numbers are short and whose texts are still gaps. Out: the same picture. Polygons of one
shape and style become one path, so do lines of one style; texts of one style share a group. Only neighbours are joined,
so what lies on top stays on top.
"""

from __future__ import annotations

import re
from functools import cache

POLYGON = re.compile(r'(?:<path transform="translate\([\d.,-]+\)" d="(?:[ML][\d.,-]+)+Z"[^>]*/>){2,}')
ONE_POLYGON = re.compile(r'<path transform="translate\(([\d.-]+),([\d.-]+)\)" d="([^"]*)"([^>]*)/>')
LINES = re.compile(r'(?:<line transform="translate\([\d.,-]+\)" x2="[\d.-]+" y2="[\d.-]+"[^>]*/>){2,}')
ONE_LINE = re.compile(r'<line transform="translate\(([\d.-]+),([\d.-]+)\)" x2="([\d.-]+)" y2="([\d.-]+)"([^>]*)/>')
TEXTS = re.compile(r'(?:<text [^>]*transform="translate\([\d.,-]+\)"[^>]*>\x00</text>){2,}')
ONE_TEXT = re.compile(r'<text ([^>]*?) ?transform="translate\(([\d.-]+),([\d.-]+)\)"([^>]*)>\x00</text>')
POINT = re.compile(r"([\d.-]+),([\d.-]+)")


def short(number: float) -> str:
    """A number with at most one decimal, without a minus before nought."""
    text = f"{number:.1f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@cache
def _outline(path: str) -> tuple[float, float, str]:
    """Where a polygon begins, and the steps of its outline from there."""
    points = [(float(x), float(y)) for x, y in POINT.findall(path)]
    steps = [
        (short(x - before_x), short(y - before_y))
        for (before_x, before_y), (x, y) in zip(points, points[1:], strict=False)
    ]
    if len(steps) == 1 and steps[0][1] == "0":  # a dot: its outline is a short line there and back
        return (*points[0], f"h{steps[0][0]}z")
    return (*points[0], "l" + " ".join(f"{right},{down}" for right, down in steps) + "z")


def _joined_polygons(run: re.Match[str]) -> str:
    styles: list[tuple[str, list[str]]] = []
    for x, y, path, style in ONE_POLYGON.findall(run[0]):
        first_x, first_y, steps = _outline(path)
        drawn = f"M{short(float(x) + first_x)},{short(float(y) + first_y)}{steps}"
        if styles and styles[-1][0] == style:
            styles[-1][1].append(drawn)
        else:
            styles.append((style, [drawn]))
    return "".join(f'<path d="{"".join(drawn)}"{style}/>' for style, drawn in styles)


def _joined_lines(run: re.Match[str]) -> str:
    styles: list[tuple[str, list[str]]] = []
    for x, y, right, down, style in ONE_LINE.findall(run[0]):
        drawn = f"M{x},{y}h{right}" if down == "0" else f"M{x},{y}l{right},{down}"
        if styles and styles[-1][0] == style:
            styles[-1][1].append(drawn)
        else:
            styles.append((style, [drawn]))
    return "".join(f'<path d="{"".join(drawn)}"{style}/>' for style, drawn in styles)


def _joined_texts(run: re.Match[str]) -> str:
    styles: list[tuple[str, list[str]]] = []
    for before, x, y, after in ONE_TEXT.findall(run[0]):
        style = " ".join(part for part in (before, after.strip()) if part)
        drawn = f'<text x="{x}" y="{y}">\x00</text>'
        if styles and styles[-1][0] == style:
            styles[-1][1].append(drawn)
        else:
            styles.append((style, [drawn]))
    return "".join(f"<g {style}>{''.join(drawn)}</g>" if style else "".join(drawn) for style, drawn in styles)


def shortened(body: str) -> str:
    """`body` with alike neighbours written together."""
    return TEXTS.sub(_joined_texts, LINES.sub(_joined_lines, POLYGON.sub(_joined_polygons, body)))
