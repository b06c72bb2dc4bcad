"""The one strict reader of settings: sections of keys, every key known, every value of its kind.

In: sections as a TOML file gives them, the keys there are, and a function that says in words what a value should have
been. Out: values by dotted key (`section.key`). Refused with DefinitionError: a key outside a section, an unknown key
(with what may have been meant), a key that is missing, a value that its function refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, cast

from pipelines.declarations.declared_files import perhaps
from pipelines.errors import DefinitionError, Place

Expected = Callable[[str, Any], str]


def flat_settings(
    sections: dict[str, Any],
    place: Place,
    *,
    known: Collection[str] | None,
    expected: Expected = lambda _name, _value: "",
    called: str = "setting",
    room: str = "",
) -> dict[str, Any]:
    """Values by dotted key. `known=None` takes every key; `expected` gives "" for a value that is right.

    Messages call each key what `called` says and put `room` before its name. Raises DefinitionError.
    """
    flat: dict[str, Any] = {}
    for section, entries in sections.items():
        if not isinstance(entries, dict):
            what = f"'{room}{section}' stands outside a section"
            raise DefinitionError(what, place=place, do="Put it under its [section].")
        for key, value in cast("dict[str, Any]", entries).items():
            name = f"{section}.{key}"
            if known is not None and name not in known:
                what, do = f"unknown {called} '{room}{name}'", "Correct the spelling or remove the key."
                raise DefinitionError(what, place=place, expected=perhaps(name, known), do=do)
            if words := expected(name, value):
                what = f"{called} '{room}{name}' is {value!r}"
                raise DefinitionError(what, place=place, expected=words, do="Change the value.")
            flat[name] = value
    return flat


def refuse_missing(flat: Collection[str], needed: Iterable[str], place: Place, *, called: str = "setting") -> None:
    """Raise DefinitionError for the first of `needed` that is not among `flat`."""
    for name in needed:
        if name not in flat:
            raise DefinitionError(f"{called} '{name}' is missing", place=place, do="Add it to its section.")


def in_sections(flat: dict[str, Any], room: str) -> dict[str, dict[str, Any]]:
    """The settings of one `room` (`room.section.key`) as sections again."""
    sections: dict[str, dict[str, Any]] = {}
    for name, value in flat.items():
        first, _, rest = name.partition(".")
        if first == room:
            section, _, key = rest.partition(".")
            sections.setdefault(section, {})[key] = value
    return sections
