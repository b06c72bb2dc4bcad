"""Rows of the result tables, from what the assessment worked out.

In: an `Assessment`. Out: frames whose columns are those the tables declare. Refuses nothing and computes nothing new
beyond sums and differences.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from audit.flags.flag_rows import flag_row
from audit.method.evidence_ratio import PRIORS
from audit.method.lists import expected_on_list
from audit.method.look_alikes.all_tests import LABELS
from audit.method.unusual.features import Feature
from audit.method.unusual.forest import ranks
from audit.panel.transfers import RECEIVED, best_basis
from pipelines.declarations.table_words import REVIEW_LIST, UNUSUAL_LIST

if TYPE_CHECKING:
    from audit.method.assessment import Assessment


def expected(found: Assessment) -> Any:
    """Rows of table `expected_spend`: base years carry what was spent as what was expected."""
    import numpy as np
    import pandas as pd

    parts: list[Any] = []
    for one in found.found.values():
        data, spend, areas = one.data, one.expected, len(one.data.usable)
        base = np.where(data.usable[:, None], data.own[:, : data.base], np.nan)
        money = {
            "expected_gbp": np.hstack([base, spend.expected]),
            "lower_gbp": np.hstack([base, spend.lower]),
            "upper_gbp": np.hstack([base, spend.upper]),
            "actual_gbp": data.own,
            "nhs_receipts_gbp": data.money,
            "reckoned_gbp": best_basis(found.panel, data.years).gbp,
        }
        received = data.window.own == "own_without_ld"
        reckoned = best_basis(found.panel, data.years).basis
        basis = (RECEIVED,) * areas if received else reckoned
        frame = pd.DataFrame(
            {
                "area_code": np.repeat(found.panel.areas, len(data.years)),
                "window": data.name,
                "financial_year": np.tile(data.years, areas),
                "is_base": np.tile(np.arange(len(data.years)) < data.base, areas),
                **{name: values.ravel() for name, values in money.items()},
            }
        )
        frame["gap_gbp"] = frame["expected_gbp"] - frame["actual_gbp"]
        many = {"nhs_basis": np.repeat(basis, len(data.years)), "reckoned_basis": np.repeat(reckoned, len(data.years))}
        parts.append(frame.assign(**many))
    return pd.concat(parts, ignore_index=True)


def yearly_changes(found: Assessment) -> Any:
    """Rows of table `yearly_change`: the path of every area that is judged."""
    import numpy as np
    import pandas as pd

    parts: list[Any] = []
    for one in found.found.values():
        changes, noise, areas = one.path.changes, one.path.noise, len(one.data.usable)
        here = changes.known[:, None] & (changes.spans > 0)
        columns = {
            "actual_percent": changes.actual,
            "expected_percent": changes.expected,
            "unexplained_percent": changes.y,
            "noise_percent": noise.size[:, None] * np.sqrt(np.diag(noise.scale))[None, :],
            "step_percent": one.path.steps,
        }
        parts.append(
            pd.DataFrame(
                {
                    "area_code": np.repeat(found.panel.areas, len(changes.years)),
                    "window": one.data.name,
                    "financial_year": np.tile(changes.years, areas),
                    "spans": np.where(changes.known[:, None], changes.spans, 0).ravel(),
                    **{name: np.where(here, 100.0 * values, np.nan).ravel() for name, values in columns.items()},
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def feature_values(found: Assessment, known: tuple[Feature, ...]) -> Any:
    """Rows of table `feature_value` for every window with NHS money."""
    import numpy as np
    import pandas as pd

    parts: list[Any] = []
    for one in found.found.values():
        seen, areas, size = one.unusual, len(one.data.usable), len(known)
        measured = np.isfinite(seen.measured.values)
        columns = {
            "value": seen.measured.values,
            "peer_median": seen.measured.peer_middle,
            "scaled": np.where(measured, seen.scaled, np.nan),
            "contribution": seen.contribution,
            "rank_if_in_line": seen.rank_in_line,
        }
        parts.append(
            pd.DataFrame(
                {
                    "area_code": np.repeat(found.panel.areas, size),
                    "window": one.data.name,
                    "feature": np.tile([feature.code for feature in known], areas),
                    "label": np.tile([feature.label for feature in known], areas),
                    "unit": np.tile([feature.unit for feature in known], areas),
                    **{name: values.ravel() for name, values in columns.items()},
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def area_scores(found: Assessment) -> Any:
    """Rows of table `area_score`; areas not scored keep their row with nulls."""
    import numpy as np
    import pandas as pd

    parts: list[Any] = []
    for one in found.found.values():
        score = one.unusual.score
        parts.append(
            pd.DataFrame(
                {
                    "area_code": found.panel.areas,
                    "window": one.data.name,
                    "score": score,
                    "rank": whole(ranks(score)),
                    "of": int(np.isfinite(score).sum()),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def whole(values: Any) -> Any:
    """Whole numbers of a column, empty where they are not above nought."""
    import pandas as pd

    return pd.array([int(value) if value > 0 else pd.NA for value in values.tolist()], dtype="Int64")


def list_variants(found: Assessment) -> Any:
    """Rows of table `list_variant`: every assessed area under every variant."""
    import numpy as np
    import pandas as pd

    parts: list[Any] = []
    for one in found.found.values():
        for name, variant in one.variants.items():
            known = np.isfinite(variant.log_ratio)
            parts.append(
                pd.DataFrame(
                    {
                        "window": one.data.name,
                        "variant": name,
                        "area_code": np.array(found.panel.areas)[known],
                        "evidence_ratio": np.exp(variant.log_ratio[known]),
                        "place": whole(variant.places[known]),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def list_summaries(found: Assessment, priors: Mapping[str, float]) -> Any:
    """Rows of table `list_summary`: what each list is worth at the stated priors, beside names drawn by lot.

    `priors` are those of the run by window, updated by sampled conclusions.
    """
    import numpy as np
    import pandas as pd

    made: list[dict[str, Any]] = []
    for one in found.found.values():
        assessed = int(np.isfinite(one.path.log_ratio).sum())
        about = {"window": one.data.name, "assessed": assessed, "problem": one.path.noise.problem or None}
        listed = one.review > 0
        at = {f"expected_{prior:02d}": expected_on_list(one.path.log_ratio, listed, prior / 100.0) for prior in PRIORS}
        at["expected_own"] = expected_on_list(one.path.log_ratio, listed, priors[one.data.name])
        made.append(about | {"list": REVIEW_LIST, "places": int(listed.sum()), "by_lot_10": 0.1 * listed.sum()} | at)
        places = int((one.unusual_list > 0).sum())
        made.append(about | {"list": UNUSUAL_LIST, "places": places, "by_lot_10": 0.1 * places})
    return pd.DataFrame(made)


def look_alike_rows(found: Assessment) -> Any:
    """Rows of table `look_alike`: every area, window with NHS money and test."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "area_code": found.panel.areas[row.area],
                "window": name,
                "test": row.test,
                "label": LABELS[row.test],
                "result": row.result,
                "detail": row.detail,
            }
            for name, one in found.found.items()
            for row in one.look_alikes
        ]
    )


def flags(found: Assessment, priors: Mapping[str, float]) -> Any:
    """Rows of table `flag`: every area and window with NHS money; `priors` as above."""
    import pandas as pd

    return pd.DataFrame(
        [
            flag_row(found, one, area, prior=priors[one.data.name])
            for one in found.found.values()
            for area in range(len(found.panel.areas))
        ]
    )
