"""Grades: the rules that turn numbers into a flag, "cannot tell", "nothing found" or "not assessed".

In: one area's numbers for one window. Out: its grade, and the reason sentence. Refuses nothing: an area without
figures is "not assessed" with the reason. A flag is a prompt for enquiry; protecting social care was a permitted
purpose of the money.
"""

from __future__ import annotations

from dataclasses import dataclass

from audit.flags import sentences
from audit.settings import Settings
from pipelines.declarations.table_words import CANNOT_TELL, GRADE_A, GRADE_B, GRADE_C, NOT_ASSESSED, NOTHING_FOUND


@dataclass(frozen=True)
class Numbers:
    """What the rules look at. Money in pounds over the window; p and q as shares; NaN where unknown."""

    unusable: str
    gap: float
    gap_lower: float
    gap_upper: float
    transfer: float
    gross: float
    rate_lower: float
    p_displacement: float
    p_forest: float
    q_strict: float
    q_combined: float
    stability: float
    features_beyond: int
    features: int
    detectable: float
    quality: str
    look_alikes: tuple[str, ...]


def is_material(gap: float, gross: float, settings: Settings) -> bool:
    """True where the pounds reach the larger of the fixed threshold and the share of gross spending."""
    share = settings.number("grades.material_share_of_gross") * gross
    threshold = settings.number("grades.material_gbp")
    return gap >= (max(threshold, share) if share == share else threshold)


def rule_met(numbers: Numbers, settings: Settings) -> str:
    """The strictest of A, B and C whose statistical rule is met, or an empty string; look-alikes come afterwards."""
    value = settings.number
    material = is_material(numbers.gap, numbers.gross, settings)
    strict = (
        numbers.q_strict <= value("grades.a_q"),
        numbers.rate_lower > value("grades.a_displacement_lower"),
        material,
        numbers.stability >= value("grades.a_stability"),
        numbers.quality == "good",
        numbers.features_beyond >= settings.count("grades.a_features_beyond"),
    )
    if all(strict):
        return GRADE_A
    if numbers.q_combined <= value("grades.b_q") and material and numbers.stability >= value("grades.b_stability"):
        return GRADE_B
    either = min((p for p in (numbers.p_displacement, numbers.p_forest) if p == p), default=1.0)
    return GRADE_C if either <= value("grades.c_p") and numbers.gap > 0 else ""


def grade(numbers: Numbers, settings: Settings) -> str:
    """The grade: rules, then data quality and look-alikes, then whether pound-for-pound displacement can be ruled
    out.
    """
    if numbers.unusable or numbers.gap != numbers.gap:
        return NOT_ASSESSED
    if numbers.quality == "poor":
        return CANNOT_TELL
    met = rule_met(numbers, settings)
    if met:
        return CANNOT_TELL if numbers.look_alikes else met
    ruled_out = numbers.transfer > 0 and numbers.gap_upper < numbers.transfer
    return NOTHING_FOUND if ruled_out else CANNOT_TELL


def reason(outcome: str, numbers: Numbers, look_alike_labels: tuple[str, ...], settings: Settings) -> str:
    """One sentence saying why this grade."""
    if outcome == NOT_ASSESSED:
        return numbers.unusable or "Expected spend could not be worked out from the figures held."
    interval = {"lower": numbers.gap_lower, "upper": numbers.gap_upper}
    both = {"p_gap": numbers.p_displacement, "p_forest": numbers.p_forest}
    if outcome == NOTHING_FOUND:
        return sentences.reason_nothing(
            gap=numbers.gap, **interval, detectable=numbers.detectable, transfer=numbers.transfer
        )
    if outcome == CANNOT_TELL:
        return sentences.reason_unclear(
            **interval,
            **both,
            transfer=numbers.transfer,
            detectable=numbers.detectable,
            rule=rule_met(numbers, settings),
            look_alikes="; ".join(label[:1].lower() + label[1:] for label in look_alike_labels),
            quality=numbers.quality,
        )
    return sentences.reason_flagged(
        **interval,
        **both,
        grade=outcome,
        gap=numbers.gap,
        q_value=numbers.q_strict if outcome == GRADE_A else numbers.q_combined,
        beyond=numbers.features_beyond,
        features=numbers.features,
        stability=numbers.stability,
    )
