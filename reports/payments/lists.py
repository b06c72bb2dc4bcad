"""Lists of traced payments: the largest with their cells, equal amounts that repeat, kinds worth knowing, and files.

In: rows of `payment_flow` and `payment_source`. Out: `WindowPart`. Described, never judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reports.payments.tables import added, total
from reports.payments.words import NOT_TOLD, day_words, file_words, month_words, place_words, tier_words
from reports.words.narrative import count_of, decimal, percent, thousand, whole
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable, WindowPart

LARGEST, REPEATING = 8, 8
REGULAR_MONTHS = 3
SHA_SHOWN = 12
Sources = Mapping[tuple[str, str], Row]
DESCRIBED: tuple[tuple[str, Callable[[Row], Any]], ...] = (
    ("Reserve or non-recurrent cost centre", lambda row: row["reserve"]),
    ("Paid in March, the end of the year", lambda row: row["year_end"]),
    ("Whole thousands of pounds", lambda row: row["round_sum"]),
    ("Below nought: credit notes and corrections", lambda row: row["amount_gbp"] < 0),
)


def _between(row: Row) -> Cell:
    return Cell(str(row["payer_name"]), small=f"to {row['payee_printed']}")


def _centre(row: Row) -> Cell:
    return Cell(str(row["expense_area"] or row["department"] or NOT_TOLD), small=str(row["expense_type"] or ""))


def _centres(members: Sequence[Row]) -> Cell:
    """The cost centre and account of equal payments; where they differ, each with its number of payments."""
    named = Counter(_centre(row) for row in members)
    if len(named) == 1:
        return next(iter(named))
    ordered = sorted(named.items(), key=lambda found: (-found[1], found[0].text, found[0].small))
    said = (", ".join(text for text in (cell.text, cell.small) if text) + f" ({number})" for cell, number in ordered)
    return Cell("; ".join(said))


def largest_part(rows: Sequence[Row], sources: Sources) -> WindowPart:
    """The largest payments, each with its file and cell."""
    ordered = sorted(rows, key=lambda row: (-abs(row["amount_gbp"]), str(row["record_id"])))[:LARGEST]
    table = DataTable(
        id="payments-largest-table",
        caption=f"In order of size{'' if len(rows) <= LARGEST else f', {len(ordered)} of {len(rows):,}'}",
        columns=(
            Column("Amount, £", short=True), Column("When", short=True), Column("From, to"),
            Column("Cost centre, account"), Column("Tier, and what it rests on"), Column("File, cell"),
        ),
        rows=tuple(
            (
                Cell(decimal(row["amount_gbp"], places=2)),
                Cell(day_words(row), small=f"no. {row['transaction_number']}" if row["transaction_number"] else ""),
                _between(row),
                _centre(row),
                Cell(tier_words(row), small=str(row["evidence"])),
                Cell(file_words(str(row["source_file"])), small=place_words(row, sources)),
            )
            for row in ordered
        ),
        note="As printed in the files. The CSV of this page holds all payments.",
    )  # fmt: skip
    return WindowPart(id="payments-largest", heading="The largest payments", table=table)


def repeats_part(rows: Sequence[Row]) -> WindowPart:
    """Equal amounts between the same two bodies in three months or more."""
    heading, identity = "Equal amounts that repeat", "payments-repeats"
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        if row["repeat_months"] >= REGULAR_MONTHS and row["amount_gbp"] > 0:
            payee = row["payee_code"] or row["payee_name"]
            groups.setdefault((row["payer_name"], payee, row["amount_gbp"]), []).append(row)
    if not groups:
        none = "No amount was paid in three months or more between the same two bodies."
        return WindowPart(id=identity, heading=heading, empty=none)
    ordered = sorted(groups.items(), key=lambda group: (-total(group[1]), str(group[0])))
    table = DataTable(
        id=f"{identity}-table",
        caption=f"Equal amounts in three months or more ({count_of(len(groups), 'amount', 'amounts')})",
        columns=(
            Column("Amount, £", short=True), Column("Payments", numeric=True), Column("Months", numeric=True),
            Column("First and last", short=True), Column("From, to"), Column("Cost centre, account"),
            Column("Together, £ thousand", numeric=True),
        ),
        rows=tuple(
            (
                Cell(decimal(key[2], places=2)),
                Cell(whole(len(members))),
                Cell(whole(len({row["period"] for row in members}))),
                Cell(f"{month_words(min(row['period'] for row in members))} to "
                     f"{month_words(max(row['period'] for row in members))}"),
                _between(members[0]),
                _centres(members),
                Cell(thousand(total(members))),
            )
            for key, members in ordered[:REPEATING]
        ),
        note="Regular equal sums are how a pooled fund is usually paid, and also how rents and contracts are.",
    )  # fmt: skip
    return WindowPart(id=identity, heading=heading, table=table)


def described_part(rows: Sequence[Row]) -> WindowPart:
    """Reserves, year-end payments, round sums and credit notes: described, not judged."""
    held = added(rows)
    value = sum(abs(row["amount_gbp"]) for row in held)

    def line(words: str, members: list[Row]) -> tuple[Cell, ...]:
        share = sum(abs(row["amount_gbp"]) for row in members) / value if value else 0.0
        return Cell(words), Cell(whole(len(members))), Cell(thousand(total(members))), Cell(percent(share))

    table = DataTable(
        id="payments-described-table",
        caption="Kinds of payment worth knowing when asking",
        columns=(
            Column("Kind"), Column("Payments", numeric=True), Column("£ thousand", numeric=True),
            Column("Share of value", numeric=True),
        ),
        rows=tuple(line(words, [row for row in held if test(row)]) for words, test in DESCRIBED),
        note="Each has ordinary reasons: a pooled budget settled at the year end, an agreed yearly sum, a correction.",
    )  # fmt: skip
    return WindowPart(id="payments-described", heading="Described, not judged", table=table)


def files_part(rows: Sequence[Row], sources: Sources) -> WindowPart:
    """The files the payments come from: publisher, licence and hash."""
    keys = sorted({(str(row["source_file"]), str(row["sheet"])) for row in rows})
    counts = {key: sum((row["source_file"], row["sheet"]) == key for row in rows) for key in keys}
    table = DataTable(
        id="payments-files-table",
        caption=f"Files these payments come from ({count_of(len(keys), 'file', 'files')})",
        columns=(
            Column("File"), Column("Publisher"), Column("Licence, copy"), Column("SHA-256", code=True),
            Column("Payments here", numeric=True),
        ),
        rows=tuple(
            (
                Cell(file_words(key[0])),
                Cell(str(source["publisher"]), small=str(source["publication"])),
                Cell(str(source["licence"]), small=str(source["copy_state"])),
                Cell(str(source["file_sha256"])[:SHA_SHOWN]),
                Cell(whole(counts[key])),
            )
            for key in keys
            if (source := sources.get(key))
        ),
    )  # fmt: skip
    return WindowPart(id="payments-files", heading="Files", table=table)
