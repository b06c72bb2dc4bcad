"""Which area a person means: by name, part of a name, or any code of an authority in it, of any vintage.

In: the tables of a run (`area`, `area_authority`) and the spellings of names that returns use. Out: code and name. Full
stops, hyphens, apostrophes, case and words such as "city of" or "council" make no difference. Refuses (InputError) what
means several areas, naming them, and what means none, naming those that are spelled nearly so.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.errors import InputError

CODES = ("authority_code", "ons_code", "cassr_code", "old_ons_code")
COMMON = frozenset({
    "and", "authority", "borough", "city", "council", "county", "district", "lb", "london", "mbc", "mdc",
    "metropolitan", "of", "royal", "the", "ua", "unitary",
})  # fmt: skip
"""Words that tell no area from another."""
SHOWN = 8
EXPECTED = "a name, part of a name, or a code such as E08000013 or E4303"
_APOSTROPHE = re.compile("['\u2018\u2019`]")
_APART = re.compile(r"[^a-z0-9]+")


class Found(NamedTuple):
    """An area."""

    code: str
    name: str


class _Areas(NamedTuple):
    """Areas by code, by every code of their authorities, and by every name; names of authorities without an area."""

    names: dict[str, str]
    by_code: dict[str, set[str]]
    by_name: dict[str, set[str]]
    elsewhere: dict[str, str]


def folded(text: str) -> str:
    """A name without case, accents, full stops, hyphens and apostrophes: "St. Helen's" as "st helens"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode() if not text.isascii() else text
    spaced = _APOSTROPHE.sub("", plain.casefold()).replace("&", " and ")
    return " ".join(_APART.sub(" ", spaced).split())


def _bare(name: str) -> str:
    """A folded name without the words that tell nothing; whole where nothing would be left."""
    return " ".join(word for word in name.split() if word not in COMMON) or name


def _rows(tables: Path, name: str, columns: list[str]) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    path = tables / f"{name}.parquet"
    found: list[dict[str, Any]] = pq.ParquetFile(path).read(columns=columns).to_pylist() if path.is_file() else []
    return found


def _read(tables: Path) -> _Areas:
    from pipelines.areas.authorities import directory

    areas = {row["area_code"]: row["area_name"] for row in _rows(tables, "area", ["area_code", "area_name"])}
    by_code: dict[str, set[str]] = {code.casefold(): {code} for code in areas}
    by_name: dict[str, set[str]] = {}
    elsewhere, area_of = dict[str, str](), dict[str, str]()
    for row in _rows(tables, "area_authority", [*CODES, "authority_name", "area_code"]):
        area, name = row["area_code"] or "", row["authority_name"] or ""
        if area not in areas:
            elsewhere |= {folded(told): name for told in (name, row["authority_code"], row["ons_code"]) if told}
            continue
        area_of[row["authority_code"]] = area
        by_name.setdefault(folded(name), set()).add(area)
        for code in (row[column] for column in CODES if row[column]):
            by_code.setdefault(code.casefold(), set()).add(area)
    for spelling, code in directory().aliases["name"].items():
        if code in area_of:
            by_name.setdefault(folded(spelling), set()).add(area_of[code])
    return _Areas(areas, by_code, by_name, elsewhere)


def _matches(held: _Areas, wanted: str) -> Iterable[set[str]]:
    """Areas meant by ever looser readings of the same words; none looser than the name of another authority."""
    name = folded(wanted)
    own = {code: folded(told) for code, told in held.names.items()}

    def those(fits: Callable[[str], bool]) -> tuple[set[str], set[str]]:
        """By the area's own name, and by another name of an authority in it."""
        others = (codes for told, codes in held.by_name.items() if fits(told))
        return {code for code, told in own.items() if fits(told)}, {code for codes in others for code in codes}

    yield held.by_code.get(wanted.strip().casefold(), set())
    if not name:
        return
    words, bare = set(_bare(name).split()), _bare(name)
    yield those(lambda told: told == name)[0]
    yield set().union(*those(lambda told: _bare(told) == bare))
    if name not in held.elsewhere:
        yield from _loosely(those, name, words)


def _loosely(those: Any, name: str, words: set[str]) -> Iterable[set[str]]:
    """Areas with all of the words in their name, or with the letters."""
    yield from those(lambda told: words <= set(told.split()))
    yield from those(lambda told: name in told)


def find_area(tables: Path, wanted: str) -> Found:
    """The area that `wanted` means, from the tables of a run. Raises InputError naming several, or near ones."""
    held = _read(tables)
    found = next((codes for codes in _matches(held, wanted) if codes), set[str]())
    if len(found) == 1:
        (code,) = found
        return Found(code, held.names[code])
    if found:
        names = sorted(f"{held.names[code]} ({code})" for code in found)
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        raise InputError(
            f"'{wanted}' is several areas: {', '.join(names[:SHOWN])}{more}",
            expected=EXPECTED,
            do="Give more of the name, or the code.",
        )
    raise _none(tables, held, wanted)


def _none(tables: Path, held: _Areas, wanted: str) -> InputError:
    """What to say of a name that is no area's."""
    name = folded(wanted)
    if name in held.elsewhere:
        above = _county_of(tables, held.elsewhere[name])
        return InputError(
            f"'{wanted}' is {held.elsewhere[name]}, an authority that belongs to no area",
            expected=f"the area around it: {above}" if above else "an authority with social-care duties",
            do="See the report's table of areas.",
        )
    known = {**{told: codes for told, codes in held.by_name.items()}, **{folded(a): {c} for c, a in held.names.items()}}
    near = difflib.get_close_matches(name, known, n=SHOWN, cutoff=0.7)
    codes = dict.fromkeys(code for told in near for code in sorted(known[told]))
    named = " or ".join(f"{held.names[code]} ({code})" for code in list(codes)[:3])
    return InputError(
        f"'{wanted}' is no area",
        expected=f"perhaps {named}" if named else EXPECTED,
        do="See the report's table of areas.",
    )


def _county_of(tables: Path, district: str) -> str:
    """The area above a district, by the published lookup, where a run holds it."""
    name = folded(district)
    for row in _rows(tables, "ltla_utla", ["lower_name", "upper_name"]):
        if folded(row["lower_name"] or "") == name:
            return str(row["upper_name"])
    return ""
