"""The area page's view model: every section that has data, in the order an auditor reads them.

In: an `AreaContext`, prepared once for a run, and a row of table `area`. Out: an `AreaPage`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache

from pipelines.places import ROOT
from reports.area import cautions, questions
from reports.area.area_context import AreaContext
from reports.area.area_view import AreaPage
from reports.area.evidence_section import evidence_part, evidence_sentence
from reports.area.funnel_section import funnel_figures, funnel_part
from reports.area.look_alike_section import look_alike_part
from reports.area.minute import minute_rows, papers_line, response_line
from reports.area.money_section import NOTE, money_part
from reports.area.path_section import path_parts
from reports.area.peers_section import named_peers, peers_part
from reports.area.recent_section import outcomes_part, recent_part
from reports.area.result_section import headline, in_result_order, reasons, result_table
from reports.area.supplied import enquiry_section
from reports.area.supplied.conclusion_part import conclusion_heads
from reports.area.supplied.supplied_section import criteria_questions, known_table, plans_part, responses_part
from reports.area.why_section import why_absent, why_part
from reports.checks.evidence_checks import checks_table, each_once
from reports.checks.evidence_files import files_table, files_used
from reports.payments.section import area_section
from reports.words.frame import CLASSES, frame, spoken_name
from reports.words.narrative import count_of, percent
from reports.words.read_run import Row
from reports.words.reperform import method_pairs
from reports.words.view_models import Link, Pair

ORDER = ROOT / "reports" / "sections" / "order.toml"


@cache
def sections() -> tuple[tuple[str, str], ...]:
    """(section, heading) of the area page in the order of `sections/order.toml`; the first have no heading."""
    listed = tomllib.loads(ORDER.read_text(encoding="utf-8"))["area"]
    return tuple((entry["section"], entry.get("heading", "")) for entry in listed)


def commissioner_words(weights: Sequence[Row]) -> str:
    """The commissioners with at least one in a hundred of their people in the area, by the latest lookup held."""
    vintage = max((str(row["vintage"]) for row in weights), default="")
    latest = [row for row in weights if row["vintage"] == vintage and (row["weight"] or 0) >= 0.01]
    if not latest:
        return "No commissioner is mapped in this run."
    named = sorted(latest, key=lambda row: (-(row["weight"] or 0), str(row["commissioner_code"])))
    said = ", ".join(f"{row['commissioner_name']} ({percent(row['weight'])} of its people)" for row in named[:6])
    more = f" and {len(named) - 6} more" if len(named) > 6 else ""
    return f"{said}{more}, by the lookup of {vintage}"


def kind_words(area: Row) -> str:
    """Type, region and code in a line under the name."""
    kind = str(area["class"] or "")
    words = CLASSES.get(kind, kind or "type not held")
    return f"{words[:1].upper()}{words[1:]}, {area['region'] or 'region not held'}; area code {area['area_code']}"


def identity_pairs(context: AreaContext, area: Row) -> tuple[Pair, ...]:
    """Authority codes and commissioners mapped."""
    return (
        Pair("Authority codes", str(area["authority_codes"] or "").replace(";", ", ") or "not held"),
        Pair("Commissioners", commissioner_words(context.of("commissioner_area_weight", str(area["area_code"])))),
    )


def contents_links(shown: Sequence[str]) -> tuple[Link, ...]:
    """A link to each section with a heading that the page shows."""
    return tuple(Link(heading, f"#{name}") for name, heading in sections() if heading and name in shown)


def years_of(expected: Sequence[Row]) -> list[str]:
    """The years of the judged windows, without their base years."""
    return sorted({str(row["financial_year"]) for row in expected if not row["is_base"]})


def answer_links(code: str, figures: Sequence[Row]) -> tuple[Link, ...]:
    """Links to the figures of the area's answer; none where none is used."""
    if not figures:
        return ()
    name, many = f"../downloads/{code}-answers.csv", count_of(len(figures), "row", "rows")
    return (
        Link("Figures of the answer (CSV)", name, f"{many} with file, hash, sheet and cell"),
        Link("Column descriptions of the answer (CSVW)", f"{name}-metadata.json"),
    )


