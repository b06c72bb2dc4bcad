"""Which results and other explanations have a page of their own, and where it lies.

In: `flag_pages.toml`. Out: its entries, and paths below the site. An entry with a key that is not known, or with
neither result, bands nor test, is refused.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.errors import DefinitionError, Place
from pipelines.places import ROOT

FILE = ROOT / "reports" / "flag_pages.toml"
KEYS = {"code", "heading", "rule", "example", "exclusions", "ask"}
KINDS = ("result", "bands", "test")
BANDS_PAGE = "flags/bands.html"


@cache
def entries(path: Path = FILE) -> tuple[Mapping[str, Any], ...]:
    """The file's entries in order. Raises DefinitionError for a missing or an unknown key."""
    found: list[Mapping[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["pages"]
    for entry in found:
        if set(entry) not in [KEYS | {kind} for kind in KINDS]:
            raise DefinitionError(
                f"page '{entry.get('code', '')}' is not complete",
                place=Place(path.name),
                expected=", ".join(sorted(KEYS)) + ", and one of " + ", ".join(KINDS),
                do="Mend the entry.",
            )
    return tuple(found)


def page_of_test(test: str) -> str:
    """Where the page of a look-alike test lies, or an empty string where there is none."""
    return next((f"flags/{entry['code']}.html" for entry in entries() if entry.get("test") == test), "")


def page_of_result(result: str) -> str:
    """Where the page of a result lies, or an empty string where there is none."""
    return next((f"flags/{entry['code']}.html" for entry in entries() if entry.get("result") == result), "")
