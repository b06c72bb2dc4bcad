"""A chart's picture: marks put down one upon another, written as SVG.

In: places in pixels from the upper left corner of the view, which the frame's margins surround. Out: one `<svg>`
without scripts, addresses, ids or styles, numbers with at most one decimal, so that the same chart has the same bytes.
Marks of one kind and look are put down together and become one path, which keeps pages small. A place without a value
is None: lines and bands break there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Literal

from reports.charts.style import GRID, INK, QUIET
from reports.charts.ticks import Scale, Tick

Align = Literal["start", "middle", "end"]
Place = tuple[float, float | None]
WIDE = 420
"""Pixels from which a chart is `wide`: shrunk to a screen of 320 its letters could not be read, so it scrolls there."""
LETTER = 12
DROP = 4
"""Pixels from the middle of a line of letters down to the line they stand on."""
TICK_GAP, FOOT = 7, 15
"""Pixels left of the view at which a tick's text ends, and below it at which the middle of its years stands."""


def short(number: float) -> str:
    """A number with at most one decimal, without a minus before nought."""
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _at(x: float, y: float) -> str:
    return f"{short(x)},{short(y)}"


def _runs(rows: Iterable[tuple[float | None, ...]]) -> Iterator[list[tuple[float, ...]]]:
    """Neighbours of which every number is there."""
    held: list[tuple[float, ...]] = []
    for row in rows:
        known = tuple(number for number in row if number is not None)
        if len(known) == len(row):
            held.append(known)
        elif held:
            yield held
            held = []
    if held:
        yield held


def circle(size: float) -> str:
    """The outline of a circle around a point, of the width of a square of `size` square pixels."""
    half, whole = short(math.sqrt(size) / 2), short(math.sqrt(size))
    return f"m-{half},0a{half},{half} 0 1,0 {whole},0a{half},{half} 0 1,0 -{whole},0z"


def diamond(size: float) -> str:
    """The outline of a square on its corner around a point."""
    half = short(math.sqrt(size) / 2)
    return f"m-{half},0l{half},-{half}l{half},{half}l-{half},{half}z"


def square(size: float) -> str:
    """The outline of a square around a point."""
    half, whole = short(math.sqrt(size) / 2), short(math.sqrt(size))
    return f"m-{half},-{half}h{whole}v{whole}h-{whole}z"


