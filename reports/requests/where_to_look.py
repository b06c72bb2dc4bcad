"""Where allocations and plans are published: titles and publishers by window, from `where_to_look.toml`.

In: the declaration. Out: rows of table `where_to_look`. An entry with an unknown or missing key, an unknown window or
a title twice in a window is refused.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pipelines.declarations.catalogue import tables
from pipelines.declarations.table_words import BETTER_CARE_FUND, SECTION_256
from pipelines.errors import DefinitionError, Place
from pipelines.places import ROOT

FILE = ROOT / "reports" / "requests" / "where_to_look.toml"


@cache
def where_to_look(path: Path = FILE) -> tuple[dict[str, str], ...]:
    """The rows, in the order of the declaration. Raises DefinitionError."""
    table = tables()["where_to_look"]
    windows, seen = (SECTION_256, BETTER_CARE_FUND), set[tuple[str, str]]()
    made: list[dict[str, str]] = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["publications"]:
        key = (str(entry.get("window")), str(entry.get("title")))
        if set(entry) != set(table.column_names) or key[0] not in windows or key in seen:
            raise DefinitionError(
                f"publication '{key[1]}' is not complete, or stands twice",
                place=Place(path.name),
                expected=f"the keys {', '.join(table.column_names)}, with window one of {', '.join(windows)}",
                do="Mend the entry.",
            )
        seen.add(key)
        made.append({name: str(entry[name]) for name in table.column_names})
    return tuple(made)
