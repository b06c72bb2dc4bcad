"""One payment file into rows of the canonical record, with an exact account of every row it holds.

In: a path and the folder it is below. Out: a `Reading`: the record for table `payment_file`, and the rows kept and set
aside in tables of bounded size. A file that is refused comes back as a record too, so that the batch goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.errors import InputError
from pipelines.payments.file.amounts import Total, basis_of
from pipelines.payments.file.canonical import FileFacts, Payers, finish, put_back, same_in_file, same_in_sheet
from pipelines.payments.file.dates import Order
from pipelines.payments.file.header import Layout
from pipelines.payments.file.payee_columns import payers
from pipelines.payments.file.payees import body_of
from pipelines.payments.file.sniff import Opened, Sheet, check_unchanged, open_file
from pipelines.payments.file.tables import not_read, read_tables, tables_of
from pipelines.payments.file.tally import Tally
from pipelines.payments.file.totals import odd_totals
from pipelines.payments.words.period import bare_month, file_months, financial_year_in, revised_in
from pipelines.read.read_tabular import column_letter

TWIN = ".pdf.csv"
MOST_NAMED = 12
NEXT_TABLE = 1_000  # added to the number of a sheet for a table beside the first
NO_SUPPLIER = "no column of payees"


@dataclass(frozen=True)
class Part:
    """A sheet of payments: its name, its place among the sheets, and the tally of its rows."""

    name: str
    number: int
    tally: Tally

    @property
    def same(self) -> dict[str, str | None]:
        """What its rows have in common."""
        return same_in_sheet(self.tally, self.name, self.number)


@dataclass(frozen=True)
class Reading:
    """What one file gave. The tables can be read once."""

    record: dict[str, Any]
    parts: tuple[Part, ...] = ()
    year: str = ""
    same: dict[str, str | None] = field(default_factory=dict[str, str | None])
    negative: bool = False
    who: Payers = Payers(("other", "", ""), {})
    revised: str = ""

    @property
    def bodies(self) -> list[tuple[str, str]]:
        """Kind and name of every body that its rows may be of."""
        return sorted({body[:2] for body in (self.who.own, *self.who.known.values())})

    def tables(self) -> Iterator[Any]:
        """The rows kept, as Arrow tables of table `payment` with their keys, without the columns in `same`."""
        for part in self.parts:
            told = part.same.items()
            different = {name: value for name, value in told if name not in self.same}
            yield from finish(part.tally, self.year, different, self.who)

    def aside(self) -> Iterator[Any]:
        """The rows set aside, as Arrow tables of table `payment_quarantine`."""
        import pyarrow as pa

        for part in self.parts:
            for rows in part.tally.aside.read(1 << 16):
                names = pa.repeat(pa.scalar(self.record["source_file"]), rows.num_rows)
                sheets = pa.repeat(pa.scalar(part.name), rows.num_rows)
                yield rows.add_column(0, "sheet", sheets).add_column(0, "source_file", names)


@dataclass
class Loaded:
    """The same as lists, for looking at one file."""

    record: dict[str, Any]
    columns: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    quarantine: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


def refused_record(source: str, sha256: str, reason: str) -> dict[str, Any]:
    """The record of a file that was refused."""
    counts = ("rows_read", "rows_kept", "rows_quarantined", "rows_repeated", "rows_not_data", "rows_duplicate_inside",
              "rows_masked", "rows_without_date", "lines_read", "lines_blank", "lines_inside_cells")  # fmt: skip
    told = {"source_file": source, "file_sha256": sha256, "outcome": "refused", "reason": reason, "notes": ""}
    return {**told, **dict.fromkeys(counts, 0)}


def _refused(source: str, sha256: str, reason: str) -> Reading:
    return Reading(refused_record(source, sha256, reason))


def _twin_title(path: Path) -> str:
    """The title of the PDF a table was pulled out of, where it stands beside it."""
    pdf = path.with_name(path.name.removesuffix(".csv"))
    if not path.name.endswith(TWIN) or not pdf.is_file():
        return ""
    from pipelines.payments.file.read_pdf import first_words

    return first_words(pdf, pdf.read_bytes())


def _months(path: Path, opened: Opened, starts: list[int]) -> tuple[str, ...]:
    above = " ".join(
        str(cell) for sheet, start in zip(opened.sheets, starts, strict=True) for row in sheet.head[: min(start, 40)]
        for cell in row if cell
    )  # fmt: skip
    found = file_months(path.name.rsplit(".", 1)[0] if "." in path.name else path.name, above)
    return found or file_months("", _twin_title(path))


def _read_sheet(
    path: Path, opened: Opened, sheet: Sheet, layouts: list[Layout], months: tuple[str, ...]
) -> list[Tally]:
    """The tallies of the tables of a sheet. Raises InputError where the PDF it was pulled out of is to be read."""
    fields = {name for layout in layouts for name in layout.columns}
    watch = "transaction_number" not in fields and opened.form in ("csv", "pdf")
    tallies = read_tables(sheet, layouts, months, about=path.stem, watch=watch, delimiter=opened.delimiter)
    slide = next((tally.slide for tally in tallies if tally.slide.happened()), None)
    if slide and path.name.endswith(TWIN) and path.with_name(path.name.removesuffix(".csv")).is_file():
        raise InputError(f"{slide.bare} rows carry the transaction number as their amount; the PDF beside it is read")
    return tallies


def read_payments(path: Path, root: Path) -> Reading:
    """Read one file. Never raises for what the file holds: a refusal is a record with its reason."""
    source, sha256 = path.relative_to(root).as_posix(), ""
    try:
        opened = open_file(path)
        sha256 = opened.sha256
        tables = tables_of(opened, path.stem)
        if all(layouts[0].refused for layouts in tables):
            why = "; ".join(dict.fromkeys([tables[0][0].refused, *opened.sheets[0].notes])) if tables else "no sheet"
            return _refused(source, sha256, why)
        months = _months(path, opened, [layouts[0].first_data_row for layouts in tables])
        parts = tuple(
            Part(sheet.name, number + (NEXT_TABLE * place if tally.layout.window else 0), tally)
            for number, (sheet, layouts) in enumerate(zip(opened.sheets, tables, strict=True))
            if not layouts[0].refused
            for place, tally in enumerate(_read_sheet(path, opened, sheet, layouts, months))
        )  # fmt: skip
        notes = [*opened.notes, *(note for sheet in opened.sheets for note in sheet.notes), *not_read(opened, tables)]
        check_unchanged(path, opened.stamp)
    except InputError as error:
        return _refused(source, sha256, error.what)
    return _reading(path, source, opened, parts, notes)


def load_file(path: Path, root: Path) -> Loaded:
    """All of one file as lists, for looking at it."""
    reading = read_payments(path, root)
    columns: dict[str, list[Any]] = {}
    for staged in reading.tables():
        table = put_back(staged, reading.same)
        for name in table.column_names:
            columns.setdefault(name, []).extend(table[name].to_pylist())
    return Loaded(reading.record, columns, [row for table in reading.aside() for row in table.to_pylist()])


def _entities(parts: tuple[Part, ...]) -> Counter[str]:
    entities = Counter[str]()
    for part in parts:
        entities.update(part.tally.entities)
    return entities


def _notes(tally: Tally) -> list[str]:
    columns, notes = tally.layout.columns, list(tally.layout.notes)
    if tally.exchanged:
        notes.append(f"expense area and type were exchanged and are put back: {tally.wrong} names stand in the other "
                     f"column, {tally.right} in their own")  # fmt: skip
    notes += tally.said
    for name, total in tally.unused.items():
        if total.rows:
            notes.append(f"{name} is not used: it comes to {total.pounds:,.2f}")
    least, kept = tally.layout.least, tally.kept.rows
    if kept and 2 * tally.below_least > kept:
        notes.append(
            f"{tally.below_least:,} of {kept:,} amounts lie below the £{least:,.0f} the file says it lists from"
        )
    if tally.turned:
        notes.append(f"{tally.turned:,} dates had day and month exchanged, as the others show, and are turned")
    if told := odd_totals(tally.odd_totals):
        notes.append(told)
    if "supplier" not in columns:
        notes.append(NO_SUPPLIER)
    if "date" not in columns and "transaction_number" not in columns:
        notes.append("no dates and no transactions: usable only as totals by payee")
    return notes


def _reading(path: Path, source: str, opened: Opened, parts: tuple[Part, ...], notes: list[str]) -> Reading:
    entities, tallies, total = _entities(parts), [part.tally for part in parts], Total()
    body = body_of([name for name, _ in entities.most_common(1)] + source.split("/")[-2::-1])
    for tally in tallies:
        total.join(tally.total)
    kind = body.kind if body.name else "other"
    name = body.name or (source.split("/")[-2] if "/" in source else "unknown")
    who = Payers((kind, name, body.code), payers(entities, (kind, name, body.code)))
    if who.known:
        notes = [*notes, *_several(who, entities)]
    facts = FileFacts(source, opened.sha256, kind, name, body.code, total.sign_source)
    first, months = tallies[0].layout, tallies[0].stated_months
    order = next((tally.order for tally in tallies if tally.order.surety), Order("", "", "no column of dates"))
    month = "" if months else str(bare_month(path.name) or "")
    used = ", ".join(f"{key}={column_letter(at + 1)}" for key, at in sorted(first.columns.items()))
    record = {
        "source_file": source, "file_sha256": opened.sha256, "outcome": "read", "reason": "", "form": opened.form,
        "encoding": opened.encoding, "encoding_surety": opened.encoding_surety, "delimiter": opened.delimiter,
        "body_type": kind, "body_name": name, "body_code": body.code, "body_reason": body.reason,
        "header_row": first.first_data_row if any(first.header) else 0, "header_surety": first.surety, "columns": used,
        "period": " ".join(months) or (f"month {month}, year not said" if month else ""), "date_order": order.order,
        "date_surety": order.surety, "date_why": order.why, "amount_basis": basis_of(first.amount_field),
        "sign_source": total.sign_source, "rows_read": sum(tally.rows_read for tally in tallies),
        "rows_kept": sum(tally.kept.rows for tally in tallies), "rows_repeated": 0,
        "rows_quarantined": sum(tally.aside.rows for tally in tallies),
        "rows_not_data": sum(tally.rows_not_data for tally in tallies),
        "rows_duplicate_inside": sum(tally.repeats.count() for tally in tallies),
        "rows_masked": sum(tally.rows_masked for tally in tallies),
        "rows_without_date": sum(tally.rows_without_date for tally in tallies), "amount_kept_gbp": total.pounds,
        "notes": "; ".join(dict.fromkeys([*(note for tally in tallies for note in _notes(tally)), *notes])),
        "lines_read": sum(tally.lines for tally in tallies),
        "lines_blank": sum(tally.passed - tally.rows_read for tally in tallies),
        "lines_inside_cells": sum(tally.lines_inside for tally in tallies),
    }  # fmt: skip
    same = same_in_file(facts, [part.same for part in parts], payers=bool(who.known))
    title = " ".join(str(cell) for sheet in opened.sheets for row in sheet.head[: first.first_data_row] for cell in row)
    revised = revised_in(f"{path.stem} {title}")
    return Reading(record, parts, financial_year_in(path.name), same, total.negative, who, revised)


def _several(who: Payers, entities: Counter[str]) -> list[str]:
    """Notes on a file of several bodies."""
    names = sorted({body[1] for body in (who.own, *who.known.values())})
    notes = [f"payments of {len(names)} bodies, told by row: {', '.join(names[:MOST_NAMED])}"]
    others = sum(count for name, count in entities.items() if who.known.get(name, ("other",))[0] == "other")
    return [*notes, f"{others:,} rows name a payer that is no known body"] if others else notes
