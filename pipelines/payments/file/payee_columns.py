"""What the payees and the payers of a table are: columns of the canonical record, each different name looked at once.

In: names as printed. Out: a column per field. Who pays is told per row where a column names several bodies. Most names
hold no word of a public body and nothing unusual: those are told apart by a few tests on all names together, to the
same answer as `resolve` and `normalise` give one by one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pipelines.payments.file.payees import GATE, NOBODY, body_of, resolve
from pipelines.payments.file.tally import bare_entity
from pipelines.payments.file.withhold import WITHHELD
from pipelines.payments.words.organisations import OTHER, aliases, normalise
from pipelines.payments.words.texts import Coded, arrow_compute, folded, recode

PAYEE = ("supplier_raw", "supplier_clean", "supplier_kind", "supplier_org_code", "supplier_org_name",
         "supplier_area_code", "supplier_match_score", "supplier_match_reason", "redacted")  # fmt: skip
PAYER = ("body_type", "body_name", "body_code")
SURE_PAYER = 0.75
KNOWN_SHARE = 0.8
Body = tuple[str, str, str]
_HIDDEN = re.compile(r"redact|withheld|personal data|data protection|confidential|private individual")
_SPACED = r"\b[a-z] [a-z]\b"
_THE = "^the | the$"


@lru_cache(maxsize=200_000)
def _payee(text: str) -> tuple[Any, ...]:
    if text == WITHHELD:
        return ("", "withheld", "", "", "", 0.0, "withheld by this tool", True)
    match = resolve(text)
    name = match.name if match.score else ""
    hidden = bool(_HIDDEN.search(text.casefold()))
    return (normalise(text), match.kind, match.code, name, match.area_code, match.score, match.reason, hidden)


_NOBODY = (NOBODY.kind, NOBODY.code, NOBODY.name, NOBODY.area_code, NOBODY.score, NOBODY.reason, False)


def normalise_plain(texts: Any) -> tuple[Any, Any]:
    """(names, which): `normalise` of an Arrow array of texts, where `which` says that a text is plain enough for it.

    Plain is ASCII without spaced letters, brackets and a comment behind `#`.
    """
    pc = arrow_compute()
    names = folded(pc.replace_substring(pc.replace_substring(texts, "&", " and "), "'", ""))
    odd = pc.or_(pc.match_substring_regex(texts, "[#(!]"), pc.match_substring_regex(names, _SPACED))
    the = pc.or_(pc.starts_with(names, "the "), pc.ends_with(names, " the"))
    without = pc.ascii_trim(pc.replace_substring_regex(names.filter(the), _THE, ""), " ")
    names = pc.replace_with_mask(names, the, without)
    return names, pc.and_not(pc.ascii_is_printable(texts), odd)


def payee_columns(printed: Coded) -> dict[str, Any]:
    """The columns named in `PAYEE`: coded texts, and as Arrow arrays the score and what is redacted."""
    import numpy as np
    import pyarrow as pa

    pc = arrow_compute()
    names, plain = normalise_plain(printed.texts)
    both = pc.binary_join_element_wise(pc.ascii_lower(printed.texts), names, "\n")
    public = pc.match_substring_regex(both, f"{GATE.pattern}|{_HIDDEN.pattern}")
    public = pc.or_(public, pc.is_in(names, pa.array(list(aliases()), pa.string())))
    asked = pc.or_(public, pc.invert(plain))
    told = [_payee(text) for text in printed.texts.filter(asked).to_pylist()]
    names = pc.replace_with_mask(names, asked, pa.array([found[0] for found in told], pa.string()))
    columns: dict[str, Any] = {"supplier_raw": printed, "supplier_clean": recode(printed.codes, names)}
    # What was told, with what holds for all others put where the first of them stands.
    mask = asked.to_numpy(zero_copy_only=False)
    first = len(told) if mask.all() else int(mask.argmin())
    which = np.where(mask, np.cumsum(mask) - 1 + (np.arange(len(mask)) > first), first).take(printed.codes)
    found = [values[1:] for values in told]
    found[first:first] = [] if mask.all() else [_NOBODY]
    for name, values in zip(PAYEE[2:], zip(*found, strict=True), strict=True):
        columns[name] = recode(which, values) if isinstance(values[0], str) else pa.array(np.array(values)[which])
    return columns


def _another(body: Body, own: Body) -> bool:
    """Whether a body is surely not the file's own, and no other way of writing it."""
    if OTHER in (body[0], own[0]) or body[:2] == own[:2]:
        return False
    return body[0] != own[0] or (bool(body[2]) and bool(own[2]) and body[2] != own[2])


def payers(entities: Mapping[str, int], own: Body) -> dict[str, Body]:
    """Kind, name and code of every body that the column of payers names, where it names more than one public body.

    `own` is the body of the file. A name that is no known body's is a body of its own where most rows name known ones:
    to whom it belongs is not guessed. Empty where all rows are of one body.
    """
    found: dict[str, Body] = {}
    for printed in entities:
        match = body_of([printed])
        if match.name and match.score >= SURE_PAYER:
            found[printed] = (match.kind, match.name, match.code)
    if len({body[:2] for body in found.values()}) < 2 and not any(_another(body, own) for body in found.values()):
        return {}
    known = sum(entities[name] for name in found)
    unknown = {name: (OTHER, name, "") for name in entities if name not in found}
    return found | unknown if known >= KNOWN_SHARE * sum(entities.values()) else found


def payer_columns(entities: Coded, known: Mapping[str, Body], own: Body) -> dict[str, Coded]:
    """The columns named in `PAYER`, by the name in each row; a blank is the file's own body."""
    told = [known.get(bare_entity(text), own) for text in entities.texts.to_pylist()]
    return {
        name: recode(entities.codes, list(values)) for name, values in zip(PAYER, zip(*told, strict=True), strict=True)
    }
