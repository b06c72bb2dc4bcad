"""The command that checks a folder of answers without making a run: everything that is wrong, and what papers show.

In: parsed arguments. Out: an exit code. The last run, if there is one, is what answers are compared with. Nothing is
written, neither to the folder nor to a run.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from audit.commands.line.options import FOLDER_OF_ANSWERS, add_out, add_settings
from pipelines.errors import EXIT_OK, EXIT_QUARANTINED
from pipelines.told import Told, does

MOST_FILES = 100
FORMS = ("answer workbook", "answer table")


def add_commands(commands: Any) -> None:
    """Declare the command."""
    answers = commands.add_parser("answers")
    does(answers, _answers)
    add_out(answers)
    answers.add_argument("folder", type=Path, metavar="DIR", help=FOLDER_OF_ANSWERS.partition(" (")[0])
    add_settings(answers)
    answers.add_argument("--strict", action="store_true", help="exit with 13 when an answer is not used")


def _answers(asked: argparse.Namespace) -> Told:
    import tempfile

    from audit.enquiry.settled import settled
    from audit.run.enquiry_stage import enquiry_counts, supplied_rows, write_enquiry, write_supplied_rows
    from audit.run.publish import is_run
    from audit.run.run import RUNS
    from audit.settings import own_settings

    settings = own_settings(asked.settings)
    found = supplied_rows(asked.folder, settings, workers=os.cpu_count() or 1)
    latest = (asked.out or RUNS) / "latest"
    lines, warnings = _file_lines(found), list[str]()
    with tempfile.TemporaryDirectory(prefix="ringfence-answers-") as scratch:
        tables = Path(scratch)
        if is_run(latest):
            for path in (latest.resolve() / "tables").glob("*.parquet"):
                (tables / path.name).symlink_to(path)
            for name in ("answer_check", "planned_displacement", "enquiry_summary"):
                (tables / f"{name}.parquet").unlink(missing_ok=True)
        else:
            warnings.append("There is no run yet, so nothing was compared with returns.")
        write_supplied_rows(found, tables)
        write_enquiry(tables, settings, settled(tables, settings))
        papers = _papers(tables)
        told = enquiry_counts(tables)
    unused = [*told["not_used"], *told["used_in_part"]]
    answered, files, part = told["answered"], len(told["not_used"]), len(told["used_in_part"])
    for one in papers:
        lines += ["", f"{one['area_code']}, {one['window']}: {one['said']}", *(f"  {said}" for said in one["checks"])]
    lines += ["", f"{_count(answered, 'area')} answered, {told['settled']} settled"]
    lines.append(f"{_count(files, 'file')} not used in full; {_count(part, 'area')} with years left out")
    content = {"files": _file_rows(found), "papers": papers, "counts": told}
    code = EXIT_QUARANTINED if asked.strict and unused else EXIT_OK
    return Told(content, lines, run=latest.resolve().name if is_run(latest) else "", code=code, warnings=warnings)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _file_rows(found: Any) -> list[dict[str, Any]]:
    """Every file with what it was taken for, and its problems."""
    names = ("file_name", "kind", "area_code", "used", "entries")
    return [
        {
            **{name: row[name] for name in names},
            "problems": [problem for problem in found.problems if problem["file_name"] == row["file_name"]],
        }
        for row in found.files
    ]


def _file_lines(found: Any) -> list[str]:
    """A line for each file that was filled in, with its problems and remarks; those left blank in one line."""
    from audit.run.enquiry_stage import problem_line

    lines, blank, shown = list[str](), dict[str, str](), 0
    answered = {row["area_code"] for row in found.files if row["entries"] or row["problems"]}
    for row in found.files:
        if row["kind"] in FORMS and not (row["entries"] or row["problems"]):
            blank |= {} if row["area_code"] in answered else {str(row["area_code"]): ""}
        quiet = row["kind"] == "asked" or not row["entries"]
        if quiet and not (row["problems"] or row["remarks"]):
            continue
        shown += 1
        if shown > MOST_FILES:
            continue
        area = f", {row['area_code']}" if row["area_code"] else ""
        lines.append(f"{row['file_name']}: {row['kind']}{area}, {'used' if row['used'] else 'not used'}")
        lines += [
            f"  {'problem' if problem['refused'] else 'remark'}: {problem_line(problem)}"
            for problem in found.problems
            if problem["file_name"] == row["file_name"]
        ]
    if shown > MOST_FILES:
        lines.append(
            f"... and {_count(shown - MOST_FILES, 'file')} more with something to say; a run's tables hold all"
        )
    if blank:
        lines.append(f"{_count(len(blank), 'area')} sent nothing yet: {', '.join(sorted(blank))}")
    return lines


def _papers(tables: Path) -> list[dict[str, Any]]:
    """What the papers of each area show, and every comparison that does not agree."""
    from pipelines.declarations.parquet import read_table

    checks: Any = read_table(tables, "answer_check")
    made: list[dict[str, Any]] = []
    for row in read_table(tables, "planned_displacement").to_dict("records"):
        said: list[str] = []
        mine = checks[(checks["area_code"] == row["area_code"]) & (checks["window"] == row["window"])]
        for check in mine[mine["outcome"] != "agrees"].to_dict("records"):
            where = f" ({check['sheet']} {check['cell']})" if check["cell"] else ""
            year = f"{check['financial_year']}, " if check["financial_year"] else ""
            said.append(f"{year}{check['check']}: {check['said']}{where}")
        made.append({"area_code": row["area_code"], "window": row["window"], "said": paper_words(row), "checks": said})
    return made


def paper_words(row: dict[str, Any]) -> str:
    """Planned displacement with its interval, what the papers could show at all, and the chance from them alone."""
    if row["planned_rate"] != row["planned_rate"]:
        return "no year with plans without and with the transfer, so nothing is shown."
    return (
        f"planned displacement {row['planned_rate']:.2f} pounds per pound ({row['lower']:.2f} to {row['upper']:.2f}; "
        f"{row['years'].replace(' ', ', ')}); the smallest these papers can show is {row['smallest_rate']:.2f}, or "
        f"{row['smallest_gbp']:,.0f} pounds; chance of planned replacement {row['posterior_10']:.0%} if 10 councils in "
        "100 replaced their own money, from the papers alone"
    )
