"""What decides a run, and which of it differs between two runs: an input, a setting, the code, a library, a suite.

In: manifests, and for the suites the tables of both runs. Out: differences in words, and what can have moved one
result. Where several differ, only a run with one of them changed at a time can tell them apart.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit.account.publisher import of_publisher
from reports.site.changes import MOVES_NOTHING

CAUSES = {"inputs": "an input", "settings": "a setting", "code": "the code or reference data", "libraries": "a library"}
SUITE = "a suite of checks"
SUITES = "expectations/suites"
PUBLISHER = f"who publishes the run differs, which {MOVES_NOTHING}"
DECLARED = ["table", "code", "type", "severity", "on_failure"]
LISTED = 5


def identity(content: dict[str, Any]) -> dict[str, Any]:
    """What decides the result of a run, by kind of cause."""
    return {
        "inputs": sorted((item["file_name"], item["sha256"]) for item in content["inputs"]),
        "settings": {key: value for key, value in content["settings"].items() if not of_publisher(key)},
        "code": content["code"],
        "libraries": content["libraries"],
    }


def causes(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Which kinds of cause differ between two manifests, each with what differs."""
    first, second = identity(one), identity(other)
    found: list[str] = []
    for kind, words in CAUSES.items():
        if first[kind] != second[kind]:
            told = _rooms(one, other) if kind == "code" else _details(kind, first[kind], second[kind])
            found.append(f"{words} differs{told}")
    by, now_by = (
        {key: value for key, value in made["settings"].items() if of_publisher(key) and value} for made in (one, other)
    )
    if by != now_by:
        found.append(PUBLISHER + _details("settings", by, now_by))
    return found


def _rooms(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Which rooms of the code differ, where both manifests tell of rooms."""
    before, after = (made.get("code_rooms") or {} for made in (one, other))
    names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    return f": {_listed(names)}" if before and after and names else ""


def _details(kind: str, one: Any, other: Any) -> str:
    if kind == "inputs":
        before, after = {tuple(item) for item in one}, {tuple(item) for item in other}
        names = sorted({str(item[0]) for item in before ^ after})
    else:
        names = [
            f"{key} {one.get(key)!r} -> {other.get(key)!r}"
            for key in sorted({*one, *other})
            if one.get(key) != other.get(key)
        ]
    return ": " + _listed(names)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def suite_causes(one: Path, other: Path) -> list[str]:
    """Checks that only one of two runs declares, or that they declare differently, from their table `check_result`."""
    import pyarrow.parquet as pq

    declared: list[set[tuple[Any, ...]]] = []
    for run in (one, other):
        path = run / "tables" / "check_result.parquet"
        if not path.is_file():
            return []
        table = pq.read_table(path, columns=DECLARED)
        declared.append(set(zip(*(table[name].to_pylist() for name in DECLARED), strict=True)))
    before, after = declared
    codes = [{str(check[1]) for check in checks} for checks in declared]
    differ = sorted({str(check[1]) for check in before ^ after})
    suites = {str(check[1]): str(check[0]) for check in sorted(before ^ after, key=str)}
    said = [
        f"{suites[code]} {code} "
        f"{'added' if code not in codes[0] else 'gone' if code not in codes[1] else 'declared otherwise'}"
        for code in differ
    ]
    return [f"{SUITE} differs: {_listed(said)}"] if said else []


def because(changed: int, changed_in: str, why: list[str]) -> str:
    """What can have moved one result, from the figures behind it and the causes that differ between the runs."""
    kinds = [*(words for kind, words in CAUSES.items() if kind != "inputs"), SUITE]
    if _differs(SUITE, why) and f"{CAUSES['code']} differs: {SUITES}" in why:
        kinds.remove(CAUSES["code"])  # nothing of it but the suites
    others = [_named(words, why) for words in kinds if _differs(words, why)]
    if changed:
        said = f"{changed} of its figures changed ({changed_in})"
        return said + (f"; beside it: {', '.join(others)}" if others else "")
    around = ["the figures of other areas"] if _differs(CAUSES["inputs"], why) else []
    left = [*others, *around]
    return "none of its figures changed" + (f", so it was {' or '.join(left)}" if left else "")


def _named(kind: str, why: list[str]) -> str:
    """A cause with what differs of it, where that is one thing."""
    details = next((cause.partition(" differs: ")[2] for cause in why if cause.startswith(f"{kind} differs")), "")
    return f"{kind} ({details})" if details and ", " not in details else kind


def _differs(kind: str, why: list[str]) -> bool:
    return any(cause.startswith(f"{kind} differs") for cause in why)
