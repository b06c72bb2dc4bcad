"""What moved between two runs, as records: results, amounts, published figures, and what differs between the runs.

In: nothing. Out: `Changes`, which the page of changes and `diff` print. Refuses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.declarations.table_words import FLAGGED

SEVERAL = "Several causes differ; run with one of them changed at a time to tell them apart."
MOVES_NOTHING = "moves nothing"
"""Stands in a cause that decides no result."""
APPEARED, LEFT, MOVED = "appeared", "left", "moved"
HEADINGS = {
    APPEARED: ("Appeared on a list", "No area appeared on a list."),
    LEFT: ("Left the lists", "No area left the lists."),
    MOVED: ("Moved otherwise", "No other list or band changed."),
}


@dataclass(frozen=True)
class RunTold:
    """A run by its id, the version of the program and its commit."""

    run_id: str
    version: str
    commit: str


@dataclass(frozen=True)
class Side:
    """What one run says of an area and window: result, band, evidence ratio and pounds; empty or None where nothing."""

    result: str = ""
    band: str = ""
    ratio: float | None = None
    gap_gbp: float | None = None
    nhs_gbp: float | None = None
    own_gbp: float | None = None


@dataclass(frozen=True)
class Change:
    """An area and window whose list or band is not what it was, and what can have moved it."""

    area_code: str
    window: str
    area_name: str
    before: Side
    after: Side
    why: str

    @property
    def kind(self) -> str:
        """Whether the area appeared on a list, left the lists, or moved otherwise."""
        was, is_now = self.before.result in FLAGGED, self.after.result in FLAGGED
        return MOVED if was == is_now else APPEARED if is_now else LEFT


@dataclass(frozen=True)
class Figure:
    """A published figure that is not what it was, in its own unit; None where one run has none. `cause` names the input
    or the check of a suite that moved it.
    """

    area_code: str
    window: str
    area_name: str
    figure: str
    financial_year: str
    table: str
    before: float | None
    after: float | None
    unit: str = ""
    cause: str = ""


@dataclass(frozen=True)
class Changes:
    """Two runs, what differs between them, what moved. Of results with list and band as they were, `amounts` have other
    amounts, and `unmoved` is how many have another evidence ratio. `problem` says why they could not be compared.
    """

    before: RunTold
    after: RunTold
    causes: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    amounts: tuple[Change, ...] = ()
    figures: tuple[Figure, ...] = ()
    unmoved: int = 0
    problem: str = ""

    @property
    def several(self) -> bool:
        """Whether more than one cause can have moved a result."""
        return sum(MOVES_NOTHING not in cause for cause in self.causes) > 1
