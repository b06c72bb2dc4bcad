"""Files to change: a return made again from its embedded figures, or a published original, and how they are written.

In: a source and year, or a workbook. Out: a `Return` of sheets and rows, and CSV or XLSX files of it in every form that
the changes need. Nothing of an original is kept.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pipelines.areas.authorities import ENGLAND, directory
from pipelines.cell_values import fold
from pipelines.declarations.catalogue import sources, tables
from pipelines.extract.read_extract import read_extract
from pipelines.load.load import read_file
from pipelines.read.read_tabular import column_letter, open_book

ROOT = Path(__file__).resolve().parents[2]
EMBEDDED = ROOT / "data" / "returns"
Row = list[Any]


@dataclass(frozen=True)
class Formula:
    """A formula and the value stored beside it, if any."""

    text: str
    value: float | None = None


@dataclass
class Sheet:
    """Rows, and what of them is hidden (rows from 1, columns from 1)."""

    name: str
    rows: list[Row]
    state: str = "visible"
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


@dataclass
class Return:
    """A return: its sheets, which of them holds the figures, its header row, and the columns of codes and names."""

    sheets: list[Sheet]
    main: int
    header: int
    code: int
    name: int
    figures: list[int]

    @property
    def sheet(self) -> Sheet:
        """The sheet with the figures."""
        return self.sheets[self.main]

    def councils(self) -> list[int]:
        """Places of the rows of authorities with social care, in the main sheet."""
        who = directory()
        found = ((at, who.find("ecode", str(row[self.code]))) for at, row in enumerate(self.sheet.rows) if len(row) > 1)
        return [at for at, one in found if one is not None and one.social_care and at > self.header]

    def copy(self) -> Return:
        """The same with rows of its own."""
        sheets = [replace(one, rows=[list(row) for row in one.rows]) for one in self.sheets]
        return replace(self, sheets=sheets)


def made_return(code: str = "ra", year: str = "2018-19") -> Return:
    """A return in its published layout, with the embedded figures of every authority and the England row."""
    source = sources()[code]
    form = read_extract(EMBEDDED / f"{code}_{year}.csv", tables(), sources())
    lines = [line for line in source.lines if year in line.locators]
    heads = [line.locators[year] for line in lines]
    values = {line.label: line.values for line in form.lines}
    rows: list[Row] = [
        ["Revenue Account Budget (RA) 2018-19 data by local authority: England"],
        ["Published on 28 June 2018"],
        ["Net current expenditure (£ thousand)"],
        [],
        ["E-code", "Local authority", "Class", *heads],
    ]
    for at, authority in enumerate(form.records["authority_code"]):
        figures = [values[line.label][at] for line in lines]
        texts = ["..." if value is None else value for value in figures]
        known = directory().by_code.get(authority)
        rows.append([authority if known else "Eng", known.name if known else "England", "UA" if known else "", *texts])
    rows += [[], ["Source: made for tests from the embedded figures"]]
    sheet = Sheet("RA LA Data 2018-19", rows)
    front = Sheet("Front page", [["Local authority revenue budgets"], ["Made for tests"]])
    return Return([front, sheet], 1, 4, 0, 1, list(range(3, 3 + len(heads))))


def original(path: Path, sheet: str) -> Return:
    """A published workbook, read as it stands; `sheet` holds the figures."""
    book = open_book(path)
    sheets = [Sheet(name, [list(row) for row in book.rows(name)]) for name in book.sheet_names]
    main = next(at for at, one in enumerate(sheets) if one.name == sheet)
    header = next(at for at, row in enumerate(sheets[main].rows) if row and fold(row[0]) in ("e-code", "ecode"))
    form, problems, _ = read_file(path)
    assert form is not None and not problems
    read = {column for line in form.lines if line.sheet == sheet for column in line.columns[:1]}
    names = directory().aliases["name"]
    named = [sum(fold(row[at]) in names for row in sheets[main].rows if at < len(row)) for at in range(4)]
    return Return(sheets, main, header, 0, named.index(max(named)), sorted(column - 1 for column in read))


def is_england(row: Row) -> bool:
    """True for the row of England's totals."""
    return any(fold(cell) in ("england", "eng", fold(ENGLAND)) for cell in row[:4])


def write_csv(made: Return, path: Path, *, delimiter: str = ",") -> Path:
    """The main sheet as text."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(
        [_plain(cell) for cell in row] for row in made.sheet.rows
    )
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    return path


def _plain(cell: Any) -> Any:
    if isinstance(cell, Formula):
        return cell.value
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def write_xlsx(made: Return, path: Path) -> Path:
    """All sheets as a workbook, as a spreadsheet program would write them."""
    parts = {
        "[Content_Types].xml": _types(len(made.sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(made.sheets),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(made.sheets) + 1)]
        ),
    }
    parts |= {f"xl/worksheets/sheet{at}.xml": _sheet(one) for at, one in enumerate(made.sheets, 1)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return path


HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{KIND}.worksheet+xml"/>'
        for at in range(1, count + 1)
    )
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>{sheets}</Types>'
    )


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    made = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{made}</Relationships>'


def _workbook(sheets: list[Sheet]) -> str:
    made = "".join(
        f'<sheet name={quoteattr(one.name)} sheetId="{at}" state="{one.state}" r:id="rId{at}"/>'
        for at, one in enumerate(sheets, 1)
    )
    return f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{made}</sheets></workbook>'


def _sheet(sheet: Sheet) -> str:
    columns = "".join(f'<col min="{at}" max="{at}" width="9" hidden="1"/>' for at in sorted(sheet.hidden_columns))
    rows = "".join(
        f'<row r="{number}"{" hidden=" + chr(34) + "1" + chr(34) if number in sheet.hidden_rows else ""}>'
        + "".join(_cell(cell, f"{column_letter(at)}{number}") for at, cell in enumerate(row, 1))
        + "</row>"
        for number, row in enumerate(sheet.rows, 1)
    )
    cols = f"<cols>{columns}</cols>" if columns else ""
    return f'{HEAD}<worksheet xmlns="{MAIN}">{cols}<sheetData>{rows}</sheetData></worksheet>'


def _cell(cell: Any, at: str) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, Formula):
        value = "" if cell.value is None else f"<v>{cell.value!r}</v>"
        return f'<c r="{at}"><f>{escape(cell.text)}</f>{value}</c>'
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f'<c r="{at}"><v>{_plain(cell)!r}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{escape(str(cell))}</t></is></c>'
