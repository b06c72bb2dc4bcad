"""Words that stand in the cells of tables and that more than one floor reads: the windows judged, the lists, the bands.

Nothing is read here. What a word means is in GLOSSARY.md; how pages say it is in `reports/words/frame.py`.
"""

from __future__ import annotations

SECTION_256, BETTER_CARE_FUND = "W1", "W2"

REVIEW_LIST, UNUSUAL_LIST, BOTH_LISTS = "review list", "unusual-pattern list", "both lists"
SETTLED, NO_LIST, NOT_ASSESSED = "settled", "on no list", "not assessed"
FLAGGED = (BOTH_LISTS, REVIEW_LIST, UNUSUAL_LIST)
RESULTS = (*FLAGGED, SETTLED, NO_LIST, NOT_ASSESSED)
"""What an area is told for a window: being on a list is the flag, and an auditor's conclusion takes it off."""
REPLACED, NOT_REPLACED, PARTLY, UNDETERMINED = "replaced", "not replaced", "partly", "cannot be determined"
CONCLUSIONS = (REPLACED, PARTLY, NOT_REPLACED, UNDETERMINED)
"""What an auditor concludes."""

BANDS = (
    (10.0, "points strongly towards replacement"),
    (3.0, "points towards replacement"),
    (1.5, "leans towards replacement"),
    (2.0 / 3.0, "says nothing either way"),
    (1.0 / 3.0, "leans against replacement"),
    (0.0, "points against replacement"),
)
"""An evidence ratio above the number is said in these words."""
BAND_WORDS = tuple(words for _, words in BANDS)


def band(ratio: float) -> str:
    """The words for an evidence ratio; empty where it is not known."""
    if ratio != ratio:
        return ""
    return next((words for above, words in BANDS if ratio > above), BAND_WORDS[-1])