def area_page(context: AreaContext, area: Row) -> AreaPage:
    """The page of one area (a row of table `area`)."""
    run, code, name, windows = context.run, str(area["area_code"]), str(area["area_name"]), context.windows
    said = spoken_name(name)
    flags, evidence = context.all_windows("flag", code), context.all_windows("evidence", code)
    authorities = [part.strip() for part in str(area["authority_codes"] or "").split(";") if part.strip()]
    aside, marks = cautions.of_authorities(run.rows("quarantine"), authorities), context.of("check_mark", code)
    told = cautions.told_first(marks, context.of("revision", code), context.of("allocation_use", code))
    used = [row for row in each_once(evidence) if context.checked.marks_of(row)]
    files = files_used(evidence, csv=f"downloads/{code}.csv", listed=context.of("evidence_by_area", code))
    tests = context.all_windows("look_alike", code)
    by_window = {window: context.one("flag", code, window) for window in windows}
    unusual = {
        window: why_part(window, context.of("feature_value", code, window), by_window[window], name=said)
        for window in windows
    }
    lead, asked = questions.for_area(
        flags,
        tests,
        context.all_windows("feature_value", code),
        criteria=criteria_questions(
            run.rows("criteria"), [years_of(context.of("expected_spend", code, window)) for window in windows]
        ),
    )
    papers = enquiry_section.papers_parts(context.of, code, windows=windows, reads=context.reads)
    shown = [name for name, _ in sections() if name != "enquiry" or papers]
    return AreaPage(
        frame=frame(run, title=name, here="areas", root="../"), code=code, name=name, kind=kind_words(area),
        headlines=in_result_order([headline(area, window, by_window[window]) for window in windows]),
        under=(
            response_line(context.of("responses", code), context.of("asked", code)),
            *papers_line(
                enquiry_section.asked_sentence(context.of("asked", code), context.of("answer_file", code))
                if papers else ""
            ),
        ),
        minute=minute_rows(
            by_window, evidence=evidence, marked=len(used), tests=tests, questions=len(asked),
            assessed=context.assessed, peers=context.nearest(code), run_id=run.run_id,
        ),
        reasons=reasons(
            windows, list(by_window.values()), {window: words.member for window, words in context.lead.items()}
        ),
        result=result_table(
            windows, list(by_window.values()), context.variants, average=context.average, priors=context.reads.priors,
            right=context.right,
        ),
        conclusions=conclusion_heads(context.of("conclusion", code)),
        papers=papers,
        money=tuple(
            money_part(
                window, context.of("expected_spend", code, window), by_window[window], name=said,
                note="" if place else NOTE,
            )
            for place, window in enumerate(windows)
        ),
        path=path_parts(
            {window: context.of("yearly_change", code, window) for window in windows},
            name=said, average=context.average,
        ),
        why=tuple(found for found in unusual.values() if found),
        why_absent=why_absent(
            {window: context.one("area_score", code, window) for window, found in unusual.items() if not found}
        ),
        evidence_lead=evidence_sentence(evidence, len(used)),
        evidence=tuple(
            evidence_part(
                window, context.of("evidence", code, window),
                others=[row for later in windows[place:] for row in context.of("evidence", code, later)],
                files=files, checked=context.checked,
            )
            for place, window in enumerate(windows, start=1)
        ),
        files=files_table(files),
        checks=checks_table(context.checked, evidence),
        peers=peers_part(context.peers, area),
        named_peers=named_peers(
            windows, {window: context.of("peer", code, window) for window in windows}, context.areas
        ),
        funnel=funnel_part(context.funnels, code), funnel_figures=funnel_figures(context.funnels, code, said),
        payments=area_section(context.payments, code, said),
        recent=(
            recent_part(
                context.peers, context.of("area_year", code), context.of("budget_outturn", code), area
            ),
            outcomes_part(context.outcomes, area),
        ),
        cautions=(
            *told, *cautions.deduction(context.of("deduction_check", code)),
            *cautions.sentences(area, flags, evidence, aside),
        ),
        caution_tables=cautions.tables(context.of("area_year", code), context.break_words, marks=marks, aside=aside),
        look_alikes=look_alike_part(
            windows, tests, {window: words.ratios for window, words in context.lead.items()}
        ),
        known=known_table(context.of("known_explanations", code)),
        questions_lead=lead, questions=asked,
        response=(
            responses_part(context.of("responses", code), context.of("asked", code)),
            plans_part(context.of("plans", code)),
        ),
        method=(*identity_pairs(context, area), *method_pairs(run)),
        downloads=(
            Link(
                "Figures of this page (CSV)", f"../downloads/{code}.csv",
                f"{count_of(len(evidence), 'row', 'rows')} used, with cell and hash, then what was worked out",
            ),
            Link("Column descriptions (CSVW)", f"../downloads/{code}.csv-metadata.json"),
            *answer_links(code, context.of("answer_figure", code)),
            Link("Run manifest (JSON)", "../manifest.json", "inputs with sha256, settings and versions"),
        ),
        sections=tuple(shown), headings=dict(sections()), contents=contents_links(shown),
    )  # fmt: skip
