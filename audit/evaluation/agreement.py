"""Do the returns agree with each other, and would the answer be the same from another of them?

In: an `Assessment` of the returns as they are and a folder of loaded tables. Out: rows of `evaluation_agreement`: pairs
of series of the same thing, and pairs of windows judged on another series. Refuses nothing: a pair that is not held is
left out.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from audit.method.assessment import Assessment
from audit.settings import Settings
from pipelines.declarations.table_words import BETTER_CARE_FUND, SECTION_256

REVIEW = 15


def _rank_correlation(first: Any, second: Any) -> float:
    from scipy.stats import spearmanr

    found: Any = spearmanr(first, second)
    return float(found.statistic)


def compare(first: Any, second: Any) -> dict[str, Any]:
    """Areas with both, middle difference in per cent of the second, share within 2%, rank correlation."""
    import numpy as np

    both = np.isfinite(first) & np.isfinite(second) & (np.abs(second) > 0)
    if both.sum() < 20:
        return {}
    off = np.abs(first[both] / second[both] - 1.0)
    return {
        "areas": int(both.sum()),
        "median_difference_percent": float(100.0 * np.median(off)),
        "within_2_percent": float((off <= 0.02).mean()),
        "rank_correlation": float(_rank_correlation(first[both], second[both])),
        "top_15_shared": math.nan,
    }


def _conclusions(first: Any, second: Any) -> dict[str, Any]:
    """The same for two rankings, of which only the order counts."""
    import numpy as np

    both = np.isfinite(first) & np.isfinite(second)
    tops = [set(np.argsort(-np.where(both, values, -np.inf), kind="stable")[:REVIEW].tolist())
            for values in (first, second)]  # fmt: skip
    return {
        "areas": int(both.sum()),
        "median_difference_percent": math.nan,
        "within_2_percent": math.nan,
        "rank_correlation": float(_rank_correlation(first[both], second[both])),
        "top_15_shared": len(tops[0] & tops[1]) / REVIEW,
    }


def agreement_rows(found: Assessment, tables: Path, settings: Settings) -> list[dict[str, Any]]:
    """Figures first, then conclusions."""
    from audit.method.path_evidence import path_evidence
    from audit.panel.member_sums import cells, read_or_empty, sum_over_members
    from audit.panel.window_data import build

    panel = found.panel
    money = panel.money
    pss = read_or_empty(tables, "pss_ex1_summary")
    net = sum_over_members(cells(pss, "net_current_expenditure_gbp_thousand"), panel)
    pairs = [
        (f"Net spending on adult care, {year}", "RO3", "RS", year, money["ro3_own"], money["rs_adult"])
        for year in ("2011-12", "2012-13", "2013-14")
    ]
    pairs += [
        ("Net spending on adult care, 2014-15", "PSS-EX1", "RS", "2014-15", net, money["rs_adult"]),
        ("NHS income 2014-15 against the fund derived for 2015-16", "PSS-EX1", "settlement", "2014-15",
         money["nhs_income"], money["bcf_derived"][:, panel.at(("2015-16",))] + 0.0 * money["nhs_income"]),
        ("Better Care Fund, 2015-16", "Better Care Fund income", "settlement", "2015-16", money["bcf_income"],
         money["bcf_derived"]),
    ]  # fmt: skip
    rows: list[dict[str, Any]] = []
    for what, first, second, year, one, other in pairs:
        at = panel.years.index(year)
        made = compare(one[:, at], other[:, at])
        if made:
            rows.append({"what": what, "first": first, "second": second, **made})
    changed = {
        SECTION_256: ("ro3_own", "RO3 with learning disability"),
        BETTER_CARE_FUND: ("own", "RS with the social-care grants"),
    }
    for name, one in found.found.items():
        series, words = changed[name]
        other = path_evidence(build(panel, replace(one.data.window, own=series), "", settings), settings)
        made = _conclusions(other.log_ratio, one.path.log_ratio)
        what = f"Order of the areas by evidence ratio, {one.data.window.label}"
        rows.append({"what": what, "first": words, "second": "the series the method judges", **made})
    return rows
