"""One file of a folder of answers, by its bytes, in a process of its own.

In: a path. Out: a `FileRead`; whatever is wrong with the file is a problem in it, never an exception. What is no
spreadsheet (letters, documents, archives) is not read, and nothing is said of it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipelines.declarations.limits import Limits
from pipelines.errors import InputError
from pipelines.read.read_tabular import read_bytes
from pipelines.supplied.answers.answer_records import NOT_READ, WORKBOOK, Expected, FileRead, Problem
from pipelines.supplied.answers.csv_lines import UTF_16, kind_of, lines_of, names_columns, table_of
from pipelines.supplied.answers.open_workbook import OLE, ZIP, is_workbook, open_workbook
from pipelines.supplied.answers.read_answer_csv import read_answer_csv
from pipelines.supplied.answers.read_answer_workbook import read_answer_workbook, taken_for_nothing


def read_answer_file(path: Path, allowed: Limits, expected: Expected, folder: str) -> FileRead:
    """What a file holds, and every problem of it. `folder` is that of the answers; the area is told by those below."""
    area = area_of_folder(path, Path(folder), expected)
    read = FileRead(area=area)
    if path.is_file() and not path.is_symlink() and not path.stat().st_size:
        read.problems.append(Problem("the file is empty", do="Look whether it was meant to be.", refused=False))
        return read
    try:
        data = read_bytes(path, allowed=allowed)
        read.sha256 = hashlib.sha256(data).hexdigest()
        return _read(data, path.name, allowed, expected, read)
    except InputError as error:
        problem = Problem(error.what, error.expected, error.do)
    except (AssertionError, MemoryError):  # the second is a bound, which whoever started the reader tells in its words
        raise
    except Exception as error:  # noqa: BLE001 - whatever is in a file, the others are still read
        what = f"its content cannot be read ({type(error).__name__}: {str(error)[:200]})"
        problem = Problem(what, do="If it opens in a spreadsheet, please report it: our reader should have read it.")
    return FileRead(sha256=read.sha256, area=area, kind=read.kind, problems=[problem])


def _read(data: bytes, name: str, allowed: Limits, expected: Expected, read: FileRead) -> FileRead:
    if is_workbook(data):
        read.kind = WORKBOOK
        opened = open_workbook(data, name, allowed)
        if opened is None:
            return taken_for_nothing(FileRead(sha256=read.sha256, area=read.area))
        return read_answer_workbook(opened, expected, folder_area=read.area, sha256=read.sha256)
    binary = b"\x00" in data[:4000] and data[:2] not in UTF_16
    other = binary or data[:2] == ZIP or data[:8] == OLE or data[:5] == b"%PDF-" or data.lstrip()[:1] in (b"<", b"{")
    kind = kind_of(data)
    if other and not kind:
        return read
    read.kind = kind or NOT_READ
    lines = lines_of(data, name, allowed)
    found = read_answer_csv(lines, expected, name=name, folder_area=read.area, sha256=read.sha256)
    spoiled = found.kind == NOT_READ and not found.problems and not table_of(lines) and names_columns(data)
    return taken_for_nothing(found) if spoiled else found


def area_of_folder(path: Path, folder: Path, expected: Expected) -> str:
    """The area that the nearest folder above a file is named after; empty for none."""
    below = path.relative_to(folder).parts[:-1]
    codes = (part[: len("E06000001")] for part in reversed(below))
    return next((code for code in codes if code in expected.areas), "")
