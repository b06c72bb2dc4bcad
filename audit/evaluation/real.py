"""What is measured on the returns as they are, without planting anything.

In: a folder of loaded tables. Out: rows of the tables evaluation_placebo, evaluation_outcome and evaluation_agreement.
Refuses nothing.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any


def run_real(tables: Path) -> dict[str, Any]:
    """All of it, by table."""
    import numpy as np

    from audit.evaluation.agreement import agreement_rows
    from audit.evaluation.ground import ground
    from audit.evaluation.outcomes import outcome_rows
    from audit.evaluation.placebo import placebo_rows
    from audit.method.work_out import work_out_windows
    from audit.panel.window_data import build, window_list

    made = ground(tables)
    warnings.simplefilter("ignore", RuntimeWarning)
    with np.errstate(all="ignore"):
        windows = [build(made.panel, window, service, made.settings) for window, service in window_list(made.settings)]
        found = work_out_windows(made.panel, windows, made.settings)
        return {
            "evaluation_placebo": placebo_rows(found, made.settings),
            "evaluation_outcome": outcome_rows(found, tables, made.settings),
            "evaluation_agreement": agreement_rows(found, tables, made.settings),
        }
