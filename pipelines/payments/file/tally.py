"""What is counted over all blocks of a sheet before any of its rows can be finished.

In: distinct texts with counts, block by block. Out: the votes that decide for the whole sheet (order of day and month,
exchanged columns, slid amounts, the months seen, the names of the publisher), the account, and the spools of its rows.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from pipelines.payments.file.amounts import Slide, Total
from pipelines.payments.file.dates import OTHER, Order, OrderVotes, Turns, is_typed, read_date
from pipelines.payments.file.header import Layout
from pipelines.payments.file.spool import Repeats, Spool
from pipelines.payments.words.expense_names import fold_names, known_names
from pipelines.payments.words.period import may_be_a_year
from pipelines.payments.words.texts import arrow_compute
from pipelines.payments.words.vocabulary import AMOUNTS

FIELDS = (
    "department_family", "entity", "department", "service_category", "expense_area", "expense_type", "expense_code",
    "purpose", "transaction_number", "invoice_number", "capital_revenue", "procurement_class", "merchant_category",
)  # fmt: skip
TEXTS = (*FIELDS, "supplier", "date")
PLAIN = ("transaction_number", "invoice_number")
CODED = frozenset(TEXTS) - set(PLAIN)  # fields few of whose texts differ
AMOUNT_FIELDS = (*AMOUNTS, "vat_irrecoverable")
ASIDE = ("source_row", "code", "value", "reason")
MOST_NAMES = 10_000


@dataclass(frozen=True)
class Manner:
    """How a sheet is read: what its first reading showed to be needed. `decimals` is empty, comma, point or mixed."""

    watches_slide: bool = False
    slid: bool = False
    careful: bool = False
    mended: bool = False
    decimals: str = ""


def bare_entity(text: str) -> str:
    """A payer's name on one line, without a date that ran into its cell."""
    return re.sub(r"\d\d/\d\d/\d{4}$", "", " ".join(text.split()))


class Tally:
    """The counts, votes and spools of one table."""

    def __init__(
        self, layout: Layout, months: tuple[str, ...], how: Manner, *, hidden: frozenset[int] = frozenset()
    ) -> None:
        import pyarrow as pa

        self.layout, self.months, self.how, self.hidden = layout, months, how, hidden
        self.lines = self.passed = self.lines_inside = self.commas = self.below_least = self.totals = 0
        self.swallowed = False
        self.said, self.units, self.headers = list[str](), list[str](), list[int]()
        self.header_above: list[str] = []
        self.boundaries: dict[int, int] = {0: 0}
        self.odd_totals = list[tuple[int, float, float]]()
        self.unused = {name: Total() for name in layout.unused}
        self.rows_read = self.rows_not_data = self.rows_masked = self.right = self.wrong = 0
        self.running, self.whole = 0.0, True  # whole: all rows below the header are kept
        self.total, self.slide, self.repeats, self.votes = Total(), Slide(), Repeats(), OrderVotes(months)
        self.seen = {"dmy": Counter[str](), "mdy": Counter[str]()}
        self.dated = {"dmy": 0, "mdy": 0}
        self.turns = {"dmy": Turns(months), "mdy": Turns(months)}
        self.entities: dict[str, int] = {}
        text, money, few = pa.string(), pa.float64(), pa.dictionary(pa.int32(), pa.string())
        names = [pa.field("source_row", pa.int64())]
        names += [pa.field(name, few if name in CODED else text) for name in TEXTS if name in layout.columns]
        names += [pa.field(name, money) for name in AMOUNT_FIELDS if name in layout.columns]
        self.kept = Spool(pa.schema(names))
        self.aside = Spool(pa.schema([(ASIDE[0], pa.int64()), *[(name, text) for name in ASIDE[1:]]]))
        self.waiting: list[tuple[int, str, str, str]] = []

    def set_aside(self, row: int, code: str, value: str, reason: str) -> None:
        """Set a row aside."""
        self.waiting.append((row, code, value, reason))
        if len(self.waiting) >= 10_000:
            self.flush()

    def flush(self) -> None:
        """Put what waits into the spool."""
        import pyarrow as pa

        columns = [list(column) for column in zip(*self.waiting, strict=True)] or [[] for _ in ASIDE]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, self.aside.schema, strict=True)]
        self.aside.add(pa.RecordBatch.from_arrays(arrays, schema=self.aside.schema))
        self.waiting = []

    def vote(self, name: str, texts: Any, counts: Any) -> None:
        """Count distinct texts (Arrow array) of a field among the rows kept."""
        if name in known_names():
            pc, folded = arrow_compute(), fold_names(texts)
            found = {column: int(counts[pc.is_in(folded, names).to_numpy(zero_copy_only=False)].sum())
                     for column, names in known_names().items()}  # fmt: skip
            self.right, self.wrong = self.right + found.pop(name), self.wrong + sum(found.values())
            return
        for text, count in zip(texts.to_pylist(), counts.tolist(), strict=True):
            if count and name == "date":
                self._date(text, count)
            elif count:
                bare = bare_entity(text)
                if bare and (bare in self.entities or len(self.entities) < MOST_NAMES):
                    self.entities[bare] = self.entities.get(bare, 0) + count

    def _date(self, text: str, count: int) -> None:
        two_ways, day = self.votes.add(text, count), read_date(text, "dmy")
        both = {"dmy": day, "mdy": read_date(text, "mdy") if two_ways else day}
        typed = is_typed(text)
        for order, months in self.seen.items():
            day = both[order]
            self.turns[order].add(day, count, other=both[OTHER[order]], typed=typed)
            self.dated[order] += count * (day.precision != "none")
            if day.precision == "day":
                months[day.value[:7]] += count

    @property
    def order(self) -> Order:
        """The order of day and month of the sheet."""
        return self.votes.decide() if "date" in self.layout.columns else Order("", "", "no column of dates")

    @property
    def rows_without_date(self) -> int:
        """Rows kept whose own date is not known."""
        order = self.order.order
        strays = self.turns[order].found_strays if order in self.turns else 0
        return self.kept.rows - self.dated.get(order, 0) - strays

    @property
    def turned(self) -> int:
        """Rows whose date had day and month exchanged."""
        return self.turns[self.order.order].count if self.order.order in self.turns else 0

    @property
    def exchanged(self) -> bool:
        """Whether areas and types stand in each other's column: ten names or more, and four times as many as do not."""
        return self.wrong >= 10 and self.wrong > 4 * self.right

    @property
    def stated_months(self) -> tuple[str, ...]:
        """The months the file says it is for; one that may be a year only where half of the dated rows are in it."""
        seen = self.seen.get(self.order.order, Counter[str]())
        doubtful = may_be_a_year(self.months) and 2 * seen[self.months[0]] < max(seen.total(), 1)
        return () if doubtful else self.months

    @property
    def own_months(self) -> tuple[str, ...]:
        """The months the file is for; where it does not say, the one all its dated rows are in."""
        seen = self.seen.get(self.order.order, Counter[str]())
        return self.stated_months or (tuple(seen) if len(seen) == 1 else ())
