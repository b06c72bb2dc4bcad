"""What an argument of a check means, in words that end the sentence "'name' is ...".

In: `argument_words.toml` beside this module. Out: words for an argument of a type. A test holds that every argument of
every type has words, and that no words are left over.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipelines.declarations.declared_files import read_toml

FILE = Path(__file__).with_name("argument_words.toml")
EVERY = "every"


@cache
def words() -> dict[str, dict[str, str]]:
    """Words by type and argument; under `every` those for all types."""
    return read_toml(FILE, what="words")


def meaning(type_name: str, argument: str) -> str:
    """What an argument of a type is. Raises KeyError for one that nobody has described."""
    said = words()
    return said.get(type_name, {}).get(argument) or said[EVERY][argument]
