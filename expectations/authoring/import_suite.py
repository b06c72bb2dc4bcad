"""Turn a suite written in Great Expectations into entries of ours.

In: a JSON suite and the table it is for. Out: the text of entries, and how many still need a sentence. Refused, with
the file and the number of the expectation: JSON that is not a suite, a type or argument that suites may not use, a row
condition (write a domain check with `where`). A reason is taken from the expectation's own notes or meta, else from the
one given; where there is none, the entry says so and the loader refuses the suite until a person has written it. Of a
suite that ringfence exported, a check on prepared results comes back as the domain check it was, and what follows from
the table's declaration is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from expectations.authoring.scaffold import REVIEW_AFTER, free_code
from expectations.records.checks import INFO, ON_FAILURE_ALLOWED, WARNING, Check
from expectations.suite.custom_checks import CUSTOM_TYPES
from expectations.suite.gx_types import GX_TYPES, ROWLESS
from expectations.suite.read_entry import CODE, SHORTEST_REASON
from expectations.suite.unknown_types import unknown_type
from expectations.suite.yaml_entry import TO_WRITE, entry_text
from pipelines.declarations.catalogue import Table
from pipelines.errors import DefinitionError, Place, UserError, noted, refuse

LEFT_OUT = frozenset({"batch_id", "result_format", "catch_exceptions", "description", "windows", "condition_parser"})
DEFAULTS: dict[str, tuple[Any, ...]] = {
    "mostly": (1,),
    "strict_min": (False,),
    "strict_max": (False,),
    "ignore_row_if": ("both_values_are_missing", "all_values_are_missing"),
}
"""Defaults of the library that say nothing; they are left out of the YAML, where they would only be noise."""
USUAL_ACTION = {"critical": "stop", "warning": "mark", "info": "report"}


@dataclass(frozen=True)
class Imported:
    """Entries as text, how many there are, how many still need a reason, and how many the declaration says already."""

    text: str
    entries: int
    without_reason: int
    derived: int = 0

    @property
    def sentence(self) -> str:
        """The counts in words."""
        entries = "1 entry" if self.entries == 1 else f"{self.entries} entries"
        told = f"{entries}, {self.without_reason} without a reason"
        return told + (f"; left out as following from the table's declaration: {self.derived}" if self.derived else "")


def import_suite(path: Path, table: Table, checks: Iterable[Check], *, because: str = "") -> Imported:
    """The entries of ours that a stored suite comes to. Raises DefinitionError."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise DefinitionError(f"not readable as JSON: {error}", place=Place(path.name)) from error
    listed = found.get("expectations") if isinstance(found, dict) else None
    if not isinstance(listed, list) or not listed:
        raise DefinitionError(
            "no expectations in it", place=Place(path.name), expected="a suite stored by Great Expectations 1.x"
        )
    taken, texts, missing, derived = list(checks), list[str](), 0, 0
    problems: list[UserError] = []
    for number, item in enumerate(cast("list[Any]", listed), start=1):
        with noted(problems):
            if _meta(item).get("origin") == "structural":
                derived += 1
                continue
            entry = _entry(item, table, taken, because, Place(path.name, row=number))
            missing += entry["because"] == TO_WRITE
            taken.append(Check(table.name, entry["code"], entry["type"], {}, "", "", ""))
            texts.append(entry_text(entry))
    refuse(problems)
    return Imported("\n".join(texts), len(texts), missing, derived)


def _meta(item: Any) -> dict[str, Any]:
    meta = item.get("meta") if isinstance(item, dict) else None
    return cast("dict[str, Any]", meta) if isinstance(meta, dict) else {}


def _prepared(meta: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Type and arguments of the check whose prepared result an expectation is about; None for any other."""
    kind, kwargs = meta.get("type"), meta.get("kwargs")
    known = isinstance(kind, str) and (kind in CUSTOM_TYPES or kind in GX_TYPES) and isinstance(kwargs, dict)
    return (str(kind), cast("dict[str, Any]", kwargs)) if known else None


def _entry(item: Any, table: Table, taken: list[Check], because: str, place: Place) -> dict[str, Any]:
    meta = _meta(item)
    if (prepared := _prepared(meta)) is not None:
        kind, kwargs = prepared
    else:
        kind = str(item.get("type", item.get("expectation_type", ""))) if isinstance(item, dict) else ""
        if kind not in GX_TYPES:
            what, expected = unknown_type(kind)
            raise DefinitionError(f"expectation {place.row}: {what}", place=Place(place.file), expected=expected)
        kwargs = _arguments(kind, dict(item.get("kwargs") or {}), place)
    severity = str(item.get("severity") or WARNING)
    if severity not in ON_FAILURE_ALLOWED or (severity == WARNING and kind in ROWLESS):
        severity = INFO if kind in ROWLESS else WARNING
    action = str(meta.get("on_failure") or "")
    reasons = (meta.get("because"), item.get("notes"), item.get("description"), because)
    code = str(meta.get("code") or "")
    if not CODE.match(code) or any(check.code == code for check in taken) or code.startswith("STR-"):
        code = free_code(table.name, "IMPORTED", taken)
    return {
        "code": code,
        "type": kind,
        "kwargs": kwargs,
        "severity": severity,
        "on_failure": action if action in ON_FAILURE_ALLOWED[severity] else USUAL_ACTION[severity],
        "because": next((text for text in reasons if isinstance(text, str) and len(text) >= SHORTEST_REASON), TO_WRITE),
        "reference": str(meta.get("reference") or place.file),
        "added_by": str(meta.get("added_by") or "data team"),
        "review_by": str(meta.get("review_by") or REVIEW_AFTER),
    }


def _arguments(kind: str, given: dict[str, Any], place: Place) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in given.items():
        if value is None or name in LEFT_OUT or (name in DEFAULTS and value in DEFAULTS[name]):
            continue
        if name not in GX_TYPES[kind]:
            advice = "Write a domain check with 'where'." if name == "row_condition" else "Remove it."
            raise DefinitionError(
                f"expectation {place.row} ({kind}) has argument '{name}', which suites may not use",
                place=Place(place.file),
                expected="one of " + ", ".join(GX_TYPES[kind]),
                do=advice,
            )
        kept[name] = value
    return kept
