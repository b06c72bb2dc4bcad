"""The cells of a sheet as they are to be read: merged ones filled downwards, hidden columns empty, errors shown.

In: rows of a sheet, which are changed in place, and its form. Out: notes on what was done. A merged amount is never
filled: it is one amount, not several.
"""

from __future__ import annotations

from typing import Any

from pipelines.payments.sheet.workbook_form import Form
from pipelines.payments.words.grammar import pounds_of
from pipelines.read.read_tabular import column_letter

HIDDEN_COLUMN = "column {} is hidden and not used"
MOST_NAMED = 5


def put_right(rows: list[list[Any]], form: Form) -> tuple[str, ...]:
    """Change the rows as the module says."""
    for (row, column), shown in form.cells.items():
        if row < len(rows):
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = shown
    notes = _filled(rows, form)
    if form.hidden_columns:
        used = sorted(
            at for at in form.hidden_columns if any(len(row) > at and row[at] not in ("", None) for row in rows)
        )
        for row in rows:
            for at in used:
                if at < len(row):
                    row[at] = ""
        notes += [HIDDEN_COLUMN.format(column_letter(at + 1)) for at in used]
    return tuple(notes)


def _filled(rows: list[list[Any]], form: Form) -> list[str]:
    done: list[str] = []
    for top, left, bottom, right in sorted(form.merged):
        if bottom == top or top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        number = isinstance(value, int | float) or (isinstance(value, str) and pounds_of(value) is not None)
        if value in ("", None) or number:
            continue
        below = [row for row in rows[top + 1 : bottom + 1] if len(row) > left and row[left] in ("", None)]
        for row in below:
            row[left] = value
        if below:
            done.append(f"{column_letter(left + 1)}{top + 1}:{column_letter(right + 1)}{bottom + 1}")
    if not done:
        return []
    more = f" and {len(done) - MOST_NAMED} more" if len(done) > MOST_NAMED else ""
    return [f"merged cells are filled downwards: {', '.join(done[:MOST_NAMED])}{more}"]
