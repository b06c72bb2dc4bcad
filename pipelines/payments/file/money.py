"""The money of the rows of a block: amounts in pounds with their credits, and every other column of money counted.

In: a block while it is sorted out, and the tally of its table. Out: pounds per row, NaN where there is no amount that
can be used; the sums of columns that are not used, in the tally.
"""

from __future__ import annotations

from typing import Any, Protocol

from pipelines.payments.file.amounts import parse_texts, unsure
from pipelines.payments.file.header import Layout
from pipelines.payments.file.tally import Tally
from pipelines.payments.sheet.blocks import Block
from pipelines.payments.words.grammar import says_comma
from pipelines.payments.words.texts import Coded, lengths_of


class Columns(Protocol):
    """A block whose columns are coded once each."""

    block: Block
    layout: Layout

    def column(self, at: int) -> Coded:
        """A column by its place."""
        ...

    def says(self, at: int) -> Any:
        """Rows with more than white space in a column."""
        ...


def pounds_of_column(work: Columns, name: str, tally: Tally) -> Any:
    """Pounds of a money column, by row, in the unit that is stated for it."""
    cells = work.column(work.layout.columns[name])
    return _in_pounds(cells, tally, tally.layout.factors.get(name, 1.0))


def _in_pounds(cells: Coded, tally: Tally, worth: float, *, notice: bool = False) -> Any:
    import numpy as np

    pounds = parse_texts(cells.texts, comma=tally.how.decimals == "comma")
    if notice:
        _notice_commas(cells, pounds, tally)
    if tally.how.decimals == "mixed":
        pounds[unsure(cells.texts)] = np.nan
    if worth != 1.0:
        pounds = np.round(pounds * worth, 2)
    return pounds.take(cells.codes)


def amounts(work: Columns, tally: Tally) -> Any:
    """Pounds of every row: the amount, less what stands in a column of credits where the amount is blank or nought."""
    import numpy as np

    name = work.layout.amount_field
    at = work.layout.columns[name]
    worth = tally.layout.factors.get(name, 1.0)
    pounds = _in_pounds(work.column(at), tally, worth, notice=not tally.how.decimals)
    if "credit" not in work.layout.columns:
        return pounds
    credit = pounds_of_column(work, "credit", tally)
    given = np.nan_to_num(credit) != 0
    blank = ~work.says(at) | (pounds == 0)
    pounds = np.where(given & blank, -np.abs(credit), pounds)
    unread = np.isnan(credit) & work.says(work.layout.columns["credit"]) & blank
    return np.where((given & ~blank) | unread, np.nan, pounds)


def _notice_commas(cells: Coded, pounds: Any, tally: Tally) -> None:
    import numpy as np
    import pyarrow as pa

    left = np.flatnonzero(np.isnan(pounds) & (lengths_of(cells.texts) > 0))
    if len(left):
        tally.commas += sum(map(says_comma, cells.texts.take(pa.array(left)).to_pylist()))


def count_unused(work: Columns, rows: Any, tally: Tally) -> None:
    """Add up the columns of money that are not used, in the rows that are kept."""
    import numpy as np

    fields = {at: name for name, at in work.layout.columns.items()}
    for name, at in work.layout.unused.items():
        values = _in_pounds(work.column(at), tally, tally.layout.factors.get(fields.get(at, ""), 1.0))[rows]
        tally.unused[name].add(values[~np.isnan(values)])
