"""A letter as a page of HTML that prints on A4, and as plain text, with the same words.

In: a `Letter`. Out: text. The page is self-contained: no script, no address, no picture.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from functools import cache
from typing import Any

from pipelines.places import ROOT
from reports.requests.letter_words import Letter

TEMPLATES = ROOT / "reports"
WIDTH = 78


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("pages/letter.html")


def letter_html(letter: Letter) -> str:
    """The letter as a page."""
    return _template().render(letter=letter)


def letter_text(letter: Letter) -> str:
    """The letter as text, lines of at most 78 characters."""
    return "\n".join(_lines(letter)).rstrip() + "\n"


def _lines(letter: Letter) -> Iterator[str]:
    yield from letter.to
    yield ""
    for name, value in letter.facts:
        yield f"{name}: {value}"
    yield from ("", *textwrap.wrap(letter.subject.upper(), WIDTH), "")
    for part in letter.parts:
        yield part.heading
        yield "-" * len(part.heading)
        for paragraph in part.paragraphs:
            yield from (*textwrap.wrap(paragraph, WIDTH, break_on_hyphens=False), "")
        for point in part.points:
            yield from textwrap.wrap(
                point, WIDTH, initial_indent="  - ", subsequent_indent="    ", break_on_hyphens=False
            )
        if part.points:
            yield ""
    for line in letter.closing:
        yield from (line, "")
    yield from textwrap.wrap(letter.foot, WIDTH)
