"""What a command has to say: the same answer as lines for people and as content for programs.

In: a command's parser, what carries it out and, where it writes, what says beforehand what it would write. Out: the
options that every command has, and records of answers and plans. Refuses nothing; nothing is printed here.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.errors import EXIT_OK

Handler = Callable[[argparse.Namespace], "Told | int"]


@dataclass(frozen=True)
class Told:
    """An answer: `content` for programs, `lines` for people, the id of the run that was asked, the exit code."""

    content: Mapping[str, Any]
    lines: Sequence[str] = ()
    run: str = ""
    code: int = EXIT_OK
    warnings: Sequence[str] = ()
    """For people on the error stream, whatever else is printed."""


@dataclass(frozen=True)
class Planned:
    """What a command would do: (path, what it is) of files and folders to write, and paths that would go."""

    writes: Sequence[tuple[Path, str]] = ()
    removes: Sequence[Path] = ()
    run: str = ""
    also: Sequence[str] = field(default_factory=tuple[str, ...])
    """What else is worth knowing beforehand, in sentences."""


def does(parser: argparse.ArgumentParser, handler: Handler, plan: Callable[[Any], Planned] | None = None) -> None:
    """Let `handler` carry out the command; `plan` says what it would write and makes `--dry-run` an option of it."""
    parser.set_defaults(handler=handler, plan=plan)
    group = parser.add_argument_group("options of every command" + (" that writes" if plan else ""))
    group.add_argument("--json", action="store_true", help="answer as JSON (docs/reference-json.md)")
    group.add_argument("--quiet", action="store_true", help="print nothing but errors")
    if plan is not None:
        group.add_argument("--dry-run", action="store_true", help="say what would be written, and write nothing")


def plan_told(plan: Planned) -> Told:
    """A plan as an answer."""
    writes = [{"path": str(path), "what": what} for path, what in plan.writes]
    removes = [str(path) for path in plan.removes]
    lines = [f"would write {one['path']}: {one['what']}" for one in writes]
    lines += [f"would remove {path}" for path in removes]
    lines += plan.also
    lines.append("Nothing was written." if lines else "Nothing would be written.")
    content = {"would_write": writes, "would_remove": removes, "also": list(plan.also)}
    return Told(content, lines, run=plan.run)


def plain(value: Any) -> Any:
    """A value as JSON knows it: no missing numbers, no types of a library, paths as text."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return None if value != value else value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):  # a number, or an array, of numpy
        return plain(value.tolist())
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return None if value != value else str(value)  # not a time, or whatever a library calls missing
