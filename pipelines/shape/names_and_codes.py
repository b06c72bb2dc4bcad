"""Does the name beside a code mean the same authority? A code typed wrongly, or exchanged with another, is found so.

In: the cells of a row, or the name that stands in its code, and the authority its code means. Out: the authority that
the name means where that is another one. A name nobody knows says nothing; an authority and its successor on the same
ground bear one name and are not told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pipelines.areas.authorities import Authority, Directory
from pipelines.cell_values import fold

NAME_CELLS = 7
"""Cells at the start of a row among which a name is looked for."""
_AFTER_CODE = re.compile(r"^\s*\d{3}[A-Za-z]?\s*-\s*(.+)$", re.DOTALL)


@lru_cache(maxsize=65_536)
def _folded(text: str) -> str:
    """As `fold`: the same names and labels come in thousands of rows."""
    return fold(text)


def name_in_code(cell: Any) -> str:
    """The name in a cell such as '102 - Cumbria'; empty where there is none."""
    found = _AFTER_CODE.match(cell) if isinstance(cell, str) else None
    return found[1] if found else ""


def named(cells: Iterable[Any], who: Directory) -> list[Authority]:
    """The authorities with social care that the texts among `cells` name."""
    names = who.aliases.get("name", {})
    known = (names.get(_folded(cell)) for cell in cells if isinstance(cell, str) and cell)
    found = (who.by_code.get(code) for code in known if code)
    return [authority for authority in found if authority is not None and authority.social_care]


def another_named(cells: Iterable[Any], found: Authority, who: Directory) -> Authority | None:
    """The authority that the cells name, where they name one and it is not `found` nor one that bears its name."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    others = named(texts, who)
    own = _folded(found.name)
    same = not others or own in map(_folded, texts)
    same = same or any(found.code == other.code or own == _folded(other.name) for other in others)
    return None if same else others[0]
