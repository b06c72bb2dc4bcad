"""ringfence from Python: open a run, ask it, follow a figure to its cell, make a run.

    import ringfence

    run = ringfence.open_run("latest")
    run.flags                                    # a pandas frame, as are run.areas and run.table("area_year")
    run.area("North Tyneside").evidence          # every published figure used, with file, sheet and cell
    run.lineage(run.area("Hull").evidence.iloc[0])
    again = ringfence.audit(returns="returns", out="runs")

docs/from-python.md walks through it. Nothing is imported before a function is called. What goes wrong is a `UserError`
that says what, where, what was expected and what to do; its kinds are below. `command` is what the command `ringfence`
starts. Both refuse to begin where another package stands in the place of one of ours.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
"""True for a checker of types alone: the library's own would be imported for it."""
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from audit.api.opened_area import Area
    from audit.api.opened_run import Run
    from pipelines.errors import (
        CriticalCheckError,
        DefinitionError,
        HungError,
        InputError,
        LockedError,
        UserError,
        VerificationError,
    )

__all__ = [
    "Area", "CriticalCheckError", "DefinitionError", "HungError", "InputError", "LockedError", "Run", "UserError",
    "VerificationError", "audit", "open_run",
]  # fmt: skip
_LATE = {"Area": "audit.api.opened_area", "Run": "audit.api.opened_run"}
_ERRORS = "pipelines.errors"
EXIT_SHADOWED = 10
OURS = ("audit", "expectations", "pipelines", "reports")
MARK = b'__distribution__ = "ringfence-audit"'


def __getattr__(name: str) -> Any:
    """The types of what is handed out and of what goes wrong, imported when they are asked for."""
    if name not in __all__:
        raise AttributeError(f"module 'ringfence' has no attribute '{name}'")
    return getattr(_ours(_LATE.get(name, _ERRORS)), name)


def open_run(where: Path | str = "latest") -> Run:
    """A published run: the latest, or that at a folder, the latest in a folder of runs, or one of an id.

    The latest is that of RINGFENCE_OUT, else of the working folder: the one named by RINGFENCE_HOME, else the nearest
    from the current folder upwards. Raises InputError for what is no run, is still being written or is of another
    version of the method, and VerificationError for a run that is not as it was published.
    """
    return _ours("audit.api.opened_run").open_run(where)


def audit(
    *,
    returns: Path | str | None = None,
    payments: Path | str | None = None,
    evidence: Path | str | None = None,
    transfers: Path | str | None = None,
    settings: Path | str | dict[str, Any] | None = None,
    out: Path | str | None = None,
    prior: float | None = None,
    materiality_gbp: float | None = None,
    accept_revisions: str | None = None,
    workers: int | None = None,
    quiet: bool = True,
) -> Run:
    """Do what `ringfence run` does, by the same code, and open the run; one that stands already is not made again.

    `returns` is a folder of published returns or extracts (the embedded figures where none is given) and `payments`
    one of payment files; `evidence` is a folder of what councils sent and auditors concluded (the command's
    `--answers`), `transfers` a table of NHS money allocated. `settings` is a TOML file, or a dictionary by dotted key:
    `{"lists.review": 20}`. `out` is the folder of runs, `prior` a share, `materiality_gbp` in pounds. What is not given
    is taken from RINGFENCE_RETURNS and the like, then from the working folder, as by the command.

    Raises DefinitionError, InputError, CriticalCheckError, LockedError or HungError, as the command exits with 10, 11,
    12, 75 or 70; nothing is published then.
    """
    return _ours("audit.api.make_run").made(
        returns=returns, payments=payments, evidence=evidence, transfers=transfers, settings=settings, out=out,
        prior=prior, materiality_gbp=materiality_gbp, accept_revisions=accept_revisions, workers=workers, quiet=quiet,
    )  # fmt: skip


def command() -> int:
    """Start the command line, unless another package stands where one of ours belongs. Returns the exit code."""
    if told := shadowed():
        print(f"ringfence: {told}", file=sys.stderr)
        return EXIT_SHADOWED
    from audit.commands.cli import main

    return main()


def _ours(module: str) -> Any:
    """A module of ours. Raises ImportError where another package stands in its place."""
    if module not in sys.modules and (told := shadowed()):
        raise ImportError(told)
    import importlib

    return importlib.import_module(module)


def shadowed() -> str:
    """Which file another distribution, or the current folder, has put where Python looks for a package of ours.

    Empty when all four are ours. Nothing is imported for it but what Python itself has loaded: a module beside the data
    may bear any name.
    """
    ours = os.path.dirname(os.path.realpath(__file__))  # noqa: PTH120 - pathlib may be the data's
    for name in OURS:
        specs = (finder.find_spec(name, None) for finder in sys.meta_path if hasattr(finder, "find_spec"))
        spec = next((spec for spec in specs if spec is not None), None)
        expected = os.path.join(ours, name, "__init__.py")  # noqa: PTH118
        found = expected
        if spec is not None:
            found = spec.origin or next(iter(spec.submodule_search_locations or ()), "a package of that name")
        if spec is None or os.path.realpath(found) != expected or not _is_ours(expected):
            return (
                f"{found}: this is not the package '{name}' of ringfence, but stands where Python looks for it. "
                f"Expected {expected} of ringfence-audit. Remove what put it there (another distribution with a "
                f"package '{name}', or a folder named in PYTHONPATH), or install ringfence-audit alone, as pipx and uv "
                "tool do."
            )
    return ""


def _is_ours(path: str) -> bool:
    """Whether a file is that of this distribution: another one may have been unpacked over it."""
    try:
        with open(path, "rb") as stream:  # noqa: PTH123
            return MARK in stream.read()
    except OSError:
        return False


if __name__ == "__main__":  # as `python -m ringfence`, where the command itself is not on the PATH
    sys.exit(command())
