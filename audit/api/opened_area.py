"""One area of a run: what it is told, its figures with their cells, its path, what to rule out and what to ask.

In: a run and the area's code. Out: frames, each read when it is asked for, and the same in words. Refuses nothing of
its own; errors of reading are those of the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

    from audit.api.tables import Held


class Ask(NamedTuple):
    """A question to put to a council, and the document that would answer it."""

    question: str
    document: str


@dataclass(frozen=True)
class Area:
    """An area of a run."""

    run: Held = field(repr=False)
    """The run it is of: its folder, id and tables."""
    code: str
    name: str

    def rows(self, table: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The area's rows of any table that has a column `area_code`."""
        return self.run.table(table, columns, area_code=self.code)

    @property
    def flags(self) -> pd.DataFrame:
        """Table `flag`: what it is told in each window."""
        return self.rows("flag")

    @property
    def lists(self) -> dict[str, str]:
        """By window, the list it is on."""
        flags: Any = self.rows("flag", ["window", "list"])
        return dict(zip(flags["window"], flags["list"], strict=True))

    @property
    def evidence(self) -> pd.DataFrame:
        """Table `evidence`: every published figure used for it, with file, sheet and cell."""
        return self.rows("evidence")

    @property
    def figures(self) -> pd.DataFrame:
        """Table `area_year`: its money, people and prices, a row a year."""
        return self.rows("area_year")

    @property
    def path(self) -> pd.DataFrame:
        """Table `yearly_change`: what its own spending did and what was expected, a row a window and year."""
        return self.rows("yearly_change")

    @property
    def look_alikes(self) -> pd.DataFrame:
        """Table `look_alike`: innocent changes to rule out, and how each test ended."""
        return self.rows("look_alike")

    @property
    def features(self) -> pd.DataFrame:
        """Table `feature_value`: what the isolation forest saw of it."""
        return self.rows("feature_value")

    @property
    def authorities(self) -> pd.DataFrame:
        """Table `area_authority`: the authorities on its ground with all their codes."""
        return self.rows("area_authority")

    @property
    def page(self) -> Path:
        """Its page in the run's site."""
        return self.run.folder / "site" / "areas" / f"{self.code}.html"

    @cached_property
    def questions(self) -> tuple[Ask, ...]:
        """What to ask the council, as its page prints it."""
        from audit.api.explained import questions_for

        return tuple(Ask(one.text, one.document) for one in questions_for(self.run.folder, self.code))

    def explain(self) -> str:
        """What the figures say of it, and why, as `ringfence explain` prints it."""
        from audit.api.explained import explained, lines_of

        return "\n".join(lines_of(explained(self.run.folder, self.code, self.name)))

    def lineage(self, evidence_id: str) -> pd.DataFrame:
        """The published cell of one of its figures, by the number on its page: `W1-001`. Raises InputError."""
        from audit.api.lineage import lineage

        return lineage(self.run, {"area_code": self.code, "evidence_id": evidence_id}, "")

    def __repr__(self) -> str:
        """Name, code and lists."""
        return f"<{self.name} ({self.code}): {'; '.join(f'{window} {name}' for window, name in self.lists.items())}>"

    def _repr_html_(self) -> str:
        """The same for a notebook, with the headline of each window and a link to its page."""
        flags: Any = self.rows("flag", ["window", "list", "band", "headline"])
        rows = "".join(
            f"<tr><td>{escape(row['window'])}</td><td>{escape(row['list'])}</td>"
            f"<td>{escape(row['headline'] if isinstance(row['headline'], str) else '')}</td></tr>"
            for row in flags.to_dict("records")
        )
        return (
            f"<p><b>{escape(self.name)}</b> ({self.code}), <a href='{escape(self.page.as_uri())}'>its page</a></p>"
            f"<table><thead><tr><th>window</th><th>list</th><th>headline</th></tr></thead><tbody>{rows}</tbody></table>"
        )
