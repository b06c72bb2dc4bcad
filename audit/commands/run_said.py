"""What `ringfence run` says when it is done, what `diff` says, and how checks ended: as lines and as content.

In: the outcome of a run, what moved between two, or a folder of tables. Out: answers. Refuses nothing.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.told import Told

if TYPE_CHECKING:
    from audit.run.run import Outcome
    from reports.site.changes import Changes


def changes_content(found: Changes) -> dict[str, Any]:
    """What moved between two runs, as plain values."""
    results = {
        name: [{**asdict(one), "kind": one.kind} for one in part]
        for name, part in (("results", found.changes), ("amounts", found.amounts))
    }
    return {
        "before": asdict(found.before),
        "after": asdict(found.after),
        "causes": list(found.causes),
        "several_causes": found.several,
        **results,
        "figures": [asdict(one) for one in found.figures],
        "problem": found.problem,
    }


def run_told(outcome: Outcome, *, code: int) -> Told:
    """The end of a run: what was missing, what changed since the run before, where the report is."""
    from audit.account.changed_words import since_lines

    folder, changed = outcome.folder, outcome.changed
    lines: list[str] = []
    if names := outcome.repaired:
        lines.append(f"{len(names):,} files of this run were missing, first {names[0]}; it was made again.")
    if outcome.unchanged:
        lines.append("Nothing had changed since this run.")
    else:
        lines += ["Done.", *(since_lines(changed) if changed is not None or not names else ())]
    lines.append(f"Run {folder.name}. Open the report: {folder / 'site' / 'index.html'}")
    if not outcome.unchanged and (page := folder / "changes.html").is_file():
        lines.append(f"What changed since the run before: {page}")
    content = {
        "folder": folder,
        "report": folder / "site" / "index.html",
        "unchanged": outcome.unchanged,
        "made_again_for": list(outcome.repaired),
        "quarantined": outcome.quarantined,
        "answers_not_used": list(outcome.not_used),
        "changes": changes_content(changed) if changed is not None else None,
    }
    return Told(content, lines, run=folder.name, code=code)


def check_lines(tables: Path) -> list[str]:
    """One line per check that did not pass, and the totals."""
    from pipelines.declarations.parquet import read_table

    results: Any = read_table(tables, "check_result")
    lines = [
        f"{row['outcome']:<8} {row['severity']:<8} {row['table']} {row['code']}: {row['because']} {row['detail'] or ''}"
        for _, row in results[results["outcome"] != "passed"].iterrows()
    ]
    return [*lines, ", ".join(f"{number} {outcome}" for outcome, number in results["outcome"].value_counts().items())]
