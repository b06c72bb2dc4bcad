"""Numbers with a sign as words with a direction: "rose by −0.2%" reads "fell by 0.2%".

In: the detail of a test as a run wrote it. Out: the same, in which no rise, no level above and no "up to" is below
nought, and in which a limit says its side.
"""

from __future__ import annotations

import re

NUMBER = r"(\d+(?:\.\d+)?%)"
NOUGHT = re.compile(r"[−+]0(?:\.0+)?%")
WORDS = tuple(
    (re.compile(pattern.replace("N", NUMBER)), said)
    for pattern, said in (
        (r"(?:rose|changed) by −N", r"fell by \1"),
        (r"(?:rose|changed) by \+?N", r"rose by \1"),
        (r"stood −N above", r"stood \1 below"),
        (r"moved −N against", r"fell by \1 against"),
        (r"moved \+?N against", r"rose by \1 against"),
        (r"\(positive at −N\)", r"(positive at a fall of \1)"),
        (r"moved (together|opposite ways) by up to −N([^,(]*?) in one year",
         r"moved \1 in no year (largest: −\2\3)"),
    )
)  # fmt: skip
LIMIT = re.compile(r",? ?\(limit (\d+(?:\.\d+)?)%\)")
SIDES = (("stood", "{}% above"), ("rose by", "a rise of {}%"), ("fell by", "a rise of {}%"))
"""What a limit is a limit of, by the word that the test uses."""
PLUS = re.compile(r"\+(?=\d)")


def with_directions(detail: str) -> str:
    """`detail` with directions in place of signs, and the middle area called the median area."""
    said = NOUGHT.sub(lambda found: found[0][1:], detail)
    for pattern, words in WORDS:
        said = pattern.sub(words, said)
    return LIMIT.sub(lambda found: _from(found, said), PLUS.sub("", said)).replace("middle area", "median area")


def _from(found: re.Match[str], said: str) -> str:
    """A limit with its side: "positive from 8% above"."""
    number = found[1].removesuffix(".0")
    side = next((words for verb, words in SIDES if verb in said), "{}%")
    return f"; positive from {side.format(number)}"
