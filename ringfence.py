"""ringfence: when NHS money was passed to a council for social care, did it fund integration, or did it backfill cuts?

`command` is what the command `ringfence` starts.
"""

from __future__ import annotations

import os
import sys

EXIT_SHADOWED = 10
OURS = ("audit", "expectations", "pipelines", "reports")
MARK = b'__distribution__ = "ringfence-audit"'


def command() -> int:
    """Start the command line, unless another package stands where one of ours belongs. Returns the exit code."""
    if told := shadowed():
        print(f"ringfence: {told}", file=sys.stderr)
        return EXIT_SHADOWED
    from audit.commands.cli import main

    return main()


def shadowed() -> str:
    """Which file another distribution, or the current folder, has put where Python looks for a package of ours.

    Empty when all four are ours. Nothing is imported for it but what Python itself has loaded: a module beside the data
    may bear any name.
    """
    ours = os.path.dirname(os.path.realpath(__file__))  # noqa: PTH120 - pathlib may be the data's
    for name in OURS:
        specs = (finder.find_spec(name, None) for finder in sys.meta_path if hasattr(finder, "find_spec"))
        spec = next((spec for spec in specs if spec is not None), None)
        expected = os.path.join(ours, name, "__init__.py")  # noqa: PTH118
        found = expected
        if spec is not None:
            found = spec.origin or next(iter(spec.submodule_search_locations or ()), "a package of that name")
        if spec is None or os.path.realpath(found) != expected or not _is_ours(expected):
            return (
                f"{found}: this is not the package '{name}' of ringfence, but stands where Python looks for it. "
                f"Expected {expected} of ringfence-audit. Remove what put it there (another distribution with a "
                f"package '{name}', or a folder named in PYTHONPATH), or install ringfence-audit alone, as pipx and uv "
                "tool do."
            )
    return ""


def _is_ours(path: str) -> bool:
    """Whether a file is that of this distribution: another one may have been unpacked over it."""
    try:
        with open(path, "rb") as stream:  # noqa: PTH123
            return MARK in stream.read()
    except OSError:
        return False
