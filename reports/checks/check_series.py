"""What earlier runs said of each check, as a column of the pages that list checks.

In: a run's table `check_history`. Out: the column, its cells and its note; no column where no earlier run stood in the
folder of runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.words.narrative import join_words
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column


@dataclass(frozen=True)
class CheckSeries:
    """Ids of earlier runs, oldest first, and what was told of each check by the place of the run."""

    runs: tuple[str, ...]
    told: Mapping[str, Mapping[int, str]]
    places: tuple[int, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The column, or none."""
        return (Column("Earlier runs", numeric=True),) if self.runs else ()

    def cells(self, row: Row) -> tuple[Cell, ...]:
        """What earlier runs said of a check, oldest first, or that they all said what this one says."""
        if not self.runs:
            return ()
        series = [self.told.get(str(row["code"]), {}).get(place, "-") for place in self.places]
        now = str(row["rows_failed"]) if row["outcome"] in ("passed", "failed") else str(row["outcome"])
        return (Cell("no change" if set(series) == {now} else ", ".join(series)),)

    @property
    def note(self) -> str:
        """How to read the column."""
        if not self.runs:
            return "No earlier run stood in this folder of runs."
        return (
            f"Earlier runs: rows failed in {join_words(self.runs)}, oldest first; 'no change' where all of them say "
            "what this run says, a dash where there was no such check."
        )


def check_series(run: Run) -> CheckSeries:
    """The history that a run recorded."""
    earlier = sorted(run.grouped("check_history", "place").items())
    told: dict[str, dict[int, str]] = {}
    for row in run.rows("check_history"):
        told.setdefault(str(row["code"]), {})[int(row["place"])] = str(row["told"])
    return CheckSeries(
        tuple(str(of_run[0]["run_id"]) for _, of_run in earlier), told, tuple(int(place) for (place,), _ in earlier)
    )
