"""Counts on the command line: a number that makes no sense ends the command before anything is done.

In: the text of an argument. Out: the number. Raises ArgumentTypeError, which argparse tells with the usage.
"""

from __future__ import annotations

from argparse import ArgumentTypeError


def one_or_more(text: str) -> int:
    """A whole number from 1."""
    return _from(1, text)


def none_or_more(text: str) -> int:
    """A whole number from 0."""
    return _from(0, text)


def _from(least: int, text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise ArgumentTypeError(f"'{text}' is no whole number from {least}")
    return int(text)
