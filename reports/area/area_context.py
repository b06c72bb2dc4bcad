"""A run's tables grouped by area and window, and what all area pages share, prepared once.

In: a run. Out: `AreaContext`. Refuses nothing: a table that the run does not hold is empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.area import cautions
from reports.area.funnel_section import Funnel, funnels
from reports.area.peers_section import PeerYears, peer_years
from reports.area.recent_section import Outcomes, outcomes
from reports.area.supplied import enquiry_section
from reports.checks.evidence_checks import Checked, checked
from reports.england.working_papers import variants_of
from reports.payments.section import Payments, payments
from reports.words.frame import average_of, flag_windows
from reports.words.lead_words import LeadWords, lead_words, right_words
from reports.words.read_run import Row, Run

BY_WINDOW = ("expected_spend", "yearly_change", "feature_value", "peer", "area_score", "flag", "look_alike", "evidence",
             "planned_displacement")  # fmt: skip
BY_AREA = ("area_year", "commissioner_area_weight", "check_mark", "responses", "known_explanations", "plans",
           "revision", "allocation_use", "budget_outturn", "deduction_check",
           *enquiry_section.BY_AREA)  # fmt: skip
Groups = Mapping[tuple[Any, ...], Sequence[Row]]


@dataclass(frozen=True)
class AreaContext:
    """A run's tables grouped by area and window, and what all area pages share."""

    run: Run
    windows: tuple[str, ...]
    groups: Mapping[str, Groups]
    peers: PeerYears
    break_words: Mapping[str, str]
    checked: Checked
    outcomes: Outcomes
    areas: Mapping[str, Row]
    funnels: tuple[Funnel, ...]
    payments: Payments
    lead: Mapping[str, LeadWords]
    variants: Mapping[str, int]
    right: Mapping[str, str]
    assessed: int
    average: float
    reads: enquiry_section.Reading

    def of(self, table: str, *key: str) -> Sequence[Row]:
        """Rows of a table for an area, or for an area and window."""
        return self.groups[table].get(key, ())

    def one(self, table: str, *key: str) -> Row | None:
        """The single row of a table for an area and window, if the run holds it."""
        return next(iter(self.of(table, *key)), None)

    def nearest(self, code: str) -> tuple[str, ...]:
        """Names of an area's peers in the first window that holds any, the nearest first."""
        rows = next((rows for window in self.windows if (rows := self.of("peer", code, window))), ())
        near = sorted((int(row["place"]), str(row["peer_code"])) for row in rows if row["place"])
        return tuple(str(self.areas[peer]["area_name"]) for _, peer in near if peer in self.areas)

    def all_windows(self, table: str, code: str) -> list[Row]:
        """Rows of a table for an area over the judged windows, in their order."""
        return [row for window in self.windows for row in self.of(table, code, window)]


def area_context(run: Run) -> AreaContext:
    """Group the run's tables once for all area pages."""
    groups: dict[str, Groups] = {table: run.grouped(table, "area_code", "window") for table in BY_WINDOW}
    groups |= {table: run.grouped(table, "area_code") for table in BY_AREA}
    groups["evidence_by_area"] = run.grouped("evidence", "area_code")
    return AreaContext(
        run=run, windows=tuple(flag_windows(run)), groups=groups, peers=peer_years(run),
        break_words=cautions.break_words(run),
        checked=checked(run),
        outcomes=outcomes(run), areas={str(row["area_code"]): row for row in run.rows("area")},
        funnels=funnels(run, flag_windows(run)),
        payments=payments(run), lead={window: lead_words(run, window) for window in flag_windows(run)},
        variants={window: variants_of(run, window) for window in flag_windows(run)},
        right={window: right_words(run, window) for window in flag_windows(run)},
        assessed=max((int(row["assessed"] or 0) for row in run.rows("list_summary")), default=0),
        average=average_of(run),
        reads=enquiry_section.reading(run, flag_windows(run)),
    )  # fmt: skip
