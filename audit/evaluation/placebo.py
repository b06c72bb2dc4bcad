"""The method on years without NHS money: the evidence ratio where the first step is laid into such a year.

In: an `Assessment` of the returns as they are. Out: rows of `evaluation_placebo`. Refuses nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from audit.evaluation.rankings import REVIEW, first_rows
from audit.method.assessment import Assessment
from audit.method.evidence_ratio import posterior
from audit.method.path_evidence import path_evidence
from audit.panel.window_data import WindowData
from audit.settings import Settings
from pipelines.declarations.table_words import SECTION_256

ONE_IN_TEN = 0.10


def with_first_step(quiet: WindowData, care: WindowData) -> WindowData:
    """A quiet year given the first year's money of another window, in pounds of that year."""
    import numpy as np

    first = care.national_money[care.base] - care.national_money[: care.base].mean()
    all_years = (care.national_money[care.base :] - care.national_money[: care.base].mean()).sum()
    money = replace(care.transfer, gbp=care.transfer.gbp * first / all_years)
    national = np.concatenate([np.zeros(quiet.base), np.ones(len(quiet.years) - quiet.base)])
    return replace(quiet, transfer=money, national_money=national)


def placebo_rows(found: Assessment, settings: Settings) -> list[dict[str, Any]]:
    """One row per placebo year of adult care."""
    import numpy as np

    care, rows = found.windows[SECTION_256], list[dict[str, Any]]()
    for name, quiet in found.windows.items():
        if quiet.real:
            continue
        log_ratio = path_evidence(with_first_step(quiet, care), settings).log_ratio
        ratio = np.exp(log_ratio[np.isfinite(log_ratio)])
        listed = first_rows(np.where(log_ratio > 0, log_ratio, np.nan), REVIEW)
        rows.append(
            {
                "placebo_window": name,
                "areas": len(ratio),
                "above_3": int((ratio > 3.0).sum()),
                "above_10": int((ratio > 10.0).sum()),
                "below_third": int((ratio < 1.0 / 3.0).sum()),
                "largest": float(ratio.max()),
                "mean_ratio": float(ratio.mean()),
                "expected_on_list": float(posterior(log_ratio[listed], ONE_IN_TEN).sum()),
            }
        )
    return rows
