"""The unit a file states for its money, against the unit its column map takes it to be in; and its accounting basis.

In: the lines above the data, and the lines of a source with the units of their columns. Out: nothing, or a refusal with
the cell where another unit is stated. A file that states nothing, and a source whose lines are in several units of
money, are not judged.
"""

from __future__ import annotations

import re

from pipelines.cell_values import fold, text_of
from pipelines.declarations.catalogue import Source, Table
from pipelines.errors import InputError, Place
from pipelines.read.read_tabular import Row, column_letter

POUNDS = {"gbp": 1.0, "gbp_thousand": 1e3, "gbp_million": 1e6}
WORDS = {1.0: "pounds", 1e3: "thousands of pounds", 1e6: "millions of pounds"}
LONGEST_TITLE = 600
_UNIT = (
    r"(?:(?:£|gbp|pounds?(?: sterling)?)\s?,?\s?(?P<many>['‘’]?000(?:['‘’]?s)?|thousands?|k|millions?|mn?)?"
    r"|(?P<bare>thousands?|millions?) of pounds)"
)
_STATED = (
    re.compile(rf"\(?{_UNIT}\)?\.?", re.IGNORECASE),
    re.compile(rf"(?:units?|currency)\s?[:=]\s?{_UNIT}\.?", re.IGNORECASE),
)
_WITHIN = (
    re.compile(
        rf"\b(?:figures?|amounts?|data|values?|expenditure|all)\b[^.;]{{0,40}}?\b(?:in|as)\b[^.;£]{{0,20}}?{_UNIT}(?=$|[\s.;,)])",
        re.IGNORECASE,
    ),
    re.compile(rf"\({_UNIT}\)\s?$", re.IGNORECASE),
)


def stated(text: str) -> float | None:
    """Pounds in the unit that a line states, or None where it states none."""
    if not text or len(text) > LONGEST_TITLE:
        return None
    found = next((match for pattern in _STATED if (match := pattern.fullmatch(text))), None)
    found = found or next((match for pattern in _WITHIN if (match := pattern.search(text))), None)
    if not found:
        return None
    many = (found["many"] or found["bare"] or "").casefold()
    return 1e6 if many.startswith("m") else 1e3 if many else 1.0


def taken_as(source: Source, table: Table, lines: list[int]) -> float | None:
    """Pounds in the unit the map takes the money of these lines to be in; None where there are several, or no money."""
    held = [source.lines[index] for index in lines]
    units = [(table.column(line.column).unit, source.scale_of(line)) for line in held]
    money = {round(POUNDS[unit] * scale, 9) for unit, scale in units if unit in POUNDS}
    return money.pop() if len(money) == 1 else None


def refuse_other_unit(rows: list[Row], expected: float | None, place: Place, cell: str) -> None:
    """Refuse, with InputError, a file one of whose first lines states another unit than `expected` (pounds).

    `rows` are those above the data; `cell` says where the map is.
    """
    if expected not in WORDS:
        return
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            found = stated(text_of(value)) if isinstance(value, str) else None
            if found is not None and found != expected:
                raise InputError(
                    f"the file says its figures are in {WORDS[found]} ('{text_of(value)[:80]}')",
                    place=Place(place.file, place.sheet, number, column_letter(column)),
                    expected=f"{WORDS[expected]}, as {cell} takes them",
                    do="Get the publisher's own file; if it is right, give its lines a `scale` in the map, or "
                    "declare a source of its own with `scale`.",
                )


def refuse_other_basis(rows: list[Row], source: Source, place: Place) -> None:
    """Refuse, with InputError, a sheet none of whose first lines says the accounting basis that the source declares."""
    basis = source.options.get("basis")
    if not basis:
        return
    said = [text for row in rows for cell in row[:1] if (text := text_of(cell).strip())]
    if not any(re.fullmatch(basis, fold(text), re.IGNORECASE) for text in said):
        raise InputError(
            "the sheet does not say on which basis its figures stand"
            if not said[1:]
            else f"the sheet says '{said[1]}'",
            place=place,
            expected=f"a line above the data that matches '{basis}'",
            do="Give the workbook's sheet on that basis; other sheets hold other sums.",
        )
