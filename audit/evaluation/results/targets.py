"""The targets of the method beside what was reached, for each window.

In: rows of the other evaluation tables. Out: rows of evaluation_target. Refuses nothing: what could not be measured
says so in its note. Targets were set before anything was measured, and are not moved.
"""

from __future__ import annotations

import math
from typing import Any

from audit.evaluation.enquiry.plant_papers import COMMON, ONE_YEAR, OWN, UNBIASED, WHOLE
from audit.evaluation.measures import FIRST
from audit.evaluation.oracle import ORACLE
from audit.evaluation.plans import BLOCKS, BY_TAX_OR_RESERVES, PREFIX, REAL_PATHS
from pipelines.declarations.table_words import BETTER_CARE_FUND, REVIEW_LIST, SECTION_256, UNUSUAL_LIST

Rows = list[dict[str, Any]]
PRECISION = {SECTION_256: (0.26, 0.30), BETTER_CARE_FUND: (0.30, 0.35)}
PRECISION_REAL = {SECTION_256: (0.27, 0.32), BETTER_CARE_FUND: (0.35, 0.40)}
WIDTH = {SECTION_256: (4.4, 4.0), BETTER_CARE_FUND: (3.0, 2.6)}
UNUSUAL = (0.25, 0.35)
COVERAGE, COVERAGE_AIM = (0.86, 0.94), (0.88, 0.92)
ENOUGH_EXPECTED = 100.0
PAPERS_ERROR = 0.02
PAPERS = (
    (ONE_YEAR, 1, 0.40, 0.45, "one year"),
    (OWN, 3, 0.80, 0.90, "three years that err each on their own"),
    (COMMON, 3, 0.35, 0.43, "three years with one error through all"),
)
"""How the papers err, years, least asked of their power, what was hoped for, in words."""
SAMPLE, SAMPLE_AIM = 0.88, 0.90


def _row(window: str, target: str, must: str, aim: str, reached: float, met: bool | None, note: str = "") -> Any:
    said = "no target" if met is None else "not measured" if reached != reached else "yes" if met else "no"
    return {"window": window, "target": target, "must_reach": must, "aim": aim, "reached": reached, "met": said,
            "note": note}  # fmt: skip


def _mean(values: list[float]) -> float:
    known = [value for value in values if value == value]
    return sum(known) / len(known) if known else math.nan


def targets(made: dict[str, Rows]) -> Rows:
    """One row per target and window. `made` holds the other tables by name."""
    rows: Rows = []
    for window in (SECTION_256, BETTER_CARE_FUND):
        mine = {name: [row for row in found if row.get("window") == window] for name, found in made.items()}
        rows += _precision(window, mine["evaluation_list"])
        rows += _posterior(window, mine["evaluation_posterior"])
        rows += _intervals(window, mine["evaluation_interval"])
        beaten = [row["family"] for row in mine["evaluation_best"] if row["beats"]]
        note = f"beaten in {', '.join(beaten)}" if beaten else ""
        text = "routes on which a list beats the best we know by over two standard errors"
        rows.append(_row(window, text, "0", "0", float(len(beaten)), not beaten, note))
        rows += _papers(window, mine["evaluation_papers"])
    return rows + _samples(made["evaluation_sample"])


def _precision(window: str, rows: Rows) -> Rows:
    must, aim = PRECISION[window]
    routes = [row for row in rows if row["family"].removeprefix(PREFIX[window]).startswith("route_")]
    review = [row for row in routes if row["detector"] == REVIEW_LIST]
    best = _mean([row["precision"] for row in routes if row["detector"] == ORACLE])
    fewest = min((row["cases"] for row in review), default=0)
    note = f"{len(review)} routes of at least {fewest} cases each; best we know {best:.2f}; chance 0.10"
    reached = _mean([row["precision"] for row in review])
    made = [_row(window, "precision of the review list, mean over routes", f"{must}", f"{aim}", reached,
                 reached >= must, note)]  # fmt: skip
    must, aim = PRECISION_REAL[window]
    real = [row for row in rows if row["family"] == f"{PREFIX[window]}real_paths"]
    reached = _mean([row["precision"] for row in real if row["detector"] == REVIEW_LIST])
    best = _mean([row["precision"] for row in real if row["detector"] == ORACLE])
    text = "the same on real paths"
    made.append(_row(window, text, f"{must}", f"{aim}", reached, reached >= must, f"best we know {best:.2f}"))
    other = [row for row in routes if row["detector"] == UNUSUAL_LIST and row["route"] in BY_TAX_OR_RESERVES]
    reached = _mean([row["precision"] for row in other])
    text = "precision of the unusual-pattern list where money leaves by tax or reserves"
    made.append(_row(window, text, f"{UNUSUAL[0]}", f"{UNUSUAL[1]}", reached, reached >= UNUSUAL[0]))
    return made


