"""Who published a run and how to reach them, from its settings; nobody is made up.

In: a run's manifest. Out: pairs of words, linked where a setting is a mail address or the address of a page. Any other
text is printed as it stands, so that no scheme but mailto, http and https is ever followed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reports.words.view_models import Pair

NOBODY = "Whoever published this run has not said who they are"
MAIL = re.compile(r"[^@\s:/?&]+@[^@\s:/?&]+\.[^@\s:/?&]+")
PAGE = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


def link_of(text: str) -> str:
    """Where a text leads: a mail address or the address of a page; nowhere for any other."""
    if PAGE.fullmatch(text):
        return text
    return f"mailto:{text}" if MAIL.fullmatch(text) else ""


def _said(manifest: Mapping[str, Any], key: str) -> str:
    return str((manifest.get("settings") or {}).get(f"publisher.{key}") or "").strip()


def published_by(manifest: Mapping[str, Any]) -> tuple[Pair, ...]:
    """Who published the run, how to reach them and where; empty where they have said nothing."""
    name, contact, address = (_said(manifest, key) for key in ("name", "contact", "address"))
    found = (
        Pair("Published by", name, href=link_of(address) if name else ""),
        Pair("Contact", contact, href=link_of(contact)),
        Pair("Published at", "" if name and link_of(address) else address, href=link_of(address)),
    )
    return tuple(pair for pair in found if pair.text)


def publisher_pairs(manifest: Mapping[str, Any]) -> tuple[Pair, ...]:
    """The same with where the program is, for a list of what it takes to do a run again."""
    program = _said(manifest, "program")
    nobody = Pair("Published by", f"{NOBODY} (settings publisher.*).")
    return (
        *(published_by(manifest) or (nobody,)),
        Pair("Program", program or "No web address is held.", href=link_of(program)),
    )
