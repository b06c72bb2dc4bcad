"""Write entries of suites as YAML, and add them to a suite's file.

In: the keys of an entry. Out: text in the style of the suites; a file to which it was appended. Refused: nothing; what
is written is read again by the strict loader.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from pipelines.lasting import write_text

TO_WRITE = "to be written"
"""Stands where a person has to write a sentence; the loader refuses it, so it cannot be forgotten."""
WIDTH = 116


def entry_text(entry: Mapping[str, Any], notes: Mapping[str, str] | None = None, head: Sequence[str] = ()) -> str:
    """One entry: `head` as comment lines above it, `notes` as comment lines above a key."""
    lines = [f"# {line}".rstrip() for line in head]
    for number, (key, value) in enumerate(entry.items()):
        lead = "- " if number == 0 else "  "
        if notes and key in notes:
            lines += [f"  # {line}" for note in notes[key].splitlines() for line in textwrap.wrap(note, WIDTH - 2)]
        lines += _key_lines(lead, key, value)
    return "\n".join(lines) + "\n"


def _key_lines(lead: str, key: str, value: Any) -> list[str]:
    if isinstance(value, Mapping):
        plain: dict[str, Any] = dict(value)
        line = flow(plain)
        if not plain or len(line) + len(key) + 4 <= WIDTH:
            return [f"{lead}{key}: {line}"]
        block = yaml.safe_dump(plain, default_flow_style=None, sort_keys=False, width=WIDTH - 8, allow_unicode=True)
        return [f"{lead}{key}:", *(f"    {line}" for line in block.rstrip().splitlines())]
    text = yaml.safe_dump({key: value}, default_flow_style=False, width=WIDTH - 8, allow_unicode=True).rstrip()
    first, *rest = text.splitlines()
    return [lead + first, *(f"  {line}" for line in rest)]


def flow(value: Mapping[str, Any]) -> str:
    """A mapping on one line, in its own order."""
    text = yaml.safe_dump(dict(value), default_flow_style=True, sort_keys=False, width=10_000, allow_unicode=True)
    return text.strip()


def append_entries(text: str, path: Path, title: str) -> None:
    """Add entries to the end of a suite; the file is made, with `title` as its first comment, where there is none."""
    held = path.read_text(encoding="utf-8") if path.is_file() else f"# {title}\n"
    write_text(path, held.rstrip() + "\n\n" + text)
