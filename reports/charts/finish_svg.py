"""Make a drawn SVG fit for a page: small, without scripts or addresses, named for assistive technology.

In: SVG text as vl-convert draws it. Out: the same picture with short numbers, generic fonts and no class, aria or
pointer attributes (`finish`), and with `role="img"`, `<title>` and `<desc>` in the page that prints it (`with_text`).
Anything that could load or run something is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

NOISE = re.compile(r' (?:aria-[a-z]+|role|class|pointer-events|stroke-miterlimit|xmlns(?::xlink)?|version|id)="[^"]*"')
WHOLE_OPACITY = re.compile(r' opacity="1"')
FONT = re.compile(r' font-family="[^"]*"')
HIDDEN = re.compile(
    r'<path d="M0,0h[\d.]+v[\d.]+h-?[\d.]+Z"\s*/>|<path d="M0.5,0.5h[\d.]+v[\d.]+h-[\d.]+Z"\s*/>'
    r'|<path d="" display="none"\s*/>'
)
EMPTY_GROUP = re.compile(r"<g(?: [^>]*)?></g>|<g(?: [^>]*)?/>")
BARE_GROUP = re.compile(r"<g>(<(?:path|line|text)[^<>]*(?:/>|>[^<]*</text>|></path>|></line>))</g>")
BACKGROUND = re.compile(r'<rect width="[\d.]+" height="[\d.]+" fill="white"\s*/>')
CODE = re.compile(r'<text aria-label="(t\d+\.)"([^>]*?)/?>(?:</text>)?')
LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
HEAD = re.compile(r'<svg[^>]*?width="([\d.]+)" height="([\d.]+)" viewBox="([^"]*)"[^>]*>')
DANGEROUS = re.compile(r"<script|<image|<foreignObject|href=|url\(|@import|\son[a-z]+=|https?:", re.IGNORECASE)


def _short(match: re.Match[str]) -> str:
    text = f"{float(match.group()):.1f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _outside_text(svg: str) -> str:
    """Shorten numbers in tags only: a label such as 12.34 between tags stays as it is."""
    return re.sub(r"<[^>]+>", lambda tag: LONG_NUMBER.sub(_short, tag.group()), svg)


def finish(svg: str, words: Mapping[str, str]) -> str:
    """Strip what a page does not need and print `words` for their codes.

    Raises ValueError where the drawing would load or run something.
    """
    made = _outside_text(BACKGROUND.sub("", svg))
    head = HEAD.match(made)
    if head is None:
        raise ValueError("the drawing does not begin with an svg element of known size")
    width, height, box = head.groups()
    said = CODE.sub(lambda found: f"<text{found[2]}>{escape(words[found[1]])}</text>", made[head.end() :])
    body = WHOLE_OPACITY.sub("", FONT.sub("", NOISE.sub("", said)))
    before = ""
    while before != body:
        before, body = body, EMPTY_GROUP.sub("", HIDDEN.sub("", body))
    if DANGEROUS.search(re.sub(r">[^<]*<", "><", body)):
        raise ValueError("the drawing refers to something outside itself")
    body = body.replace(' stroke-width="1"', "").replace(' font-size="12px"', "").replace("#ffffff", "#fff")
    return f'<svg width="{width}" height="{height}" viewBox="{box}" font-family="sans-serif" font-size="12">{body}'


def with_text(svg: str, *, name: str, title: str, description: str) -> str:
    """Name a finished drawing for its page: role, title and description. `name` must be unique in the page."""
    head, _, rest = svg.partition(">")
    return (
        f'{head} role="img" aria-labelledby="{escape(name)}-t {escape(name)}-d">'
        f'<title id="{escape(name)}-t">{escape(title)}</title>'
        f'<desc id="{escape(name)}-d">{escape(description)}</desc>{rest}'
    )
