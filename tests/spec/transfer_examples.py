"""The transfer and the intervals by example: small cases whose answer can be worked by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

YEARS = ("2009-10", "2010-11", "2011-12", "2012-13", "2013-14")
NATIONAL = np.array([0.0, 0.0, 648.0, 622.0, 859.0])


def _panel(allocated: list[float]) -> Any:
    """One area due 1% of the national amounts, with an error of 4%, and what a user supplied for it."""
    money = {"entitlement": 0.01 * NATIONAL[None, :], "entitlement_error_share": np.full((1, 5), 0.04),
             "allocated": np.array([allocated])}  # fmt: skip
    return SimpleNamespace(money=money, at=lambda years: [YEARS.index(year) for year in years])


def basis_of(allocated: list[float]) -> str:
    """Basis and sum of the best transfer."""
    from audit.panel.transfers import best_basis

    with np.errstate(all="ignore"):
        best = best_basis(_panel(allocated), YEARS)
    return f"{best.basis[0]}, {best.gbp.sum():.2f}"


def kinds_added_up() -> float:
    """Section 256 of 3 for the area and section 75 of 1 beside it."""
    import pandas as pd

    from audit.panel.transfers import supplied

    rows = pd.DataFrame({"area_code": ["A", "A"], "authority_code": ["", ""], "financial_year": ["2011-12"] * 2,
                         "amount_gbp": [3.0, 1.0]})  # fmt: skip
    panel: Any = SimpleNamespace(areas=("A",), years=("2011-12",), places=([], np.array([], dtype=int)))
    return float(supplied(rows, panel)[0, 0])


def public_health() -> float:
    """What is taken off the 2015-16 figure of an authority."""
    import pandas as pd

    from audit.panel.grants import public_health as deductions

    spent = {"authority_code": ["E1"] * 2, "financial_year": ["2014-15", "2015-16"]}
    return deductions(pd.DataFrame({**spent, "public_health_nce_gbp_thousand": [9_000.0, 11_000.0]}))[0]["E1"] / 1e6


def conformal() -> float:
    """The order statistic behind a 90% interval of 19 others."""
    from audit.method.replacement_rate import conformal_rank

    return float(conformal_rank(19, 0.90))


NAN = float("nan")
RULES = (
    ("Allocations are used where they cover every year that had money", "supplied: 5, 6 and 7 for 2011-12 to 2013-14",
     "allocated, 18.00", "5 + 6 + 7; no year before 2011-12 had money", lambda: basis_of([NAN, NAN, 5.0, 6.0, 7.0])),
    ("With a year missing, the area keeps what is worked out: bases are never mixed",
     "supplied: 5 and 6, nothing for 2013-14",
     "estimated, 21.29", "1% of 648 + 622 + 859", lambda: basis_of([NAN, NAN, 5.0, 6.0, NAN])),
    ("A year with nothing is a row with nought", "supplied: 5, 0 and 7", "allocated, 12.00", "5 + 0 + 7",
     lambda: basis_of([NAN, NAN, 5.0, 0.0, 7.0])),
    ("Kinds of money of a year are added up", "section 256: 3; section 75: 1", 4.0, "3 + 1", kinds_added_up),
    ("The 2015-16 public health grant is taken off as spending of 2014-15", "9 spent in 2014-15, 11 in 2015-16", 9.0,
     "the grant was the same in cash; from October 2015 spending also holds services for young children",
     public_health),
    ("A conformal interval counts one more value than there is", "90% of 19 others", 18.0, "0.90 x (19 + 1)",
     conformal),
)  # fmt: skip
