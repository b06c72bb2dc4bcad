"""What was supplied in answer to requests, in a run: which folder, its hashes, its tables, and what they show.

In: the option `--answers` and the setting `inputs.answers`. Out: the hash of every file for the manifest; tables of the
enquiry in the folder of the run. Refuses only a folder that is not there: a file that cannot be used is named and left
out, and the run goes on.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from audit.enquiry.settled import Settled
from audit.settings import Settings
from pipelines.errors import InputError, Place
from pipelines.recorded import file_hash
from pipelines.working_folder import in_home

UNREADABLE = "unreadable"
MARK = "answers/"  # before the names of these inputs in the manifest
FIELDS = {
    "answer_file": "files", "answer_problem": "problems", "answer_figure": "figures", "answer_text": "texts",
    "asked": "asked", "conclusion": "conclusions", "sample": "sample",
}  # fmt: skip
"""Tables of what was supplied, and where the reader of answers keeps their rows."""
LISTED = 20


def answers_folder(option: Path | None, settings: Settings) -> Path | None:
    """The folder to use: the option's, else the one the settings name; None without either."""
    named = str(settings["inputs.answers"])
    return option if option is not None or not named else in_home(named)


def describe_answers(folder: Path | None) -> list[dict[str, str]]:
    """Name and SHA-256 of every file below the folder. Raises InputError when it is no folder."""
    if folder is None:
        return []
    from pipelines.supplied.answers.read_answers import answer_paths

    found: list[dict[str, str]] = []
    for name, path in answer_paths(folder).items():
        try:
            found.append({"file_name": MARK + name, "sha256": file_hash(path)})
        except OSError:
            found.append({"file_name": MARK + name, "sha256": UNREADABLE})
    return found


def supplied_rows(folder: Path, settings: Settings, *, workers: int) -> Any:
    """Everything below the folder, as `pipelines.supplied.answers.read_answers` gives it."""
    from pipelines.load.constant_areas import committed
    from pipelines.supplied.answers.read_answers import read_answers

    return read_answers(
        folder,
        windows={one.name: one.years for one in settings.windows if not one.is_placebo},
        areas={row["area_code"]: row["area_name"] for row in committed("area.csv")},
        workers=workers,
    )


def write_supplied_rows(found: Any, tables: Path) -> None:
    """The rows as tables of a folder."""
    for name, field in FIELDS.items():
        _write(name, getattr(found, field), tables)


def load_answers(
    folder: Path | None, tables: Path, settings: Settings, *, workers: int, inputs: list[dict[str, str]] | None = None
) -> dict[str, int]:
    """Write the tables of what was supplied, if a folder was given. Returns the number of figures of answers.

    Raises InputError when a file is not the one that was there when `inputs` were described.
    """
    if folder is None:
        return {}
    found = supplied_rows(folder, settings, workers=workers)
    hashes = {item["file_name"]: item["sha256"] for item in inputs or ()}
    for row in found.files:
        name = str(row["file_name"])
        read, told = row["file_sha256"] or UNREADABLE, hashes.get(MARK + name, UNREADABLE)
        if inputs is not None and read != told:
            raise InputError("the file changed while it was read", place=Place(name), do="Run again.")
    write_supplied_rows(found, tables)
    return {"answer_figures": len(found.figures)}


def write_enquiry(tables: Path, settings: Settings, concluded: dict[str, Settled]) -> None:
    """What the answers show, from tables of the run; nothing where none were given."""
    if not (tables / "answer_file.parquet").is_file():
        return
    from audit.enquiry.answer_checks import check_rows
    from audit.enquiry.answers import read_answers
    from audit.enquiry.budgets import budget_rows, budgets, own_shocks
    from audit.enquiry.papers import paper_rows
    from audit.enquiry.summary_rows import summary_rows

    found = read_answers(tables, settings)
    held = budgets(tables, {answer.area for answer in found})
    shocks = own_shocks(budget_rows(tables), among_all=settings.number("enquiry.outturn_error"))
    priors = {name: one.prior for name, one in concluded.items()}
    for name, rows in (
        ("answer_check", check_rows(found, held)),
        ("planned_displacement", paper_rows(found, settings, priors, shocks)),
    ):
        _write(name, rows, tables)
    _write("enquiry_summary", summary_rows(tables, settings, concluded), tables)


def _write(name: str, rows: Any, tables: Path) -> None:
    """Rows as a table, also where there are none, so that it is known to be empty."""
    from pipelines.declarations.catalogue import tables as declared
    from pipelines.declarations.parquet import write_table

    columns = declared()[name].column_names
    write_table(name, {column: [row.get(column) for row in rows] for column in columns}, tables)


def enquiry_counts(tables: Path) -> dict[str, Any]:
    """Asked, answered, settled and not used over the windows; empty where no answers were given."""
    from audit.enquiry.answer_checks import LEFT_OUT
    from pipelines.declarations.parquet import read_table

    if not (tables / "enquiry_summary.parquet").is_file():
        return {}
    summary: Any = read_table(tables, "enquiry_summary")
    files: Any = read_table(tables, "answer_file")
    checks: Any = read_table(tables, "answer_check")
    results: Any = read_table(tables, "planned_displacement")
    settled: Any = read_table(tables, "conclusion")["area_code"]
    refused = sorted(files.loc[~files["used"].eq(True) & files["problems"].gt(0), "file_name"])
    part = sorted(set(checks.loc[checks["said"].str.endswith(LEFT_OUT), "area_code"]))
    problems: Any = read_table(tables, "answer_problem")
    rows_refused = sorted(set(problems.loc[problems["refused"].eq(True), "file_name"]) - set(refused))
    return {
        "asked": int(summary["asked"].max()),
        "answered": int(results["area_code"].nunique()),
        "settled": int(settled.nunique()),
        "not_used": refused + rows_refused,
        "used_in_part": part,
    }


def say_not_used(tables: Path) -> None:
    """Print every problem for which something is not used, the first of many, on the error stream."""
    from pipelines.declarations.parquet import read_table

    rows: Any = read_table(tables, "answer_problem")
    rows = rows[rows["refused"].eq(True)]
    for row in rows.head(LISTED).to_dict("records"):
        print(f"not used: {problem_line(row)}", file=sys.stderr)
    if len(rows) > LISTED:
        print(f"and {len(rows) - LISTED} more: `ringfence answers` lists all of them", file=sys.stderr)


def problem_line(row: dict[str, Any]) -> str:
    """File, sheet and cell, what was found and expected, and what to do, in one line."""
    sheet = f"sheet '{row['sheet']}'" if row["sheet"] else ""
    where = ", ".join(text for text in (row["file_name"], sheet, row["cell"]) if text)
    expected = f" Expected {row['expected']}." if row["expected"] else ""
    return f"{where}: {row['what']}.{expected} {row['do'] or ''}".strip()
