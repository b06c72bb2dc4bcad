"""What is measured on the returns as they are, without planting anything.

In: a folder of loaded tables. Out: rows of the tables evaluation_placebo, evaluation_unseen, evaluation_outcome and
evaluation_agreement, and the calibration rows of the placebo windows. Refuses nothing.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

TESTS = ("displacement", "forest", "combined")


def run_real(tables: Path) -> dict[str, Any]:
    """All of it, by table."""
    import numpy as np

    from audit.evaluation.agreement import agreement_rows
    from audit.evaluation.ground import ground
    from audit.evaluation.outcomes import outcome_rows
    from audit.evaluation.placebo import calibration_rows, placebo_p_values, placebo_rows
    from audit.evaluation.unseen import unseen_rows
    from audit.method.work_out import work_out_windows
    from audit.panel.window_data import build, window_list
    from audit.settings import load_settings

    made = ground(tables)
    settings = load_settings(None)
    warnings.simplefilter("ignore", RuntimeWarning)
    with np.errstate(all="ignore"):
        windows = [build(made.panel, window, service, settings) for window, service in window_list(settings)]
        found = work_out_windows(made.panel, windows, tables, settings)
        p_values = placebo_p_values(found)
        # All placebo windows together are uniform by construction, each being judged against the others. What can go
        # wrong is one kind of window against another: adult care before the transfer against other services.
        care = {data.name for data in windows if data.window.is_placebo and not data.service}
        kinds = {"adult care before the transfer": care, "other services": set(p_values) - care}
        calibration = [
            row
            for ground_name, names in kinds.items()
            for row in calibration_rows(
                ground_name, {test: np.concatenate([p_values[name][test] for name in sorted(names)]) for test in TESTS}
            )
        ]
        return {
            "evaluation_placebo": placebo_rows(p_values, settings),
            "evaluation_unseen": unseen_rows(found, settings),
            "evaluation_outcome": outcome_rows(found, tables, settings),
            "evaluation_agreement": agreement_rows(found, tables, settings),
            "evaluation_calibration": calibration,
        }
