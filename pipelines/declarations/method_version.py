"""The version of the method that tables are of, and how a run of another version is refused.

In: what a run's manifest says. Out: nothing, or InputError: tables of another version have other columns, so only the
tool that made them can read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.errors import InputError, Place

METHOD_VERSION = "2"


def refuse_other_method(manifest: Mapping[str, Any], place: Place) -> None:
    """Raise InputError for a run of another version of the method, or of none that is told."""
    made_by = str(manifest.get("method_version") or "unknown")
    if made_by != METHOD_VERSION:
        raise InputError(
            f"the run was made by version {made_by} of the method, whose results have other names",
            place=place,
            expected=f"a run of version {METHOD_VERSION}",
            do="Use the version of ringfence that made it (manifest.json names it), or make the run again.",
        )
