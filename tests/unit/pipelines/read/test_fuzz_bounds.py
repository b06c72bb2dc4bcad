"""What is measured before a workbook is opened is never smaller than what the library then makes of it.

Sheets are made at random, in the forms that the library understands or might: a limit just below the rectangle it fills
must refuse the workbook. Were it not refused, a hostile file could be larger than it was measured.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace

import pytest
from hostile_files import CELL, number, ods, xls, xls_stream, xlsx

from pipelines.declarations.limits import limits
from pipelines.errors import InputError
from pipelines.read.read_tabular import book_of

CASES = int(os.environ.get("RINGFENCE_FUZZ_CASES", "150"))
LETTERS = ("A", "B", "C", "Z", "AA", "AZ", "ZZ", "AAA")
VALUES = ("<v>1</v>", "<v>1</v>", "", "<v></v>", '<is><t r="Z9">x</t></is>', "<f>1</f><v>2</v>")


def random_xlsx(random_: random.Random) -> bytes:
    def cell(row: int) -> str:
        reference = f"{random_.choice(LETTERS)}{random_.choice((row, row, row, row + 7, 1))}"
        mark, gap = random_.choice("\"'"), random_.choice(("", "", " "))
        named = f" r{gap}={mark}{reference}{mark}" if random_.random() < 0.6 else ""
        style = random_.choice(("", ' s="1"', " s='1'", "\n"))
        about = named + style if random_.random() < 0.7 else style + named
        if random_.random() < 0.2:
            return f"<c{about}/>"
        return f"<c{about}>{random_.choice(VALUES)}</c>"

    rows = ""
    for row in range(1, random_.randint(2, 6)):
        said = f' r="{row * random_.choice((1, 1, 10))}"' if random_.random() < 0.6 else random_.choice(("", ' ht="9"'))
        rows += f"<row{said}>{''.join(cell(row) for _ in range(random_.randint(0, 4)))}</row>"
        rows += random_.choice(("", "", "<!-- <c r='A1'/> -->", "<row/>", '<row r="99"/>'))
    return xlsx(rows)


def random_ods(random_: random.Random) -> bytes:
    def times(kind: str) -> str:
        return f' table:number-{kind}-repeated="{random_.choice((2, 3, 50))}"' if random_.random() < 0.4 else ""

    def cell() -> str:
        kind = random_.random()
        if kind < 0.4:
            return f"<table:table-cell{times('columns')}/>"
        if kind < 0.5:
            return f"<table:covered-table-cell{times('columns')}/>"
        return CELL % (times("columns"), random_.choice(("a", "", "b<text:s text:c='3'/>")))

    rows = ""
    for _ in range(random_.randint(1, 5)):
        inside = "".join(cell() for _ in range(random_.randint(0, 4)))
        rows += f"<table:table-row{times('rows')}>{inside}</table:table-row>"
        rows += random_.choice(("", "", f"<table:table-row{times('rows')}/>"))
    return ods(rows)


def random_xls(random_: random.Random) -> bytes:
    cells = [
        number(random_.choice((0, 1, 9, 300)), random_.choice((0, 3, 255, 300))) for _ in range(random_.randint(1, 9))
    ]
    return xls(xls_stream(*cells), small=random_.random() < 0.5)


@pytest.mark.parametrize("make", [random_xlsx, random_ods, random_xls])
def test_a_limit_just_below_what_the_library_makes_of_a_sheet_refuses_it(make) -> None:
    random_ = random.Random(11)
    compared = 0
    for _ in range(CASES):
        data = make(random_)
        try:
            book = book_of(data, "made.bin")
            rows = book.rows(book.sheet_names[0])
        except InputError:
            continue
        width = max(map(len, rows), default=0)
        for name, most in (("sheet_cells", len(rows) * width), ("sheet_rows", len(rows)), ("sheet_columns", width)):
            if most > 1:
                with pytest.raises(InputError, match=name.replace("_", r"\.")):
                    book_of(data, "made.bin", allowed=replace(limits(), **{name: most - 1}))
                compared += 1
    assert compared > CASES
