"""Rows of the result tables, from what the assessment worked out.

In: an `Assessment`. Out: frames whose columns are those the tables declare. Refuses nothing and computes
nothing new beyond sums, differences and the grade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.flags import sentences
from audit.flags.flag_rows import flag_row
from audit.method import anticipation
from audit.method import look_alikes as tests
from audit.method.features import Feature
from audit.method.forest import ranks
from audit.panel.transfers import RECEIVED, best_basis
from audit.settings import Settings

if TYPE_CHECKING:
    from audit.method.assessment import Assessment


def expected(found: Assessment) -> Any:
    """Rows of table `expected_spend`: base years carry what was spent as what was expected."""
    import numpy as np
    import pandas as pd

    parts: list[Any] = []
    for data in found.windows:
        spend, areas = found.spends[data.name], len(data.usable)
        base = np.where(data.usable[:, None], data.own[:, : data.base], np.nan)
        money = {
            "expected_gbp": np.hstack([base, spend.expected]),
            "lower_gbp": np.hstack([base, spend.lower]),
            "upper_gbp": np.hstack([base, spend.upper]),
            "actual_gbp": data.own,
            "nhs_receipts_gbp": data.money,
        }
        received = data.window.own == "own_without_ld"
        basis = (RECEIVED,) * areas if received else best_basis(found.panel, data.years).basis
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
        parts.append(frame.assign(nhs_basis=np.repeat(basis, len(data.years))))
    return pd.concat(parts, ignore_index=True)


def feature_values(found: Assessment, known: tuple[Feature, ...]) -> Any:
    """Rows of table `feature_value` for every window."""
    import numpy as np
    import pandas as pd

    parts: list[Any] = []
    for data in found.windows:
        scaled, scores = found.scaled[data.name], found.scores.get(data.name)
        size = len(known)
        measured = np.isfinite(scaled.values)
        columns = {
            "value": scaled.values,
            "peer_median": scaled.peer_middle,
            "scaled": np.where(measured, scaled.scaled, np.nan),
            "placebo_p90": np.tile(found.centile, (len(data.usable), 1)),
        }
        if scores is not None:
            columns |= {"contribution": scores.contribution, "rank_if_in_line": scores.rank_in_line}
        parts.append(
            pd.DataFrame(
                {
                    "area_code": np.repeat(found.panel.areas, size),
                    "window": data.name,
                    "feature": np.tile([feature.code for feature in known], len(data.usable)),
                    "label": np.tile([feature.label for feature in known], len(data.usable)),
                    "unit": np.tile([feature.unit for feature in known], len(data.usable)),
                    "beyond_placebo": (measured & (scaled.scaled > found.centile)).ravel(),
                    **{name: values.ravel() for name, values in columns.items()},
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def area_scores(found: Assessment) -> Any:
    """Rows of table `area_score` for every window; areas not scored keep their row with nulls."""
    import numpy as np
    import pandas as pd

    parts: list[Any] = []
    for data in found.windows:
        scores = found.scores.get(data.name)
        frame = pd.DataFrame({"area_code": found.panel.areas, "window": data.name})
        if scores is not None:
            frame = frame.assign(
                score=scores.score,
                rank=_whole(scores.rank),
                of=int(np.isfinite(scores.score).sum()),
                stability=scores.stability,
                p_value=scores.p_value,
                q_value=found.p_values[data.name]["forest_q"],
                baseline_score=scores.baseline,
                baseline_rank=_whole(ranks(scores.baseline).astype(float)),
            )
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)


def _whole(values: Any) -> Any:
    import pandas as pd

    return pd.array([int(value) if value == value and value > 0 else pd.NA for value in values.tolist()], dtype="Int64")


def look_alike_rows(found: Assessment) -> Any:
    """Rows of table `look_alike`: every area, real window and test."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "area_code": found.panel.areas[row.area],
                "window": name,
                "test": row.test,
                "label": tests.LABELS[row.test],
                "result": row.result,
                "detail": row.detail,
            }
            for name, rows in found.look_alikes.items()
            for row in rows
        ]
    )


def flags(found: Assessment, settings: Settings) -> Any:
    """Rows of table `flag` for the real windows, each with what table `anticipation` says of the area."""
    import pandas as pd

    before = {(row["area_code"], row["window"]): row for row in anticipation.rows(found, settings)}
    return pd.DataFrame(
        [
            flag_row(found, data, area, settings)
            | {"anticipation": _before(before.get((found.panel.areas[area], data.name)))}
            for data in found.windows
            if data.real
            for area in range(len(found.panel.areas))
        ]
    )


def _before(row: dict[str, Any] | None) -> str | None:
    if row is None:
        return None
    return sentences.anticipation(
        year=row["financial_year"],
        gap=float(row["gap_gbp"]),
        lower=float(row["gap_lower_gbp"]),
        upper=float(row["gap_upper_gbp"]),
        p_value=float(row["p_value"]),
    )
