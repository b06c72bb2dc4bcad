"""An auditor's conclusions on an area: first on its page, before what the figures say.

In: rows of table `conclusion` of one area. Out: `Headline` records and a table, as supplied and unedited. Nothing is
judged: a conclusion settles whatever the figures say, and no run writes over it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.declarations.table_words import SETTLED
from reports.words.enquiry_words import concluded, conclusion_sentence, day
from reports.words.frame import RESULT_STYLES, window_words
from reports.words.narrative import is_missing, thousand
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable, Headline, SectionPart


def conclusion_heads(rows: Sequence[Row]) -> tuple[Headline, ...]:
    """One for each window with a conclusion; the figures' own headlines follow them."""
    return tuple(
        Headline(
            window=window_words(str(row["window"])), outcome=f"Settled: {concluded(row['outcome'])}",
            style=RESULT_STYLES[SETTLED], text=conclusion_sentence(row),
            reason="It stands whatever the figures say. What they say follows.",
        )
        for row in rows
    )  # fmt: skip


def conclusion_part(rows: Sequence[Row]) -> SectionPart | None:
    """The conclusions as a table; None without any."""
    if not rows:
        return None
    table = DataTable(
        id="conclusions-table",
        caption="Conclusions of auditors, unedited",
        columns=(
            Column("Window"), Column("Outcome"), Column("Own money replaced, £ thousand", numeric=True),
            Column("Document"), Column("Page"), Column("Date", short=True), Column("Office"),
        ),
        rows=tuple(
            (
                Cell(window_words(str(row["window"]))), Cell(concluded(row["outcome"])),
                Cell("not determined" if is_missing(row["replaced_gbp"]) else thousand(row["replaced_gbp"])),
                Cell(row["document"]), Cell(row["page"]), Cell(day(row["date"])), Cell(row["office"]),
            )
            for row in rows
        ),
        note="A conclusion is the only thing that settles an area: it takes it off the lists, and no run writes over "
        "it.",
    )  # fmt: skip
    return SectionPart("papers-conclusions", "Concluded", tables=(table,))
