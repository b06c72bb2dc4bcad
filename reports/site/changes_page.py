"""A page of what changed between two runs, on its own: it stands beside a run's site and is no part of it, so that the
same inputs still give the same site.

In: what moved, as `Changes`. Out: a complete HTML page; its links lead into the site that lies `root` away, and there
are none where no site does. Where two runs cannot be compared it says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.places import ROOT
from reports.site.changes import APPEARED, HEADINGS, LEFT, MOVED, SEVERAL, Change, Changes, Figure, Side
from reports.words.frame import window_words
from reports.words.narrative import MISSING, count_of, evidence, is_missing, thousand
from reports.words.table_html import escaped, table_body, table_class
from reports.words.view_models import Cell, Column, DataTable

STYLE = ROOT / "reports" / "styles" / "base.css"
WARNING = "A list is a prompt for enquiry, not evidence of misuse. Protecting social care was a permitted purpose."
MOST_FIGURES = 300
"""Published figures that the page prints; the tables of both runs hold all."""


def _result(side: Side) -> Cell:
    return Cell("; ".join(filter(None, (side.result, side.band))) or "no result")


def _moved_by(before: float | None, after: float | None) -> Cell:
    """A change in £ thousand with its sign; missing where either side is."""
    if is_missing(before) or is_missing(after) or before is None or after is None:
        return Cell(MISSING)
    difference = after - before
    return Cell(f"+{thousand(difference)}" if round(difference / 1000) > 0 else thousand(difference))


def changes_table(kind: str, changes: Sequence[Change], *, linked: bool) -> DataTable:
    """Areas by window, in the order given: results, evidence ratio and pounds of both sides, and what moved them."""
    groups: dict[int, Cell] = {}
    for place, change in enumerate(changes):
        if not place or change.window != changes[place - 1].window:
            groups[place] = Cell(window_words(change.window))
    return DataTable(
        id=f"{kind}-table",
        caption="Before, after, and by how much",
        columns=(
            Column("Area"),
            Column("Before"),
            Column("After"),
            Column("Evidence ratio before", numeric=True),
            Column("Evidence ratio after", numeric=True),
            Column("Gap, change, £ thousand", numeric=True),
            Column("NHS money, change, £ thousand", numeric=True),
            Column("Own-funded spend, change, £ thousand", numeric=True),
            Column("Why"),
        ),
        rows=tuple(
            (
                Cell(change.area_name, href=f"areas/{change.area_code}.html" if linked else ""),
                _result(change.before),
                _result(change.after),
                Cell(evidence(change.before.ratio)),
                Cell(evidence(change.after.ratio)),
                _moved_by(change.before.gap_gbp, change.after.gap_gbp),
                _moved_by(change.before.nhs_gbp, change.after.nhs_gbp),
                _moved_by(change.before.own_gbp, change.after.own_gbp),
                Cell(change.why),
            )
            for change in changes
        ),
        groups=groups,
        note="Gap, NHS money and own-funded spend are sums over the window's years. A plus sign: more than before.",
    )


def figures_table(figures: Sequence[Figure], *, linked: bool) -> DataTable:
    """Published figures in their own units, before and after, and the input or check that moved them."""

    def value(number: float | None) -> Cell:
        return Cell(MISSING if number is None else f"{number:,.15g}")

    more = f" The first {MOST_FIGURES} of {len(figures):,}." if len(figures) > MOST_FIGURES else ""
    heads = ("Area", "Window", "Year", "Figure", "Before", "After", "Unit", "Moved by")
    return DataTable(
        id="figures-table",
        caption="Published figures before and after",
        columns=tuple(Column(head, numeric=head in ("Before", "After")) for head in heads),
        rows=tuple(
            (
                Cell(one.area_name, href=f"areas/{one.area_code}.html" if linked else ""),
                Cell(window_words(one.window)),
                Cell(one.financial_year),
                Cell(one.figure),
                value(one.before),
                value(one.after),
                Cell(one.unit),
                Cell(one.cause or "worked out otherwise"),
            )
            for one in figures[:MOST_FIGURES]
        ),
        note=f"As published, each in its own unit.{more}",
    )


def _table(table: DataTable, root: str) -> str:
    heads = "".join(
        f'<th scope="col"{" class=n" if column.numeric else ""}>{escaped(column.label)}</th>'
        for column in table.columns
    )
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{table.id}-c">\n'
        f'<table id="{table.id}" class="{table_class(table)}">\n<caption id="{table.id}-c">{escaped(table.caption)} '
        f'<span class="note">{escaped(table.note)}</span></caption>\n<thead><tr>{heads}</tr></thead>\n'
        f"{table_body(table, root)}\n</table>\n</div>\n"
    )


def _section(identity: str, heading: str, body: str) -> str:
    return (
        f'<section aria-labelledby="{identity}-h">\n<h2 id="{identity}-h">{escaped(heading)}</h2>\n{body}</section>\n'
    )


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f"<p>{escaped(line)}</p>\n" for line in lines)


def _moved(found: Changes, root: str) -> str:
    made = ""
    for kind, (heading, none) in HEADINGS.items():
        those = [change for change in found.changes if change.kind == kind]
        body = _table(changes_table(kind, those, linked=bool(root)), root) if those else _paragraphs([none])
        made += _section(kind, heading, body)
    if found.unmoved:
        more = f"{count_of(found.unmoved, 'other result has', 'other results have')} another evidence ratio than before"
        made += _section("unmoved", "The rest", _paragraphs([f"{more}, in the same band and on the same lists."]))
    if found.amounts:
        table = changes_table("amounts", found.amounts, linked=bool(root))
        made += _section("amounts", "Amounts that moved, list and band as they were", _table(table, root))
    if found.figures:
        table = figures_table(found.figures, linked=bool(root))
        made += _section("figures", "Published figures that moved", _table(table, root))
    return made


def _lead(found: Changes) -> list[str]:
    if found.problem:
        return [f"What changed cannot be said: {found.problem}"]
    areas = len({change.area_code for change in found.changes})
    counts = {kind: sum(change.kind == kind for change in found.changes) for kind in HEADINGS}
    return [
        f"{count_of(len(found.changes), 'result', 'results')} of {count_of(areas, 'area', 'areas')} changed list or "
        f"band: {counts[APPEARED]} appeared on a list, {counts[LEFT]} left the lists, {counts[MOVED]} moved "
        "otherwise."
        if found.changes
        else "No list and no band changed."
    ]


def _runs(found: Changes) -> str:
    rows = "".join(
        f"<div><dt>{words}</dt><dd>Run {escaped(run.run_id)}; ringfence {escaped(run.version)}; commit "
        f"{escaped(run.commit)}</dd></div>\n"
        for words, run in (("Before", found.before), ("After", found.after))
    )
    return f'<dl class="summary">\n{rows}</dl>\n'


def changes_page(found: Changes, *, root: str = "") -> str:
    """The page. `root` leads to the site of the run after the change; without it nothing is linked."""
    title = f"What changed from run {found.before.run_id} to run {found.after.run_id}"
    style = STYLE.read_text(encoding="utf-8").replace("RUN_ID", escaped(found.after.run_id))
    causes = [cause.replace(" -> ", " → ") for cause in found.causes or ("nothing that decides a result",)]
    items = "".join(f"<li>{escaped(cause[:1].upper() + cause[1:])}</li>\n" for cause in causes)
    body = f"<ul>\n{items}</ul>\n" + _paragraphs([SEVERAL] if found.several else [])
    link = f'<p><a href="{escaped(root)}index.html">The report of the run after the change</a></p>\n' if root else ""
    told = "" if found.problem else _section("causes", "What differs between the runs", body) + _moved(found, root)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)} - ringfence</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escaped(title)}</h1>\n<p><strong>{escaped(WARNING)}</strong></p>\n"
        f"{_paragraphs(_lead(found))}{link}{_runs(found)}{told}</main>\n</body>\n</html>\n"
    )
