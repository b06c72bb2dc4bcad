"""The method's pages: a verdict in three lines with a short account, and the annexes that prove it.

In: a run's manifest and tables. Out: a `TablesPage` for each, by path. Long prose stands in the templates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports.england.national_section import displacement_part
from reports.method.evaluation_section import chance_parts, evaluation_parts
from reports.method.method_checks import method_checks
from reports.method.papers_tables import papers_parts
from reports.method.verdict import verdict
from reports.words.frame import FUND, NATIONAL, average_of, frame
from reports.words.narrative import decimal, is_missing, join_words, plain_code
from reports.words.read_run import Run
from reports.words.reperform import method_pairs
from reports.words.view_models import Cell, Column, DataTable, Link, TablesPage, WindowPart

HOW, WELL, PAPERS = "method/how-it-works.html", "method/how-well.html", "method/papers.html"
ESTIMATES, SETTINGS = "method/estimates.html", "method/settings.html"
ANNEXES = (
    (HOW, "How the method works", "the account in full, and its literature"),
    (WELL, "How well the method works", "planted cases: chances, lists, intervals, targets and what was reached"),
    (PAPERS, "What papers and samples can show", "planned displacement and conclusions, where the truth was planted"),
    (ESTIMATES, "Estimates and checks of the method", "national estimates, years without NHS money, exchanged money"),
    (SETTINGS, "Settings and re-performance", "versions, command, settings as used, counts, libraries"),
)
"""Path, heading and what each annex holds, in the order of the page."""
BACK = Link("Method", "method.html")
NO_EVALUATION = "This run holds no evaluation. The command that plants known cases and looks for them would give it."
COUNT_WORDS = {"of_payments_gbp": "money of the payments", "quarantined": "rows and values set aside"}


def flat(found: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Nested settings as (name, value) lines, names joined by a dot."""
    lines: list[tuple[str, str]] = []
    for name, value in sorted(found.items()):
        if isinstance(value, dict):
            inner: dict[str, Any] = value
            lines += flat(inner, f"{before}{name}.")
        elif isinstance(value, (list, tuple)):
            lines.append((f"{before}{name}", ", ".join(str(part) for part in value)))
        else:
            lines.append((f"{before}{name}", str(value)))
    return lines


def _table(
    found: Any, *, identity: str, caption: str, heads: tuple[str, str], numeric: bool = False
) -> DataTable | None:
    if not isinstance(found, dict) or not found:
        return None
    return DataTable(
        id=identity,
        caption=caption,
        columns=(Column(heads[0]), Column(heads[1], numeric=numeric)),
        rows=tuple((Cell(plain_code(name)), Cell(value)) for name, value in flat(found)),
    )


def _counted(counts: Mapping[str, Any]) -> dict[str, Any]:
    """Counts ready to print: in words, with commas, and pounds as pounds."""
    made: dict[str, Any] = {}
    for name, value in counts.items():
        shown = f"{value:,}" if isinstance(value, (int, float)) else value
        made[COUNT_WORDS.get(name, name)] = f"£{shown}" if name.endswith("_gbp") else shown
    return made


def method_words(run: Run) -> dict[str, str]:
    """What the prose needs of this run: national amounts, how far receipts agree, the average council, the lists."""
    settings: Mapping[str, Any] = run.manifest.get("settings") or {}
    amounts: Mapping[str, float] = settings.get(NATIONAL) or {}
    national = [f"£{amount:,.0f} million in {year}" for year, amount in sorted(amounts.items())]
    if settings.get(FUND):
        national.append(f"£{settings[FUND]:,.0f} million a year from 2015-16")
    found = [row["correlation"] for row in run.rows("transfer_check") if not is_missing(row["correlation"])]
    receipts = "How far the two agree was not measured in this run."
    if found:
        receipts = (
            f"The two differ: over areas their correlation is {decimal(min(found))} to {decimal(max(found))} by year "
            "(transfers beside receipts, in the annex of estimates)."
        )
    return {
        "national": join_words(national) or "not stated",
        "receipts": receipts,
        "average": f"{average_of(run):g}",
        "review": str(settings.get("lists.review", "the set number of")),
        "unusual": str(settings.get("lists.unusual", "the set number of")),
    }


def settings_tables(run: Run) -> tuple[DataTable, ...]:
    """Settings as used, counts, and libraries; those that the manifest holds."""
    manifest = run.manifest
    tables = (
        _table(manifest.get("settings"), identity="settings", caption="Settings as used", heads=("Setting", "Value")),
        _table(
            _counted(manifest.get("counts") or {}),
            identity="counts",
            caption="Counts of the run",
            heads=("What was counted", "Number"),
            numeric=True,
        ),
        _table(manifest.get("libraries"), identity="libraries", caption="Libraries", heads=("Library", "Version")),
    )
    return tuple(table for table in tables if table)


def estimate_parts(run: Run) -> tuple[WindowPart, ...]:
    """National estimates, what is found where there is nothing, and what a run checks of itself."""
    national = displacement_part(run).table if run.rows("national_displacement") else None
    own = (WindowPart("national", "National displacement, in this run", table=national),) if national else ()
    return (*own, *chance_parts(run), *method_checks(run))


def _annex(run: Run, path: str, heading: str, lead: str, parts: Sequence[WindowPart], *, empty: str) -> TablesPage:
    return TablesPage(
        frame=frame(run, title=heading, here=path.removesuffix(".html"), root="../"), heading=heading, lead=(lead,),
        tables=(), measured=tuple(parts), back=BACK, empty=empty,
    )  # fmt: skip


def method_pages(run: Run) -> dict[str, tuple[str, TablesPage]]:
    """The method's pages by path, each with its template: the verdict, and the annexes that prove it."""
    heads = {path: heading for path, heading, _ in ANNEXES}
    words = method_words(run)
    return {
        "method.html": (
            "method",
            TablesPage(
                frame=frame(run, title="Method", here="method"), heading="Method", lead=verdict(run), tables=(),
                words=words, downloads=tuple(Link(heading, path, about) for path, heading, about in ANNEXES),
            ),
        ),
        HOW: (
            "method_how",
            TablesPage(
                frame=frame(run, title=heads[HOW], here="method/how-it-works", root="../"), heading=heads[HOW],
                lead=("What was asked of the figures, how it was answered, and what the answer cannot say.",),
                tables=(), words=words, back=BACK,
            ),
        ),
        WELL: (
            "method_annex",
            _annex(run, WELL, heads[WELL], "What was found where it was known what is there.", evaluation_parts(run),
                   empty=NO_EVALUATION),
        ),
        PAPERS: (
            "method_annex",
            _annex(run, PAPERS, heads[PAPERS], "What a council's own papers and a sample of councils can tell, where "
                   "the truth was planted.", papers_parts(run), empty=NO_EVALUATION),
        ),
        ESTIMATES: (
            "method_annex",
            _annex(run, ESTIMATES, heads[ESTIMATES], "National estimates of this run, what is found where there is "
                   "nothing to find, and what the run checks of itself.", estimate_parts(run),
                   empty="This run holds no estimate."),
        ),
        SETTINGS: (
            "method_annex",
            TablesPage(
                frame=frame(run, title=heads[SETTINGS], here="method/settings", root="../"), heading=heads[SETTINGS],
                lead=("The same inputs, settings and version give the same results and the same bytes.",
                      "Code is under the MIT licence; data are under the Open Government Licence v3.0."),
                tables=settings_tables(run), pairs=method_pairs(run), back=BACK,
                downloads=(Link("Run manifest (JSON)", "../manifest.json"),),
            ),
        ),
    }  # fmt: skip