def _posterior(window: str, rows: Rows) -> Rows:
    made: Rows = []
    for row in (item for item in rows if item["part"] == FIRST and item["prevalence"] > 0):
        off = abs(row["actual"] - row["expected"])
        near = off <= max(0.25 * row["expected"], 2.0 * row["standard_error"])
        few = "" if row["expected"] >= ENOUGH_EXPECTED else "; fewer than 100 expected"
        where = f"{row['ground']}, {row['prevalence']:.0%} planted"
        note = f"{row['actual']:.0f} where {row['expected']:.0f} were expected{few}"
        text = f"actual by expected in the {FIRST}, {where}"
        made.append(_row(window, text, "within 25% or 2 standard errors", "within 10%", row["ratio"], near, note))
    return made


def _intervals(window: str, rows: Rows) -> Rows:
    low, high = COVERAGE
    made: Rows = []
    for ground in (BLOCKS, REAL_PATHS):
        for row in (item for item in rows if item["ground"] == ground):
            text = f"coverage of the 90% interval, {row['group']}, {ground}"
            aim = f"{COVERAGE_AIM[0]} to {COVERAGE_AIM[1]}"
            fine = low <= row["coverage"] <= high
            made.append(_row(window, text, f"{low} to {high}", aim, row["coverage"], fine))
    others = [row for row in rows if row["group"] == "others" and row["ground"] == BLOCKS]
    must, aim = WIDTH[window]
    reached = _mean([row["width"] for row in others])
    made.append(_row(window, "width of that interval, pounds per pound", f"{must}", f"{aim}", reached, reached <= must))
    return made


def _papers(window: str, rows: Rows) -> Rows:
    """Power of unbiased papers, read as they err; with one year there is one way only to read them."""
    made: Rows = []
    for errors, years, must, aim, words in PAPERS:
        text = f"power at a false discovery rate of 10%, papers of {words}, error 2% of own spend"
        wanted = {"papers": UNBIASED, "errors": errors, "years": years, "error": PAPERS_ERROR, "setting": PAPERS_ERROR}
        mine = [row for row in rows if wanted.items() <= row.items() and (years == 1 or row["reading"] == errors)]
        reached = _mean([row["power"] for row in mine])
        finds = _mean([row["list_found"] for row in mine])
        note = f"a list whose mean posterior is 0.9 finds {finds:.2f}"
        whole = _mean([row["power"] for row in rows if row["papers"] == WHOLE and row["years"] == years])
        note += f"; {whole:.2f} with the whole transfer in place of its rise" if whole == whole else ""
        made.append(_row(window, text, f"{must}", f"{aim}", reached, reached >= must, note if mine else ""))
    return made


def _samples(rows: Rows) -> Rows:
    """The least coverage of the interval of a sample, over sizes, truths and weights."""
    worst = min(rows, key=lambda row: row["coverage"], default=None)
    text = "coverage of the 90% interval by a sample, least of all sizes, truths and weights"
    if worst is None:
        return [_row("both", text, f"{SAMPLE}", f"{SAMPLE_AIM}", math.nan, met=False)]
    note = (
        f"{worst['size']} areas, {worst['share_planted']:.0%} planted {worst['truth']}, share of {worst['weight']}; "
        f"mean {_mean([row['coverage'] for row in rows]):.3f}; {worst['draws']} draws each"
    )
    reached = float(worst["coverage"])
    return [_row("both", text, f"{SAMPLE}", f"{SAMPLE_AIM}", reached, reached >= SAMPLE, note)]
