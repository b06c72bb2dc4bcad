"""A page of documentation followed literally: its blocks in their order, what a command printed beside what it says.

In: Markdown, or the lines printed. Out: blocks, or the lines that differ.
"""

from __future__ import annotations

import re

BLOCK = re.compile(r"^```(console|yaml|csv)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = "$ .venv/bin/ringfence "
LEFT_OUT = "..."


def differences(said: list[str], expected: list[str]) -> list[str]:
    """Lines the page prints that the command did not, in their order; '...' may stand for any lines or for a line's
    end.
    """
    place, missing = 0, list[str]()
    anywhere = False
    for line in expected:
        if line == LEFT_OUT:
            anywhere = True
            continue
        fits = [
            number
            for number in range(place, len(said) if anywhere else min(place + 1, len(said)))
            if said[number] == line or (line.endswith(LEFT_OUT) and said[number].startswith(line[: -len(LEFT_OUT)]))
        ]
        if not fits:
            missing.append(line)
            continue
        place, anywhere = fits[0] + 1, False
    if not anywhere and place < len(said):
        missing.append(f"the command printed more: {said[place]}")
    return missing
