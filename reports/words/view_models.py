"""What a page prints: frozen records that hold every string ready to print, so that templates compute nothing.

In: nothing. Out: the record types that the `*_page.py` modules fill and the templates in `pages/` and `sections/`
print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True)
class Frame:
    """What every page carries: its title, where the site's root lies from it, and the run it was drawn from."""

    title: str
    root: str
    run_id: str
    version: str
    method_version: str
    here: str
    settings_changed: str = ""
    published: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Column:
    """A table column's heading; `numeric` columns are flush right, `code` ones monospaced, `short` ones never wrap."""

    label: str
    numeric: bool = False
    code: bool = False
    short: bool = False


class Cell(NamedTuple):
    """One printed cell, with an optional link and an optional second line in smaller type, which may be a link too.

    A quarter of a million are made for a site, and handed to the process that prints them: a tuple is cheapest.
    """

    text: str
    href: str = ""
    small: str = ""
    anchor: str = ""
    small_href: str = ""


@dataclass(frozen=True)
class DataTable:
    """A table ready to print; the first cell of each row is its heading. `note` is printed under the caption.

    `groups` are headings over the rows that follow them, by the place of the first of those rows. A table to `find` in
    is searched and sorted by the script, if it has no groups.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    groups: Mapping[int, Cell] = field(default_factory=dict[int, Cell])
    find: bool = False


@dataclass(frozen=True)
class Figure:
    """A chart: a headline title, a statistical subtitle, a description in words and what draws it as SVG.

    `chart` is a partial of a function of `reports.charts`, so that it can be drawn by the process that prints the page.
    """

    id: str
    title: str
    subtitle: str
    description: str
    chart: Callable[[], str] = field(hash=False)


@dataclass(frozen=True)
class Pair:
    """A row of a summary list; `anchor` is its id where links point at it."""

    label: str
    text: str
    href: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class WindowPart:
    """One window's share of a section: a heading, a sentence, a chart, a table; or the empty state in words."""

    id: str
    heading: str
    sentence: str = ""
    figure: Figure | None = None
    table: DataTable | None = None
    empty: str = ""


@dataclass(frozen=True)
class SectionPart:
    """Part of a section that holds several tables: a heading, sentences, then the tables."""

    id: str
    heading: str
    sentences: tuple[str, ...] = ()
    tables: tuple[DataTable, ...] = ()


@dataclass(frozen=True)
class Headline:
    """One window's headline sentence with its result and band in words, and a style name for the result."""

    window: str
    outcome: str
    style: str
    text: str
    reason: str


@dataclass(frozen=True)
class Question:
    """A question to the authority and the document that would answer it."""

    text: str
    document: str


@dataclass(frozen=True)
class Link:
    """A link with what it leads to in words."""

    text: str
    href: str
    note: str = ""


@dataclass(frozen=True)
class TablesPage:
    """A page of sentences and tables: validation, sources and method are all of this kind."""

    frame: Frame
    heading: str
    lead: tuple[str, ...]
    tables: tuple[DataTable, ...]
    pairs: tuple[Pair, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    measured: tuple[WindowPart, ...] = ()
    downloads: tuple[Link, ...] = ()
    back: Link | None = None
    empty: str = ""


@dataclass(frozen=True)
class ProseSection:
    """A section in words: paragraphs, terms with meanings, links (from the site's root), parts, questions."""

    id: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    links: tuple[Link, ...] = ()
    parts: tuple[WindowPart, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class ProsePage:
    """A page of sections in words: flags, lists, commissioners, glossary and accessibility are all of this kind."""

    frame: Frame
    heading: str
    lead: tuple[str, ...]
    sections: tuple[ProseSection, ...]
    back: Link | None = None
    note: str = ""
