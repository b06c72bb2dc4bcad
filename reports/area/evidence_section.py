"""The evidence: every figure used for an area, ticked back to publication, file, sheet and cell.

In: rows of table `evidence` for one area, and what a run's checks marked. Out: one table of figures per window (a
line of a return per row, a year per column, the cell under each value, the file of each year at the head of a group)
and a sentence on all. A missing figure shows its status letter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from reports.checks.evidence_checks import Checked, check_anchor, each_once, is_worked_out, short_title
from reports.checks.evidence_files import Files, evidence_order
from reports.words.frame import short_window, window_words
from reports.words.narrative import UNIT_WORDS, as_published, count_of, sentence, whole
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable, WindowPart

MARK = " \u2020"
MOST_USED = "gbp_thousand"
AUTHORITY = re.compile(r"E\d{4}\b")
LineKey = tuple[str, str, str, str, int]


def lines_of(rows: Sequence[Row]) -> dict[LineKey, dict[str, Row]]:
    """Figures by line (table, figure, unit, authority, repeat) and year; one given twice starts a new line."""
    lines: dict[LineKey, dict[str, Row]] = {}
    for row in rows:
        found = AUTHORITY.search(str(row["record_id"] or ""))
        parts = (
            str(row["table"] or ""),
            str(row["figure"] or ""),
            str(row["unit"] or ""),
            found.group() if found else "",
        )
        year, repeat = str(row["financial_year"] or ""), 0
        while year in lines.get((*parts, repeat), {}):
            repeat += 1
        lines.setdefault((*parts, repeat), {})[year] = row
    return lines


def grouped(lines: Sequence[LineKey]) -> dict[LineKey, tuple[str, str]]:
    """Each line's group within its table, and its own name in it: words that several figures share stand once."""
    split = {key: key[1].removesuffix(f" ({key[3]})").partition(": ") for key in lines}
    figures = {(key[0], *parts) for key, parts in split.items()}
    held = Counter((table, part) for table, first, _, last in figures for part in {first, last})
    made: dict[LineKey, tuple[str, str]] = {}
    for key, (first, colon, last) in split.items():
        by_last, by_first = (held[key[0], part] > 1 and bool(colon) for part in (last, first))
        made[key] = (last, first) if by_last else ("", last if by_first else f"{first}{colon}{last}")
    return made


def _usual(lines: Sequence[Mapping[str, Row]], year: str, files: Files) -> int:
    """The number of the file that most figures of a group and year came from; 0 where there is none."""
    found = Counter(files.number_of(line[year]) for line in lines if year in line)
    return min(found, key=lambda number: (-found[number], number), default=0)


def _figure(row: Row | None, files: Files, checked: Checked, *, usual: int) -> Cell:
    if row is None:
        return Cell("")
    status, number = str(row["status"] or ""), files.number_of(row)
    value = as_published(row["value"], status) if number else whole(row["value"])
    letter = f" [{status}]" if status and number and not value.startswith("[") else ""
    place = str(row["cell"] or "") or ("no cell" if number else "")
    small = " ".join(part for part in (place, f"F{number}" if number != usual else "") if part)
    small += MARK if checked.marks_of(row) else ""
    return Cell(
        f"{value}{letter}", href=files.row_of_csv(row), small=small, small_href=f"#f{number}" if number else ""
    )  # fmt: skip


def _unit(unit: str) -> str:
    words = UNIT_WORDS.get(unit, unit)
    return "" if words == UNIT_WORDS[MOST_USED] else words


def _figures_of(line: Mapping[str, Row]) -> frozenset[tuple[str, str]]:
    return frozenset((str(row["record_id"]), str(row["column"])) for row in line.values())


def _group_rows(
    lines: Mapping[LineKey, Mapping[str, Row]], years: Sequence[str], files: Files, checked: Checked
) -> tuple[dict[int, Cell], tuple[tuple[Cell, ...], ...]]:
    """Headings by place, and the rows under them: the group's file of each year, then a row for each line.

    Unit, authority and, of figures worked out here, the letter stand in the heading where all its lines share them.
    """
    names, groups = grouped(list(lines)), dict[tuple[str, str], list[LineKey]]()
    several = len({key[3] for key in lines} - {""}) > 1
    for key in lines:
        groups.setdefault((key[0], names[key][0]), []).append(key)
    headings: dict[int, Cell] = {}
    rows: list[tuple[Cell, ...]] = []
    for (table, kind), keys in groups.items():
        own = {key: [_unit(key[2]), key[3] if several else ""] for key in keys}
        shared = [found.pop() if len(found := set(column)) == 1 else "" for column in zip(*own.values(), strict=True)]
        heading = f"{short_title(table)}{': ' if kind else ''}{kind}"
        if is_worked_out(table):
            letters = sorted({str(row["status"]) for key in keys for row in lines[key].values() if row["status"]})
            heading += "".join(f" [{letter}]" for letter in letters)
        headings[len(rows)] = Cell(
            ", ".join(part for part in (heading, *shared) if part),
            href=f"validation.html#{check_anchor(table)}" if checked.ran.get(table) else "",
        )
        usual = {year: _usual([lines[key] for key in keys], year, files) for year in years}
        if any(usual.values()):
            numbers = (Cell(f"F{usual[year]}", href=f"#f{usual[year]}") if usual[year] else Cell("") for year in years)
            rows.append((Cell("File"), *numbers))
        for key in keys:
            small = ", ".join(part for part, once in zip(own[key], shared, strict=True) if part and not once)
            cells = (_figure(lines[key].get(year), files, checked, usual=usual[year]) for year in years)
            rows.append((Cell(sentence(names[key][1]).rstrip("."), small=small), *cells))
    return headings, tuple(rows)


def evidence_part(
    window: str, rows: Sequence[Row], *, others: Sequence[Row], files: Files, checked: Checked
) -> WindowPart:
    """One window's figures, without the lines that `others`, the rows of later windows, hold in full."""
    heading, identity = window_words(window), f"evidence-{window.lower()}"
    if not rows:
        return WindowPart(
            id=identity, heading=heading, empty="This run recorded no figures for this area in this window."
        )
    lines = lines_of(sorted(rows, key=evidence_order))
    below = {(str(row["record_id"]), str(row["column"])) for row in others}
    told = {key for key, line in lines.items() if _figures_of(line) <= below}
    lines = {key: line for key, line in lines.items() if key not in told}
    years = sorted({year for line in lines.values() for year in line})
    groups, printed = _group_rows(lines, years, files, checked)
    table = DataTable(
        id=f"{identity}-table",
        caption=f"Figures used, {short_window(window)}: £ thousand unless said",
        columns=(Column("Figure"), *(Column(year or "No year", numeric=True, short=True) for year in years)),
        rows=printed,
        groups=groups,
        note=f"{count_of(len(told), 'line', 'lines')} used here too, in the next table." if told else "",
    )
    return WindowPart(id=identity, heading=heading, table=table)


def evidence_sentence(rows: Sequence[Row], marked: int) -> str:
    """How many figures were used, how many a check marked, and how the tables are read."""
    if not rows:
        return "This run recorded no figures for this area."
    figures = each_once(rows)
    derived = sum(not row["file_sha256"] for row in figures)
    said = f"{count_of(len(figures) - derived, 'published figure', 'published figures')} of this area"
    said += f", and {derived:,} worked out." if derived else "."
    said += f" A check marked {marked:,} ({MARK.strip()})." if marked else " No check marked any."
    return f"{said} A value leads to its row of the CSV, a cell to its file (F), at the head of its group or its own."
