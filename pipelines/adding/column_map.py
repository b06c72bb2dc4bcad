"""Write a proposed column into a source's map.

In: a proposal. Out: the same map with one column more, years in order, every other cell as it was; written beside the
map, flushed and renamed. Refuses a map of an installed copy of the program.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from pipelines import lasting
from pipelines.adding.propose import Proposal
from pipelines.declarations.catalogue import SOURCES, Source
from pipelines.declarations.declared_files import read_text
from pipelines.declarations.declared_folders import MAP, declarations
from pipelines.declarations.read_declarations import YEAR
from pipelines.working_folder import to_write


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


def _declared_and_target(source: Source) -> tuple[Path, Path]:
    """Where a source is declared, and where it is to be once its map has a column more."""
    (held,) = (path for path in declarations(SOURCES, "source") if path.stem == source.code)
    return held, to_write(SOURCES / held.name, f"sources/{held.name}")


def column_paths(source: Source) -> list[Path]:
    """What `write_column` writes: the map, and before it the declaration of a source that is copied.

    Raises InputError where that is part of an installed copy of the program.
    """
    held, target = _declared_and_target(source)
    return [*([target] if target != held else []), target.with_suffix("") / MAP]


def write_column(source: Source, proposal: Proposal) -> Path:
    """Write the proposed column into the map of a source, and return the map's path.

    In a working folder the source is copied there first, where it takes the place of the shipped one. Raises InputError
    where the map is part of an installed copy of the program.
    """
    held, target = _declared_and_target(source)
    text = read_text(held.with_suffix("") / MAP)
    if target != held:
        target.with_suffix("").mkdir(parents=True, exist_ok=True)
        lasting.write_text(target, read_text(held))
    cells = {one.line.row: one.found for one in proposal.lines if one.found}
    return lasting.write_text(target.with_suffix("") / MAP, with_column(text, proposal.year, cells))
