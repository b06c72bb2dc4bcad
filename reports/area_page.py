"""The area page's view model: every section that has data, in the order an auditor reads them.

In: a run. Out: `AreaContext`, prepared once, and an `AreaPage` per area. A grade is worded so that flagged, not flagged, cannot tell
and not assessed can never be mistaken for each other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reports import cautions, questions
from reports.evidence_section import evidence_table, look_alike_part
from reports.frame import CLASSES, GRADE_STYLES, flag_windows, frame, window_words
from reports.money_section import money_part
from reports.narrative import (
    FLAGGED, GRADES, count_of, interval, is_missing, missing_headline, ordinal, outcome, percent, plain_code, probability,
    sentence, thousand, thousand_interval,
)
from reports.peers_section import PeerYears, peer_years, peers_part
from reports.read_run import Row, Run
from reports.view_models import AreaPage, Cell, Column, DataTable, Headline, Link, Pair
from reports.why_section import why_part

ORDER = Path(__file__).parent / "sections" / "order.toml"
Groups = Mapping[tuple[Any, ...], Sequence[Row]]


@dataclass(frozen=True)
class AreaContext:
    """A run's tables grouped by area and window, and what all area pages share."""

    run: Run
    windows: tuple[str, ...]
    groups: Mapping[str, Groups]
    peers: PeerYears
    break_words: Mapping[str, str]

    def of(self, table: str, *key: str) -> Sequence[Row]:
        return self.groups[table].get(key, ())


@cache
def section_order() -> tuple[str, ...]:
    """The area page's sections in the order of `sections/order.toml`."""
    return tuple(tomllib.loads(ORDER.read_text(encoding="utf-8"))["area"])


def area_context(run: Run) -> AreaContext:
    """Group the run's tables once for all area pages."""
    by_window = ("expected_spend", "feature_value", "area_score", "flag", "look_alike", "evidence")
    groups: dict[str, Groups] = {table: run.grouped(table, "area_code", "window") for table in by_window}
    groups["area_year"] = run.grouped("area_year", "area_code")
    groups["commissioner_area_weight"] = run.grouped("commissioner_area_weight", "area_code")
    return AreaContext(
        run=run, windows=tuple(flag_windows(run)), groups=groups, peers=peer_years(run), break_words=cautions.break_words(run)
    )


def headline(area: Row, window: str, flag: Row | None) -> Headline:
    """One window's headline sentence and grade."""
    grade = str(flag["grade"]) if flag else "not assessed"
    text = sentence(flag["headline"]) if flag else ""
    years = str(flag["years"] or "") if flag else ""
    return Headline(
        window=window_words(window), outcome=outcome(grade), style=GRADE_STYLES.get(grade, "grade-absent"),
        text=text or missing_headline(str(area["area_name"]), years), reason=sentence(flag["reason"]) if flag else "",
    )


def rank_words(flag: Row | None, score: Row | None) -> str:
    """A rank with its stability, for grades A and B only; a watch-list area is shown without rank."""
    if flag is None or flag["grade"] not in ("A investigate", "B enquire") or score is None or is_missing(score["rank"]):
        return "not ranked"
    said = f"{ordinal(int(score['rank']))} of {int(score['of'])}"
    return said if is_missing(score["stability"]) else f"{said}; in the review list in {percent(score['stability'])} of runs"


def windows_table(context: AreaContext, code: str) -> DataTable:
    """The result by window: one column per window, one row per statement."""
    flags = [(context.of("flag", code, window) or [None])[0] for window in context.windows]
    scores = [(context.of("area_score", code, window) or [None])[0] for window in context.windows]

    def line(label: str, values: Sequence[str]) -> tuple[Cell, ...]:
        return (Cell(label), *(Cell(value) for value in values))

    def each(name: str, printed: Any) -> list[str]:
        return [printed(flag[name]) if flag else "[x]" for flag in flags]

    def both(low: str, high: str, printed: Any) -> list[str]:
        return [printed(flag[low], flag[high]) if flag else "[x]" for flag in flags]

    return DataTable(
        id="result-table", caption="Result by window (money in £ thousand, cash)",
        columns=(Column("Measure"), *(Column(window_words(window)) for window in context.windows)),
        rows=(
            line("Result", [outcome(flag["grade"]) if flag else outcome(None) for flag in flags]),
            line("Rank and stability", [rank_words(flag, score) for flag, score in zip(flags, scores, strict=True)]),
            line("Expected less actual own-funded spend", each("gap_gbp", thousand)),
            line("90% interval", both("gap_lower_gbp", "gap_upper_gbp", thousand_interval)),
            line("NHS transfer over the window", [f"{thousand(flag['transfer_gbp'])} ({flag['transfer_basis'] or 'basis not stated'})" if flag else "[x]" for flag in flags]),
            line("Displacement rate, 90% interval", both("displacement_lower", "displacement_upper", interval)),
            line("Adjusted q-value", each("q_value", probability)),
            line("Maintenance of effort (arithmetic)", [sentence(flag["maintenance_of_effort"]) or "[x]" if flag else "[x]" for flag in flags]),
            line("Above the materiality threshold", each("material", lambda value: "[x]" if value is None else "yes" if value else "no")),
            line("Data quality", each("data_quality", lambda value: value or "[x]")),
        ),
        note="Displacement rate: pounds of own-funded spend lower per pound received; 0 is fully additional, 1 is pound for pound.",
    )


