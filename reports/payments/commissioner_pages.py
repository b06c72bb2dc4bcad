"""One page for each commissioner: which areas it bought for, with which weights, and payments where they are held.

In: a run's `commissioner_area_weight`, `area` and payments. Out: `ProsePage` by path. Commissioners are keyed by
their NHS code, so a code that two vintages share is one page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.payments.section import commissioner_section, payments
from reports.words.frame import frame, slug
from reports.words.narrative import count_of, percent, whole
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, Link, ProsePage, ProseSection, WindowPart

LEAST = 0.001
BACK = Link("Commissioners", "commissioners/index.html")


def commissioner_path(code: str) -> str:
    """Where a commissioner's page lies in the site."""
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


def commissioner_pages(run: Run) -> dict[str, ProsePage]:
    """The page of each commissioner and the list of them, by path."""
    held = payments(run)
    names = held.names
    made: dict[str, ProsePage] = {}
    listed: list[Link] = []
    for (code,), rows in sorted(run.grouped("commissioner_area_weight", "commissioner_code").items()):
        vintages = sorted({str(row["vintage"]) for row in rows})
        latest = [row for row in rows if row["vintage"] == vintages[-1]]
        title = str(latest[0]["commissioner_name"] or code)
        made[commissioner_path(str(code))] = ProsePage(
            frame=frame(run, title=title, here="commissioners", root="../"),
            heading=title,
            back=BACK,
            lead=(f"NHS code {code}. In the lookups of {' and '.join(vintages)}.",),
            sections=(
                ProseSection(
                    "areas",
                    "Areas it bought for",
                    parts=tuple(
                        _weights_part(vintage, [row for row in rows if row["vintage"] == vintage], names)
                        for vintage in vintages
                    ),
                ),
                commissioner_section(held, str(code), title),
            ),
        )
        paid = held.by_commissioner.get(str(code), ())
        note = f"{code}, {', '.join(vintages)}" + (f", {count_of(len(paid), 'payment', 'payments')}" if paid else "")
        listed.append(Link(title, commissioner_path(str(code)), note))
    made["commissioners/index.html"] = ProsePage(
        frame=frame(run, title="Commissioners", here="commissioners/index", root="../"),
        heading="Commissioners",
        lead=("NHS bodies that bought care, and the areas their people live in.",),
        sections=(
            ProseSection(
                "all",
                count_of(len(listed), "commissioner", "commissioners"),
                () if listed else ("This run holds no map of commissioners to areas. The lookups would give it.",),
                links=tuple(sorted(listed, key=lambda link: (link.text, link.href))),
            ),
        ),
    )
    return made
