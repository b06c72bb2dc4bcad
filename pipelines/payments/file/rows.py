"""The rows of a sheet sorted out, block by block: kept, set aside with a reason, or declared not data.

In: blocks of cells, the layout, and the tally of the sheet. Out: the fields of the rows kept, in the tally's spool;
names that may be of private persons are withheld before. Rows without any content are not rows. Nothing is dropped: the
counts of the parts make up the count of rows with content.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from pipelines.payments.file.amounts import bare_numbers
from pipelines.payments.file.header import BEYOND, Layout
from pipelines.payments.file.lay_aside import Left, lay_aside, note_header
from pipelines.payments.file.money import amounts, count_unused, pounds_of_column
from pipelines.payments.file.row_reasons import ENDS_TOTAL, TOTAL, TOTAL_WORDS, text_of
from pipelines.payments.file.tally import AMOUNT_FIELDS, CODED, TEXTS, Tally
from pipelines.payments.file.totals import Asked, Verdicts, find_totals, identifying
from pipelines.payments.file.withhold import which, withhold
from pipelines.payments.sheet.blocks import Block
from pipelines.payments.words.row_hash import hash_rows
from pipelines.payments.words.texts import Coded, arrow_compute, coded, loosely_coded, says, texts_of

IDENTIFYING = ("supplier", "supplier_id", "transaction_number", "invoice_number", "date", "expense_type",
               "expense_area", "department", "purpose")  # fmt: skip
NO_PAYEE = ("PAY-014", "the payee is an error of the spreadsheet, or a formula without a value")
_ERROR = re.compile(r"#(?:formula without a value|error|REF!|N/A|VALUE!|NAME\?|NUM!|NULL!|DIV/0!|GETTING_DATA)")
HIDDEN = ("PAY-009", "the row is hidden in the workbook, and what is hidden is no publication")
MORE_CELLS = ("PAY-011", "the row has more cells than the header, so its cells may have moved")


class _Sorted:
    """One block while it is sorted out: its columns coded once each, and what is known of its rows."""

    def __init__(self, block: Block, layout: Layout) -> None:
        self.block, self.layout = block, layout
        self.known: dict[int, Coded] = {}
        self.coded = {at for name, at in layout.columns.items() if name in CODED}

    def column(self, at: int) -> Coded:
        if at not in self.known:
            self.known[at] = (coded if at in self.coded else loosely_coded)(self.block.column(at))
        return self.known[at]

    def says(self, at: int) -> Any:
        """Rows with more than white space in a column."""
        import numpy as np

        column = self.column(at)
        told = says(column.texts)
        return np.ones(len(column.codes), bool) if told.all() else told.take(column.codes)

    def said(self) -> Any:
        """Rows with something that identifies a payment."""
        places = {self.layout.columns[key] for key in IDENTIFYING if key in self.layout.columns}
        return self.any_says(sorted(places, key=lambda at: (at not in self.coded, at)))

    def any_says(self, places: Iterable[int], found: Any = None) -> Any:
        """Rows with more than white space in one of some columns, or in `found`; no column is asked in vain."""
        import numpy as np

        found = np.zeros(len(self.block.numbers), bool) if found is None else found
        for at in places:
            if found.all():
                break
            found = found | self.says(at)
        return found

    def totals(self, rows: Any) -> Any:
        """Which of some rows are totals: their payee, or their first cell, says so and nothing else."""
        import numpy as np

        found = np.zeros(len(rows), bool)
        at = self.layout.columns.get("supplier", -1)
        if at >= 0:
            payee = self.column(at)
            asked = self.payees(lambda text: not text.strip("0123456789.") or TOTAL.match(text))
            if not asked.any():
                return found
            rows = rows & asked[payee.codes]
            found |= rows & self.payees(TOTAL_WORDS.match)[payee.codes]
        for at in range(len(self.block.columns)):
            if not rows.any():
                break
            first, column = rows & self.says(at), self.column(at)
            if first.any():
                found |= first & which(column.texts, "total", TOTAL_WORDS.match)[column.codes]
                rows = rows & ~first
        return found

    def ends_total(self, rows: Any) -> Any:
        """Which of some rows have a payee that ends with the word total."""
        return self.payees_in(rows, ENDS_TOTAL.search)

    @cached_property
    def odd_payees(self) -> list[tuple[int, str]]:
        """Payees, by their place among the distinct ones, that may be none: blanks, numbers, totals, errors."""
        import numpy as np

        texts = self.column(self.layout.columns["supplier"]).texts
        found = arrow_compute().match_substring_regex(texts, "^$|total|^[0-9.]+$|^#", ignore_case=True)
        places = np.flatnonzero(found.to_numpy(zero_copy_only=False)).tolist()
        return [(at, text_of(texts[at].as_py())) for at in places]

    def payees(self, test: Callable[[str], Any]) -> Any:
        """Which distinct payees are odd and pass a test."""
        import numpy as np

        told = np.zeros(len(self.column(self.layout.columns["supplier"]).texts), bool)
        told[[at for at, text in self.odd_payees if test(text)]] = True
        return told

    def payees_in(self, rows: Any, test: Callable[[str], Any]) -> Any:
        """Which of some rows have an odd payee that passes a test."""
        import numpy as np

        if "supplier" not in self.layout.columns or not self.odd_payees:
            return np.zeros(len(rows), bool)
        return rows & self.payees(test)[self.column(self.layout.columns["supplier"]).codes]


def sort_block(block: Block, layout: Layout, tally: Tally) -> None:
    """Sort out the rows of a block into the tally of its table."""
    tally.passed += len(block.numbers)
    body = block.below(layout.first_data_row)
    above = sum(any(map(str.strip, block.row(at))) for at in range(len(block.numbers) - len(body.numbers)))
    tally.rows_read += above
    tally.rows_not_data += above
    if layout.refused:
        _refuse_all(body, layout, tally)
        return
    body = body.filled(layout.columns[layout.amount_field])
    if len(body.numbers):
        _sort_body(_Sorted(body, layout), tally)


def _refuse_all(body: Block, layout: Layout, tally: Tally) -> None:
    """Set every row of a table aside whose header is not understood."""
    for at in range(len(body.numbers)):
        cells = [text_of(cell) for cell in body.row(at) if text_of(cell)]
        if cells:
            tally.rows_read += 1
            number = int(body.numbers[at])
            tally.set_aside(number + 1, "PAY-013", "", layout.refused)
            note_header(body.row(at), number, tally)


def _sort_body(work: _Sorted, tally: Tally) -> None:
    import numpy as np

    at = work.layout.columns[work.layout.amount_field]
    cells = work.column(at)
    pounds = amounts(work, tally)
    said = work.said()
    filled = work.any_says([at, *range(len(work.block.columns))], said)
    slid = np.zeros(len(said), bool)
    if tally.how.watches_slide:
        tally.slide.add(cells.texts, cells.counts())
        slid = bare_numbers(cells.texts).take(cells.codes) if tally.how.slid else slid
    valued = ~np.isnan(pounds)
    kept = said & valued & ~slid
    verdicts = _beyond(work, kept) | _errors(work, kept) | _hidden(work, filled, tally)
    kept[list(verdicts)] = False
    totals = work.totals(kept)
    marks = identifying(work.layout)
    unlabelled = ~work.any_says(marks) if marks else ~said
    asked = Asked(kept, unlabelled & valued & (kept | ~said), work.ends_total(kept), totals, pounds)
    verdicts = find_totals(work.block, asked, tally) | verdicts
    kept[list(verdicts)] = False
    kept &= ~totals
    running = np.add.accumulate(np.concatenate([[tally.running], np.where(kept, pounds, 0.0)]))
    tally.running = float(running[-1])
    tally.rows_read += int(filled.sum())
    left = np.flatnonzero(filled & ~kept)
    tally.rows_not_data += lay_aside(work, left, tally, Left(pounds, said, slid, running, verdicts))
    rows = np.flatnonzero(kept)
    tally.whole = tally.whole and len(rows) == len(kept)
    if len(rows):  # mostly all of them, or all but the last
        _keep(work, slice(rows[0], rows[-1] + 1) if rows[-1] - rows[0] < len(rows) else rows, pounds, tally)


def _hidden(work: _Sorted, filled: Any, tally: Tally) -> Verdicts:
    import numpy as np

    if not tally.hidden:
        return {}
    away = np.isin(work.block.numbers, np.array(sorted(tally.hidden)))
    return dict.fromkeys(np.flatnonzero(away & filled).tolist(), HIDDEN)


def _beyond(work: _Sorted, kept: Any) -> Verdicts:
    """Rows with cells beyond the header, where most rows have none: a mark between cells stood in one of them."""
    import numpy as np

    header = work.layout.header
    last = max((at for at, text in enumerate(header) if text), default=-1) + 1
    last = max(last, *(at + 1 for at in work.layout.columns.values()))
    usual = any(note.endswith(BEYOND) for note in work.layout.notes)
    if not any(header) or len(work.block.columns) <= last or usual:
        return {}
    found = work.any_says(range(last, len(work.block.columns))) & kept
    return dict.fromkeys(np.flatnonzero(found).tolist(), MORE_CELLS)


def _errors(work: _Sorted, kept: Any) -> Verdicts:
    """Rows whose payee is an error of the spreadsheet, or a formula without a value."""
    import numpy as np

    return dict.fromkeys(np.flatnonzero(work.payees_in(kept, _ERROR.match)).tolist(), NO_PAYEE)


def _keep(work: _Sorted, rows: Any, pounds: Any, tally: Tally) -> None:
    """Keep rows, given by their positions or as a slice."""
    import numpy as np
    import pyarrow as pa

    used = work.layout.columns
    columns = {at: work.column(at).of(rows) for at in {*range(len(work.block.columns)), *used.values()}}
    fields: dict[str, Any] = {}
    for name in TEXTS:
        if name in CODED and name in used:
            column = columns[used[name]]
            fields[name] = pa.DictionaryArray.from_arrays(pa.array(column.codes), column.texts)
        elif name in used:
            fields[name] = texts_of(work.block.column(used[name]), rows)
    withhold(work, rows, fields, tally)
    for name in ("date", "entity", "expense_area", "expense_type"):
        if name in used:
            column = columns[used[name]]
            tally.vote(name, column.texts, column.counts())
    for name in (name for name in AMOUNT_FIELDS if name in used):
        values = pounds[rows]
        if name != work.layout.amount_field:
            values = pounds_of_column(work, name, tally)[rows]
        fields[name] = pa.array(values, mask=np.isnan(values))
    others = [columns[at] for at in range(len(work.block.columns)) if at != used[work.layout.amount_field]]
    tally.repeats.add(hash_rows(others, pounds[rows]))
    tally.total.add(pounds[rows])
    tally.below_least += int((np.abs(pounds[rows]) < work.layout.least).sum()) if work.layout.least else 0
    count_unused(work, rows, tally)
    numbers = pa.array(work.block.numbers[rows] + 1)
    tally.kept.add(pa.RecordBatch.from_arrays([numbers, *[fields[name] for name in tally.kept.schema.names[1:]]],
                                              schema=tally.kept.schema))  # fmt: skip
