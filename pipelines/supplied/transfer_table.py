"""A user's table of NHS money allocated to councils: one CSV, read strictly.

In: the path of a CSV with the columns of `COLUMNS` in any order. Out: rows of table `transfer`, sorted by its key.
Refuses unknown or missing columns, unknown codes, years, kinds and bases, amounts that are no number from nought up,
rows without a source, the same allocation twice, and money given for an area beside money for an authority in it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pipelines.areas.authorities import directory
from pipelines.cell_values import fold, text_of
from pipelines.declarations.catalogue import sources, tables
from pipelines.errors import InputError, Place
from pipelines.financial_year import from_start
from pipelines.load.constant_areas import committed
from pipelines.read.read_tabular import WHOLE_FILE, Book, book_of, column_letter, read_bytes

COLUMNS = ("code", "financial_year", "kind", "amount_gbp", "basis", "source")
TABLE = "transfer"
LAYOUT = "See docs/how-to/supply-a-transfer-table.md."
_AMOUNT = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$|^\d{1,12}(\.\d+)?$", re.ASCII)
Row = dict[str, Any]


def read_transfers(path: Path) -> tuple[list[Row], list[InputError]]:
    """Rows of table `transfer` and every problem of the file. Raises InputError when it is no such table at all."""
    if path.is_file() and not path.stat().st_size:
        raise InputError("the file is empty", place=Place(path.name), expected="a header and rows", do=LAYOUT)
    data = read_bytes(path)
    if data[:2] in (b"PK", b"\xd0\xcf"):
        raise InputError("it is a workbook", place=Place(path.name), expected="a CSV", do=f"Save it as CSV. {LAYOUT}")
    book = book_of(data, path.name)
    lines = book.rows(WHOLE_FILE)
    at = _header(lines[0] if lines else [], book)
    places: dict[tuple[str, ...], int] = {}
    rows: list[Row] = []
    problems: list[InputError] = []
    for number, line in enumerate(lines[1:], start=2):
        cells = [text_of(cell).strip() for cell in line]
        if not any(cells):
            continue
        try:
            rows.append(_row({name: cells[column] if column < len(cells) else "" for name, column in at.items()},
                             Place(path.name, row=number)) | _origin(book, number, at))  # fmt: skip
            _once(rows[-1], places, Place(path.name, row=number, column="code"))
        except InputError as error:
            problems.append(error)
    if not rows and not problems:
        raise InputError("it has no rows", place=Place(path.name), expected="one row an allocation", do=LAYOUT)
    keys = tables()[TABLE].key
    for row in rows:
        row["record_id"] = "/".join([TABLE, *(str(row[name]) for name in keys)]) + f"@{book.sha256[:12]}"
    return sorted(rows, key=lambda row: tuple(str(row[name]) for name in keys)), problems


def _header(line: Any, book: Book) -> dict[str, int]:
    names = [fold(text_of(cell)).replace(" ", "_") for cell in line]
    unknown = [name for name in names if name and name not in COLUMNS]
    missing = [name for name in COLUMNS if names.count(name) != 1]
    if len(names) == 1 and ";" in text_of(line[0]):
        place, do = Place(book.name, row=1), f"Save it as CSV (comma delimited). {LAYOUT}"
        raise InputError("the columns are separated by semicolons", place=place, expected="commas", do=do)
    if unknown or missing:
        what = f"unknown column '{unknown[0]}'" if unknown else f"column '{missing[0]}' is missing or there twice"
        raise InputError(what, place=Place(book.name, row=1), expected="the columns " + ", ".join(COLUMNS), do=LAYOUT)
    return {name: names.index(name) for name in COLUMNS}


def _origin(book: Book, row: int, at: dict[str, int]) -> Row:
    cell = f"{column_letter(at['amount_gbp'] + 1)}{row}"
    return {"file_name": book.name, "file_sha256": book.sha256, "cell": cell}


def _row(found: dict[str, str], place: Place) -> Row:
    def refuse(column: str, expected: str) -> InputError:
        what = (
            f"'{found[column]}' is no {column.replace('_gbp', ' in pounds').replace('_', ' ')}"
            if found[column]
            else "it is empty"
        )
        return InputError(what, place=Place(place.file, row=place.row, column=column), expected=expected, do=LAYOUT)

    area, authority = _who(found["code"].upper())
    if not area:
        raise refuse("code", "the code of an area (E06000001) or of an authority with social-care duties (E0701)")
    year = found["financial_year"]
    if not re.fullmatch(r"20\d{2}-\d{2}", year, re.ASCII) or year != from_start(int(year[:4])):
        raise refuse("financial_year", "a financial year, written 2014-15")
    first, last = _figures()
    if not first <= year <= last:
        raise refuse("financial_year", f"a year of the figures, {first} to {last}")
    kinds = {fold(kind): kind for kind in tables()[TABLE].column("kind").enum}
    if fold(found["kind"]) not in kinds:
        raise refuse("kind", "one of " + ", ".join(kinds.values()))
    if not _AMOUNT.match(found["amount_gbp"]):
        raise refuse("amount_gbp", "pounds from 0 to 999,999,999,999, in digits, without a currency sign")
    if fold(found["basis"]) != "allocated":
        raise refuse("basis", "'allocated': what was received is read from the returns")
    if not found["source"]:
        raise refuse("source", "where the amount was published")
    return {
        "financial_year": year,
        "area_code": area,
        "authority_code": authority,
        "kind": kinds[fold(found["kind"])],
        "amount_gbp": float(found["amount_gbp"].replace(",", "")),
        "basis": "allocated",
        "source": found["source"],
    }


def _figures() -> tuple[str, str]:
    """First and last year for which the returns that decide can be read."""
    years = sorted(year for source in sources().values() if source.table == "rs" for year in source.years)
    return years[0], years[-1]


def _who(code: str) -> tuple[str, str]:
    """(area, authority) a code means; the authority is empty for an area, both are for an unknown code."""
    if any(row["area_code"] == code for row in committed("area.csv")):
        return code, ""
    known = directory().by_code.get(code)
    return (known.area_code, code) if known and known.social_care and known.area_code else ("", "")


def _once(row: Row, places: dict[tuple[str, ...], int], place: Place) -> None:
    """Refuse an allocation given twice, and an area's beside that of an authority in it."""
    area, authority, year = row["area_code"], row["authority_code"], row["financial_year"]
    said = places.get((area, authority, year, row["kind"]))
    if said is not None:
        raise InputError(f"the same allocation stands in row {said}", place=place, expected="each once", do=LAYOUT)
    mixed = places.get((area, year, "authority" if not authority else "area"))
    if mixed is not None:
        what = f"row {mixed} gives the same year by {'authority' if not authority else 'area'}"
        expected = "an area's money of a year either for the area or for its authorities"
        raise InputError(what, place=place, expected=expected, do=LAYOUT)
    places[(area, authority, year, row["kind"])] = place.row or 0
    places.setdefault((area, year, "authority" if authority else "area"), place.row or 0)
