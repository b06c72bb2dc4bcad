"""A command carried out: its answer printed for people or as JSON, its end told with an exit code.

In: what the command line asked. Out: an exit code from the table in `pipelines/errors.py`; with `--json` one object on
the output stream, whatever happened, and all else on the error stream. Nothing heavy is imported here.
"""

from __future__ import annotations

import argparse
import errno
import io
import json
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import Any

from audit.commands.line.home import check_home
from pipelines import __version__
from pipelines.errors import EXIT_BUG, EXIT_INPUT, EXIT_OK, EXIT_TERMINATED, InputError, Place, UserError
from pipelines.told import Planned, Told, plain, plan_told
from pipelines.working_folder import serving

FORM = "ringfence-answer-1"
NOT_OURS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM)
"""Errors of the system that tell of a disk, not of a mistake of ours."""


def stop_cleanly() -> None:
    """Let a request to stop end this process as an error does."""
    signal.signal(signal.SIGTERM, _stop)


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


def _is(asked: argparse.Namespace, option: str) -> bool:
    return bool(getattr(asked, option, False))


def carry_out(asked: argparse.Namespace, wrong_home: UserError | None = None) -> int:
    """Do what was asked and print the answer. `wrong_home` says why no working folder serves. Returns the exit code."""
    out = sys.stdout
    apart = redirect_stdout(sys.stderr) if _is(asked, "json") else nullcontext()
    apart = redirect_stdout(io.StringIO()) if _is(asked, "quiet") and not _is(asked, "json") else apart
    try:
        with apart:
            check_home(asked, wrong_home)
            _use_own_settings(asked)
            made = asked.plan(asked) if _is(asked, "dry_run") else asked.handler(asked)
        answer = plan_told(made) if isinstance(made, Planned) else made
        if isinstance(answer, Told):
            _print(asked, answer, out)
            return answer.code
        return int(answer)
    except UserError as error:
        return _ended(asked, "refused", error.exit_code, str(error), error)
    except BrokenPipeError:
        return EXIT_OK
    except OSError as error:
        if error.errno not in NOT_OURS:
            return _our_bug(asked)
        told = _unwritable(error, asked)
        return _ended(asked, "refused", EXIT_INPUT, str(told), told)
    except (KeyboardInterrupt, SystemExit):
        return _ended(asked, "stopped", EXIT_TERMINATED, "told to stop; the last published run is as it was")
    except Exception:  # noqa: BLE001 - whatever it is, it is shown as it is and has an exit code
        return _our_bug(asked)


def _print(asked: argparse.Namespace, answer: Told, out: Any) -> None:
    if _is(asked, "json"):
        _write_json(asked, {"exit_code": answer.code, "run": answer.run, "answer": answer.content}, out, answer)
    elif not _is(asked, "quiet") and answer.lines:
        print("\n".join(answer.lines), file=out, flush=True)
    for warning in answer.warnings:
        print(warning, file=sys.stderr)


def _write_json(asked: argparse.Namespace, told: Mapping[str, Any], out: Any, answer: Told | None = None) -> None:
    """One object of the form that docs/reference-json.md describes."""
    whole = {
        "form": FORM,
        "version": __version__,
        "command": command_name(asked),
        "dry_run": _is(asked, "dry_run"),
        "exit_code": told["exit_code"],
        "run": told.get("run") or None,
        "answer": told.get("answer"),
        "warnings": list(answer.warnings) if answer else [],
        "error": told.get("error"),
    }
    print(json.dumps(plain(whole), ensure_ascii=False, indent=1, allow_nan=False), file=out)


def command_name(asked: argparse.Namespace) -> str:
    """The words of the command: `explain`, `quarantine list`."""
    return " ".join(filter(None, (asked.command, getattr(asked, "verb", ""))))


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


def _ended(asked: argparse.Namespace, state: str, code: int, message: str, error: UserError | None = None) -> int:
    """Say how the command ended, also in the way of its own that it may have. Returns the exit code."""
    if hasattr(asked, "ended") and not _is(asked, "dry_run"):
        asked.ended(asked, state, code, message)
    print(f"ringfence: {message}", file=sys.stderr)
    if _is(asked, "json"):
        place = error.place if error else None
        told = {
            "kind": type(error).__name__ if error else state,
            "message": message,
            "what": error.what if error else message,
            "place": vars(place) if place else None,
            "expected": error.expected if error else "",
            "do": error.do if error else "",
        }
        _write_json(asked, {"exit_code": code, "error": told}, sys.stdout)
    return code
