"""Results that moved between two runs of one version of the method: list, band or amounts, by how much, from what.

In: the folders of two runs, their manifests. Out: `Changes`, which a page prints. For each result that moved: which of
its own figures changed, in which tables and years, and which other causes are left. Refuses (InputError) a run of
another version of the method; errors of reading a table are passed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from audit.account.causes import because, causes, suite_causes
from audit.account.changed_figures import AFTER, BEFORE, changed_figures, differ, some_rows
from pipelines.declarations.method_version import refuse_other_method
from pipelines.declarations.parquet import read_table
from pipelines.errors import Place
from reports.site.changes import Change, Changes, Figure, RunTold, Side

KEY = ["area_code", "window"]
AMOUNTS = ["evidence_ratio", "gap_gbp", "transfer_gbp"]
RESULT = ["list", "band", *AMOUNTS]
Content = Mapping[str, Any]


def run_told(content: Content) -> RunTold:
    """A run as the page names it: its id, version and commit."""
    version, commit = content.get("version") or "not stated", content.get("commit") or "not held"
    return RunTold(str(content["run_id"]), str(version), str(commit))


def changes_between(one: Path, other: Path, contents: tuple[dict[str, Any], dict[str, Any]]) -> Changes:
    """What moved from the run `one` to the run `other`, whose manifests hold `contents`."""
    for run, content in zip((one, other), contents, strict=True):
        refuse_other_method(content, Place(str(run)))
    why = [*causes(*contents), *suite_causes(one, other)]
    both = _results(one).join(_results(other), how="outer", suffixes=(BEFORE, AFTER))
    is_moved = differ(both, "list") | differ(both, "band")
    has_other_amounts = both.assign(moved=False)["moved"]
    for name in AMOUNTS:
        has_other_amounts |= differ(both, name)
    names = _names(one) | _names(other)
    figures = changed_figures(one, other, names)
    known = _Known(names, _by_result(figures), why, [_own_spend(run) for run in (one, other)])
    return Changes(
        before=run_told(contents[0]),
        after=run_told(contents[1]),
        causes=tuple(why),
        changes=_changes(both[is_moved], known),
        amounts=_changes(both[has_other_amounts & ~is_moved], known),
        figures=figures,
        unmoved=int((differ(both, "evidence_ratio") & ~is_moved).sum()),
    )


def _results(run: Path) -> Any:
    return read_table(run / "tables", "flag", [*KEY, *RESULT]).set_index(KEY)


def _names(run: Path) -> dict[str, str]:
    areas: Any = read_table(run / "tables", "area", ["area_code", "area_name"])
    return dict(zip(areas["area_code"], areas["area_name"], strict=True))


def _by_result(figures: tuple[Figure, ...]) -> dict[tuple[str, str], list[str]]:
    """For each area and window, the table, year and cause of every figure that changed."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in figures:
        where = f"{one.table} {one.financial_year}" + (f": {one.cause}" if one.cause else "")
        found.setdefault((one.area_code, one.window), []).append(where)
    return found


class _Known(NamedTuple):
    """What is known of every result that moved: names of areas, changed figures by result, causes, own spend."""

    names: Mapping[str, str]
    figures: Mapping[tuple[str, str], list[str]]
    why: list[str]
    own: list[dict[tuple[str, str], float]]


def _changes(moved: Any, known: _Known) -> tuple[Change, ...]:
    """Rows of results on both sides as changes, in order of window and area."""
    rows = moved.reset_index().sort_values(["window", "area_code"]).to_dict("records")
    return tuple(_change(row, known) for row in rows)


def _change(row: dict[str, Any], known: _Known) -> Change:
    key = (str(row["area_code"]), str(row["window"]))
    where = known.figures.get(key, [])
    before, after = (_side(row, end, spent.get(key)) for end, spent in zip((BEFORE, AFTER), known.own, strict=True))
    return Change(
        area_code=key[0],
        window=key[1],
        area_name=known.names.get(key[0], key[0]),
        before=before,
        after=after,
        why=because(len(where), ", ".join(sorted(set(where))), known.why),
    )


def _own_spend(run: Path) -> dict[tuple[str, str], float]:
    """Own-funded spend over the years of a window, in pounds, by area and window."""
    spent = some_rows(run, "expected_spend", [*KEY, "is_base", "actual_gbp"])
    if spent is None:
        return {}
    sums = spent[~spent["is_base"].astype(bool)].groupby(KEY)["actual_gbp"].sum(min_count=1).dropna()
    return {(str(area), str(window)): float(value) for (area, window), value in sums.items()}


def _side(row: dict[str, Any], ending: str, own: float | None) -> Side:
    def text(name: str) -> str:
        found = row[f"{name}{ending}"]
        return found if isinstance(found, str) else ""

    def number(name: str) -> float | None:
        found = row[f"{name}{ending}"]
        return None if found is None or found != found else float(found)

    return Side(
        result=text("list"),
        band=text("band"),
        ratio=number("evidence_ratio"),
        gap_gbp=number("gap_gbp"),
        nhs_gbp=number("transfer_gbp"),
        own_gbp=own,
    )