def _summary(context: AreaContext, area: Row, checks: str) -> tuple[Pair, ...]:
    code = str(area["area_code"])
    weights = context.of("commissioner_area_weight", code)
    vintages = sorted({str(row["vintage"]) for row in weights})
    latest = [row for row in weights if vintages and row["vintage"] == vintages[-1] and (row["weight"] or 0) >= 0.01]
    named = sorted(latest, key=lambda row: (-(row["population"] or 0) * (row["weight"] or 0), str(row["commissioner_code"])))
    mapped = ", ".join(f"{row['commissioner_name']} ({percent(row['weight'])} of its people)" for row in named[:6])
    more = f" and {len(named) - 6} more" if len(named) > 6 else ""
    return (
        Pair("Area code", f"{code} (ONS, 2019 vintage)"),
        Pair("Authority codes", str(area["authority_codes"] or "").replace(";", ", ") or "not held"),
        Pair("Type and region", f"{CLASSES.get(str(area['class']), str(area['class'] or 'not held'))}, {area['region'] or 'region not held'}"),
        Pair("Commissioners", f"{mapped}{more}, by lookup of {vintages[-1]}" if mapped else "No commissioner is mapped in this run."),
        Pair("Checks", checks, href="validation.html"),
        Pair("Run", context.run.run_id),
    )


def area_page(context: AreaContext, area: Row) -> AreaPage:
    """The page of one area (a row of table `area`)."""
    run, code, name = context.run, str(area["area_code"]), str(area["area_name"])
    flags = [row for window in context.windows for row in context.of("flag", code, window)]
    by_window = {str(flag["window"]): flag for flag in flags}
    features = [row for window in context.windows for row in context.of("feature_value", code, window)]
    tests = [row for window in context.windows for row in context.of("look_alike", code, window)]
    evidence = [row for window in context.windows for row in context.of("evidence", code, window)]
    authorities = [part.strip() for part in str(area["authority_codes"] or "").split(";") if part.strip()]
    aside = cautions.of_area(run.rows("quarantine"), authorities)
    marks = cautions.of_area(run.rows("check_mark"), authorities)
    lead, asked = questions.for_area(flags, tests, features)
    heads = sorted(
        (headline(area, window, by_window.get(window)) for window in context.windows),
        key=lambda head: [outcome(grade) for grade in GRADES].index(head.outcome),
    )
    tables = (
        cautions.breaks_table(cautions.area_breaks(context.of("area_year", code)), dict(context.break_words)),
        cautions.aside_table(marks, identity="marks-table", caption="Figures of this area that a check marked as doubtful", last="Expected"),
        cautions.aside_table(aside, identity="quarantine-table", caption="Rows and values of this area set aside", last="Reason"),
    )
    checks = run.rows("check_result")
    failed = sum(row["outcome"] in ("failed", "errored") for row in checks)
    return AreaPage(
        frame=frame(run, title=name, here="areas", root="../"), code=code, name=name, headlines=tuple(heads),
        summary=_summary(
            context, area, f"{count_of(len(checks), 'check', 'checks')} of the data, {failed:,} with findings; "
            f"{count_of(len(marks), 'figure', 'figures')} of this area marked, {len(aside):,} set aside"
        ),
        windows=windows_table(context, code),
        money=tuple(money_part(window, context.of("expected_spend", code, window), by_window.get(window), name=name) for window in context.windows),
        why=tuple(
            why_part(window, context.of("feature_value", code, window), (context.of("area_score", code, window) or [None])[0], name=name)
            for window in context.windows
        ),
        evidence=evidence_table(evidence), evidence_empty="This run recorded no figures for this area.",
        peers=peers_part(context.peers, area),
        cautions=cautions.sentences(area, flags, evidence, aside), caution_tables=tuple(table for table in tables if table),
        look_alikes=tuple(look_alike_part(window, context.of("look_alike", code, window)) for window in context.windows),
        questions_lead=lead, questions=asked, response="None recorded.", method=method_pairs(run),
        downloads=(
            Link("Evidence rows of this page (CSV)", f"../downloads/{code}.csv", count_of(len(evidence), "row", "rows")),
            Link("Column descriptions (CSVW)", f"../downloads/{code}.csv-metadata.json"),
            Link("Run manifest (JSON)", "../manifest.json", "inputs with sha256, settings and versions"),
        ),
        sections=section_order(),
    )


def method_pairs(run: Run) -> tuple[Pair, ...]:
    """Versions, settings that differ from the defaults, and the command that re-performs the run."""
    manifest = run.manifest
    changed: Any = manifest.get("settings_changed") or {}
    told = "; ".join(f"{plain_code(str(name))}: {value}" for name, value in sorted(changed.items())) if isinstance(changed, dict) else ""
    return (
        Pair("Run", run.run_id),
        Pair("ringfence version", str(manifest.get("version", "not stated"))),
        Pair("Method version", str(manifest.get("method_version", "not stated"))),
        Pair("Settings that differ from the defaults", told or "none"),
        Pair("Re-perform with", str(manifest.get("command", "not stated"))),
    )


def flagged(grade: str | None) -> bool:
    """True for grades A, B and C only."""
    return grade in FLAGGED
