"""All files of a folder of answers together: which answer is used for each area, which conclusions, which sample.

In: files as they were read, by name. Out: a `Supplied`: rows of the tables of the enquiry. Never used: a refused file,
two answers for one area, two conclusions for one area and window that differ, two samples that differ; each is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.declarations.catalogue import tables
from pipelines.supplied.answers.answer_records import (
    ASKED,
    CONCLUSIONS,
    NOT_READ,
    SAMPLE,
    TABLE,
    WORKBOOK,
    Expected,
    FileRead,
    Problem,
)
from pipelines.supplied.answers.answer_rows import figure_rows, text_rows
from pipelines.supplied.answers.check_answer import check_answer

Row = dict[str, Any]
Reads = Mapping[str, FileRead]
KEEP_ONE = "Keep the one that counts and take the other out of the folder."


@dataclass(frozen=True)
class Supplied:
    """Rows with the declared columns of answer_file, answer_problem, answer_figure, answer_text, asked, conclusion and
    sample, each sorted by its table's key.
    """

    files: list[Row] = field(default_factory=list[Row])
    problems: list[Row] = field(default_factory=list[Row])
    figures: list[Row] = field(default_factory=list[Row])
    texts: list[Row] = field(default_factory=list[Row])
    asked: list[Row] = field(default_factory=list[Row])
    conclusions: list[Row] = field(default_factory=list[Row])
    sample: list[Row] = field(default_factory=list[Row])


def put_together(reads: Reads, expected: Expected) -> Supplied:
    """What is supplied, of all files. Problems that only several files make together are added to them."""
    ordered = dict(sorted(reads.items()))
    figures: list[Row] = []
    texts: list[Row] = []
    for read in (read for read in ordered.values() if not read.placed):
        check_answer([read], expected)
    for area, files in _answers(ordered).items():
        held = _one_answer(area, files, expected)
        figures += figure_rows(area, held, expected)
        texts += text_rows(area, held)
    conclusions = _conclusions({name: read for name, read in ordered.items() if read.kind == CONCLUSIONS})
    asked = _asked(read for read in ordered.values() if read.kind == ASKED)
    sample = _sample({name: read for name, read in ordered.items() if read.kind == SAMPLE})
    return Supplied(
        files=[_file_row(name, read) for name, read in ordered.items()],
        problems=[row for name, read in ordered.items() for row in _problem_rows(name, read)],
        figures=_sorted("answer_figure", figures),
        texts=_sorted("answer_text", texts),
        asked=_sorted("asked", asked),
        conclusions=_sorted("conclusion", conclusions),
        sample=_sorted("sample", sample),
    )


def is_used(read: FileRead) -> bool:
    """True for a file that says something and of which what it says is used."""
    if read.kind in (WORKBOOK, TABLE):
        return read.filled > 0 and not read.refused
    return read.kind != NOT_READ and bool(read.rows)


def _answers(reads: Reads) -> dict[str, Reads]:
    """The files of each area that was answered for: filled workbooks, and all CSV forms where one is filled."""
    made: dict[str, dict[str, FileRead]] = {}
    for name, read in reads.items():
        if read.area and read.placed and read.kind in (WORKBOOK, TABLE):
            made.setdefault(read.area, {})[name] = read
    return {area: files for area, files in sorted(made.items()) if any(read.filled for read in files.values())}


def _one_answer(area: str, files: Reads, expected: Expected) -> Reads:
    """The files of an area that are used: one workbook, or CSV forms; all or none of them."""
    filled = {name: read for name, read in files.items() if read.filled}
    books = [name for name, read in filled.items() if read.kind == WORKBOOK]
    forms = [read.form for read in filled.values() if read.kind == TABLE]
    two = len(books) + bool(forms) > 1 or len(set(forms)) < len(forms)
    csv_forms = [read for read in files.values() if read.kind == TABLE]
    for read in filled.values():
        if read.kind == WORKBOOK:
            check_answer([read], expected)
    if forms:
        check_answer(csv_forms, expected)
    refused = next((name for name, read in filled.items() if read.refused), "")
    for name, read in filled.items():
        others = ", ".join(other for other in filled if other != name)
        if two:
            what = f"two answers for {area}: the other is {others[:300]}"
            read.problems.append(Problem(what, "one answer for an area", KEEP_ONE))
        elif refused and not read.refused:
            what = f"it belongs to the answer that {refused[:300]} is a part of, which is not used"
            read.problems.append(Problem(what, "all forms of an answer without problems", "Mend that file."))
    used = {name: read for name, read in filled.items() if is_used(read)}
    blank = {name: read for name, read in files.items() if read.kind == TABLE and not read.filled}
    return {**used, **_given_only(blank)} if used and forms else used


def _given_only(blank: Reads) -> Reads:
    """CSV forms without entries still tell which documents and questions the others name."""
    from dataclasses import replace

    return {name: replace(read, given=[entry for entry in read.given if entry.number]) for name, read in blank.items()}


def _conclusions(reads: Reads) -> list[Row]:
    """One conclusion for an area and window. The same row twice is one; rows that differ are both left out."""
    said: dict[tuple[str, str], list[tuple[str, int, Row]]] = {}
    for name, read in reads.items():
        for number, row in read.rows:
            said.setdefault((row["area_code"], row["window"]), []).append((name, number, row))
    kept: list[Row] = []
    for (area, window), rows in said.items():
        same = all(row == rows[0][2] for _, _, row in rows)
        kept += [rows[0][2]] if same else []
        for name, number, row in rows if len(rows) > 1 else ():
            other = next(f"{file}, row {at}" for file, at, _ in rows if (file, at) != (name, number))
            what = f"{'the same conclusion' if same else 'another conclusion'} for {area}, {window} stands in {other}"
            do = "It counts once." if same else KEEP_ONE
            problem = Problem(what[:400], "one conclusion", do, cell=f"A{number}", refused=not same, area=area)
            reads[name].problems.append(problem)
            if not same:
                reads[name].rows.remove((number, row))
    return kept


def _asked(reads: Any) -> list[Row]:
    """Rows of `asked`, one for each key."""
    made: dict[tuple[str, ...], Row] = {}
    for read in reads:
        for _, row in read.rows:
            made.setdefault(tuple(row[name] for name in tables()["asked"].key), row)
    return list(made.values())


def _sample(reads: Reads) -> list[Row]:
    """The rows of the sample; none where two files differ."""
    if len({read.sha256 for read in reads.values()}) > 1:
        for name, read in reads.items():
            others = ", ".join(other for other in reads if other != name)
            read.problems.append(Problem(f"another sample is in {others[:300]}", "one sample", KEEP_ONE))
            read.rows.clear()
        return []
    return [row for read in list(reads.values())[:1] for _, row in read.rows]


def _sorted(table: str, rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: tuple(row[name] for name in tables()[table].key))


def _file_row(name: str, read: FileRead) -> Row:
    refused = sum(problem.refused for problem in read.problems)
    return {
        "file_name": name,
        "file_sha256": read.sha256,
        "kind": read.kind,
        "area_code": read.area,
        "used": is_used(read),
        "entries": read.filled,
        "problems": refused,
        "remarks": len(read.problems) - refused,
    }


def _problem_rows(name: str, read: FileRead) -> list[Row]:
    return [
        {
            "file_name": name,
            "number": number,
            "area_code": problem.area or read.area,
            "refused": problem.refused,
            "sheet": problem.sheet,
            "cell": problem.cell,
            "what": problem.what,
            "expected": problem.expected,
            "do": problem.do,
        }
        for number, problem in enumerate(read.problems, 1)
    ]
