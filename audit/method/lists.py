"""The two lists: who is on the review list and who on the unusual-pattern list, and in which place.

In: log evidence ratios or forest scores over areas in the order of their codes. Out: places from 1, 0 for none. Refuses
nothing: an area without a figure is on no list. Being on a list is the flag, and a prompt for enquiry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audit.method.evidence_ratio import posterior
from audit.method.unusual.forest import ranks


def review_places(log_ratio: Any, places: int) -> Any:
    """(areas) place among the highest evidence ratios above 1, at most `places`; ties by code."""
    import numpy as np

    place = ranks(np.where(log_ratio > 0, log_ratio, np.nan))
    return np.where(place <= places, place, 0)


def unusual_places(score: Any, places: int) -> Any:
    """(areas) place among those the forest isolates soonest, at most `places`."""
    import numpy as np

    place = ranks(score)
    return np.where(place <= places, place, 0)


def expected_on_list(log_ratio: Any, on_list: Any, prior: float) -> float:
    """How many of a list would be councils that replaced their own money, if a share `prior` of all councils did."""
    import numpy as np

    return float(np.nansum(posterior(log_ratio[on_list], prior)))


def kept_share(main: Any, variants: Mapping[str, Any]) -> Any:
    """(areas) share of the variants in which an area of the main list is on the list too; NaN for the others."""
    import numpy as np

    if not variants:
        return np.full(len(main), np.nan)
    stays = np.mean([places > 0 for places in variants.values()], axis=0)
    return np.where(main > 0, stays, np.nan)
