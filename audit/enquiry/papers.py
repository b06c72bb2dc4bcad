"""What the papers of an area show: rows of table `planned_displacement`.

In: an `Answer` and the settings. Out: a row for each area and window in which a plan or a budget line was told. A year
is left out where its figures contradict each other or are in another unit (`answer_checks.contradicted`), and then it
is named as missing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from audit.enquiry.answer_checks import contradicted
from audit.enquiry.answers import Answer
from audit.enquiry.budgets import OwnShock
from audit.enquiry.planned import AFTERWARDS, half_width, outturn_against_plan, planned
from audit.method.evidence_ratio import PRIORS, posterior
from audit.settings import Settings
from pipelines.declarations.table_words import band

AGREED, PARTLY_AGREED, WORKED_OUT = "agreed", "partly agreed", "worked out"


def paper_rows(
    found: list[Answer], settings: Settings, priors: Mapping[str, float], shocks: Mapping[str, OwnShock]
) -> list[dict[str, Any]]:
    """Rows for the answers that tell something; `priors` are those of the run by window."""
    made = [_row(answer, settings, priors[answer.window.name], shocks.get(answer.area)) for answer in found]
    return [row for row in made if row is not None]


def _known(*values: float) -> bool:
    return all(value == value for value in values)


def _errors(answer: Answer, years: list[str], settings: Settings) -> Any:
    """(years) error of own spend planned without the transfer, in pounds; doubled where written afterwards."""
    import numpy as np

    share = settings.number("enquiry.papers_error")
    grown = [AFTERWARDS if answer.afterwards(year) else 1.0 for year in years]
    return share * np.array([answer.gbp(year, "own_without") for year in years]) * np.array(grown)


def _row(answer: Answer, settings: Settings, prior: float, shock: OwnShock | None) -> dict[str, Any] | None:
    import numpy as np

    wrong = contradicted(answer)
    fine = [year for year in answer.window.years if year not in wrong]
    years = [
        year
        for year in fine
        if _known(answer.gbp(year, "own_without"), answer.own_with(year)) and answer.transfer(year) > 0
    ]
    late = [
        year
        for year in fine
        if _known(answer.gbp(year, "own_without"), answer.own[year].gbp) and answer.transfer(year) > 0
    ]
    if not years and not late and not answer.lines:
        return None
    without, with_it, money = (
        np.array([value(year) for year in years])
        for value in (lambda year: answer.gbp(year, "own_without"), answer.own_with, answer.transfer)
    )
    average, level = settings.number("evidence.average"), settings.number("model.level")
    errors = _errors(answer, years, settings)
    told = planned(without, with_it, money, errors, average=average)
    half = half_width(told.error, level)
    agreed = sum(_known(answer.gbp(year, "transfer_agreed")) for year in years)
    ratio = math.exp(told.log_ratio)
    return {
        "area_code": answer.area,
        "window": answer.window.name,
        "years": " ".join(years),
        "years_missing": " ".join(year for year in answer.window.years if year not in years),
        "years_afterwards": " ".join(year for year in years if answer.afterwards(year)),
        "transfer_basis": _basis(agreed, len(years)),
        "transfer_gbp": float(money.sum()) if years else math.nan,
        "without_gbp": float(without.sum()) if years else math.nan,
        "with_gbp": float(with_it.sum()) if years else math.nan,
        "planned_rate": told.rate,
        "error": told.error,
        "error_independent": told.error_independent,
        "lower": told.rate - half,
        "upper": told.rate + half,
        "smallest_rate": half,
        "smallest_gbp": half * float(money.sum()),
        "evidence_ratio": ratio,
        "evidence_ratio_independent": math.exp(told.log_ratio_independent),
        "band": band(ratio) or None,
        **{f"posterior_{share:02d}": float(posterior(told.log_ratio, share / 100.0)) for share in PRIORS},
        "posterior_own": float(posterior(told.log_ratio, prior)),
        "posterior_10_independent": float(posterior(told.log_ratio_independent, 0.10)),
        **_floor(answer),
        **_outturn(answer, late, settings, shock or OwnShock(settings.number("enquiry.outturn_error"), 0)),
    }


def _basis(agreed: int, years: int) -> str | None:
    if not years:
        return None
    return AGREED if agreed == years else PARTLY_AGREED if agreed else WORKED_OUT


def _floor(answer: Answer) -> dict[str, float]:
    """Budget lines met before by the council, in pounds and per pound of the transfer of their years."""
    years = [year for year in answer.lines if year in answer.window.years and answer.transfer(year) > 0]
    if not years:
        return {"floor_gbp": math.nan, "floor_rate": math.nan}
    amount = sum(answer.lines[year] for year in years)
    return {"floor_gbp": amount, "floor_rate": amount / sum(answer.transfer(year) for year in years)}


def _outturn(answer: Answer, years: list[str], settings: Settings, shock: OwnShock) -> dict[str, Any]:
    """Outturn against plan, with the error of the papers and of what happens in a year: by the area's own record."""
    import numpy as np

    actual = np.array([answer.own[year].gbp for year in years])
    rate, error = outturn_against_plan(
        np.array([answer.gbp(year, "own_without") for year in years]),
        actual,
        np.array([answer.transfer(year) for year in years]),
        _errors(answer, years, settings),
        shock.share * actual,
        repeats=settings.number("enquiry.outturn_repeats"),
    )
    half = half_width(error, settings.number("model.level"))
    return {
        "outturn_years": " ".join(years),
        "outturn_rate": rate,
        "outturn_error": error,
        "outturn_lower": rate - half,
        "outturn_upper": rate + half,
        "outturn_shock": shock.share,
        "outturn_shock_years": shock.years,
    }
