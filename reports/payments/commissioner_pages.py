"""Commissioners: those with traced payments first, with a page each; all others in one table, without an empty page.

In: a run's `commissioner_area_weight`, `area` and payments. Out: `ProsePage` by path. Commissioners are keyed by their
NHS code, so a code that two vintages share is one row; every row has an id to lead to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.payments.section import Payments, commissioner_section, payments
from reports.payments.tables import added, total
from reports.words.frame import frame, slug
from reports.words.narrative import MISSING, count_of, percent, thousand, whole
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, Link, ProsePage, ProseSection, WindowPart

LEAST, NAMED = 0.001, 0.01
MOST = 6
INDEX = "commissioners/index.html"
BACK = Link("Commissioners", INDEX)
Weights = Mapping[str, Sequence[Row]]


def commissioner_path(code: str) -> str:
    """Where a commissioner's page lies in the site, if it has payments."""
    return f"commissioners/{slug(code)}.html"


def _weights_part(vintage: str, rows: Sequence[Row], names: Mapping[str, str]) -> WindowPart:
    shown = [row for row in rows if (row["weight"] or 0) >= LEAST]
    ordered = sorted(shown, key=lambda row: (-(row["weight"] or 0), str(row["area_code"])))
    basis = sorted({str(row["basis"]) for row in rows if row["basis"]})
    table = DataTable(
        id=f"areas-{slug(vintage)}-table",
        caption=f"Areas by the lookup of {vintage}",
        columns=(
            Column("Area"),
            Column("Share of the commissioner's people", numeric=True),
            Column("People", numeric=True),
        ),
        rows=tuple(
            (
                Cell(
                    names.get(str(row["area_code"]), str(row["area_code"])),
                    href=f"areas/{row['area_code']}.html" if str(row["area_code"]) in names else "",
                ),
                Cell(percent(row["weight"])),
                Cell(whole(row["population"])),
            )
            for row in ordered
        ),
        note=f"Basis: {'; '.join(basis) or 'not stated'}. Shares under 0.1% are left out.",
    )
    return WindowPart(id=f"areas-{slug(vintage)}", heading=f"Lookup of {vintage}", table=table)


def _vintages(rows: Sequence[Row]) -> list[str]:
    return sorted({str(row["vintage"]) for row in rows})


def _latest(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["vintage"] == _vintages(rows)[-1]]


def _name(code: str, weights: Weights, held: Payments) -> str:
    """The name in the latest lookup, else as a file of payments prints it."""
    if rows := weights.get(code):
        return str(_latest(rows)[0]["commissioner_name"] or code)
    row = held.by_commissioner[code][0]
    side = "payer" if row["direction"] == "nhs_to_council" else "payee"
    return str(row[f"{side}_name"] or code)


def _areas(rows: Sequence[Row], names: Mapping[str, str]) -> str:
    """The areas with at least one in a hundred of its people, largest share first."""
    found = [row for row in _latest(rows) if (row["weight"] or 0) >= NAMED] if rows else []
    found.sort(key=lambda row: (-(row["weight"] or 0), str(row["area_code"])))
    said = [f"{names.get(str(row['area_code']), row['area_code'])} {percent(row['weight'])}" for row in found]
    more = f"; and {len(said) - MOST} more" if len(said) > MOST else ""
    return "; ".join(said[:MOST]) + more or "not in a lookup"


def _page(run: Run, code: str, weights: Weights, held: Payments) -> ProsePage:
    title, rows = _name(code, weights, held), weights.get(code, ())
    vintages = _vintages(rows)
    parts = tuple(
        _weights_part(vintage, [row for row in rows if row["vintage"] == vintage], held.names) for vintage in vintages
    )
    lookups = f"In the lookups of {' and '.join(vintages)}." if vintages else "It stands in no lookup of this run."
    return ProsePage(
        frame=frame(run, title=title, here="commissioners", root="../"),
        heading=title,
        back=BACK,
        lead=(f"NHS code {code}. {lookups}",),
        sections=(
            commissioner_section(held, code, title),
            *((ProseSection("areas", "Areas it bought for", parts=parts),) if parts else ()),
        ),
    )


def _pounds(rows: Sequence[Row]) -> str:
    """What can be added up, in £ thousand."""
    held = added(rows)
    return thousand(total(held)) if held else MISSING


def _paid_table(codes: Sequence[str], weights: Weights, held: Payments) -> DataTable:
    return DataTable(
        id="paid-table",
        caption="Payments traced, and areas by share of its people in the latest lookup",
        columns=(
            Column("Commissioner"), Column("NHS code", short=True), Column("Payments", numeric=True),
            Column("£ thousand", numeric=True), Column("Areas, share of its people"),
        ),
        rows=tuple(
            (
                Cell(_name(code, weights, held), href=commissioner_path(code), anchor=f"c-{slug(code)}"),
                Cell(code),
                Cell(whole(len(held.by_commissioner[code]))),
                Cell(_pounds(held.by_commissioner[code])),
                Cell(_areas(weights.get(code, ()), held.names)),
            )
            for code in codes
        ),
        note="The sum leaves out copies whose minus signs may be lost; [x]: nothing else is held. Shares under 1% are "
        "not named.",
    )  # fmt: skip


def _others_table(codes: Sequence[str], weights: Weights, held: Payments) -> DataTable:
    return DataTable(
        id="others-table",
        caption="Areas by share of its people in the latest lookup",
        columns=(
            Column("Commissioner"), Column("NHS code", short=True), Column("Lookups"),
            Column("Areas, share of its people"),
        ),
        rows=tuple(
            (
                Cell(_name(code, weights, held), anchor=f"c-{slug(code)}"),
                Cell(code),
                Cell("; ".join(_vintages(weights[code]))),
                Cell(_areas(weights[code], held.names)),
            )
            for code in codes
        ),
        note="No file of payments in this run names them. Shares under 1% are not named.",
    )  # fmt: skip


def commissioner_pages(run: Run) -> dict[str, ProsePage]:
    """The page of each commissioner with payments, and the list of all, by path."""
    held = payments(run)
    weights = {
        str(code): rows for (code,), rows in run.grouped("commissioner_area_weight", "commissioner_code").items()
    }
    named = sorted({*weights, *held.by_commissioner}, key=lambda code: (_name(code, weights, held), code))
    paid = [code for code in named if code in held.by_commissioner]
    others = [code for code in named if code not in held.by_commissioner]
    sections: list[ProseSection] = []
    for identity, codes, words, table in (
        ("paid", paid, "with payments traced", _paid_table),
        ("others", others, "without", _others_table),
    ):
        if codes:
            heading = f"{count_of(len(codes), 'commissioner', 'commissioners')} {words}"
            part = WindowPart(f"{identity}-part", "Payments and areas" if codes is paid else "Lookups and areas",
                              table=table(codes, weights, held))  # fmt: skip
            sections.append(ProseSection(identity, heading, parts=(part,)))
    if not weights:
        none = "This run holds no map of commissioners to areas. The lookups would give it."
        sections.append(ProseSection("none", "No lookup", (none,)))
    return {
        **{commissioner_path(code): _page(run, code, weights, held) for code in paid},
        INDEX: ProsePage(
            frame=frame(run, title="Commissioners", here="commissioners/index", root="../"),
            heading="Commissioners",
            lead=("NHS bodies that bought care, and the areas their people live in.",),
            sections=tuple(sections),
        ),
    }
