"""The first stage of a run: which files there are, and loading them into tables, all problems told at once.

In: the folder of returns. Out: the hash of every input, and the tables of the run. Raises the first problem after
listing all of them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from audit.account.own_declarations import of_own
from audit.run import manifest
from audit.run.enquiry_stage import answers_folder
from audit.run.payment_stage import EMBEDDED_PAYMENTS, describe_payments, of_payments, of_returns
from audit.run.published_evaluation import evaluation_files
from audit.run.transfer_stage import transfer_file
from audit.settings import Settings, load_settings
from pipelines.errors import InputError, Place, UserError
from pipelines.extract.read_extract import is_extract, metadata_path
from pipelines.load.load import EMBEDDED, EMBEDDED_REFERENCE
from pipelines.read.find_files import find_files
from pipelines.recorded import file_hash


def describe_inputs(returns: Path) -> list[dict[str, str]]:
    """Name and SHA-256 of every input file, references and the published evaluation included.

    Raises InputError for a folder that cannot be read.
    """
    folders = [returns, EMBEDDED_REFERENCE] if EMBEDDED_REFERENCE.is_dir() else [returns]
    found: list[dict[str, str]] = []
    for folder in folders:
        files = find_files(folder)
        for path in [*files, *(metadata_path(path) for path in files if is_extract(path))]:
            try:
                found.append({"file_name": path.name, "sha256": file_hash(path)})
            except OSError:
                found.append({"file_name": path.name, "sha256": "unreadable"})
    measured = [{"file_name": path.name, "sha256": file_hash(path)} for path in evaluation_files()]
    return found + measured


def same_inputs(inputs: list[dict[str, str]], returns: Path) -> bool:
    """True when a folder holds the same files: what a run says of itself follows its inputs, not where they stood."""
    return sorted(item["sha256"] for item in inputs) == sorted(item["sha256"] for item in describe_inputs(returns))


def command_of(
    returns: Path, transfers: Path | None, answers: Path | None, settings: Settings, inputs: list[dict[str, str]]
) -> str:
    """The command that does a run again, with the options whose inputs differ from what is embedded; no path."""
    record = manifest.settings_record(settings)
    same_returns = returns == EMBEDDED or same_inputs(of_returns(inputs), EMBEDDED)
    options = {
        "--returns DIR": not same_returns,
        "--payments DIR": of_payments(inputs) != describe_payments(EMBEDDED_PAYMENTS),
        "--transfers FILE": transfer_file(transfers, settings) is not None,
        "--answers DIR": answers_folder(answers, settings) is not None,
        "--home FOLDER": bool(of_own(inputs)),
        "--settings FILE": record != manifest.settings_record(load_settings()),
    }
    return " ".join(["ringfence run", *(option for option, given in options.items() if given)])


def came_or_went(inputs: list[dict[str, str]], returns: Path) -> list[UserError]:
    """One error for each file that was deleted, added or written to since the inputs were described."""
    was, now = ({(item["file_name"], item["sha256"]) for item in items} for items in (inputs, describe_inputs(returns)))
    return [
        InputError(
            "the file was deleted, added or changed while the run was reading its inputs",
            place=Place(name),
            expected="the files and their content to stay as they were when the run began",
            do="Run again when nobody is writing to the folder.",
        )
        for name in sorted({name for name, _ in was ^ now})
    ]


def load_tables(
    returns: Path, tables: Path, *, workers: int, inputs: list[dict[str, str]] | None = None
) -> dict[str, int]:
    """Load a folder into `tables`, with the area tables. Returns counts of files, rows and values.

    `inputs` are the hashes taken when the run began: a file that has other bytes by now is a problem.

    Raises the first problem, after listing them all in `problems.txt` beside `tables`.
    """
    from pipelines.load.constant_areas import write_areas
    from pipelines.load.load import changed_inputs, load
    from pipelines.supplied.supplied_tables import write_supplied

    loaded = load(returns, tables, workers=workers)
    write_areas(tables)
    write_supplied(tables)
    if inputs is not None:
        loaded.problems += changed_inputs(loaded.forms, inputs) or came_or_went(of_returns(inputs), returns)
    if loaded.problems:
        listed = "\n".join(str(problem) for problem in loaded.problems) + "\n"
        (tables.parent / "problems.txt").write_text(listed, encoding="utf-8")
        for problem in loaded.problems[1:6]:
            print(f"also: {problem}", file=sys.stderr)
        raise loaded.problems[0]
    forms = loaded.forms
    return {
        "files": len(forms),
        "rows_read": sum(form.counts.read for form in forms),
        "rows_kept": sum(form.counts.kept for form in forms),
        "values": sum(len(line.values) for form in forms for line in form.lines),
    }
