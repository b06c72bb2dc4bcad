"""The body of a table as HTML, printed by hand: tables are nine tenths of a page, and a template takes six times as
long over a cell.

In: a `DataTable`. Out: its rows as escaped HTML; the first cell of a row is its heading. Links lead from the site's
root, which lies `root` away.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from reports.view_models import Cell, Column, DataTable

if TYPE_CHECKING:
    from markupsafe import Markup


@lru_cache(maxsize=1 << 16)
def escaped(text: str) -> str:
    """`text` as a template would print it. Cells repeat, so most are escaped once."""
    from markupsafe import escape

    return str(escape(text))


def content(cell: Cell, root: str) -> str:
    """What stands in a cell: its text, linked where it leads somewhere, and its smaller second line."""
    text = escaped(cell.text)
    if cell.href:
        text = f'<a href="{escaped(root + cell.href)}">{text}</a>'
    return f"{text}<small>{escaped(cell.small)}</small>" if cell.small else text


def heading_cell(column: Column, cell: Cell, root: str) -> str:
    """A row's heading, with the id that links point at."""
    style = ' class="s"' if column.short else ""
    identity = f' id="{escaped(cell.anchor)}"' if cell.anchor else ""
    return f'<tr><th scope="row"{style}{identity}>{content(cell, root)}</th>'


def opening(column: Column) -> str:
    """A data cell's opening tag: numeric, code, short or plain."""
    style = "n" if column.numeric else "k" if column.code else "s" if column.short else ""
    return f'<td class="{style}">' if style else "<td>"


def table_body(table: DataTable, root: str) -> Markup:
    """All rows of a table."""
    from markupsafe import Markup

    first, openings = table.columns[0], [opening(column) for column in table.columns[1:]]
    lines = [
        heading_cell(first, row[0], root)
        + "".join([f"{tag}{content(cell, root)}</td>" for tag, cell in zip(openings, row[1:], strict=True)])
        + "</tr>\n"
        for row in table.rows
    ]
    return Markup("".join(lines))  # noqa: S704 - every string was escaped above
