"""Make a drawn SVG fit for a page: small, without scripts or addresses, named for assistive technology.

In: the inside of an SVG as vl-convert draws it. Out: the same picture with its texts filled in, short numbers, generic
fonts and no class, aria or pointer attributes (`finish`), and with `role="img"`, `<title>` and `<desc>` in the page
that prints it (`with_text`). Anything that could load or run something is refused.
"""

from __future__ import annotations

import re
from html import escape

from reports.charts.shorten_svg import short, shortened

NOISE = re.compile(r' (?:aria-[a-z]+|role|class|pointer-events|stroke-miterlimit|xmlns(?::xlink)?|version|id)="[^"]*"')
WHOLE_OPACITY = re.compile(r' opacity="1"')
FONT = re.compile(r' font-family="[^"]*"')
HIDDEN = re.compile(
    r'<path d="M0,0h[\d.]+v[\d.]+h-?[\d.]+Z"\s*/>|<path d="M0.5,0.5h[\d.]+v[\d.]+h-[\d.]+Z"\s*/>'
    r'|<path d="" display="none"\s*/>|<path(?! d=)(?! transform)[^>]*/>'
)
EMPTY_GROUP = re.compile(r"<g(?: [^>]*)?></g>|<g(?: [^>]*)?/>")
TEXT = re.compile(r'<text aria-label="([^"]*)"([^>]*?)/?>(?:</text>)?')
GAP = "\x00"
WIDE = 420
"""Pixels from which a chart is `wide`: shrunk to a screen of 320 its letters could not be read, so it scrolls there."""
LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
DANGEROUS = re.compile(r"<script|<image|<foreignObject|href=|url\(|@import|\son[a-z]+=|https?:", re.IGNORECASE)


def _short(match: re.Match[str]) -> str:
    return short(float(match.group()))


def finish(svg: str, frame: tuple[float, float, float, float]) -> str:
    """The drawing of one chart as an SVG of its own: `frame` is its width and height, and where its view begins.

    Texts are printed from their descriptions; only numbers in tags are shortened, a label such as 12.34 stays as it is.
    Raises ValueError where the drawing would load or run something.
    """
    texts: list[str] = []

    def lift(found: re.Match[str]) -> str:
        texts.append(found[1])
        return f"<text{found[2]}>{GAP}</text>"

    body = LONG_NUMBER.sub(_short, TEXT.sub(lift, svg.replace(GAP, "")))
    body = WHOLE_OPACITY.sub("", FONT.sub("", NOISE.sub("", body)))
    before = ""
    while before != body:
        before, body = body, EMPTY_GROUP.sub("", HIDDEN.sub("", body))
    if DANGEROUS.search(body):
        raise ValueError("the drawing refers to something outside itself")
    body = body.replace(' stroke-width="1"', "").replace(' font-size="12px"', "").replace("#ffffff", "#fff")
    pieces = shortened(body).split(GAP)
    said = "".join(part for pair in zip(pieces, [*texts, ""], strict=True) for part in pair)
    width, height, left, top = (f"{number:.1f}".removesuffix(".0") for number in frame)
    kind = ' class="wide"' if frame[0] > WIDE else ""
    return (
        f'<svg{kind} width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="12"><g fill="none" transform="translate({left},{top})">{said}</g></svg>'
    )


def laid_over(under: str, over: str) -> str:
    """A finished drawing on top of another of the same frame."""
    return under.removesuffix("</svg>") + over[over.index("<g ") :]


def with_text(svg: str, *, name: str, title: str, description: str) -> str:
    """Name a finished drawing for its page: role, title and description. `name` must be unique in the page."""
    head, _, rest = svg.partition(">")
    return (
        f'{head} role="img" aria-labelledby="{escape(name)}-t {escape(name)}-d">'
        f'<title id="{escape(name)}-t">{escape(title)}</title>'
        f'<desc id="{escape(name)}-d">{escape(description)}</desc>{rest}'
    )
