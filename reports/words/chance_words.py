"""A chance as people say it: words first, the figure beside it.

In: a posterior between 0 and 1, or none. Out: "about 1 in 75", "about 7 in 10". Never nought and never all.
"""

from __future__ import annotations

from reports.words.narrative import MISSING, is_missing


def chance_in_words(share: float | None) -> str:
    """A posterior as people say it: "about 1 in 75", "about 7 in 10", "over 19 in 20"; "[x]" if missing."""
    if share is None or is_missing(share):
        return MISSING
    if share < 0.005:
        return "under 1 in 200"
    if share > 0.95:
        return "over 19 in 20"
    if share >= 0.45:
        return f"about {share * 10:.0f} in 10"
    many = 1.0 / share
    return f"about 1 in {round(many) if many < 20 else 5 * round(many / 5)}"
