"""Results that moved between two runs of one version of the method: list or band, by how much, and from what.

In: the folders of two runs, their manifests. Out: `Changes`, which a page prints, and the same as lines of text. For
each result that moved: which of its own figures changed, in which tables and years, and which other causes are left.
Refuses (InputError) a run of another version of the method; errors of reading a table are passed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from audit.account.causes import because, causes, suite_causes
from pipelines.declarations.method_version import refuse_other_method
from pipelines.declarations.parquet import read_table
from pipelines.errors import Place
from reports.site.changes_page import SEVERAL, Change, Changes, RunTold, Side
from reports.words.narrative import MINUS, evidence, prose_gbp

KEY = ["area_code", "window"]
RESULT = ["list", "band", "evidence_ratio", "gap_gbp", "transfer_gbp"]
FIGURE = ["area_code", "window", "table", "column", "figure", "financial_year", "record_id"]
BEFORE, AFTER = "_before", "_after"
Content = Mapping[str, Any]


def run_told(content: Content) -> RunTold:
    """A run as the page names it: its id, version and commit."""
    version, commit = content.get("version") or "not stated", content.get("commit") or "not held"
    return RunTold(str(content["run_id"]), str(version), str(commit))


def changes_between(one: Path, other: Path, contents: tuple[dict[str, Any], dict[str, Any]]) -> Changes:
    """What moved from the run `one` to the run `other`, whose manifests hold `contents`."""
    for run, content in zip((one, other), contents, strict=True):
        refuse_other_method(content, Place(str(run)))
    why = causes(*contents)
    why += suite_causes(one, other) if contents[0]["code"] != contents[1]["code"] else []
    both = _results(one).join(_results(other), how="outer", suffixes=(BEFORE, AFTER))
    is_moved = _differ(both, "list") | _differ(both, "band")
    moved = both[is_moved].reset_index()
    names = _names(one) | _names(other)
    codes = sorted(set(moved["area_code"]))
    figures, own = _changed_figures(one, other, codes), [_own_spend(run, codes) for run in (one, other)]
    changes: list[Change] = []
    for row in moved.sort_values(["window", "area_code"]).to_dict("records"):
        key = (str(row["area_code"]), str(row["window"]))
        where = figures.get(key, [])
        basis = because(len(where), ", ".join(sorted(set(where))), why)
        before, after = (_side(row, end, spent.get(key)) for end, spent in zip((BEFORE, AFTER), own, strict=True))
        changes.append(
            Change(
                area_code=key[0],
                window=key[1],
                area_name=names.get(key[0], key[0]),
                before=before,
                after=after,
                why=basis,
            )
        )
    return Changes(
        before=run_told(contents[0]),
        after=run_told(contents[1]),
        causes=tuple(why),
        changes=tuple(changes),
        unmoved=int((_differ(both, "evidence_ratio") & ~is_moved).sum()),
    )


def _results(run: Path) -> Any:
    return read_table(run / "tables", "flag", [*KEY, *RESULT]).set_index(KEY)


def _differ(both: Any, name: str) -> Any:
    """Where a column is not the same on both sides; missing on both is the same."""
    before, after = both[f"{name}{BEFORE}"], both[f"{name}{AFTER}"]
    return (before != after) & ~(before.isna() & after.isna())


def _names(run: Path) -> dict[str, str]:
    areas: Any = read_table(run / "tables", "area", ["area_code", "area_name"])
    return dict(zip(areas["area_code"], areas["area_name"], strict=True))


def _some(run: Path, table: str, columns: list[str], codes: list[str]) -> Any:
    """Rows of the areas `codes`, as a frame; none where the run did not write the table."""
    import pyarrow.parquet as pq

    path = run / "tables" / f"{table}.parquet"
    if not path.is_file():
        return None
    return pq.read_table(path, columns=columns, filters=[("area_code", "in", codes)]).to_pandas()


def _changed_figures(one: Path, other: Path, codes: list[str]) -> dict[tuple[str, str], list[str]]:
    """For each area of `codes` and window, the table and year of every figure that changed."""
    found: dict[tuple[str, str], list[str]] = {}
    frames: list[Any] = []
    for run in (one, other) if codes else ():
        frame = _some(run, "evidence", [*FIGURE, "value"], codes)
        if frame is None:
            return {}
        frame["record_id"] = frame["record_id"].str.split("@").str[0]
        frames.append(frame.set_index(FIGURE)["value"])
    if not frames:
        return {}
    both = frames[0].to_frame("value_before").join(frames[1].to_frame("value_after"), how="outer")
    for row in both[_differ(both, "value")].reset_index().to_dict("records"):
        where = f"{row['table']} {row['financial_year']}"
        found.setdefault((str(row["area_code"]), str(row["window"])), []).append(where)
    return found


def _own_spend(run: Path, codes: list[str]) -> dict[tuple[str, str], float]:
    """Own-funded spend over the years of a window, in pounds, by area and window."""
    spent = _some(run, "expected_spend", [*KEY, "is_base", "actual_gbp"], codes) if codes else None
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


def lines_of(found: Changes) -> list[str]:
    """The same as lines of text: the causes, each result that moved, how many did."""
    lines = [f"{found.before.run_id} -> {found.after.run_id}"]
    lines += [f"cause: {cause}" for cause in found.causes or ("nothing that decides a result",)]
    for change in found.changes:
        lines.append(
            f"{change.window} {change.area_name} ({change.area_code}): {_result(change.before)} -> "
            f"{_result(change.after)}{_by_how_much(change)}; {change.why}"
        )
    lines.append(f"{len(found.changes)} results changed")
    if found.several and found.changes:
        lines.append(SEVERAL)
    return lines


def _result(side: Side) -> str:
    """List and band of one side, as printed."""
    return ", ".join(filter(None, (side.result, side.band))) or "no result"


def _by_how_much(change: Change) -> str:
    one, other = change.before, change.after
    said: list[str] = []
    if one.ratio is not None and other.ratio is not None:
        said.append(f"evidence ratio {evidence(one.ratio)} -> {evidence(other.ratio)}")
    for words, before, after in (
        ("gap", one.gap_gbp, other.gap_gbp),
        ("NHS money", one.nhs_gbp, other.nhs_gbp),
        ("own-funded spend", one.own_gbp, other.own_gbp),
    ):
        if before is not None and after is not None and round(after - before):
            sign = "+" if after > before else MINUS
            said.append(f"{words} {sign}{prose_gbp(abs(after - before))}")
    return f" ({', '.join(said)})" if said else ""
