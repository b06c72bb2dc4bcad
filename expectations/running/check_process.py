"""All checks in one separate process, started early so that the import of Great Expectations hides behind the loading
of the files.

In: `start_early()` at the beginning of a run, then `begin(...)` with the folders once the tables are written. Out:
`finish(...)` returns what the process printed when publication is allowed, and raises CriticalCheckError or
DefinitionError when not.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from pipelines.declarations.limits import limits
from pipelines.errors import ALSO, EXIT_CRITICAL_CHECK, EXIT_DEFINITION, CriticalCheckError, DefinitionError
from pipelines.isolated import command, environment

SECONDS_OF_GRACE = 60


def start_early(*, keep_open: tuple[int, ...] = ()) -> subprocess.Popen[str]:
    """Start the process: it imports what is heavy and then waits for the folders.

    Descriptors in `keep_open` stay open in it: a lock held through one is held until this process has ended, even when
    its parent was killed.
    """
    return subprocess.Popen(  # noqa: S603 - a module of ours, by the interpreter that runs this one
        command("expectations.running.check_all", "--wait"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        pass_fds=keep_open,
        env=environment(),
    )


def begin(process: subprocess.Popen[str], tables_folder: Path, suites_folder: Path, out_folder: Path) -> None:
    """Tell the waiting process where the tables are; it begins at once.

    It ends by itself a little after the time of a stage, should nobody be there any more to end it.
    """
    if process.stdin is None:
        raise ValueError("the process was not started by start_early")
    folders = [str(folder.resolve()) for folder in (tables_folder, suites_folder, out_folder)]
    try:
        process.stdin.write(json.dumps([*folders, limits().run_stage_seconds + SECONDS_OF_GRACE]) + "\n")
        process.stdin.flush()
    except BrokenPipeError:
        return  # it ended already: finish() says why


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for the end and return the summary; how long is for the stage to say.

    Raises CriticalCheckError, DefinitionError, or RuntimeError for a fault of ours.
    """
    out, error = process.communicate()
    message = last_message(error)
    if process.returncode == EXIT_CRITICAL_CHECK:
        raise CriticalCheckError(message)
    if process.returncode == EXIT_DEFINITION:
        raise DefinitionError(message)
    if process.returncode != 0:
        raise RuntimeError(f"the checks ended with {process.returncode}: {error.strip()}")
    return out.strip()


def last_message(error: str) -> str:
    """The last message of an error stream, with the further problems that it tells on lines of their own."""
    lines = error.strip().splitlines()
    first = next((place for place in reversed(range(len(lines))) if not lines[place].startswith(ALSO)), 0)
    return "\n".join(lines[first:])


def abandon(process: subprocess.Popen[str]) -> None:
    """End the waiting process when the run fails before its tables are ready."""
    if process.poll() is None:
        process.kill()
    process.communicate()
