"""Run every declared check and write tables, checks and results as a project of plain Great Expectations.

In: the `Frames` of a folder of tables. Out: the project (`expectations/gx/export.py`) with every
failing row in `failing_rows.parquet`, as table `check_finding` holds them.
"""

from __future__ import annotations

from pathlib import Path

from expectations.gx.export import Exported, export
from expectations.quarantine.quarantine import finding_lines
from expectations.records.table_frames import Frames
from expectations.running.check_all import declared_checks, run_checks
from pipelines.declarations.catalogue import tables
from pipelines.declarations.parquet import write_table

FAILING = "check_finding"


def write_project(frames: Frames, folder: Path) -> Exported:
    """Run the checks on `frames` and write the project. Raises InputError where `folder` holds something else."""
    outcomes = run_checks(declared_checks(), frames)
    lines = finding_lines(outcomes)
    columns = {name: [line.get(name) for line in lines] for name in tables()[FAILING].column_names}

    def beside(work: Path) -> None:
        write_table(FAILING, columns, work).rename(work / "failing_rows.parquet")

    return export(outcomes, frames, folder, beside=beside)
