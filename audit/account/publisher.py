"""Who publishes a run, as its settings say: printed on its pages, and nothing that decides a result.

In: settings. Out: whether a setting is one of these. Refuses (DefinitionError) what could not be printed as one short
line: control characters, and more than 200 characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.errors import DefinitionError

SECTION = "publisher."
LONGEST = 200


def of_publisher(key: str) -> bool:
    """True for a setting that only says who publishes a run."""
    return key.startswith(SECTION)


def refuse_publisher(settings: Mapping[str, Any]) -> None:
    """Raise DefinitionError for the first of the publisher's settings, by dotted key, that no page could print."""
    for key in filter(of_publisher, settings):
        said = str(settings[key])
        odd = next((letter for letter in said if not letter.isprintable()), "")
        what = f"holds the character {ascii(odd)}" if odd else f"has {len(said)} characters"
        if odd or len(said) > LONGEST:
            raise DefinitionError(
                f"setting '{key}' {what}",
                expected=f"one line of at most {LONGEST} printable characters",
                do="Shorten it, or take the character out.",
            )
