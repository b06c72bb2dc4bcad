"""The command line: `ringfence run` does everything, and each stage also runs alone from the stage before it.

In: arguments. Out: an exit code from the table in `pipelines/errors.py`. A module of commands declares its own
verbs through `add_commands`; nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

from audit.commands.home import HELP, OPTION, check_home, take_home
from audit.commands.version import ShowVersion
from pipelines.errors import EXIT_BUG, EXIT_INPUT, EXIT_OK, EXIT_TERMINATED, InputError, Place, UserError
from pipelines.isolated import start_apart
from pipelines.processes.collector import collect_seldom
from pipelines.working_folder import serving

ABOUT = "When NHS money was passed to a council for social care: did it fund integration, or did it backfill cuts?"
EXITS = """exit codes: 0 done, or nothing had changed; 2 the command line is wrong; 10 a setting or definition is wrong;
11 an input is missing or cannot be read; 12 a critical check failed, nothing published; 13 done, but rows were
quarantined (only with --strict); 14 verification found a difference; 70 our bug; 75 another run holds the lock;
143 told to stop, and stopped cleanly"""
NOT_OURS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM)
"""Errors of the system that tell of a disk, not of a mistake of ours."""
COMMAND_MODULES = (
    "audit.commands.init",
    "audit.commands.main_job",
    "audit.commands.runs",
    "audit.commands.add_year",
    "audit.commands.enquiry",
    "audit.commands.requests",
    "audit.commands.answers",
    "audit.commands.evaluation",
    "expectations.commands",
    "pipelines.payments.load.commands",
)


def parser() -> argparse.ArgumentParser:
    """The parser with the commands of every module."""
    made = argparse.ArgumentParser(prog="ringfence", description=ABOUT, epilog=EXITS, allow_abbrev=False)
    made.add_argument(OPTION, metavar="FOLDER", help=HELP)
    made.add_argument("--version", action=ShowVersion, help="print version, commit and release of the figures")
    commands = made.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMAND_MODULES:
        importlib.import_module(name).add_commands(commands)
    return made


def _stop(_signal: int, _frame: Any) -> None:
    raise SystemExit(EXIT_TERMINATED)


def _use_own_settings(asked: argparse.Namespace) -> None:
    """Put the user's limits in force for every command; a command that keeps to a run's own settings does so later."""
    if any(name.startswith("RINGFENCE_") for name in os.environ):
        from audit.settings import refuse_misspelt_variables

        refuse_misspelt_variables()
    named = getattr(asked, "settings", None) or os.environ.get("RINGFENCE_SETTINGS") or serving("SETTINGS")
    if named or os.environ.get("RINGFENCE_SET"):
        from audit.settings import own_settings, use

        use(own_settings(Path(named) if named else None))


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    start_apart()
    signal.signal(signal.SIGTERM, _stop)
    collect_seldom()
    given, wrong = take_home(sys.argv[1:] if arguments is None else arguments)
    asked = parser().parse_args(given)
    try:
        check_home(asked, wrong)
        _use_own_settings(asked)
        return int(asked.handler(asked))
    except UserError as error:
        return _ended(asked, "refused", error.exit_code, str(error))
    except BrokenPipeError:
        return EXIT_OK
    except OSError as error:
        if error.errno not in NOT_OURS:
            return _our_bug(asked)
        return _ended(asked, "refused", EXIT_INPUT, str(_unwritable(error, asked)))
    except (KeyboardInterrupt, SystemExit):
        return _ended(asked, "stopped", EXIT_TERMINATED, "told to stop; the last published run is as it was")
    except Exception:  # noqa: BLE001 - whatever it is, it is shown as it is and has an exit code
        return _our_bug(asked)


def _our_bug(asked: argparse.Namespace) -> int:
    """Show what was not foreseen, from within its handler. Returns the exit code."""
    import traceback

    traceback.print_exc()
    return _ended(asked, "failed", EXIT_BUG, "this is our bug. Please report the lines above and the command.")


def _unwritable(error: OSError, asked: argparse.Namespace) -> InputError:
    """What to say of a disk that is full, broken or may not be written: whatever stood there was not touched."""
    given = [error.filename, *(getattr(asked, name, None) for name in ("out", "tables", "payments", "to"))]
    return InputError(
        f"it cannot be written ({error.strerror}); what stood there is as it was",
        place=Place(str(next(filter(None, given), ""))),
        expected="room on the disk and the right to write",
        do="Mend that and give the command again.",
    )


def _ended(asked: argparse.Namespace, state: str, code: int, message: str) -> int:
    """Say how the command ended, also in the way of its own that it may have. Returns the exit code."""
    if hasattr(asked, "ended"):
        asked.ended(asked, state, code, message)
    print(f"ringfence: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
