"""Grade the data of every area and year: good, fair or poor, with the checks that say so.

In: the outcomes of all checks and the run's `Frames`. Out: lines for table `data_quality`. A check counts once per area
and year however many rows it found, with its weight from `settings.toml`; a finding that was released does not count,
because someone has looked and said why it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from expectations.records.checks import FAILED, MARK, QUARANTINE, NotRunError, Outcome
from expectations.records.settings import QualitySettings
from expectations.records.table_frames import Frames

GOOD, FAIR, POOR = "good", "fair", "poor"
ABSENT = "no return in {table}"


def quality_lines(outcomes: Iterable[Outcome], frames: Frames, settings: QualitySettings) -> list[dict[str, Any]]:
    """One line per area and year, sorted: every area in every year of the tables in `settings.tables`, and every other
    area and year with a finding.
    """
    found = absent_returns(frames, settings)
    default = {MARK: settings.mark, QUARANTINE: settings.quarantine}
    for outcome in outcomes:
        check = outcome.check
        if outcome.outcome == FAILED and check.on_failure in default:
            weight = settings.weights.get(check.code, default[check.on_failure])
            for item in outcome.findings:
                if item.area_code and item.financial_year and item.record_id not in outcome.released:
                    found.setdefault((item.area_code, item.financial_year), {})[check.code] = weight
    return [_line(area, year, found[area, year], settings) for area, year in sorted(found)]


def absent_returns(frames: Frames, settings: QualitySettings) -> dict[tuple[str, str], dict[str, float]]:
    """Every area and year of the tables that all areas should be in, with a reason where the area has no row."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    try:
        areas = sorted(set(frames.frame("area", ["area_code"])["area_code"].dropna()))
    except NotRunError:
        return found
    for table in settings.tables:
        if not frames.has(table):
            continue
        held = frames.frame(table, ["area_code", "financial_year"]).dropna(subset=["area_code", "financial_year"])
        here = set(zip(held["area_code"].to_numpy(), held["financial_year"].to_numpy(), strict=True))
        for year in sorted({year for _, year in here}):
            for area in areas:
                reasons = found.setdefault((area, year), {})
                if (area, year) not in here:
                    reasons[ABSENT.format(table=table)] = settings.absent
    return found


def _line(area: str, year: str, reasons: dict[str, float], settings: QualitySettings) -> dict[str, Any]:
    total = round(sum(reasons.values()), 6)
    grade = POOR if total >= settings.poor_from else FAIR if total >= settings.fair_from else GOOD
    heaviest = sorted(reasons, key=lambda code: (-reasons[code], code))
    return {
        "area_code": area,
        "financial_year": year,
        "grade": grade,
        "reasons": ", ".join(heaviest),
        "marks": len(reasons),
    }
