"""Words that a reader needs as links to the glossary, where they first stand on a page.

In: `glossary.toml`, and text. Out: its sections, the id of each word on the glossary page, and text as escaped HTML in
which the first of each word is a link. Words of everyday speech are not linked: their entries are there for who looks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from pipelines.places import ROOT
from reports.words.frame import slug
from reports.words.table_html import escaped

if TYPE_CHECKING:
    from markupsafe import Markup

GLOSSARY = ROOT / "reports" / "glossary.toml"
EVERYDAY = {
    "answer", "area", "authority", "band", "budget", "commissioner", "conclusion", "expectation", "extract", "feature",
    "financial year", "finding", "flag", "floor", "gap", "gross", "lineage", "mark", "not assessed", "outturn", "path",
    "placebo", "rank", "release", "replacement", "revision", "run", "run manifest", "sample", "score", "settled",
    "source", "step", "suite", "table", "the best we know", "transfer", "variant", "window", "yearly change",
}  # fmt: skip


@cache
def glossary_sections() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """(heading, ((word, meaning), ...)) in the file's order."""
    found: list[dict[str, Any]] = tomllib.loads(GLOSSARY.read_text(encoding="utf-8"))["sections"]
    return tuple((part["heading"], tuple((word, text) for word, text in part["words"])) for part in found)


def word_anchor(word: str) -> str:
    """The id of a word on the glossary page: "review-list"."""
    return slug(word.replace("'", ""))


@cache
def linked_words() -> dict[str, str]:
    """The words that are linked, in small letters, with the id of their entry."""
    entries = (word for _, words in glossary_sections() for word, _ in words)
    named = ((part.strip(), word_anchor(entry)) for entry in entries for part in entry.split(","))
    return {word.lower(): anchor for word, anchor in named if word not in EVERYDAY}


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(linked_words(), key=lambda word: (-len(word), word))
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})s?\b", re.IGNORECASE)


def words_of_page(root: str, *, linked: bool = True) -> Callable[[str], Markup]:
    """What prints texts of one page, whose site's root lies `root` away; where it is not `linked` it only escapes."""
    from markupsafe import Markup

    seen: set[str] = set()

    def worded(text: str) -> Markup:
        made, at = list[str](), 0
        for found in _pattern().finditer(text) if linked else ():
            anchor = linked_words()[found[1].lower()]
            if anchor not in seen:
                seen.add(anchor)
                link = f'<a class="word" href="{escaped(root)}glossary.html#{anchor}">{escaped(found[0])}</a>'
                made += [escaped(text[at : found.start()]), link]
                at = found.end()
        return Markup("".join([*made, escaped(text[at:])]))  # noqa: S704 - every string was escaped above

    return worded
