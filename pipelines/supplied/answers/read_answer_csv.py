"""One CSV of a folder of answers: a form of an answer, or a table of many areas, taken for it by its header.

In: the lines of a CSV. Out: a `FileRead` with entries by cell, or with rows by number, and all problems. Refused, in a
form: another header, another area than the folder's, a year or window that is not asked about, rows of another length
and two rows of one key; in a table the row alone.
"""

from __future__ import annotations

from pipelines.cell_values import fold
from pipelines.errors import Place
from pipelines.supplied.answer_form import FILES, PLAN, form
from pipelines.supplied.answers.answer_records import (
    KINDS,
    TABLE,
    Entry,
    Expected,
    FileRead,
    Problem,
    address,
    problem_of,
)
from pipelines.supplied.answers.csv_lines import Lines, looks_like_a_table, table_of
from pipelines.supplied.answers.form_cells import Sheet, close, give, take, year_of
from pipelines.supplied.answers.read_answer_workbook import taken_for_nothing
from pipelines.supplied.answers.sheet_marks import SheetMarks
from pipelines.supplied.cell_grammar import Fault, bare, day, found, whole
from pipelines.supplied.strict_rows import DAY_COLUMNS, strict_rows

MEND = "Mend the row."


def read_answer_csv(lines: Lines, expected: Expected, *, name: str, folder_area: str, sha256: str) -> FileRead:
    """What a CSV holds; `folder_area` is the area its folder is named after, or empty."""
    read, table = FileRead(sha256=sha256, area=folder_area), table_of(lines)
    if not table:
        return taken_for_nothing(read) if looks_like_a_table(lines) else read
    if table in KINDS:
        _read_table(lines, table, expected, read, name)
    elif table in FILES:
        _read_form(lines, table, expected, read)
    return read


def _read_table(lines: Lines, table: str, expected: Expected, read: FileRead, name: str) -> None:
    """The good rows of a table of many areas; a wrong row is named and not among them."""
    read.kind, read.area = KINDS[table], ""
    heads = [cell.strip() for cell in lines[0]]
    days = [at for at, head in enumerate(heads) if head in DAY_COLUMNS]
    told = [[_told_day(cell) if at in days else cell for at, cell in enumerate(line)] for line in lines[1:]]
    rows, problems = strict_rows(table, [heads, *told], file=name, areas=expected.areas, twice=table != "sample")
    read.rows = [(at, dict(row)) for at, row in rows]
    read.filled = len(rows)
    read.problems += [
        Problem(
            problem.what,
            problem.expected,
            MEND,
            cell=_cell(heads, problem.place),
            area=_area_in(lines, heads, problem.place, expected),
        )
        for problem in problems
    ]


def _told_day(cell: str) -> str:
    """A day that can be one day only, as ISO text; anything else as it stands."""
    told = day(cell) if cell.strip() else cell
    return cell if isinstance(told, Fault) else told


def _cell(heads: list[str], place: Place | None) -> str:
    at = heads.index(place.column) + 1 if place and place.column in heads else 1
    return address((place.row if place else None) or 1, at)


def _area_in(lines: Lines, heads: list[str], place: Place | None, expected: Expected) -> str:
    row = (place.row if place else None) or 0
    at = heads.index("area_code") if "area_code" in heads else -1
    code = lines[row - 1][at] if row > 1 and 0 <= at < len(lines[row - 1]) else ""
    return code if code in expected.areas else ""


def _read_form(lines: Lines, table: str, expected: Expected, read: FileRead) -> None:
    read.kind, read.form = TABLE, table
    rows: list[list[object]] = [list(line) for line in lines]
    sheet = Sheet("", rows, SheetMarks(), read)
    heads = [cell.strip() for cell in lines[0]]
    wrong = [f"'{head[:40]}' is no column of it" for head in heads if head not in form(table).column_names]
    wrong += [f"column '{name}' is missing" for name in form(table).column_names if heads.count(name) < 1]
    wrong += [f"column '{name}' stands twice" for name in form(table).column_names if heads.count(name) > 1]
    for what in wrong:
        sheet.refuse(Fault(f"the header is another: {what}", ",".join(form(table).column_names), MEND), (1, 1))
    at = {head: heads.index(head) + 1 for head in heads}
    seen: dict[str, int] = {}
    whose: list[Problem] = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(heads):
            sheet.refuse(Fault(f"the row has {len(line)} cells", f"{len(heads)} cells", MEND), (number, 1))
            read.filled += 1
            continue
        where = _address_of(sheet, (table, number), at, expected=expected, whose=whose)
        key = where.year or str(where.number or "")
        if key and seen.setdefault(key, number) != number:
            sheet.refuse(Fault(f"'{key}' stands twice: in row {seen[key]} too", "each once", MEND), (number, 1))
            read.filled += 1
            continue
        for column in form(table).columns:
            if column.name in at:
                (take if column.asked else give)(sheet, column, (number, at[column.name]), where)
    close(sheet, beside=())
    read.problems += whose if read.filled else []


def _address_of(
    sheet: Sheet, which: tuple[str, int], at: dict[str, int], *, expected: Expected, whose: list[Problem]
) -> Entry:
    """Year or number of a row of a form; a wrong one, and a wrong area, is named in `whose`."""
    table, row = which

    def refuse(column: str, wanted: str) -> None:
        cell = sheet.value(row, at[column])
        fault = Fault(found(cell) if cell != "" else "the cell is empty", wanted, MEND)
        whose.append(problem_of(fault, sheet="", cell=address(row, at[column])))

    if "area_code" in at:
        code, name = (str(sheet.value(row, at.get(column, 0))) for column in ("area_code", "area_name"))
        if code not in expected.areas:
            refuse("area_code", "the code of an area")
        elif sheet.read.area and code != sheet.read.area:
            refuse("area_code", f"{sheet.read.area}, the area of the folder or of the first row")
        elif "area_name" in at and fold(name) != fold(expected.areas[code]):
            refuse("area_name", f"{expected.areas[code]}, the name of {code}")
        sheet.read.area = sheet.read.area or (code if code in expected.areas else "")
    if table != PLAN:
        number = whole(bare(sheet.value(row, at["number"]))) if "number" in at else 0
        if isinstance(number, Fault):
            refuse("number", "a whole number from 1 up")
        return Entry(table, "", None, "", "", number=0 if isinstance(number, Fault) else number)
    window = str(sheet.value(row, at.get("window", 0)))
    year = year_of(sheet.value(row, at.get("financial_year", 0)))
    if "window" in at and window not in expected.windows:
        refuse("window", "one of " + ", ".join(expected.windows))
    elif "financial_year" in at and year not in expected.windows.get(window, ()):
        refuse("financial_year", "one of " + ", ".join(expected.windows.get(window, ())))
        year = ""
    return Entry(table, "", None, "", "", window=window, year=year)
