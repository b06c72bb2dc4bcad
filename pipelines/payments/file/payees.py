"""Who was paid: a payee's name resolved to an authority, an NHS organisation or neither, with a score and a reason.

In: a name as printed. Out: a `Match`. Rules run from sure to unsure; what no rule knows is `other`, never a guess. A
name is a public body only when its words AND its place are known, so that look-alikes stay out.
"""

from __future__ import annotations

import bisect
import difflib
import re
from dataclasses import dataclass
from functools import lru_cache

from pipelines.payments.words.organisations import (
    COMMISSIONER,
    COUNCIL,
    NHS_KINDS,
    OTHER,
    TRUST,
    Organisation,
    aliases,
    commissioners,
    councils,
    full_names,
    normalise,
)

CUT_LENGTHS = range(20, 41)  # ledgers cut names at 20 to 40 characters
NEAR = 0.92
GATE = re.compile(r"council|borough|boro|nhs|n h s|ccg|pct|icb|trust|health|commission|corporation|authority|"
                   r"\b(lb|lbc|mbc|cc|bc|dc|mdc|bmbc|rb|gla|ntw|cdd|slam|ft|hosp\w*)\b")  # fmt: skip
_COUNCIL_HEAD = re.compile(
    r"^(?:(?:mayor and burgesses of (?:the )?)?(?:london borough of|london borough|london boro of|royal borough of|"
    r"metropolitan borough of|"
    r"borough of|city of|county of|lb of|lb|lbc|rb|rb of|council of(?: the)?(?: city of)?))\b\s*"
)
_COUNCIL_TAIL = re.compile(
    r"\s*\b(?:london borough council|city council|county council|borough council|metropolitan borough council|"
    r"metropolitan district council|metropolitan council|met borough council|district council|city and county council|"
    r"unitary council|council|london borough|mbc|bmbc|mdc|smbc|gmbc|lbc|cc|bc|dc|cty council|county c|mb council|"
    r"met bor council|lb)$"
)
_NOT_COUNCIL = re.compile(
    r"\b(social council|parish|town council|arts council|research council|british council|voluntary|cvs|tax|school|"
    r"pension|pensions|academy|college|medical council|care council|youth council|community council|police|fire)\b"
)
_COMPANY = re.compile(r"\b(ltd|limited|llp|plc|group|uk|cic|company|services ltd)\b")
_COMMISSIONER = re.compile(
    r"\b(ccg|clinical commissioning group|clinical commissioning grp|clinical commissioning|pct|primary care trust|"
    r"primary care tr|icb|integrated care board|teaching pct|care trust plus)\b"
)
_TRUST = re.compile(
    r"\b(nhs tr(?:usts?|us|u)?|nhs foundation trust|nhs ft|nhsft|nhs f t|nhs found\w* tr\w*|nhs foundation\w*)\b"
)
_PERSON_TITLE = re.compile(r"^(mr|mrs|ms|miss|mstr|master)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Match:
    """A payee resolved: kind, code, name and area of the body, how surely (0 to 1) and why."""

    kind: str
    code: str
    name: str
    area_code: str
    score: float
    reason: str


NOBODY = Match(OTHER, "", "", "", 0.0, "no words of a public body")


def _match(body: Organisation, score: float, reason: str) -> Match:
    return Match(body.kind, body.code, body.name, body.area_code, score, reason)


def _other(reason: str) -> Match:
    return Match(OTHER, "", "", "", 0.0, reason)


def _council(name: str) -> Match | None:
    if _NOT_COUNCIL.search(name):
        return _other("a council of another kind")
    base = _COUNCIL_TAIL.sub("", _COUNCIL_HEAD.sub("", name)).strip()
    if base == name or not base:
        return None
    base = re.sub(r"^(?:the )?(?:city of |borough of |city )", "", base)
    known = councils().get(base) or aliases().get(base)
    if known and known.kind == COUNCIL:
        return _match(known, 1.0, "words of a council and the name of one")
    head = [words for words in (base.rsplit(" ", cut)[0] for cut in (1, 2)) if words in councils()]
    if head and _COUNCIL_HEAD.match(name):
        return _match(councils()[head[0]], 0.9, "the name of a council, with more words after it")
    near = difflib.get_close_matches(base, councils(), n=2, cutoff=NEAR) if len(base) > 6 else []
    if len(near) == 1:
        return _match(councils()[near[0]], 0.85, f"spelt nearly as '{near[0]}'")
    return None


def _place(text: str) -> Organisation | None:
    found = commissioners().get(text)
    if found or not text:
        return found
    return Organisation(COMMISSIONER, "", f"NHS {text.title()}") if text in councils() else None


def _commissioner(name: str) -> Match | None:
    words = _COMMISSIONER.search(name)
    if words and ("not pct" in name or _COMPANY.search(name)):
        return _other("letters of a commissioner in the name of another body")
    if words:
        place = re.sub(r"^nhs\b|\bnhs$", "", name[: words.start()].strip()).strip()
        place = place or re.sub(r"^(of|for)\b", "", name[words.end() :].strip()).strip()
        known = _place(place) or _place(re.sub(r"^(north|south|east|west|central|mid|greater) ", "", place))
        if known:
            return _match(known, 1.0, "words of a commissioner and a place known for one")
        if "nhs" in name.split() or len(words[1]) > 4:
            body = Organisation(COMMISSIONER, "", name.upper())
            return _match(body, 0.75, "words of a commissioner; the place is not in the references")
        return _other("letters of a commissioner, no place of one")
    if name.startswith("nhs ") and _place(name[4:]):
        body = _place(name[4:])
        return _match(body, 0.85, "NHS and a place") if body else None
    return None


def _trust(name: str) -> Match | None:
    if not _TRUST.search(name):
        return None
    known = aliases().get(name)
    return _match(known or Organisation(TRUST, "", name.upper()), 1.0, "words of an NHS trust")


def _cut_short(printed: str, name: str) -> Match | None:
    if len(printed.strip()) not in CUT_LENGTHS or len(name) < 16:
        return None
    start = bisect.bisect_right(full_names(), name, key=lambda pair: pair[0])
    found = {body for full, body in full_names()[start : start + 40] if full.startswith(name)}
    if len({(body.kind, body.code, body.name) for body in found}) != 1:
        return None
    return _match(found.pop(), 0.8, f"cut at {len(printed.strip())} characters")


@lru_cache(maxsize=200_000)
def resolve(printed: str) -> Match:
    """The body a payee's name means. Never raises; a name no rule knows is `other` with the reason."""
    name = normalise(re.sub(r"\([^)]*\)?", " ", printed)) if "!" not in printed else normalise(printed)
    known = aliases().get(name) or aliases().get(normalise(printed))
    if known:
        sure = 1.0 if known.code or known.kind == OTHER else 0.95
        return _match(known, sure, "a known name or short form")
    if not GATE.search(printed.casefold()) and not GATE.search(name):
        return NOBODY
    for rule in (_trust, _commissioner, _council):
        match = rule(name)
        if match:
            return match
    return _cut_short(printed, name) or _other("words of a public body, but none that is known")


def body_of(names: list[str]) -> Match:
    """The publisher of a file from the names it gives itself, best first: its entity column, then its folders."""
    for printed in names:
        bare = re.sub(r"-?odileeds$", "", printed).replace("-", " ").strip()
        match = resolve(bare)
        if match.kind in (COUNCIL, *NHS_KINDS):
            return match
        joined = {base.replace(" ", ""): body for base, body in councils().items()}
        for found in (councils().get(normalise(bare)), aliases().get(normalise(bare)), joined.get(normalise(bare))):
            if found and found.kind != OTHER:
                return _match(found, 0.9, "the name of a folder")
    return _other("the publisher is not known")


_FIRM = re.compile(
    r"\b(ltd|limited|llp|plc|nhs|council|borough|trust|care|home|homes|house|hospital|centre|services?|surgery|"
    r"practice|"
    r"partnership|group|health\w*|university|college|school|academy|association|foundation|society|agency|solutions|"
    r"clinic|medical|pharmacy|nursing|support|living|housing|charity|company|cic|uk|solicitors?|consult\w*|"
    r"associates|community|cross|hospice|co|inc|the|and|for|of|inclusion|voluntary|direct|payments?|systems?|lodge|"
    r"court|management|recruitment|supported|independent|project|mencap|specialist|training|physio\w*|commission\w*)\b",
    re.IGNORECASE,
)


def looks_like_person(printed: str) -> bool:
    """Whether a name may be a private person's: a title, or two to four plain words and none of a firm. Errs to yes."""
    text = re.sub(r"\b\d+[A-Za-z]?\b", " ", printed.split("#", maxsplit=1)[0]).strip()
    if not text or re.search(r"\bredacted\b", text, re.IGNORECASE):
        return False
    if _PERSON_TITLE.match(text):
        return True
    return not _FIRM.search(text) and bool(re.search(r"[A-Za-z]", text)) and len(text.split()) <= 5
