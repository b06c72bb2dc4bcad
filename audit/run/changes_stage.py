"""What changed since the run before, drawn when a run is published, outside its hashed site.

In: the work of a run, where it will be published, and the run that `latest` points to. Out: `changes.html` in the work,
words for the log and what moved. A run that stood there already keeps the page it had. Refuses nothing: where two runs
cannot be compared, the page says why, and the run is published.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from audit.account.changed_results import changes_between, run_told
from audit.run import manifest, publish
from pipelines import lasting, recorded
from pipelines.errors import UserError, VerificationError
from reports.site.changes import Changes, RunTold
from reports.site.changes_page import changes_page

ROOT = "site/"
AS_BEFORE = "as told before"
DAMAGED = "a table of the run before cannot be read"


def write_changes(work: Path, folder: Path) -> tuple[dict[str, Any], Changes | None]:
    """Write the page where there was a run before; the work has its manifest.

    Returns what the log says of it, and what moved: None where there is nothing to compare with, or it was told before.
    """
    page = work / manifest.CHANGES
    lasting.remove(page)
    if (folder / manifest.CHANGES).is_file():
        shutil.copyfile(folder / manifest.CHANGES, page)
        return {"changes": AS_BEFORE}, None
    before = publish.predecessor(folder)
    if before is None:
        return {"changes": "none to tell, no run before it here"}, None
    found = _compared(before, work, recorded.read_record(work / manifest.MANIFEST))
    lasting.write_text(page, changes_page(found, root=ROOT))
    if found.problem:
        return {"changes": f"not told, {found.problem.rstrip('.')}"}, found
    return {"results_changed": len(found.changes), "since": before.name}, found


def _compared(before: Path, work: Path, content: dict[str, Any]) -> Changes:
    """What moved, or why that cannot be said."""
    told, after = RunTold(before.name, "not stated", "not held"), run_told(content)
    try:
        earlier = manifest.read_manifest(before)
        told = run_told(earlier)
        if odd := manifest.differences(before, earlier, below="tables/", every_byte=False):
            problem = f"the run before is not as it was published ({odd})."
        else:
            return changes_between(before, work, (earlier, content))
    except VerificationError as error:
        problem = f"the run before is not as it was published ({error.what})."
    except UserError as error:
        problem = f"{error.what}."
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"{DAMAGED} ({type(error).__name__})."
    return Changes(told, after, problem=problem)
