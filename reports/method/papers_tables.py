"""What papers can show, and what a sample tells of England, as measured on planted papers and planted truths.

In: tables `evaluation_papers` and `evaluation_sample`. Out: `WindowPart` records, one per window, then the sample.
Of papers only those are printed that are read as they were made; all others stay in the table of the run. Refuses
nothing: what a run does not hold has no part.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.declarations.catalogue import tables
from reports.words.evaluation_tables import WINDOWS, data_table, three, whole_table
from reports.words.read_run import Row, Run
from reports.words.view_models import WindowPart

COLUMNS = (
    "papers", "errors", "error", "years", "power", "list_found", "expected", "actual", "high_wrong", "low_wrong",
    "coverage", "smallest_rate",
)  # fmt: skip
"""As many as a page holds beside each other; the others stay in the table of the run."""
AFTERWARDS = "written afterwards"
ERROR = 0.02
TOLD = (
    ("one year", 1, "one year of papers"),
    ("each year its own", 3, "three years that err each on their own"),
    ("one through all years", 3, "three years with one error through all"),
)


def as_made(rows: Sequence[Row]) -> list[Row]:
    """Papers read as their errors go together, with the error a run takes them to have; unbiased ones first."""
    kept = [
        row
        for row in rows
        if row["reading"] in ("either", row["errors"]) and (row["setting"] == ERROR or row["papers"] == AFTERWARDS)
    ]
    order = tables()["evaluation_papers"].column("papers").enum
    return sorted(kept, key=lambda row: (order.index(row["papers"]), row["error"], row["years"], row["errors"]))


def _sentence(rows: Sequence[Row]) -> str:
    """Power and the list a reader would take, of unbiased papers at the error that a run takes them to have."""
    found: list[tuple[str, Row]] = []
    for errors, years, words in TOLD:
        wanted = {"papers": "unbiased", "errors": errors, "years": years, "error": ERROR}.items()
        found += [(words, row) for row in rows if wanted <= dict(row).items()][:1]
    if not found:
        return ""
    power = "; ".join(f"{three(row['power'])} with {words}" for words, row in found)
    listed = "; ".join(three(row["list_found"]) for _, row in found)
    return (
        "Share of the councils planted that are found where papers err by 2% of own spend a year and one in ten of "
        f"those found is wrong: {power}. Lists whose mean posterior is nine in ten or more find {listed} of them."
    )


def papers_parts(run: Run) -> tuple[WindowPart, ...]:
    """What papers show in each window, then what a sample tells of England."""
    made: list[WindowPart] = []
    for window, words in WINDOWS.items():
        rows = as_made([row for row in run.rows("evaluation_papers") if row["window"] == window])
        if rows:
            table = data_table("evaluation_papers", rows, COLUMNS, suffix=f"-{window.lower()}")
            heading = f"What papers can show: {words}"
            made.append(WindowPart(f"papers-{window.lower()}", heading, _sentence(rows), table=table))
    sample = whole_table(run, "evaluation_sample")
    if sample:
        made.append(WindowPart("sample", "What a sample tells of England", table=sample))
    return tuple(made)
