"""The body of a table as HTML, printed by hand: tables are nine tenths of a page, and a template takes six times as
long over a cell.

In: a `DataTable`. Out: its rows as escaped HTML; the first cell of a row is its heading. Links lead from the site's
root, which lies `root` away, or out of the site.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from reports.words.view_models import Cell, Column, DataTable

if TYPE_CHECKING:
    from markupsafe import Markup

OUTSIDE = ("https://", "http://")
"""What a link begins with that leads out of the site; every other one is a path below its root."""


@lru_cache(maxsize=1 << 16)
def escaped(text: str) -> str:
    """`text` as a template would print it. Cells repeat, so most are escaped once."""
    from markupsafe import escape

    return str(escape(text))


def _linked(text: str, href: str, root: str) -> str:
    if not href:
        return text
    if href.startswith("#"):
        return f"<a href={escaped(href)}>{text}</a>"
    return f'<a href="{escaped(href if href.startswith(OUTSIDE) else root + href)}">{text}</a>'


def content(cell: Cell, root: str) -> str:
    """What stands in a cell: its text and its smaller second line, each linked where it leads somewhere.

    A space stands between them, so that the cell reads well without styles.
    """
    text = _linked(escaped(cell.text), cell.href, root)
    if cell.small_href:  # small by its place: a second link in a cell; evidence tables hold hundreds
        return f"{text} {_linked(escaped(cell.small), cell.small_href, root)}"
    return f"{text} <small>{escaped(cell.small)}</small>" if cell.small else text


def heading_cell(column: Column, cell: Cell, root: str) -> str:
    """A row's heading, with the id that links point at."""
    style = ' class="s"' if column.short else ""
    return f'<tr><th scope="row"{style}{_identity(cell)}>{content(cell, root)}</th>'


def _identity(cell: Cell) -> str:
    return f' id="{escaped(cell.anchor)}"' if cell.anchor else ""


def opening(column: Column) -> str:
    """A data cell's opening tag. Numeric and short columns are told to the table (`table_class`), not to each cell."""
    return '<td class="k">' if column.code else "<td>"


def table_class(table: DataTable) -> str:
    """Whether the script may search and sort it (find), and which columns are numeric (n) and short (s), by place:
    `find n4 n5 s2`.
    """
    kinds = ("n" if column.numeric else "s" if column.short else "" for column in table.columns)
    named = [f"{kind}{place}" for place, kind in enumerate(kinds, start=1) if kind and place > 1]
    return " ".join(["find", *named] if table.find and not table.groups else named)


def table_body(table: DataTable, root: str) -> Markup:
    """All rows of a table, in one group or under the headings of its groups."""
    from markupsafe import Markup

    first, openings = table.columns[0], [opening(column) for column in table.columns[1:]]
    lines = [
        heading_cell(first, row[0], root)
        + "".join([f"{tag}{content(cell, root)}</td>" for tag, cell in zip(openings, row[1:], strict=True)])
        + "</tr>\n"
        for row in table.rows
    ]
    for place, cell in sorted(table.groups.items(), reverse=True):
        wide = f'<tr><th scope="rowgroup" colspan="{len(table.columns)}"{_identity(cell)}>'
        heading = f"{wide}{content(cell, root)}</th></tr>\n"
        lines.insert(place, ("</tbody>\n<tbody>\n" if place else "") + heading)
    return Markup("<tbody>\n" + "".join(lines) + "</tbody>")  # noqa: S704 - every string was escaped above
