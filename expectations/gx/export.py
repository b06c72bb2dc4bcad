"""Write tables and their checks as a project that plain Great Expectations runs to the end, with nothing of ours.

In: the outcome of every declared check, and the tables it is of. Out: a folder with a file context, the tables, results
prepared for what the library has no type for, a script that runs it all, and `checks.csv`, which names every check and
where it is checked there. Every argument is written, also those left at their default, which the library's own files
leave out. Left out is only what was not run: the library would report success for it. The same checks on the same
tables give the same bytes.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.gx import project_files as files
from expectations.gx.natively import IN_PART, Expectation, as_expectations
from expectations.gx.prepared import on_results, results_table
from expectations.records.checks import ERRORED, NOT_RUN, Outcome
from expectations.records.table_frames import Frames
from expectations.suite.gx_types import GX_TYPES
from pipelines import lasting
from pipelines.errors import InputError, Place

MOST_ROWS = 1_000_000
"""A table of more rows is not copied: all its checks are exported as prepared results."""
MOST_REASONS = 6
CONFIGURATION = Path("gx") / "great_expectations.yml"
OURS = ("gx", files.TABLES, files.RESULTS, "README.md", "checks.csv", "failing_rows.parquet", "run_in_gx.py")
ABOUT = ("code", "because", "on_failure", "reference", "added_by", "review_by", "origin")
HEADS = ("table", "code", "type", "severity", "on_failure", "checked_on", "outcome", "rows_seen", "rows_failed", "note")
ON_TABLE, ON_RESULTS, ON_BOTH, LEFT_OUT = "table", "prepared results", "table and prepared results", "left out"


@dataclass(frozen=True)
class Exported:
    """How many checks are checked where (a word of `checks.csv`), and by reason how many are left out."""

    checked_on: Mapping[str, int]
    left_out: Mapping[str, int]

    @property
    def sentence(self) -> str:
        """The counts in words."""
        total, left = sum(self.checked_on.values()), sum(self.left_out.values())
        told = f"{total - left} of {total} checks exported: {self.checked_on.get(ON_TABLE, 0)} on the tables, "
        told += f"{total - left - self.checked_on.get(ON_TABLE, 0)} on prepared results; {left} left out"
        reasons = [f"{number} because {reason}" for reason, number in self.left_out.items()]
        more = [f"{len(reasons) - MOST_REASONS} more reasons"] if len(reasons) > MOST_REASONS else []
        why = ", ".join([*reasons[:MOST_REASONS], *more])
        return f"{told}, as checks.csv says: {why}." if left else f"{told}."


def refuse_other_content(folder: Path) -> list[str]:
    """Names in a folder. Raises InputError where it holds what no export wrote."""
    held = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    strange = [name for name in held if name not in OURS or not (folder / CONFIGURATION).is_file()]
    if strange:
        what = f"the folder holds something else: '{strange[0]}'"
        raise InputError(what, place=Place(str(folder)), do="Give an empty or a new folder.")
    return held


def export(
    outcomes: Sequence[Outcome], frames: Frames, folder: Path, *, beside: Callable[[Path], None] = lambda _: None
) -> Exported:
    """Write the project of these outcomes; `beside` writes more into it before it is put in place.

    One exported to `folder` before is replaced, but for what the library keeps in folders of its own. Raises
    InputError where `folder` holds something else.
    """
    held = refuse_other_content(folder)
    folder = folder.resolve()
    work = lasting.part_of(folder)
    lasting.remove(work)
    try:
        made = _write(outcomes, frames, work)
        beside(work)
        for path in (folder / "gx").iterdir() if held else ():
            if path.is_dir() and not (work / "gx" / path.name).exists():
                shutil.copytree(path, work / "gx" / path.name)
        lasting.put_in_place(work, folder)
    finally:
        lasting.remove(work)
    return made


def _write(outcomes: Sequence[Outcome], frames: Frames, work: Path) -> Exported:
    suites: dict[tuple[str, str], list[dict[str, Any]]] = {}
    prepared: dict[str, list[Outcome]] = {}
    lines: list[list[Any]] = []
    large = {table for table in {item.check.table for item in outcomes} if _rows(frames, table) > MOST_ROWS}
    for item in outcomes:
        check = item.check
        where = _checked_on(item, frames, large=check.table in large)
        if where in (ON_TABLE, ON_BOTH):
            native = as_expectations(check, frames.declared[check.table])
            suites.setdefault((files.TABLES, check.table), []).extend(_stored(item, native, files.TABLES))
        if where in (ON_RESULTS, ON_BOTH):
            own = _stored(item, [on_results(check.code)], files.RESULTS)
            suites.setdefault((files.RESULTS, check.table), []).extend(own)
            prepared.setdefault(check.table, []).append(item)
        lines.append([check.table, check.code, check.type, check.severity, check.on_failure, where, item.outcome,
                      item.rows_seen, item.rows_failed, item.detail])  # fmt: skip
    made = Exported(Counter(line[5] for line in lines), Counter(line[9] for line in lines if line[5] == LEFT_OUT))
    _write_context(suites, frames, work, made)
    for source, table in suites:
        (work / source).mkdir(exist_ok=True)
        if source == files.TABLES:
            _copy(frames, table, work / source / f"{table}.parquet")
    for table, own in prepared.items():
        _write_parquet(results_table(own), work / files.RESULTS / f"{table}.parquet")
    (work / "checks.csv").write_text(_csv(lines), encoding="utf-8")
    return made


def _checked_on(item: Outcome, frames: Frames, *, large: bool) -> str:
    if item.outcome == NOT_RUN:
        return LEFT_OUT
    if large or item.outcome == ERRORED or not as_expectations(item.check, frames.declared[item.check.table]):
        return ON_RESULTS
    return ON_BOTH if item.check.type in IN_PART else ON_TABLE


def _stored(item: Outcome, expectations: list[Expectation], source: str) -> list[dict[str, Any]]:
    """The expectations of one check as the library stores them, in their order."""
    from expectations.gx.adapter import default_arguments

    check, made = item.check, list[dict[str, Any]]()
    meta = {name: getattr(check, name) for name in ABOUT}
    if source == files.RESULTS:
        meta |= {"type": check.type, "kwargs": check.kwargs}
    for number, (kind, kwargs) in enumerate(expectations):
        filled: dict[str, Any] = {**(default_arguments(kind) if kind in GX_TYPES else {}), **kwargs}
        made.append(
            {
                "id": files.made_id(source, check.table, check.code, str(number)),
                "type": kind,
                "kwargs": dict(sorted(filled.items())),
                "meta": meta,
                "notes": check.because,
                "severity": check.severity,
            }
        )
    return made


def _write_context(
    suites: Mapping[tuple[str, str], list[dict[str, Any]]], frames: Frames, work: Path, made: Exported
) -> None:
    from expectations.gx.adapter import library_version

    version, pairs = library_version(), sorted(suites, key=lambda pair: (pair[0] == files.RESULTS, pair[1]))
    told = files.README.format(counts=made.sentence, version=version, checkpoint=files.CHECKPOINT)
    texts = {"README.md": told, "run_in_gx.py": files.SCRIPT, str(CONFIGURATION): files.context_text(pairs)}
    texts[f"gx/checkpoints/{files.CHECKPOINT}.json"] = files.checkpoint_text(pairs)
    for source, table in pairs:
        name = files.suite_name(source, table)
        suite = files.suite_text(name, suites[source, table], frames.declared[table].title, version)
        texts[f"gx/expectations/{name}.json"] = suite
        texts[f"gx/validation_definitions/{name}.json"] = files.definition_text(source, table)
    for name, text in texts.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text, encoding="utf-8")


def _rows(frames: Frames, table: str) -> int:
    """Rows of a table, without reading it; nought where it is not there."""
    from expectations.domain.payment_ledger import LEDGER, ledger_files

    if table in frames.held or frames.folder is None:
        return frames.held[table].num_rows if table in frames.held else 0
    ledger = table == LEDGER and (frames.folder / LEDGER).is_dir()
    paths = ledger_files(frames.folder) if ledger else [frames.folder / f"{table}.parquet"]
    return sum(_footer(path).num_rows for path in paths if path.is_file())


def _footer(path: Path) -> Any:
    import pyarrow.parquet as pq

    return pq.read_metadata(path)


def _copy(frames: Frames, table: str, path: Path) -> None:
    """The table as one file: as it was written, or the ledger of payments put together from its folders."""
    from expectations.domain.payment_ledger import LEDGER, over_pieces

    if table == LEDGER and table not in frames.held:
        _write_ledger(over_pieces(frames, frames.declared[table].column_names, lambda piece: piece), table, path)
    elif frames.folder is not None and (frames.folder / path.name).is_file():
        shutil.copyfile(frames.folder / path.name, path)
    else:
        _write_parquet(frames.arrow(table, whole=True), path)


def _write_ledger(pieces: Any, table: str, path: Path) -> None:
    import pyarrow.parquet as pq

    from pipelines.declarations.catalogue import arrow_schema, tables

    schema = arrow_schema(tables()[table])
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        for piece in pieces:
            writer.write_table(piece.select(schema.names).cast(schema))


def _write_parquet(table: Any, path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, path, compression="zstd", compression_level=1)


def _csv(lines: list[list[Any]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADS)
    writer.writerows(lines)
    return stream.getvalue()
