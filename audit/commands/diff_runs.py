"""What changed in the results between two runs, and why.

In: two run folders. Out: `Changes`. Refuses a folder that is no run, a run whose manifest or tables were changed, and
one of another version of the method.
"""

from __future__ import annotations

from pathlib import Path

from audit.account.changed_results import changes_between
from audit.run.verify import read_run
from reports.site.changes import Changes


def compare(one: Path, other: Path) -> Changes:
    """What differs between two runs and which results moved, every byte of their tables as published."""
    return changes_between(one, other, (read_run(one), read_run(other)))
