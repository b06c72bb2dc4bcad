"""A run made from Python: the options of the command as arguments, the same code, and the run opened.

In: paths and settings. Out: a `Run`. Refuses what `ringfence run` refuses, with the same errors; the status file beside
the runs tells of it as it does for the command.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.api.environment import find_home, from_environment, runs_folder
from pipelines.errors import EXIT_OK, InputError, LockedError, Place, UserError
from pipelines.working_folder import refuse_installed

if TYPE_CHECKING:
    from audit.api.opened_run import Run
    from audit.settings import Settings

Given = Path | str | None


def _path(given: Given, what: str, *, folder: bool = True) -> Path | None:
    """A path that must be there. Raises InputError."""
    if given is None:
        return None
    path = Path(given).expanduser()
    if not (path.is_dir() if folder else path.is_file()):
        raise InputError(f"{what} is not there", place=Place(str(path)), expected="a folder" if folder else "a file")
    return path


def _settings(given: Path | str | Mapping[str, Any] | None, **flags: float | None) -> Settings:
    """Settings as a command has them, from a file or from a dictionary, which is read as such a file would be."""
    from audit.settings import own_settings

    if not isinstance(given, Mapping):
        path = from_environment("SETTINGS") if given is None else Path(given).expanduser()
        return own_settings(path, **flags)
    with tempfile.TemporaryDirectory(prefix="ringfence-settings-") as scratch:
        path = Path(scratch) / "the settings given"
        path.write_text("".join(f"{key} = {_toml(value)}\n" for key, value in given.items()), encoding="utf-8")
        return own_settings(path, **flags)


def _toml(value: Any) -> str:
    """A value as TOML writes it: texts, numbers, truth and lists as JSON does, tables inline."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(key))} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def made(
    *,
    returns: Given,
    payments: Given,
    evidence: Given,
    transfers: Given,
    settings: Path | str | Mapping[str, Any] | None,
    out: Given,
    prior: float | None,
    materiality_gbp: float | None,
    accept_revisions: str | None,
    workers: int | None,
    quiet: bool,
) -> Run:
    """The run, opened. Raises UserError of its kinds."""
    from audit.api.opened_run import open_run
    from audit.run.publish import write_status
    from audit.run.run import Options, run

    defaults = Options()
    find_home()
    folder = (Path(out).expanduser() if out is not None else runs_folder()).absolute()
    refuse_installed(folder)
    try:
        options = Options(
            returns=_path(returns, "the folder of returns") or from_environment("RETURNS") or defaults.returns,
            payments=_path(payments, "the folder of payments") or from_environment("PAYMENTS") or defaults.payments,
            out=folder,
            settings=_settings(settings, prior=prior, materiality_gbp=materiality_gbp),
            transfers=_path(transfers, "the table of transfers", folder=False) or from_environment("TRANSFERS"),
            answers=_path(evidence, "the folder of evidence") or from_environment("ANSWERS"),
            accept_revisions=accept_revisions,
            workers=workers or os.cpu_count() or 1,
            quiet=quiet,
        )
        outcome = run(options)
    except UserError as error:
        if not isinstance(error, LockedError):
            write_status(folder, "refused", exit_code=error.exit_code, message=str(error))
        raise
    write_status(folder, "done", exit_code=EXIT_OK, run=outcome.folder.name, unchanged=outcome.unchanged)
    return open_run(outcome.folder)
