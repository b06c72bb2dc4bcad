"""Tables beside the areas' own: national estimates, peers, and how far expected changes and transfers can be trusted.

In: an `Assessment`. Out: tables in the folder of the run, and those of the published evaluation. Refuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.enquiry.budgets import budget_rows
from audit.enquiry.deduction_check import deduction_rows
from audit.method import prediction_error
from audit.method.comparable.peers import nearest
from audit.method.national import national_rows, transfer_check
from audit.run.published_evaluation import write_published
from audit.settings import Settings
from pipelines.declarations.parquet import write_table

if TYPE_CHECKING:
    from audit.method.assessment import Assessment


def peer_rows(found: Assessment) -> Iterator[dict[str, Any]]:
    """Rows of table `peer`: each judged area with its peers, nearest first, and what they are near in."""
    import numpy as np

    for window, one in found.found.items():
        data, peers = one.data, nearest(one.data)
        size, need, level = (data.predictors[name] for name in ("size", "deprivation", "level"))
        for area in np.flatnonzero(data.usable).tolist():
            theirs = [other for other in peers[area].tolist() if other != area and data.usable[other]]
            for place, other in enumerate((area, *theirs)):
                yield {
                    "area_code": found.panel.areas[area],
                    "window": window,
                    "place": place,
                    "peer_code": found.panel.areas[other],
                    "adults": float(np.exp(size[other])),
                    "deprivation_score": float(need[other]),
                    "own_per_adult_gbp": float(np.exp(level[other])),
                }


def write_further(found: Assessment, tables_folder: Path, settings: Settings) -> None:
    """Write the further tables of one run."""
    import warnings

    import numpy as np
    import pandas as pd

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        rows = {
            "national_displacement": national_rows.rows(found, settings),
            "expected_spend_error": prediction_error.rows(found, settings),
            "transfer_check": transfer_check.rows(found),
            "peer": list(peer_rows(found)),
        }
    rows["budget_outturn"] = budget_rows(tables_folder)
    rows["deduction_check"] = list(deduction_rows(tables_folder))
    for name, made in rows.items():
        if made:
            write_table(name, pd.DataFrame(made), tables_folder)
    write_published(tables_folder)
