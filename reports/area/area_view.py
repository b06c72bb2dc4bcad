"""What an area's page prints: one frozen record that holds every string ready to print.

In: nothing. Out: the record that `area_page.py` fills and the templates in `sections/` print.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.words.view_models import (
    DataTable,
    Figure,
    Frame,
    Headline,
    Link,
    Pair,
    ProseSection,
    Question,
    SectionPart,
    WindowPart,
)


@dataclass(frozen=True)
class AreaPage:
    """One area's page, in the order an auditor reads it: the answer, the five-minute read, the annex."""

    frame: Frame
    code: str
    name: str
    kind: str
    headlines: tuple[Headline, ...]
    under: tuple[Pair, ...]
    minute: tuple[Pair, ...]
    reasons: tuple[str, ...]
    result: DataTable
    money: tuple[WindowPart, ...]
    look_alikes: WindowPart
    known: DataTable | None
    questions_lead: str
    questions: tuple[Question, ...]
    peers: WindowPart
    named_peers: WindowPart
    funnel: WindowPart
    funnel_figures: tuple[Figure, ...]
    path: tuple[WindowPart, ...]
    evidence_lead: str
    evidence: tuple[WindowPart, ...]
    files: DataTable | None
    checks: DataTable | None
    why: tuple[WindowPart, ...]
    why_absent: tuple[Pair, ...]
    cautions: tuple[str, ...]
    caution_tables: tuple[DataTable, ...]
    payments: ProseSection
    response: tuple[WindowPart, ...]
    recent: tuple[WindowPart, ...]
    method: tuple[Pair, ...]
    downloads: tuple[Link, ...]
    sections: tuple[str, ...]
    headings: Mapping[str, str]
    contents: tuple[Link, ...]
    conclusions: tuple[Headline, ...] = ()
    papers: tuple[SectionPart, ...] = ()
