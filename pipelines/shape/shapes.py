"""The file shapes, by the name a source declares. A new shape is the only reason to write Python for a new file."""

from __future__ import annotations

from pipelines.areas.authorities import Directory
from pipelines.declarations.catalogue import Table
from pipelines.errors import InputError, Place
from pipelines.read.read_tabular import Book
from pipelines.shape.form_data import FormData
from pipelines.shape.grid import read_grid
from pipelines.shape.long import read_counted, read_long
from pipelines.shape.recognise import Recognised
from pipelines.shape.transposed import read_transposed

READERS = {
    "grid": read_grid, "hexjson": read_grid, "stata": read_grid, "transposed": read_transposed, "long": read_long,
    "lookup_count": read_counted,
}  # fmt: skip


def read_form(book: Book, taken: Recognised, table: Table, who: Directory) -> FormData:
    """Standardise a file by its source's shape. Raises InputError when its layout is not what the source declares."""
    if taken.financial_year in taken.source.options.get("hidden", ()):
        book = book.with_hidden()
    form = READERS[taken.source.shape](book, taken, table, who)
    form.counts.check(Place(form.file_name))
    if not form.size and not form.problems:
        raise InputError(
            "no row of data was found",
            place=Place(form.file_name),
            expected=f"rows of {table.title}",
            do="The file may be cut short.",
        )
    return form