class Canvas:
    """A view of `width` by `height` pixels with margins around it, on which marks are put."""

    def __init__(self, width: float, height: float, *, left: float, right: float, top: float, bottom: float) -> None:
        self.width, self.height = width, height
        self._frame = (width + left + right, height + top + bottom, left, top)
        self._marks: list[str] = []

    def _path(self, outline: str, look: str) -> None:
        if outline:
            self._marks.append(f'<path d="{outline}"{look}/>')

    def rules(
        self, lines: Iterable[tuple[float, float, float, float]], colour: str, *, thick: float = 1, dash: str = ""
    ) -> None:
        """Straight lines from (x, y) to (x, y), each given as four numbers."""
        self._path("".join(f"M{_at(*line[:2])}L{_at(*line[2:])}" for line in lines), _stroke(colour, thick, dash))

    def foot(self, y: float, colour: str = QUIET) -> None:
        """A line across the view: where a panel ends, or where nought lies."""
        self.rules([(0, y, self.width, y)], colour)

    def line(
        self, points: Iterable[Place], colour: str, *, thick: float, dash: str = "", rounded: bool = False
    ) -> None:
        """A line through points; one that stands alone between gaps is drawn as a dot where ends are `rounded`."""
        outline = "".join(
            "M" + "L".join(_at(x, y) for x, y in run) + ("Z" if len(run) == 1 else "") for run in _runs(points)
        )
        self._path(outline, _stroke(colour, thick, dash) + (' stroke-linecap="round"' if rounded else ""))

    def band(self, rows: Iterable[tuple[float, float | None, float | None]], colour: str) -> None:
        """What lies between two heights at each x."""
        outlines = (
            [*((x, high) for x, _, high in run), *((x, low) for x, low, _ in reversed(run))] for run in _runs(rows)
        )
        self._path(
            "".join("M" + "L".join(_at(*place) for place in outline) + "Z" for outline in outlines), _fill(colour)
        )

    def rectangles(self, sides: Iterable[tuple[float, float, float, float]], colour: str, *, edge: str = "") -> None:
        """Rectangles by left, top, right and bottom."""
        outlines = (
            f"M{_at(left, top)}h{short(right - left)}v{short(bottom - top)}h{short(left - right)}z"
            for left, top, right, bottom in sides
        )
        self._path("".join(outlines), _fill(colour) + (_stroke(edge, 1) if edge else ""))

    def shapes(
        self, points: Iterable[tuple[float, float]], outline: str, *, fill: str = "", edge: str = "", thick: float = 2
    ) -> None:
        """An outline, such as `circle(44)`, around each point."""
        look = (_fill(fill) if fill else "") + (_stroke(edge, thick) if edge else "")
        self._path("".join(f"M{_at(*point)}{outline}" for point in points), look)

    def dots(self, points: Iterable[tuple[float, float]], colour: str, *, thick: float) -> None:
        """Round dots `thick` across, as short lines with round ends: the fewest bytes for many."""
        self._path("".join(f"M{_at(*point)}h0" for point in points), _stroke(colour, thick) + ' stroke-linecap="round"')

    def texts(
        self,
        placed: Iterable[tuple[float, float, str]],
        align: Align = "middle",
        *,
        colour: str = INK,
        bold: bool = False,
        size: int = LETTER,
    ) -> None:
        """Lines of text whose beginning, middle or end stands at x and whose letters' middle at y."""
        made = "".join(
            f'<text x="{short(x)}" y="{short(y + DROP)}">{escape(text, quote=False)}</text>' for x, y, text in placed
        )
        if made:
            look = ("" if align == "start" else f' text-anchor="{align}"') + (' font-weight="bold"' if bold else "")
            look += f' font-size="{size}"' if size != LETTER else ""
            self._marks.append(f"<g{_fill(colour)}{look}>{made}</g>")

    def grid(self, scale: Scale, ticks: Sequence[Tick]) -> None:
        """A line across the view at each tick, with its text at the left."""
        heights = [scale.at(tick.at) for tick in ticks]
        self.rules(((0, y, self.width, y) for y in heights), GRID)
        self.texts(((-TICK_GAP, y, tick.text) for y, tick in zip(heights, ticks, strict=True)), "end")

    def named_places(self, xs: Iterable[float], names: Iterable[str]) -> None:
        """What stands at each x, written below the view."""
        self.texts(((x, self.height + FOOT, name) for x, name in zip(xs, names, strict=True)))

    def svg(self, *, under: str = "") -> str:
        """The picture; `under` is another of the same frame on which it lies."""
        if under:
            return under.removesuffix("</g></svg>") + "".join(self._marks) + "</g></svg>"
        width, height, left, top = (short(number) for number in self._frame)
        kind = ' class="wide"' if self._frame[0] > WIDE else ""
        return (
            f'<svg{kind} width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" '
            f'font-size="{LETTER}"><g fill="none" transform="translate({left},{top})">{"".join(self._marks)}</g></svg>'
        )


def _stroke(colour: str, thick: float, dash: str = "") -> str:
    return (
        f' stroke="{colour}"'
        + (f' stroke-width="{thick:g}"' if thick != 1 else "")
        + (f' stroke-dasharray="{dash}"' if dash else "")
    )


def _fill(colour: str) -> str:
    return f' fill="{colour}"'


def named(svg: str, *, name: str, title: str, description: str) -> str:
    """Name a picture for its page: role, title and description. `name` must be unique in the page."""
    head, _, rest = svg.partition(">")
    return (
        f'{head} role="img" aria-labelledby="{escape(name)}-t {escape(name)}-d">'
        f'<title id="{escape(name)}-t">{escape(title)}</title>'
        f'<desc id="{escape(name)}-d">{escape(description)}</desc>{rest}'
    )
