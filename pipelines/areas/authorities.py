"""Which authority a code or a name in a file means, and the constant area it belongs to.

In: the committed references `data/reference/area_authority.csv` and `area_names.csv`. Out: one record per E-code, found
by E-code, ONS code of any vintage, NHS Digital council code, or spelling of the name. An unknown code is handed back as
None, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.cell_values import fold
from pipelines.declarations.declared_files import read_list, read_rows
from pipelines.places import REFERENCE

RESTORE = "Restore data/reference from the release."
CODE_COLUMNS = (
    "authority_code", "ons_code", "cassr_code", "old_ons_code", "authority_name", "area_code", "social_care",
)  # fmt: skip
ENGLAND = "ENG"
_ONS = re.compile(r"^E\d{8}$", re.IGNORECASE)
_CASSR_NAME = re.compile(r"^\s*(\d{3}[A-Z]?)\s*-")


@dataclass(frozen=True)
class Authority:
    """An authority as the returns know it."""

    code: str
    name: str
    area_code: str
    social_care: bool
    ons_codes: frozenset[str]


@dataclass(frozen=True)
class Directory:
    """All authorities, found by any of their codes or spellings."""

    by_code: dict[str, Authority]
    aliases: dict[str, dict[str, str]]

    def find(self, id_system: str, found: str) -> Authority | None:
        """The authority `found` means in `id_system`, or None."""
        text = found.strip()
        if id_system == "ecode":
            code = self.aliases["name"].get(fold(text), text.upper())  # a code it had before is another spelling
            return self.by_code.get(code)
        if id_system == "cassr_name":
            match = _CASSR_NAME.match(text)
            id_system, text = "cassr", match[1] if match else text
        if id_system == "cassr" and _ONS.match(text):
            id_system = "ons"  # the delayed-transfer series switch from council codes to ONS codes in July 2015
        key = fold(text) if id_system == "name" else text.upper()
        code = self.aliases.get(id_system, {}).get(key)
        return self.by_code.get(code) if code else None


@cache
def directory(folder: Path = REFERENCE) -> Directory:
    """Read the references once. Later rows of one E-code add ONS vintages to it. Raises DefinitionError."""
    codes: dict[str, Authority] = {}
    aliases: dict[str, dict[str, str]] = {"ons": {}, "cassr": {}, "name": {}}
    for row in read_rows(folder / "area_authority.csv", CODE_COLUMNS, missing=RESTORE):
        code = row["authority_code"]
        known = codes.get(code)
        ons = frozenset(filter(None, [row["ons_code"]])) | (known.ons_codes if known else frozenset())
        codes[code] = Authority(
            code=code,
            name=row["authority_name"],
            area_code=row["area_code"],
            social_care=row["social_care"].casefold() in ("true", "1"),
            ons_codes=ons,
        )
        for system, value in (("ons", row["ons_code"]), ("cassr", row["cassr_code"]), ("cassr", row["old_ons_code"])):
            if value:
                aliases[system].setdefault(value.upper(), code)
        aliases["name"].setdefault(fold(row["authority_name"]), code)
    for row in read_list(folder / "area_names.csv", ("name", "authority_code"), missing=RESTORE):
        aliases["name"][fold(row["name"])] = row["authority_code"]
    return Directory(codes, aliases)
