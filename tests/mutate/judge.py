"""What happens to a changed return: the same figures, refused, named, or silent (which is what must never be).

In: a folder with the changed file. Out: a verdict and the first sentence that was said. The return is loaded, set
against the embedded figures and checked with every check of its table; Great Expectations' own types are left out,
because they judge single values.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from audit.revisions.revision_tables import Before, write_revisions
from audit.settings import load_settings
from expectations.domain.structural_runs import run_structural
from expectations.records.checks import FAILED
from expectations.records.table_frames import Frames
from expectations.running.check_all import declared_checks
from expectations.suite.custom_checks import run_custom
from pipelines.errors import UserError
from pipelines.load import assemble
from pipelines.load.constant_areas import write_areas
from pipelines.load.load import read_file, with_references
from pipelines.load.same_release import duplicates
from pipelines.shape.form_data import FormData

SILENT = "SILENT"


@dataclass(frozen=True)
class Verdict:
    """The outcome in a word, who said so (a rule or check), and the first sentence."""

    outcome: str
    by: str = ""
    said: str = ""


@dataclass(frozen=True)
class Seen:
    """What a sound file gives: its figures, and what is said of it."""

    figures: dict[Any, Any]
    findings: frozenset[tuple[str, str, str]]


@cache
def _references() -> tuple[FormData, ...]:
    return tuple(with_references([]))


def _figures(forms: list[FormData]) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    for form in forms:
        keys = list(zip(*form.records.values(), strict=True))
        for line in form.lines:
            made |= {
                (line.label, *key): value for key, value in zip(keys, line.values, strict=True) if "ENG" not in key
            }
    return made


def _read(folder: Path) -> tuple[list[FormData], list[UserError]]:
    forms: list[FormData] = []
    problems: list[UserError] = []
    for path in sorted(folder.iterdir()):
        form, found, _ = read_file(path)
        problems += found
        forms += [form] if form else []
    return forms, problems + duplicates(forms)


def _checked(forms: list[FormData], tables: Path) -> tuple[list[Any], list[tuple[str, str, str]]]:
    """Outcomes that stop a run, and (code, record, reason) of everything found."""
    tables.mkdir(exist_ok=True)
    assemble.write_tables([*forms, *_references()], tables)
    write_areas(tables)
    write_revisions(tables, Before(), load_settings())
    frames = Frames(tables)
    wanted = {form.table for form in forms} | {"compared_return"}
    outcomes = [
        run_structural(check, frames) if check.origin == "structural" else run_custom(check, frames)
        for check in declared_checks()
        if check.table in wanted and check.origin != "gx"
    ]
    found = [
        (item.check.code, finding.record_id.partition("@")[0], finding.reason)
        for item in outcomes
        if item.outcome == FAILED
        for finding in item.findings or ()
    ]
    found += [(item.check.code, "", item.detail) for item in outcomes if item.outcome == FAILED and not item.findings]
    found += [(item.rule, f"{item.place.row}", item.reason) for form in forms for item in form.aside]
    return [item for item in outcomes if item.stops_the_run], found


def sound(folder: Path, tables: Path) -> Seen:
    """What the file gives that nobody changed. Raises the first problem it has."""
    forms, problems = _read(folder)
    if problems:
        raise problems[0]
    stopped, found = _checked(forms, tables)
    assert not stopped, [(item.check.code, item.detail) for item in stopped]
    return Seen(_figures(forms), frozenset(found))


def judge(folder: Path, tables: Path, before: Seen) -> Verdict:
    """The verdict on a changed file."""
    forms, problems = _read(folder)
    if problems:
        return Verdict("refused", "reading", str(problems[0]))
    stopped, found = _checked(forms, tables)
    if stopped:
        first = stopped[0]
        said = first.findings[0].reason if first.findings else first.detail
        return Verdict("refused", ", ".join(item.check.code for item in stopped), said)
    new = [one for one in found if one not in before.findings]
    if _figures(forms) == before.figures:
        return Verdict("equal" if not any(one[0].startswith("LOAD-") for one in new) else "named",
                       ", ".join(dict.fromkeys(one[0] for one in new)), new[0][2] if new else "")  # fmt: skip
    if not new:
        return Verdict(SILENT)
    return Verdict("named", ", ".join(dict.fromkeys(one[0] for one in new)), new[0][2])
