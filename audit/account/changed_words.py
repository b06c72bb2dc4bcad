"""What moved between two runs as lines of text: all of it for `diff`, the heart of it for a run's end and its summary.

In: `Changes`. Out: lines. Pounds are those of one result or one figure; no sum over areas is ever made of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reports.site.changes import APPEARED, HEADINGS, LEFT, MOVED, SEVERAL, Change, Changes, Figure, Side
from reports.words.frame import window_words
from reports.words.narrative import MINUS, count_of, evidence, prose_gbp

MOST = 20
"""Amounts that are printed where not all are asked for, the largest moves first."""
NAMED = 5


def lines_of(found: Changes, *, all_of_it: bool = False) -> list[str]:
    """The causes, each result that moved, then results and figures whose amounts moved, how many of each."""
    lines = [f"{found.before.run_id} -> {found.after.run_id}"]
    lines += [f"cause: {cause}" for cause in found.causes or ("nothing that decides a result",)]
    lines += [
        f"{change.window} {change.area_name} ({change.area_code}): {_result(change.before)} -> "
        f"{_result(change.after)}{_by_how_much(change)}; {change.why}"
        for change in found.changes
    ]
    most = None if all_of_it else MOST
    lines += _part(
        "amounts that moved, list and band as they were",
        [
            f"{change.window} {change.area_name} ({change.area_code}):{_by_how_much(change)}; {change.why}"
            for change in sorted(found.amounts, key=_size)
        ],
        most,
    )
    lines += _part("published figures that moved", [_figure(one) for one in sorted(found.figures, key=_far)], most)
    lines.append(f"{len(found.changes)} results changed")
    if found.several and (found.changes or found.amounts):
        lines.append(SEVERAL)
    return lines


def _part(title: str, lines: Sequence[str], most: int | None) -> list[str]:
    if not lines:
        return []
    more = len(lines) - (most or len(lines))
    shown = [f"  {line}" for line in lines[:most]]
    return [f"{title}: {len(lines)}", *shown, *([f"  and {more} more: --all"] if more > 0 else [])]


def _size(change: Change) -> tuple[float, str, str]:
    """The largest move in pounds first, then by window and area."""
    pairs = ((change.before.gap_gbp, change.after.gap_gbp), (change.before.own_gbp, change.after.own_gbp))
    moves = [abs(after - before) for before, after in pairs if before is not None and after is not None]
    return -max(moves, default=0.0), change.window, change.area_code


def _far(one: Figure) -> tuple[float, str, str, str]:
    return -abs((one.after or 0.0) - (one.before or 0.0)), one.area_code, one.window, one.financial_year


def _figure(one: Figure) -> str:
    before, after = ("none" if value is None else f"{value:,.15g}" for value in (one.before, one.after))
    cause = f"; {one.cause}" if one.cause else ""
    return (
        f"{one.area_name} ({one.area_code}), {one.window} {one.financial_year}, {one.figure}: {before} -> {after} "
        f"{one.unit}".rstrip()
        + cause
    )


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


def counts_sentence(found: Changes) -> str:
    """How many results changed list or band, and how many others moved at all."""
    if not found.changes:
        said = "no list and no band changed"
    else:
        counts = {kind: sum(change.kind == kind for change in found.changes) for kind in HEADINGS}
        said = (
            f"{count_of(len(found.changes), 'result', 'results')} changed list or band: {counts[APPEARED]} appeared on "
            f"a list, {counts[LEFT]} left the lists, {counts[MOVED]} moved otherwise"
        )
    others = count_of(len(found.amounts), "other result has", "other results have")
    return said + (f"; {others} other amounts" if found.amounts else "")


def since_lines(found: Changes | None) -> list[str]:
    """What changed since the run before, in a few lines that can stand in a mail."""
    if found is None:
        return ["There is no run before this one here to compare it with."]
    if found.problem:
        return [f"What changed since run {found.before.run_id} cannot be said: {found.problem}"]
    lines = [f"Since run {found.before.run_id} {counts_sentence(found)}."]
    lines += [f"What differs: {cause.replace(' differs', '', 1)}." for cause in found.causes]
    for kind, words in ((APPEARED, "Appeared on a list"), (LEFT, "Left the lists"), (MOVED, "Moved otherwise")):
        if those := [change for change in found.changes if change.kind == kind]:
            lines.append(f"{words}: {_named(those)}.")
    return lines


def _named(changes: Iterable[Change]) -> str:
    said = [f"{one.area_name} ({one.area_code}; {window_words(one.window)})" for one in changes]
    more = f" and {len(said) - NAMED} more" if len(said) > NAMED else ""
    return ", ".join(said[:NAMED]) + more
