"""Write a proposed column into a source's map.

In: a proposal. Out: the same map with one column more, years in order, every other cell as it was; written beside the
map, flushed and renamed. Refuses a map below an installed package.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from pipelines import lasting
from pipelines.adding.propose import Proposal
from pipelines.declarations.read_declarations import YEAR
from pipelines.declarations.declared_files import named, read_text
from pipelines.errors import DefinitionError, Place


def with_column(text: str, year: str, cells: Mapping[int, str]) -> str:
    """The text of a map with a column `year`; `cells` by the number of their row, the header being row 1."""
    head, *body = list(csv.reader(io.StringIO(text, newline="")))
    years = [name for name in head if YEAR.match(name) and name != "any"]
    later = [name for name in years if name > year]
    place = head.index(later[0]) if later else head.index(years[-1]) + 1
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow([*head[:place], year, *head[place:]])
    for number, row in enumerate(body, start=2):
        writer.writerow([*row[:place], cells.get(number, ""), *row[place:]] if any(row) else row)
    return made.getvalue()


def write_column(path: Path, proposal: Proposal) -> None:
    """Write the proposed column into the map at `path`. Raises DefinitionError where that may not be written."""
    if "site-packages" in path.parts:
        raise DefinitionError(
            "the column map is part of an installed package",
            place=Place(named(path)),
            do="Copy the source's TOML and folder into `sources/` of your working folder and add the year there.",
        )
    cells = {one.line.row: one.found for one in proposal.lines if one.found}
    lasting.write_text(path, with_column(read_text(path), proposal.year, cells))
