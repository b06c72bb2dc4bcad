"""One filled workbook: which sheet is which form, whose answer it is, and what stands on its forms.

In: an opened workbook. Out: a `FileRead` with its entries and all its problems, or one for a workbook that is no
answer. Refused: another layout, an area that is not known, is not the folder's or differs between sheets, and a form
that is gone or stands twice.
"""

from __future__ import annotations

import re

from pipelines.supplied.answer_form import LAYOUT, MARK, PLAN, SHEETS
from pipelines.supplied.answers.answer_records import WORKBOOK, Expected, FileRead, Problem, address
from pipelines.supplied.answers.form_cells import Sheet, label
from pipelines.supplied.answers.open_workbook import TOP, Opened, Rows, has_mark
from pipelines.supplied.answers.read_list import columns_of, head_row, read_list
from pipelines.supplied.answers.read_plan import PUT_BACK, items, read_plan
from pipelines.supplied.cell_grammar import SHOWN

NO_ANSWER = "taken for no answer: it holds no form of a request"
FILL_IN = "If it is one, fill in the workbook that was sent; a document may stay where it is."
_LAYOUT = re.compile(re.escape(MARK) + r" (\d{1,6})", re.ASCII)
_AREA = re.compile(r"(.{1,200}) \((E\d{8})\)", re.ASCII)


def taken_for_nothing(read: FileRead) -> FileRead:
    """A spreadsheet that is no answer: used by nobody, and named."""
    read.problems.append(Problem(NO_ANSWER, do=FILL_IN, refused=False))
    return read


def read_answer_workbook(opened: Opened, expected: Expected, *, folder_area: str, sha256: str) -> FileRead:
    """The answer in a workbook; `folder_area` is the area its folder is named after, or empty."""
    read = FileRead(sha256=sha256, area=folder_area)
    forms = _forms(opened, read)
    marked = [name for name, rows in opened.sheets.items() if has_mark(rows)]
    if not marked and not forms:
        return taken_for_nothing(read)
    read.kind = WORKBOOK
    if not _right_layout(opened, marked, read):
        return read
    for name, title in forms.items():
        sheet = Sheet(title, opened.sheets[title], opened.marks(title), read)
        if name == PLAN:
            read_plan(sheet, expected)
        else:
            read_list(sheet, name)
    for title, rows in opened.sheets.items():
        if title not in (*forms.values(), *marked) and any(cell != "" for row in rows for cell in row):
            what = "the sheet is none of the request's; it is not read"
            read.problems.append(Problem(what, do="Put what it says in the forms.", sheet=title, refused=False))
    problems = _identify(opened, expected, read)
    read.placed = not problems
    read.problems[:0] = problems if read.filled or read.refused else []
    return read


def _forms(opened: Opened, read: FileRead) -> dict[str, str]:
    """The sheet of each form, by its labels and not by its name."""
    found: dict[str, str] = {}
    for title, rows in opened.sheets.items():
        name = _form_of(rows)
        if not name:
            continue
        if name in found:
            what = f"'{found[name]}' and '{title}' are both taken for the form '{SHEETS[name]}'"
            do = "Keep one of them."
            read.problems.append(Problem(what[:300], "each form once", do, title))
            if title != SHEETS[name]:
                continue
        found[name] = title
    for name, title in found.items():
        if title != SHEETS[name]:
            what = f"the sheet was taken for '{SHEETS[name]}' by its labels"
            read.problems.append(Problem(what, do="Look whether it is.", sheet=title, refused=False))
    if found:
        for name in SHEETS:
            if name not in found:
                what = f"the sheet '{SHEETS[name]}' is gone"
                read.problems.append(Problem(what, "every form that was sent", PUT_BACK, SHEETS[name]))
    return {name: found[name] for name in SHEETS if name in found}


def _form_of(rows: Rows) -> str:
    """The form a sheet holds more than half the labels of; empty for none."""
    known = items()
    shares = {PLAN: len(set(known) & {label(cell) for row in rows for cell in row[:4]}) / len(known)}
    for name in SHEETS:
        if name != PLAN:
            shares[name] = head_row(rows, name)[1] / len(columns_of(name))
    best = max(shares, key=lambda name: (shares[name], name == PLAN))
    return best if shares[best] > 1 / 2 else ""


def _right_layout(opened: Opened, marked: list[str], read: FileRead) -> bool:
    """True for sheets of this layout; anything else is named, and nothing more is read."""
    right = f"'{MARK} {LAYOUT}'"
    if not marked:
        do = "Put the line back below the area's name, or fill in the workbook that was sent."
        read.problems.append(Problem("the line that names the request's layout is gone", right, do))
        return False
    for title in marked:
        for at, text in _top(opened.sheets[title]):
            layout = _LAYOUT.match(text)
            if text.startswith(MARK) and (not layout or int(layout[1]) != LAYOUT):
                what, do = f"the layout of another year: '{text[:SHOWN]}'", "Fill in a workbook of this layout."
                read.problems.append(Problem(what, right, do, title, at))
                return False
    return True


def _top(rows: Rows) -> list[tuple[str, str]]:
    """(cell, text) of the first texts of a sheet."""
    return [
        (address(row, column), " ".join(cell.split()))
        for row, cells in enumerate(rows[:TOP], 1)
        for column, cell in enumerate(cells[:4], 1)
        if isinstance(cell, str) and cell.strip()
    ]


def _identify(opened: Opened, expected: Expected, read: FileRead) -> list[Problem]:
    """Whose answer it is, set on `read`. Every sheet says so; what does not agree is given back."""
    problems: list[Problem] = []
    do = "Fill in the workbook that was sent to the area, and put it in the area's folder."
    said: dict[str, tuple[str, str]] = {}
    for title, rows in opened.sheets.items():
        for at, text in _top(rows):
            line = _AREA.fullmatch(text)
            if not line:
                continue
            name, code = line[1], line[2]
            first = next(iter(said), code)
            if code not in expected.areas:
                problems.append(Problem(f"'{code}' is no area", "the code of an area", do, title, at))
            elif name != expected.areas[code]:
                what = f"'{name[:SHOWN]}' does not belong to {code}"
                problems.append(Problem(what, expected.areas[code], do, title, at))
            if code != first:
                what = f"it names {code}, and sheet '{said[first][0]}', cell {said[first][1]}, names {first}"
                problems.append(Problem(what[:300], "one area", do, title, at))
            said.setdefault(code, (title, at))
            break
    if not said:
        problems.append(Problem("no sheet names the area", "a line such as 'Hartlepool (E06000001)'", do))
        return problems
    code = next(iter(said))
    if read.area and read.area != code:
        what = f"it is for {code}, and lies in the folder of {read.area}"
        problems.append(Problem(what, read.area, do, *said[code]))
    read.area = code if code in expected.areas else read.area
    return problems
