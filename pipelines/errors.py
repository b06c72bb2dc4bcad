"""User errors and the exit-code table.

Every message says what is wrong, where (file, sheet, row, column), what was found and expected, and what to do. A
message may hold text of an input, so what would steer a terminal is written as an escape.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pipelines.cell_values import HIDDEN

ALSO = "also: "
"""Begins the line of every further problem that is told with the first."""
MOST_TOLD = 40
EXIT_OK = 0
EXIT_DEFINITION = 10
EXIT_INPUT = 11
EXIT_CRITICAL_CHECK = 12
EXIT_QUARANTINED = 13
EXIT_VERIFY = 14
EXIT_BUG = 70
EXIT_LOCKED = 75
EXIT_TERMINATED = 143


@dataclass(frozen=True)
class Place:
    """Where in the inputs something was found; parts that are not known stay empty. Tables have rows, texts lines."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    line: int | None = None

    def __str__(self) -> str:
        parts = [self.file]
        if self.sheet:
            parts.append(f"sheet '{self.sheet}'")
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column:
            parts.append(f"column {self.column}")
        return ", ".join(part for part in parts if part)


def shown(text: str) -> str:
    """Text fit for a terminal or a log: controls, but for tabs and line ends, as escapes."""
    return HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text.replace("\r", "\\u000d"))


class UserError(Exception):
    """Something the user can put right. `exit_code` is from the table above.

    `others` are further problems found with it; the message tells each on a line of its own after this one's, which
    stands in `alone`.
    """

    exit_code = EXIT_INPUT

    def __init__(
        self, what: str, *, place: Place | None = None, expected: str = "", do: str = "",
        others: Sequence[UserError] = (),
    ) -> None:  # fmt: skip
        self.what, self.place, self.expected, self.do = what, place, expected, do
        self.others = tuple(others)
        where = f"{place}: " if place and str(place) else ""
        more = f" Expected {expected}." if expected else ""
        action = f" {do}" if do else ""
        stop = "." if more + action and what[-1:] not in ".?!:" else ""
        self.alone = shown(f"{where}{what}{stop}{more}{action}")
        told = list(dict.fromkeys(other.alone for other in self.others if other.alone != self.alone))
        left = [f"{len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
        super().__init__(f"\n{ALSO}".join([self.alone, *told[:MOST_TOLD], *left]))


class DefinitionError(UserError):
    """A setting, source, table, suite, feature or flag is declared wrongly."""

    exit_code = EXIT_DEFINITION


class InputError(UserError):
    """An input is missing, cannot be read, or is not what it claims to be."""

    exit_code = EXIT_INPUT


class CriticalCheckError(UserError):
    """A critical check failed, so nothing may be published."""

    exit_code = EXIT_CRITICAL_CHECK


class VerificationError(UserError):
    """A run could not be reproduced, or is not what its manifest says."""

    exit_code = EXIT_VERIFY


class LockedError(UserError):
    """Another run is at work on the same folder of runs."""

    exit_code = EXIT_LOCKED


class HungError(UserError):
    """A stage did not come to its end in the time allowed, and was stopped."""

    exit_code = EXIT_BUG


@contextmanager
def noted(problems: list[UserError]) -> Generator[None]:
    """Note a UserError raised inside in `problems`, so that what comes after is looked at too."""
    try:
        yield
    except UserError as error:
        problems += [error, *error.others]


def refuse(problems: Sequence[UserError]) -> None:
    """Raise the first of `problems`, if there is any, and tell all others with it."""
    if problems:
        first, *others = problems
        raise type(first)(first.what, place=first.place, expected=first.expected, do=first.do, others=others)
