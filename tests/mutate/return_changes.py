"""Ways in which a return goes wrong on its way, one function each, with what must happen: equal, refused or named.

In: a `Return` and a folder. Out: the changed file or files in the folder. *Equal*: the same figures are read.
*Refused*: nothing is published. *Named*: published, and what differs is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from made_files import Formula, Return, Row, Sheet, is_england, write_csv, write_xlsx

EQUAL, REFUSED, NAMED = "equal", "refused", "named"
Write = Callable[[Return, Path], object]


@dataclass(frozen=True)
class Change:
    """What is done to a file, in words, and the outcomes that are right."""

    name: str
    right: tuple[str, ...]
    write: Write


CHANGES: list[Change] = []


def change(name: str, *right: str) -> Callable[[Callable[[Return], object]], Write]:
    """Register a change of a return that is then saved as a workbook."""

    def register(edit: Callable[[Return], object]) -> Write:
        def write(made: Return, folder: Path) -> None:
            edit(made)
            write_xlsx(made, folder / "return.xlsx")

        CHANGES.append(Change(name, right, write))
        return write

    return register


def files(name: str, *right: str) -> Callable[[Write], Write]:
    """Register a change that writes its files itself."""

    def register(write: Write) -> Write:
        CHANGES.append(Change(name, right, write))
        return write

    return register


def each(made: Return, places: list[int], edit: Callable[[Any], Any], *, columns: int | None = None) -> None:
    """Edit the figures of rows."""
    for at in places:
        row = made.sheet.rows[at]
        for column in made.figures[:columns]:
            if column < len(row) and isinstance(row[column], int | float):
                row[column] = edit(row[column])


def exchanged(rows: list[Row], one: tuple[int, int], other: tuple[int, int]) -> None:
    """Two cells change places."""
    (a, b), (c, d) = one, other
    rows[a][b], rows[c][d] = rows[c][d], rows[a][b]


@change("saved again as a workbook", EQUAL)
def _saved(made: Return) -> None:
    pass


@files("saved again as CSV", EQUAL)
def _as_csv(made: Return, folder: Path) -> None:
    write_csv(made, folder / "return.csv")


@files("saved with tabs", EQUAL)
def _as_tabs(made: Return, folder: Path) -> None:
    write_csv(made, folder / "return.txt", delimiter="\t")


@change("councils in another order", EQUAL)
def _reversed(made: Return) -> None:
    places = made.councils()
    rows = [made.sheet.rows[at] for at in places]
    for at, row in zip(places, reversed(rows), strict=True):
        made.sheet.rows[at] = row


@change("a blank row and a note among the councils", EQUAL)
def _blank(made: Return) -> None:
    at = made.councils()[40]
    made.sheet.rows[at:at] = [[], ["", "A note between the rows"]]


@change("formulas with their values", EQUAL)
def _valued(made: Return) -> None:
    each(made, made.councils()[:50], lambda value: Formula("1+1", float(value)), columns=2)


@change("a hidden draft (+3%) before the sheet", EQUAL)
def _hidden_draft(made: Return) -> None:
    draft = made.copy()
    each(draft, draft.councils(), lambda value: value * 1.03)
    made.sheets.insert(made.main, Sheet(made.sheet.name + " ", draft.sheet.rows, state="hidden"))


@change("a very hidden draft after the sheet", EQUAL)
def _very_hidden_draft(made: Return) -> None:
    made.sheets.append(Sheet(made.sheet.name + " ", made.copy().sheet.rows, state="veryHidden"))


@change("the England row taken out", EQUAL, NAMED)
def _no_england(made: Return) -> None:
    made.sheet.rows = [row for row in made.sheet.rows if not is_england(row)]


@change("thousands with commas, as text", EQUAL)
def _commas(made: Return) -> None:
    each(made, made.councils(), lambda value: f"{value:,}" if float(value).is_integer() else value)


@change("a visible draft (+3%) beside the sheet", REFUSED)
def _draft(made: Return) -> None:
    draft = made.copy()
    each(draft, draft.councils(), lambda value: value * 1.03)
    made.sheets.append(Sheet(made.sheet.name + " ", draft.sheet.rows))


@change("the only sheet with the figures hidden", REFUSED)
def _all_hidden(made: Return) -> None:
    made.sheet.state = "hidden"


@change("rows of ten councils hidden", REFUSED)
def _rows_hidden(made: Return) -> None:
    made.sheet.hidden_rows = {at + 1 for at in made.councils()[30:40]}


@change("the row of one council hidden", NAMED)
def _row_hidden(made: Return) -> None:
    made.sheet.hidden_rows = {made.councils()[30] + 1}


@change("the columns of figures hidden", REFUSED)
def _columns_hidden(made: Return) -> None:
    made.sheet.hidden_columns = {at + 1 for at in made.figures}


@change("cut after 60 councils", REFUSED)
def _cut(made: Return) -> None:
    made.sheet.rows = made.sheet.rows[: made.councils()[60]]


@change("one council deleted", NAMED)
def _one_gone(made: Return) -> None:
    del made.sheet.rows[made.councils()[70]]


@change("three councils deleted", NAMED, REFUSED)
def _three_gone(made: Return) -> None:
    for at in sorted(made.councils()[70:73], reverse=True):
        del made.sheet.rows[at]


@change("six councils deleted", REFUSED)
def _six_gone(made: Return) -> None:
    for at in sorted(made.councils()[20:26], reverse=True):
        del made.sheet.rows[at]


@change("every cell of one council blank", NAMED)
def _one_blank(made: Return) -> None:
    each(made, made.councils()[10:11], lambda _value: "")


@change("every cell of six councils '...'", REFUSED)
def _six_blank(made: Return) -> None:
    each(made, made.councils()[10:16], lambda _value: "...")


@change("a code of two letters mistyped", REFUSED)
def _code_letters(made: Return) -> None:
    made.sheet.rows[made.councils()[5]][made.code] = "E12X4"


@change("a code mistyped into one nobody has", REFUSED)
def _code_unknown(made: Return) -> None:
    made.sheet.rows[made.councils()[5]][made.code] = "E9998"


@change("a code mistyped into a district's", REFUSED)
def _code_district(made: Return) -> None:
    made.sheet.rows[made.councils()[5]][made.code] = "E0431"


@change("codes of two councils exchanged", REFUSED)
def _codes(made: Return) -> None:
    one, other = made.councils()[5], made.councils()[90]
    exchanged(made.sheet.rows, (one, made.code), (other, made.code))


@change("names of two councils exchanged", REFUSED)
def _names(made: Return) -> None:
    one, other = made.councils()[5], made.councils()[90]
    exchanged(made.sheet.rows, (one, made.name), (other, made.name))


@change("a council's row doubled, alike", NAMED)
def _doubled(made: Return) -> None:
    at = made.councils()[12]
    made.sheet.rows.insert(at, list(made.sheet.rows[at]))


@change("a council's row doubled, with other figures", REFUSED)
def _contradiction(made: Return) -> None:
    at = made.councils()[12]
    made.sheet.rows.insert(at, list(made.sheet.rows[at]))
    each(made, [at], lambda value: value + 7)


@change("figures of two councils exchanged", REFUSED)
def _figures(made: Return) -> None:
    one, other = made.councils()[5], made.councils()[90]
    for column in made.figures:
        exchanged(made.sheet.rows, (one, column), (other, column))


@change("figures of every council moved one row down", REFUSED)
def _moved(made: Return) -> None:
    places = made.councils()
    rows = made.sheet.rows
    kept = [[rows[at][column] for column in made.figures] for at in places]
    for at, values in zip(places, [kept[-1], *kept[:-1]], strict=True):
        for column, value in zip(made.figures, values, strict=True):
            rows[at][column] = value


@change("two columns of figures exchanged beneath their headers", REFUSED)
def _columns(made: Return) -> None:
    for at in made.councils():
        exchanged(made.sheet.rows, (at, made.figures[2]), (at, made.figures[3]))


@change("all figures a thousand times larger", REFUSED)
def _pounds(made: Return) -> None:
    each(made, [at for at in range(made.header + 1, len(made.sheet.rows))], lambda value: value * 1000)


@change("one council a thousand times larger", REFUSED, NAMED)
def _one_in_pounds(made: Return) -> None:
    each(made, made.councils()[44:45], lambda value: value * 1000)


@change("all figures 3% larger, England too", REFUSED)
def _three_percent(made: Return) -> None:
    each(made, [at for at in range(made.header + 1, len(made.sheet.rows))], lambda value: value * 1.03)


@change("one figure a little larger", NAMED)
def _a_little(made: Return) -> None:
    each(made, made.councils()[8:9], lambda value: value + 2, columns=1)


@change("signs of one council turned", REFUSED, NAMED)
def _signs(made: Return) -> None:
    each(made, made.councils()[15:16], lambda value: -value)


@change("figures of another year under this year's title", REFUSED)
def _other_year(made: Return) -> None:
    each(made, [at for at in range(made.header + 1, len(made.sheet.rows))], lambda value: round(value * 0.985 + 3))


@change("decimal commas everywhere", REFUSED)
def _decimal_commas(made: Return) -> None:
    each(made, made.councils(), lambda value: f"{value:.1f}".replace(".", ","))


@change("a decimal comma in two cells", NAMED)
def _two_commas(made: Return) -> None:
    each(made, made.councils()[3:4], lambda value: f"{value:.1f}".replace(".", ","), columns=2)


@change("points between thousands, commas for decimals", REFUSED)
def _continental(made: Return) -> None:
    def edit(value: Any) -> str:
        return f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")

    each(made, made.councils(), edit)


@change("digits in groups of two", REFUSED)
def _lakh(made: Return) -> None:
    each(made, made.councils(), lambda value: "1,23,456" if abs(value) > 99_999 else value)


@change("full-width digits and underscores", REFUSED)
def _digits(made: Return) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    each(made, made.councils()[:20], lambda value: str(int(value)).translate(wide), columns=1)
    each(made, made.councils()[20:40], lambda value: f"{int(value):_}", columns=1)


@change("numbers written with exponents", REFUSED)
def _exponents(made: Return) -> None:
    each(made, made.councils(), lambda value: f"{value:.2e}")


@change("a footnote digit behind one figure", NAMED)
def _footnote(made: Return) -> None:
    each(made, made.councils()[33:34], lambda value: f"{int(value)} 1", columns=1)


@change("a footnote mark behind a figure of twelve councils", REFUSED)
def _footnotes(made: Return) -> None:
    each(made, made.councils()[33:45], lambda value: f"{int(value)}*", columns=1)


@change("formulas without values", REFUSED)
def _unvalued(made: Return) -> None:
    each(made, made.councils()[:50], lambda _value: Formula("1+1"), columns=2)


@change("'£' in place of '£ thousand' in a title", REFUSED)
def _unit(made: Return) -> None:
    for row in made.sheet.rows[: made.header]:
        for at, cell in enumerate(row):
            if isinstance(cell, str) and "£ thousand" in cell:
                row[at] = cell.replace("£ thousands", "£").replace("£ thousand", "£")


@change("'£ million' in place of '£ thousand' in a title", REFUSED)
def _unit_million(made: Return) -> None:
    for row in made.sheet.rows[: made.header]:
        for at, cell in enumerate(row):
            if isinstance(cell, str) and "£ thousand" in cell:
                row[at] = cell.replace("£ thousands", "£ million").replace("£ thousand", "£ million")


@change("the header of the codes renamed", REFUSED)
def _id_renamed(made: Return) -> None:
    for one in made.sheets:
        for row in one.rows[:40]:
            for at, cell in enumerate(row):
                if isinstance(cell, str) and cell.strip().casefold() in ("e-code", "ecode"):
                    row[at] = "LA code"


@change("the header of a column of figures renamed", REFUSED)
def _head_renamed(made: Return) -> None:
    at = made.figures[3]
    for row in made.sheet.rows[max(made.header - 3, 0) : made.header + 1]:
        if at < len(row) and isinstance(row[at], str) and row[at].strip():
            row[at] = row[at] + " and carers"


@files("semicolons between columns", REFUSED)
def _semicolons(made: Return, folder: Path) -> None:
    write_csv(made, folder / "return.csv", delimiter=";")


@files("a web page named .xls", REFUSED)
def _html(made: Return, folder: Path) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in made.sheet.rows)
    (folder / "return.xls").write_text(f"<html><body><table>{rows}</table></body></html>", encoding="utf-8")


@files("locked with a password", REFUSED)
def _locked(_made: Return, folder: Path) -> None:
    (folder / "return.xlsx").write_bytes(locked_workbook())


@files("cut in the middle of its bytes", REFUSED)
def _bytes_cut(made: Return, folder: Path) -> None:
    path = folder / "return.xlsx"
    write_xlsx(made, path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@files("the same release twice, saved by two programs", REFUSED)
def _twice(made: Return, folder: Path) -> None:
    write_xlsx(made, folder / "return.xlsx")
    write_csv(made, folder / "return copy.csv")


@files("the same release twice, one with a council changed", REFUSED)
def _twice_changed(made: Return, folder: Path) -> None:
    write_xlsx(made, folder / "return.xlsx")
    each(made, made.councils()[4:5], lambda value: value * 2)
    write_csv(made, folder / "return copy.csv")


def locked_workbook() -> bytes:
    """A compound file with an encrypted package and nothing else, as a spreadsheet program locks a workbook."""
    import struct

    sector, free, end = 512, 0xFFFFFFFF, 0xFFFFFFFE
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 0x1000, end,
        0, end, 0,
    )  # fmt: skip
    head += struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, end, *[free] * 126)

    def entry(name: str, kind: int, child: int) -> bytes:
        text = (name + "\0").encode("utf-16-le")
        about = struct.pack("<64sHBBIII16xI8x8xIQ", text, len(text), kind, 1, free, free, child, 0, end, 0)
        return about

    directory = entry("Root Entry", 5, 1) + entry("EncryptedPackage", 2, free) + bytes(256)
    return head + table + directory[:sector].ljust(sector, b"\0")
