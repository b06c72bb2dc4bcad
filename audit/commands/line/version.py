"""What `ringfence --version` prints: the program, its method, its commit, and which figures come with it.

In: nothing. Out: lines of text. Refuses nothing: what is not held is said to be.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from typing import Any

from pipelines import __version__
from pipelines.declarations.method_version import METHOD_VERSION
from pipelines.places import REFERENCE

YEAR = re.compile(r"^returns,\w+_(\d{4}-\d\d)\.csv,", re.MULTILINE)
EXTRACT = re.compile(r"^\w+,[^,]+\.csv,", re.MULTILINE)


class ShowVersion(argparse.Action):
    """The option `--version`: what it prints is read only when it is given."""

    def __init__(self, option_strings: list[str], dest: str, **more: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=more["help"])

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Print it and end."""
        print(version_text())
        parser.exit()


def version_text() -> str:
    """Version, method, commit and the release of the figures."""
    from audit.account.source_commit import source_commit

    return f"ringfence {__version__}, method {METHOD_VERSION}\ncommit {source_commit()}\nfigures {figures_release()}"


def figures_release() -> str:
    """Which release of the embedded figures this is: the hash of their list, how many extracts it names, years."""
    try:
        listed = (REFERENCE / "extracts.csv").read_bytes()
    except OSError:
        return "not held"
    text = listed.decode("utf-8")
    years = sorted(YEAR.findall(text))
    span = f", {years[0]} to {years[-1]}" if years else ""
    return f"{hashlib.sha256(listed).hexdigest()[:12]} ({len(EXTRACT.findall(text))} extracts{span})"
