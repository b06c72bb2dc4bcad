"""The targets of the method beside what was reached, for each window.

In: rows of the other evaluation tables. Out: rows of evaluation_target. Refuses nothing: what could not be measured
says so in its note. Targets were set before anything was measured.
"""

from __future__ import annotations

import math
from typing import Any

from audit.evaluation.plans import QUIET
from pipelines.declarations.table_words import BETTER_CARE_FUND, SECTION_256

Rows = list[dict[str, Any]]


def _mean(values: list[float]) -> float:
    known = [value for value in values if value == value]
    return sum(known) / len(known) if known else math.nan


def _row(window: str, target: str, must: str, aim: str, reached: float, met: bool | None, note: str = "") -> Any:
    said = "no target" if met is None else "not measured" if reached != reached else "yes" if met else "no"
    return {"window": window, "target": target, "must_reach": must, "aim": aim, "reached": reached, "met": said,
            "note": note}  # fmt: skip


def targets(scenarios: Rows, detectors: Rows, ablations: Rows, placebo: Rows) -> Rows:
    """One row per target and window, then the placebo windows, which belong to both."""
    made: Rows = []
    for window, centre in ((SECTION_256, "centre"), (BETTER_CARE_FUND, "fund_centre")):
        mine = [row for row in scenarios if row["window"] == window]
        ranked = {row["detector"]: row for row in detectors if row["family"] == centre}
        gains = {row["what"]: row for row in ablations if row["window"] == window}
        made += _flags(window, mine, centre) + _rankings(window, ranked) + _gains(window, gains)
        made += _intervals(window, mine)
    with_a = sum(row["picked_by_a"] > 0 for row in placebo)
    share = with_a / len(placebo) if placebo else math.nan
    made.append(
        _row(
            "both",
            "share of placebo windows in which the q-value of A picks anybody",
            "0.15",
            "0.10",
            share,
            share <= 0.15,
            f"{with_a} of {len(placebo)}; the rule for A asks for more",
        )
    )
    return made


def _flags(window: str, rows: Rows, centre: str) -> Rows:
    by_family = {row["family"]: row for row in rows}
    flagged = sum(row["flagged"] for row in rows)
    known = [row["realised_fdr"] for row in rows if row["realised_fdr"] == row["realised_fdr"]]
    worst = max(known) if known else math.nan
    quiet = [by_family[name] for name in QUIET if name in by_family]
    any_a = sum(row["cases_with_a"] for row in quiet) / sum(row["cases"] for row in quiet)
    main = by_family[centre]
    nobody = "no case gave an A or B flag, so no discovery was false and none was made"
    stable = _mean([row["stability_b_rule"] for row in rows])
    firm = _mean([row["stability_top_15"] for row in rows])
    return [
        _row(
            window,
            "realised false discovery rate of A and B, worst family",
            "0.12",
            "0.10",
            worst,
            worst <= 0.12,
            f"{flagged} flags in all families" if flagged else nobody,
        ),
        _row(window, "share of cases with nothing to find that show any A", "0.15", "0.10", any_a, any_a <= 0.15),
        _row(
            window,
            "power of A and B at rate 1 against a background of 0.3",
            "0.25",
            "0.50",
            main["power_a_b"],
            main["power_a_b"] >= 0.25,
        ),
        _row(window, "power of A, B and C watch there", "none set", "none set", main["power_a_b_c"], None),
        _row(
            window,
            "stability of the areas the B rule picks under half-sampling (Jaccard)",
            "0.6",
            "0.8",
            stable,
            stable >= 0.6,
            "only cases in which the rule picked anybody",
        ),
        _row(
            window,
            "stability of the 15 ranked highest under half-sampling (Jaccard)",
            "none set",
            "none set",
            firm,
            None,
        ),
        _row(
            window,
            "planted driver among the top three contributions, injured areas of the review list",
            "none set",
            "none set",
            _mean([row["driver_in_top_three"] for row in rows]),
            None,
        ),
        _row(
            window,
            "share of areas told that they cannot be told",
            "reported",
            "reported",
            _mean([row["cannot_tell_share"] for row in rows]),
            None,
        ),
    ]


def _rankings(window: str, ranked: dict[str, dict[str, Any]]) -> Rows:
    method, oracle = ranked["method"], ranked["oracle"]
    part = method["power_at_fdr_10"] / oracle["power_at_fdr_10"] if oracle["power_at_fdr_10"] > 0 else math.nan
    return [
        _row(
            window,
            "power of the ranking at rate 1 against 0.3, best threshold with at most 10% false",
            "0.25",
            "0.50",
            method["power_at_fdr_10"],
            method["power_at_fdr_10"] >= 0.25,
        ),
        _row(
            window,
            "the oracle's power at the same: the limit to approach",
            "none set",
            "none set",
            oracle["power_at_fdr_10"],
            None,
            "knows the planted signal and the generator's noise",
        ),
        _row(window, "power of the ranking as a share of the oracle's", "0.70", "0.90", part, part >= 0.70),
        _row(
            window,
            "injured areas found while 5% of the others are picked",
            "none set",
            "none set",
            method["found_at_05"],
            None,
            f"oracle {oracle['found_at_05']:.2f}; chance 0.05",
        ),
        _row(
            window,
            "injured areas found there, as a share of what the oracle finds",
            "none set",
            "none set",
            method["share_of_oracle"],
            None,
            f"chance {0.05 / oracle['found_at_05']:.2f}" if oracle["found_at_05"] > 0 else "",
        ),
        _row(
            window,
            "precision at 15, prevalence 10%",
            "0.50",
            "0.75",
            method["precision_at_15"],
            method["precision_at_15"] >= 0.50,
            f"oracle {oracle['precision_at_15']:.2f}",
        ),
    ]


def _gains(window: str, gains: dict[str, dict[str, Any]]) -> Rows:
    rows: Rows = []
    for what, words in (
        ("the whole method against the five-line baseline", "gain of the whole method over the five-line baseline"),
        ("the forest against the five-line baseline", "gain of the forest over the five-line baseline"),
        ("what the forest adds to the displacement estimate", "gain of the forest over the displacement estimate"),
    ):
        row = gains.get(what)
        if row:
            gain = row["gain"] / row["without_it"] if row["without_it"] else math.nan
            note = f"{row['verdict']}: {row['gain']:+.3f}, from {row['lower']:+.3f} to {row['upper']:+.3f}"
            rows.append(_row(window, f"{words}, average precision", "reported", "0.10", gain, gain >= 0.10, note))
    return rows


def _intervals(window: str, rows: Rows) -> Rows:
    plain = [row for row in rows if row["onset"] == "same" and not row["ramp"]]
    coverage = [row["coverage"] for row in plain]
    fine = all(0.86 <= value <= 0.94 for value in coverage)
    return [
        _row(
            window,
            "coverage of the 90% interval of the rate, mean over families",
            "0.86 to 0.94",
            "0.88 to 0.92",
            _mean(coverage),
            fine,
            f"from {min(coverage):.2f} to {max(coverage):.2f} over families, all of which must "
            "be inside; rates relative to the average council",
        ),
        _row(
            window,
            "width of the 90% interval of the rate, pounds per pound, middle area",
            "reported",
            "reported",
            _mean([row["interval_width"] for row in plain]),
            None,
        ),
        _row(
            window,
            "90% intervals wholly on the wrong side of nought",
            "reported",
            "reported",
            _mean([row["sign_errors"] for row in plain]),
            None,
        ),
    ]
