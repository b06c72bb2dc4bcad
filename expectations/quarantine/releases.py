"""Releases: dated, committed decisions that a row which a check sets aside may be used after all.

In: `data/reference/releases.csv`, what the working folder adds to it, and the outcomes of the checks. Out: `Release`
records, and outcomes that know which of their rows are released. Refused, with file and line: other columns, an empty
cell, a date that is not one, a reason that says too little, an address instead of a role, the same release twice, a
check that does not exist or sets nothing aside. A record id names the file it came from, so a release ends when the
file is replaced.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from expectations.records.checks import FAILED, QUARANTINE, Check, Outcome
from expectations.suite.read_entry import SHORTEST_REASON
from pipelines.errors import DefinitionError, Place
from pipelines.lasting import write_text
from pipelines.places import REFERENCE
from pipelines.working_folder import to_write, with_own

RELEASES = REFERENCE / "releases.csv"
COLUMNS = ("record_id", "check_code", "date", "reason", "released_by")


@dataclass(frozen=True)
class Release:
    """One row of the register of releases. `released_by` is a role, never a person."""

    record_id: str
    check_code: str
    date: str
    reason: str
    released_by: str

    @property
    def sentence(self) -> str:
        """What a reader of the row is told."""
        return f"Released on {self.date} by {self.released_by}: {self.reason}"


def load_releases(path: Path = RELEASES, checks: Iterable[Check] | None = None) -> tuple[Release, ...]:
    """All releases in file order, those of the working folder last; none where there is no file.

    Raises DefinitionError. With `checks`, a code that is not among them, or that sets no rows aside, is refused.
    """
    made: list[Release] = []
    known = None if checks is None else {check.code: check for check in checks}
    for one in with_own(path):
        _add_those_of(one, known, made)
    return tuple(made)


def _add_those_of(path: Path, known: dict[str, Check] | None, made: list[Release]) -> None:
    """Add the releases of one file to those read before."""
    if not path.is_file():
        return
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DefinitionError(
            f"cannot be read: {error}", place=Place(path.name), do="Save it as CSV in UTF-8."
        ) from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise DefinitionError(
            "the columns are others", place=Place(path.name, row=1), expected="exactly " + ",".join(COLUMNS)
        )
    for number, row in enumerate(rows[1:], start=2):
        place = Place(path.name, row=number)
        if len(row) != len(COLUMNS):
            raise DefinitionError(f"{len(row)} cells instead of {len(COLUMNS)}", place=place, do="Mind the commas.")
        release = Release(*(cell.strip() for cell in row))
        refuse_wrong(release, place)
        if known is not None:
            _refuse_code(release.check_code, known, place)
        if any((item.record_id, item.check_code) == (release.record_id, release.check_code) for item in made):
            raise DefinitionError("this record is already released from this check", place=place, do="Remove one line.")
        made.append(release)


def refuse_wrong(release: Release, place: Place) -> None:
    """Raise DefinitionError for a release that does not say what, when, why and by which role."""
    for name, value in zip(COLUMNS, astuple(release), strict=True):
        if not value:
            raise DefinitionError(f"'{name}' is empty", place=place, do="Fill it in.")
    try:
        if datetime.date.fromisoformat(release.date).isoformat() != release.date:
            raise ValueError
    except ValueError:
        raise DefinitionError(f"date '{release.date}' is not a date", place=place, expected="2027-03-31") from None
    if len(release.reason) < SHORTEST_REASON:
        raise DefinitionError("the reason says too little", place=place, expected="a sentence an official understands")
    if "@" in release.released_by:
        raise DefinitionError("released_by is an address", place=place, expected="a role, such as audit lead")


def _refuse_code(code: str, known: dict[str, Check], place: Place) -> None:
    check = known.get(code)
    if check is None:
        raise DefinitionError(f"check '{code}' is not declared", place=place, do="Correct the code or remove the line.")
    if check.on_failure != QUARANTINE:
        raise DefinitionError(
            f"check '{code}' sets no rows aside", place=place, expected="a check whose on_failure is quarantine"
        )


def apply_releases(outcomes: Iterable[Outcome], releases: Iterable[Release]) -> tuple[Outcome, ...]:
    """The same outcomes; those that set rows aside know which of their failing records are released, and why."""
    by_code: dict[str, dict[str, str]] = {}
    for release in releases:
        by_code.setdefault(release.check_code, {})[release.record_id] = release.sentence
    made: list[Outcome] = []
    for outcome in outcomes:
        wanted = by_code.get(outcome.check.code, {})
        if wanted and outcome.outcome == FAILED and outcome.check.on_failure == QUARANTINE:
            failing = {finding.record_id for finding in outcome.findings}
            outcome = replace(outcome, released={key: wanted[key] for key in sorted(wanted) if key in failing})
        made.append(outcome)
    return tuple(made)


def register() -> Path:
    """The file a new release is added to. Raises InputError where it is below an installed copy of the program."""
    return to_write(RELEASES, "reference/releases.csv")


def refuse_known(release: Release, path: Path) -> None:
    """Raise DefinitionError where a release is incomplete, or stands in a register, or beside it, already."""
    refuse_wrong(release, Place(path.name))
    held = load_releases() if path == register() else load_releases(path)
    if any((item.record_id, item.check_code) == (release.record_id, release.check_code) for item in held):
        raise DefinitionError(
            f"record '{release.record_id}' is already released from {release.check_code}", place=Place(path.name)
        )


def add_release(release: Release, path: Path) -> None:
    """Append one line to a register (made with its header where it is not there). Raises DefinitionError."""
    refuse_known(release, path)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(item) for item in (*load_releases(path), release))
    path.parent.mkdir(exist_ok=True)
    write_text(path, stream.getvalue())
