"""Asked, answered, settled by window, and what a sample says of England.

In: the tables of a run that was given answers. Out: rows of table `enquiry_summary`. Refuses nothing: what no sample
was drawn for stays empty.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit.enquiry.estimate import estimate
from audit.enquiry.settled import SHARES, Settled, probabilities
from audit.enquiry.strata import STRATA
from audit.panel.member_sums import read_or_empty
from audit.settings import Settings
from pipelines.declarations.table_words import NOT_REPLACED, PARTLY, REPLACED, UNDETERMINED

COUNTED = {"replaced": REPLACED, "partly": PARTLY, "not_replaced": NOT_REPLACED, "undetermined": UNDETERMINED}


def summary_rows(tables: Path, settings: Settings, found: dict[str, Settled]) -> list[dict[str, Any]]:
    """One row for each judged window."""
    areas = read_or_empty(tables, "area")
    asked, files = read_or_empty(tables, "asked"), read_or_empty(tables, "answer_file")
    results = read_or_empty(tables, "planned_displacement")
    papers = set() if asked.empty else set(asked.loc[asked["kind"] == "papers", "area_code"])
    refused: set[Any] = set()
    if not files.empty:
        refused = set(files.loc[~files["used"].eq(True) & files["problems"].gt(0), "area_code"].dropna()) - {""}
    drawn = probabilities(tables)
    made: list[dict[str, Any]] = []
    for window, one in found.items():
        answered = set() if results.empty else set(results.loc[results["window"] == window, "area_code"])
        outcomes = list(one.outcomes.values())
        made.append(
            {
                "window": window,
                "areas": len(areas),
                "asked": len(papers | answered | refused),
                "answered": len(answered),
                "not_used": len(refused),
                "settled": len(outcomes),
                **{name: outcomes.count(word) for name, word in COUNTED.items()},
                "sampled": len(drawn),
                "sampled_settled": sum(code in drawn for code in one.outcomes),
                "prior_set": one.prior_set,
                "prior_updated": one.prior,
                "prior_weight": settings.number("enquiry.prior_weight"),
                **_england(tables, one, settings.number("model.level")),
            }
        )
    return made


def _england(tables: Path, one: Settled, level: float) -> dict[str, float]:
    """The share of areas, and of NHS money, by the areas drawn alone; nothing without a conclusion on one of them."""
    import numpy as np

    rows = read_or_empty(tables, "sample")
    if rows.empty:
        return {}
    rows = rows[rows["drawn"].eq(True)].sort_values("area_code")
    values = np.array([SHARES.get(one.outcomes.get(code, ""), np.nan) for code in rows["area_code"].astype(str)])
    if not np.isfinite(values).any():
        return {}
    probability, money = rows["probability"].to_numpy(dtype=float), rows["nhs_money_gbp"].to_numpy(dtype=float)
    stratum = np.array([STRATA.index(str(name)) for name in rows["stratum"]])
    made: dict[str, float] = {}
    for name, weight in (("", np.ones(len(values))), ("money_", money)):
        told = estimate(values, probability, weight, stratum, level=level)
        made |= {
            f"{name}share": told.share, f"{name or 'share_'}lower": told.lower, f"{name or 'share_'}upper": told.upper,
            f"{name or 'share_'}least": told.least, f"{name or 'share_'}most": told.most,
        }  # fmt: skip
    return made
