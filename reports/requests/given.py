"""What a request fills in itself: own spend and NHS money of each year, with the published cells they rest on.

In: an area's rows of `expected_spend` and `evidence`, and how its NHS money is known. Out: the blocks of the plan and
the list of cells. NHS money is the figure the area was judged on, so that page and request say the same. A year the
returns do not tell stays empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports.requests.request_run import ALLOCATED, GRANTS, OWN, WORKED_OUT
from reports.words.frame import window_words
from reports.words.narrative import release_words
from reports.words.read_run import Row
from reports.workbooks.records import Block, GivenYear, SourceCell

MOST_CELLS = 7
"""More cells than these are not listed in a cell of the workbook: the sheet of cells has them."""
SCOPES: Mapping[str, str] = {
    "own_without_ld": "adult social care without learning disability, net of fees, charges and NHS income",
    "own_less_grants": "adult social care without social-care grants, net of fees, charges and NHS income",
}
OTHER_SCOPE = "adult social care, net of fees, charges and NHS income"


def scope_words(manifest: Mapping[str, Any], window: str) -> str:
    """What own spend means in a window, by the run's settings."""
    made = (manifest.get("settings") or {}).get("window") or ()
    own = next((str(one.get("own")) for one in made if one.get("name") == window), "")
    return SCOPES.get(own, OTHER_SCOPE)


def block(
    window: str, years: Sequence[str], *, spend: Sequence[Row], evidence: Sequence[Row], basis: str, scope: str,
    short: bool,
) -> Block:  # fmt: skip
    """One window of the plan. `short` leaves long lists of cells to the sheet that holds them."""
    own = {str(row["financial_year"]): row["actual_gbp"] for row in spend}
    return Block(
        window=window,
        head=f"{window}: {window_words(window)}, \u00a3\u00a0thousand",
        definition=scope,
        years=tuple(
            _year(year, own.get(year), [row for row in evidence if row["financial_year"] == year], basis, short=short)
            for year in years
        ),
    )


def _year(year: str, own_gbp: float | None, evidence: Sequence[Row], basis: str, *, short: bool) -> GivenYear:
    money = [row["value"] for row in evidence if row["column"] == _money_column(basis) and row["value"] is not None]
    return GivenYear(
        year=year,
        own_returned=None if own_gbp is None else round(own_gbp / 1000.0, 3),
        own_cells="" if own_gbp is None else own_cells(evidence, short=short),
        nhs_money=round(sum(money) / 1000.0, 3) if money else None,
        nhs_basis=basis if money else "",
    )


def _publication(row: Row) -> str:
    if row["source"] == "derived":
        return "Worked out from published settlement figures, which the area's page lists with their cells"
    return ", ".join(filter(None, (row["title"], release_words(row["release"]))))


def _money_column(basis: str) -> str:
    return ALLOCATED if basis == "allocated" else WORKED_OUT


def own_cells(evidence: Sequence[Row], *, short: bool) -> str:
    """Return and cells that own spend of a year is made of, "RO3: CJ42; DH42"."""
    made: dict[str, list[str]] = {}
    for row in evidence:
        if row["column"] in OWN and row["cell"]:
            made.setdefault(str(row["source"]).upper(), []).append(str(row["cell"]))
    said = [
        f"{source}: {len(cells)} cells, see sheet 'Cells'"
        if short and len(cells) > MOST_CELLS
        else f"{source}: {'; '.join(cells)}"
        for source, cells in sorted(made.items())
    ]
    if any(row["column"] == GRANTS for row in evidence):
        said.append("less social-care grants worked out")
    return "; ".join(said)


def cells_of(evidence: Sequence[Row], years: Sequence[str], basis: str) -> tuple[SourceCell, ...]:
    """The figures behind the given rows of a window, own spend first."""
    wanted = (*OWN, GRANTS, _money_column(basis))
    rows = [row for row in evidence if row["financial_year"] in years and row["column"] in wanted]
    rows.sort(key=lambda row: (str(row["financial_year"]), wanted.index(row["column"]), str(row["evidence_id"])))
    return tuple(
        SourceCell(
            number=str(row["evidence_id"]),
            figure=str(row["figure"]),
            year=str(row["financial_year"]),
            value=None if row["value"] is None else round(float(row["value"]), 2),
            unit=str(row["unit"] or ""),
            publication=_publication(row),
            file=str(row["file_name"] or ""),
            sheet=str(row["sheet"] or ""),
            cell=str(row["cell"] or ""),
        )
        for row in rows
    )
