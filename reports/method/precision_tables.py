"""What the lists hold where replacement was planted: one row per family of cases, the ways to rank side by side.

In: tables `evaluation_list` and `evaluation_best`. Out: `WindowPart` records, one per window, then both lists against
the best we know.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.declarations.table_words import BOTH_LISTS, REVIEW_LIST, UNUSUAL_LIST
from reports.words.evaluation_tables import WINDOWS, capital, three, whole_table
from reports.words.narrative import MISSING, count_of, is_missing, plain_code
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, WindowPart

FUND = "fund_"
NAMED = (REVIEW_LIST, UNUSUAL_LIST, BOTH_LISTS)


def plain_family(name: str) -> str:
    """A family of planted cases in words: "fund_route_reserves" is "Route reserves"."""
    return capital(plain_code(name.removeprefix(FUND)))


def _cell(row: Row | None) -> Cell:
    if row is None or is_missing(row["precision"]):
        return Cell(MISSING)
    error = "" if is_missing(row["standard_error"]) else f"± {three(row['standard_error'])}"
    return Cell(three(row["precision"]), small=error)


def precision_table(window: str, rows: Sequence[Row]) -> DataTable:
    """Precision by family, a column for each list and other way to rank."""
    detectors = list(dict.fromkeys([*NAMED, *(str(row["detector"]) for row in rows)]))
    families: dict[str, dict[str, Row]] = {}
    for row in rows:
        families.setdefault(str(row["family"]), {})[str(row["detector"])] = row
    made: list[tuple[Cell, ...]] = []
    for family, found in families.items():
        one = next(iter(found.values()))
        about = f"{one['ground']}; {count_of(int(one['cases'] or 0), 'case', 'cases')}"
        about += "; kept out of tuning" if one["held_out"] else ""
        made.append((Cell(plain_family(family), small=about), *(_cell(found.get(name)) for name in detectors)))
    return DataTable(
        id=f"evaluation-list-{window.lower()}",
        caption=f"Share of the first places that are councils in which replacement was planted: {WINDOWS[window]}",
        columns=(Column("Planted"), *(Column(capital(name), numeric=True) for name in detectors)),
        rows=tuple(made),
        note="Mean over cases, with its standard error. The review list has 15 places and the unusual-pattern list 10; "
        "other ways to rank are read at 15.",
    )


def precision_parts(run: Run) -> tuple[WindowPart, ...]:
    """What the lists hold in each window, then both beside the best we know."""
    made: list[WindowPart] = []
    for window, words in WINDOWS.items():
        rows = [row for row in run.rows("evaluation_list") if row["window"] == window]
        if rows:
            heading = f"What the lists hold: {words}"
            made.append(WindowPart(f"lists-{window.lower()}", heading, table=precision_table(window, rows)))
    best = whole_table(run, "evaluation_best")
    if best:
        made.append(WindowPart("best", "The lists beside the best we know", table=best))
    return tuple(made)
