"""What could not have been seen: the smallest displacement an area's figures could have shown, and how firm lists are.

In: an `Assessment` of the returns as they are. Out: rows of `evaluation_unseen`, by window and third of areas by
adults. Refuses nothing.
"""

from __future__ import annotations

import math
from typing import Any

from audit.method.assessment import Assessment
from audit.settings import Settings
from pipelines.declarations.table_words import CANNOT_TELL

THIRDS = ("smallest third", "middle third", "largest third")


def thirds(adults: Any) -> list[tuple[str, Any]]:
    """(name, mask) of the thirds of areas by adults; unknown sizes are in none."""
    import numpy as np

    low, high = np.nanquantile(adults, [1 / 3, 2 / 3])
    return list(zip(THIRDS, (adults <= low, (adults > low) & (adults <= high), adults > high), strict=True))


def unseen_rows(found: Assessment, settings: Settings) -> list[dict[str, Any]]:
    """Middle smallest detectable amount beside the middle transfer, and the share of areas in which less was passed."""
    import numpy as np

    from audit.evaluation.variants import half_samples
    from audit.flags.flag_rows import detectable_factor, flag_row

    rows: list[dict[str, Any]] = []
    for data in (item for item in found.windows if item.real):
        flags = [flag_row(found, data, area, settings) for area in range(len(data.usable))]
        grade = np.array([flag["grade"] for flag in flags])
        moved = found.displaced[data.name]
        smallest = np.where(data.usable, detectable_factor(settings) * moved.error_gbp, np.nan)
        adults = found.panel.money["population_18_plus"][:, found.panel.years.index(data.window.years[0])]
        width = moved.upper - moved.lower
        firm = half_samples(found, data, settings)
        for name, mask in [("all areas", np.ones(len(adults), dtype=bool)), *thirds(adults)]:
            mine = mask & data.usable & np.isfinite(smallest) & (moved.transfer.gbp > 0)
            ratio = smallest[mine] / moved.transfer.gbp[mine]
            rows.append(
                {
                    "window": data.name,
                    "size": name,
                    "areas": int(mine.sum()),
                    "smallest_detectable_gbp": float(np.median(smallest[mine])),
                    "transfer_gbp": float(np.median(moved.transfer.gbp[mine])),
                    "smallest_detectable_rate": float(np.median(ratio)),
                    "share_full_backfill_unseen": float((ratio > 1.0).mean()),
                    "interval_width": float(np.nanmedian(width[mine])),
                    "cannot_tell_share": float((grade[mine] == CANNOT_TELL).mean()),
                    "stability_top_15": (firm["top_15"] or math.nan) if name == "all areas" else math.nan,
                }
            )
    return rows
