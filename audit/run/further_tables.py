"""Tables beside the areas' own: national estimates, and how far expected changes and transfers can be trusted.

In: an `Assessment`. Out: tables in the folder of the run, and those of the published evaluation. Refuses nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audit.method import prediction_error
from audit.method.national import national_rows, transfer_check
from audit.run.published_evaluation import write_published
from audit.settings import Settings
from pipelines.declarations.parquet import write_table

if TYPE_CHECKING:
    from audit.method.assessment import Assessment


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
        }
    for name, made in rows.items():
        if made:
            write_table(name, pd.DataFrame(made), tables_folder)
    write_published(tables_folder)
