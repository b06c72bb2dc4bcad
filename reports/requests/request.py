"""One area's request, with every word and figure of its pack chosen.

In: a `Run`, an area, how it came to be asked, what the office gives (date, its name, day to answer by). Out: an
`AreaRequest`, from which workbook, CSV forms and letters are written. What is not given is a blank to fill in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.area.questions import for_area
from reports.area.supplied.supplied_section import criteria_questions
from reports.requests.given import block, cells_of, scope_words
from reports.requests.request_run import window_years
from reports.requests.why_asked import why_asked
from reports.words.read_run import Row, Run
from reports.words.view_models import Question
from reports.workbooks.records import Block, SourceCell

Groups = Mapping[tuple[Any, ...], Sequence[Row]]
BY_AREA = ("flag", "look_alike", "feature_value", "expected_spend", "evidence")


@dataclass(frozen=True)
class Asking:
    """What the office that asks gives: days are written 2026-05-01; empty is a blank to fill in."""

    date: str = ""
    by: str = ""
    office: str = ""


@dataclass(frozen=True)
class AreaRequest:
    """What is said to one council. `blocks` are for the workbook; `full` name every cell, for the CSV."""

    code: str
    name: str
    joined: bool
    run_id: str
    asking: Asking
    why: tuple[str, ...]
    blocks: tuple[Block, ...]
    full: tuple[Block, ...]
    cells: tuple[SourceCell, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class RequestTables:
    """A run's tables grouped by area, once for all requests."""

    run: Run
    windows: Mapping[str, tuple[str, ...]]
    areas: Mapping[str, Row]
    groups: Mapping[str, Groups]

    def of(self, table: str, code: str) -> Sequence[Row]:
        """An area's rows of a table."""
        return self.groups[table].get((code,), ())


def request_tables(run: Run) -> RequestTables:
    """Group the tables of a run."""
    return RequestTables(
        run=run,
        windows=window_years(run),
        areas={str(row["area_code"]): row for row in run.rows("area")},
        groups={table: run.grouped(table, "area_code") for table in BY_AREA},
    )


def area_request(held: RequestTables, code: str, *, how: str, asking: Asking) -> AreaRequest:
    """The request to one area of the run."""
    flags = held.of("flag", code)
    criteria = criteria_questions(held.run.rows("criteria"), list(held.windows.values()))
    _, questions = for_area(flags, held.of("look_alike", code), held.of("feature_value", code), criteria=criteria)
    basis = {str(flag["window"]): str(flag["transfer_basis"] or "") for flag in flags}
    evidence = {
        window: [row for row in held.of("evidence", code) if row["window"] == window] for window in held.windows
    }
    area = held.areas[code]
    return AreaRequest(
        code=code,
        name=str(area["area_name"]),
        joined=bool(area["joined"]),
        run_id=held.run.run_id,
        asking=asking,
        why=why_asked(flags, held.run.rows("list_summary"), how=how),
        blocks=_blocks(held, code, evidence, basis, short=True),
        full=_blocks(held, code, evidence, basis, short=False),
        cells=tuple(
            cell
            for window, years in held.windows.items()
            for cell in cells_of(evidence[window], years, basis.get(window, ""))
        ),
        questions=questions,
    )


def _blocks(
    held: RequestTables, code: str, evidence: Mapping[str, Sequence[Row]], basis: Mapping[str, str], *, short: bool
) -> tuple[Block, ...]:
    return tuple(
        block(
            window,
            years,
            spend=[row for row in held.of("expected_spend", code) if row["window"] == window],
            evidence=evidence[window],
            basis=basis.get(window, ""),
            scope=scope_words(held.run.manifest, window),
            short=short,
        )
        for window, years in held.windows.items()
    )
