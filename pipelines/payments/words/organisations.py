"""The bodies a payee may be: authorities, commissioners and trusts, by name, from the committed references.

In: `data/reference/` (authorities, commissioner allocations and successors, payee aliases). Out: an index from the
normalised name to an organisation. Historical bodies stand beside present ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from pipelines.areas.authorities import directory
from pipelines.declarations.declared_files import read_list, read_rows
from pipelines.places import REFERENCE

COUNCIL, COMMISSIONER, TRUST, NHS_OTHER, OTHER = "council", "nhs_commissioner", "nhs_trust", "nhs_other", "other"
NHS_KINDS = (COMMISSIONER, TRUST, NHS_OTHER)
_LETTERS = re.compile(r"\b((?:[a-z] ){1,4}[a-z])\b")
_NOT_WORDS = re.compile(r"[^a-z0-9!#]+")
_CLASS_WORDS = re.compile(r"\b(ua|lb|mb|mbc|council|county council|city council|borough council)\b$")
_NOT_A_COUNCIL = re.compile(r"police|fire|park authority|waste|combined|pcc|transport|commissioner", re.IGNORECASE)


@dataclass(frozen=True)
class Organisation:
    """A body: kind, code (E-code, commissioner code, or none known), name, and the constant area of a council."""

    kind: str
    code: str
    name: str
    area_code: str = ""


@lru_cache(maxsize=20_000)
def normalise(text: str) -> str:
    """A name in lower case without punctuation; `&` is `and`, spaced letters are joined (`N H S`), no leading `the`."""
    bare = text.split("#", maxsplit=1)[0].casefold().replace("&", " and ").replace("'", "").replace("\u2019", "")
    bare = _NOT_WORDS.sub(" ", bare).strip()
    bare = _LETTERS.sub(lambda match: match[1].replace(" ", ""), bare)
    bare = re.sub(r"^the | the$", "", bare)
    return re.sub(r"\s+", " ", bare).strip()


@cache
def councils() -> dict[str, Organisation]:
    """Normalised base name (`barking and dagenham`) of every authority that is a council."""
    found: dict[str, Organisation] = {}
    known = directory()

    def add(name: str, code: str) -> None:
        authority = known.by_code.get(code)
        base = _CLASS_WORDS.sub("", normalise(name)).strip()
        if authority and base and not _NOT_A_COUNCIL.search(name):
            found.setdefault(base, Organisation(COUNCIL, code, authority.name, authority.area_code))

    live = sorted(known.by_code.values(), key=lambda item: (not item.social_care, item.code))
    for authority in live:
        add(authority.name, authority.code)
        if ", " in authority.name:
            add(authority.name.split(", ")[0], authority.code)
    for row in read_list(REFERENCE / "area_names.csv", ("name", "authority_code")):
        add(row["name"], row["authority_code"])
    return found


@cache
def commissioners() -> dict[str, Organisation]:
    """Normalised place name of every commissioner in the allocations and the tables of successors."""
    found: dict[str, Organisation] = {}
    sources = (
        ("commissioner_allocation_by_year.csv", "commissioner_name", "commissioner_code"),
        ("commissioner_stp_2020-21.csv", "commissioner_name", "commissioner_code"),
        ("commissioner_successor_2021-22.csv", "successor_name", "successor_code"),
        ("commissioner_allocation_undated.csv", "commissioner_name", ""),
    )
    for file, name, code in sources:
        for row in read_rows(REFERENCE / "figures" / file, (name, *filter(None, [code]))):
            place = re.sub(r"^nhs | (ccg|pct|icb)$", "", normalise(row[name]))
            place = re.sub(r" (primary care trust|teaching pct|care trust)$", "", place)
            known = found.get(place)
            if known is None or (not known.code and code):
                found[place] = Organisation(COMMISSIONER, row.get(code, "") if code else "", f"NHS {place.title()}")
    return found


@cache
def aliases() -> dict[str, Organisation]:
    """Names and short forms that no rule would find, and names that only look like a public body."""
    known = directory().by_code
    found: dict[str, Organisation] = {}
    for row in read_list(REFERENCE / "payment_payee_aliases.csv", ("name", "kind", "code")):
        authority = known.get(row["code"])
        name = authority.name if authority else row["name"]
        area = authority.area_code if authority else ""
        found.setdefault(normalise(row["name"]), Organisation(row["kind"], row["code"], name, area))
    return found


@cache
def full_names() -> tuple[tuple[str, Organisation], ...]:
    """Long names a ledger may cut short, sorted."""
    trusts = [(name, body) for name, body in aliases().items() if body.kind in (TRUST, COMMISSIONER)]
    named = [(f"london borough of {name}", body) for name, body in councils().items() if body.code.startswith("E50")]
    named += [(f"{name} {word} council", body) for name, body in councils().items()
              for word in ("county", "city", "borough", "metropolitan borough", "district")]  # fmt: skip
    return tuple(sorted(trusts + named, key=lambda pair: (pair[0], pair[1].code)))
