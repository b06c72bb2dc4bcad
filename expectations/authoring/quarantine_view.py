"""Look at rows that were set aside, and release one.

In: table `quarantine` of a run. Out: text; a line in the register of releases. Refused: a folder without the table, a
record that was not set aside, a release from a check that did not set it aside or that suites do not declare.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from expectations.authoring.show_failures import aligned
from expectations.quarantine.releases import Release, add_release
from expectations.records.checks import QUARANTINE, Check
from expectations.records.table_frames import Frames
from pipelines.declarations.declared_files import named
from pipelines.errors import DefinitionError, InputError, Place
from pipelines.working_folder import in_force

Line = dict[str, Any]
SHOWN = ("table", "record_id", "check_code", "column", "value", "reason", "file_name", "sheet", "row", "column_letter")


def read_lines(folder: Path) -> list[Line]:
    """The rows of table `quarantine`. Raises InputError when the folder does not hold it."""
    frames = Frames(folder)
    if not frames.has("quarantine"):
        raise InputError(
            "no table quarantine in it",
            place=Place(str(folder)),
            expected="the tables of a run",
            do="Make a run first (`ringfence run`), or give --run RUN or --tables DIR.",
        )
    found: list[Line] = frames.arrow("quarantine").to_pylist()
    return found


def counted(lines: Iterable[Line]) -> list[Line]:
    """How many lines by table and check, with the first record as an example."""
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], str] = {}
    for line in lines:
        key = (str(line["table"]), str(line["check_code"]))
        counts[key] += 1
        first.setdefault(key, str(line["record_id"]))
    return [
        {"table": table, "check": code, "lines": counts[table, code], "first_record": first[table, code]}
        for table, code in sorted(counts)
    ]


def listing(lines: Iterable[Line]) -> str:
    """The same as a table of text."""
    rows = [[one["table"], one["check"], f"{one['lines']:,}", one["first_record"]] for one in counted(lines)]
    if not rows:
        return "Nothing was set aside."
    return aligned([["table", "check or loading rule", "lines", "first record"], *rows])


def records_of(lines: Iterable[Line], record_id: str) -> list[Line]:
    """All that is known of one record set aside. Raises InputError when it was not."""
    return [{name: line.get(name) for name in SHOWN} for line in _of(lines, record_id)]


def record(lines: Iterable[Line], record_id: str) -> str:
    """The same as text."""
    found = records_of(lines, record_id)
    parts = ["\n".join(f"{name:<14} {line[name]}" for name in SHOWN if line.get(name) is not None) for line in found]
    return "\n\n".join(parts)


def _of(lines: Iterable[Line], record_id: str) -> list[Line]:
    held = list(lines)
    found = [line for line in held if line["record_id"] == record_id]
    if not found:
        import difflib

        near = difflib.get_close_matches(record_id, sorted({str(line["record_id"]) for line in held}), n=3)
        raise InputError(
            f"record '{record_id}' was not set aside in this run", expected="perhaps " + ", ".join(near) if near else ""
        )
    return found


def releasable(
    lines: Iterable[Line], record_id: str, code: str, date: str, reason: str, role: str, *, checks: Iterable[Check]
) -> Release:
    """The release of a record. Raises InputError or DefinitionError when it cannot be released."""
    asked_for = _asked_for(lines, record_id)
    if code not in asked_for:
        raise InputError(f"'{code}' did not set record '{record_id}' aside", expected=" or ".join(asked_for))
    if not any(check.code == code and check.on_failure == QUARANTINE for check in checks):
        raise DefinitionError(
            f"'{code}' is a rule of loading, so there is no row to release",
            do="Mend the reference data or the declaration that the rule names.",
        )
    return Release(record_id, code, date, reason.strip(), role.strip())


def _asked_for(lines: Iterable[Line], record_id: str) -> list[str]:
    """The checks that set a record aside."""
    return sorted({str(line["check_code"]) for line in _of(lines, record_id)})


def release(
    lines: Sequence[Line],
    record_id: str,
    code: str,
    date: str,
    reason: str,
    role: str,
    *,
    checks: Iterable[Check],
    path: Path,
) -> str:
    """Write a release and say what to do next. Raises InputError or DefinitionError when it cannot be released."""
    add_release(releasable(lines, record_id, code, date, reason, role, checks=checks), path)
    others = [other for other in _asked_for(lines, record_id) if other != code]
    more = f" It stays aside for {', '.join(others)}." if others else ""
    keep = "keep it" if in_force() else "commit it"
    return f"Added to {named(path)}: {keep}; the next run keeps the row and shows the release.{more}"
