"""Against yesterday: every figure of a return that differs from the one accepted before, with the old one beside it.

In: the tables of a run, the run published before it in the folder of runs, the embedded figures, limits, and the reason
a person gave for accepting what differs. Out: tables `compared_return` and `revision`. Figures are listed against the
embedded ones, where those have the year; whether they lie beyond the limits is told by what was accepted last. Nothing
is refused here: the checks on these tables do.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.revisions.revised_figures import own_spend, revised
from audit.settings import Settings
from pipelines.declarations.catalogue import sources
from pipelines.errors import DefinitionError
from pipelines.extract.altered import altered_extracts
from pipelines.load.load import EMBEDDED, EMBEDDED_REFERENCE

COMPARED, REVISION = "compared_return", "revision"
EMBEDDED_WORDS, LIST_WORDS = "the embedded figures", "the list of embedded extracts"
SHORTEST_REASON = 10
Row = dict[str, Any]


@dataclass(frozen=True)
class Before:
    """What was accepted before: the run published before, if there is one, and the embedded figures; which of the
    embedded extracts in use are not those that were written; or, for a run that is made again, the tables it had.
    """

    run: Path | None = None
    embedded: Path = EMBEDDED
    altered: tuple[str, ...] = ()
    recorded: Path | None = None


def before_this(run: Path | None, returns: Path, *, recorded: Path | None = None) -> Before:
    """What a run over `returns` is set against: the `run` published before it and the embedded figures; `recorded` is a
    table of the run that is made again.
    """
    if recorded is not None:
        return Before(recorded=recorded.parent)
    in_use = [EMBEDDED_REFERENCE, *([EMBEDDED] if returns == EMBEDDED else [])]
    return Before(run, altered=tuple(altered_extracts(in_use)))


def refuse_reason(reason: str | None) -> str:
    """The reason given for accepting revisions, without white space around it. Raises DefinitionError when it says
    nothing.
    """
    given = (reason or "").strip()
    if reason is not None and (len(given) < SHORTEST_REASON or not given.isprintable()):
        raise DefinitionError(
            "--accept-revisions gives no reason",
            expected=f"a sentence of at least {SHORTEST_REASON} characters on one line",
            do="Say where the revised figures come from, such as the publisher's release and its date.",
        )
    return given


FILES = tuple(f"tables/{name}.parquet" for name in (COMPARED, REVISION))
"""Files of a run that tell of the run before."""


def write_revisions(tables: Path, before: Before, settings: Settings, *, reason: str = "") -> None:
    """Write both tables into `tables`, or take them from the run that is made again."""
    if before.recorded is not None:
        _copy_revisions(before.recorded, tables)
        return
    compared: list[Row] = []
    figures: list[Row] = []
    embedded, spend = _embedded(before.embedded), None
    for file in _files(tables):
        if sources()[file["source"]].kind != "return":
            continue
        same, earlier = [row for row in embedded if _same_year(row, file)], _earlier(before.run, file)
        known = file["input_sha256"] in {row["input_sha256"] for row in earlier}
        if any(file["input_sha256"] in (row["csv_sha256"], row["file_sha256"]) for row in same):
            compared.append(_unchanged(file, EMBEDDED_WORDS))
        elif known and not same:
            compared.append(_unchanged(file, _words(before.run)))
        elif earlier or same:
            spend = own_spend(tables) if spend is None else spend
            old = [row["path"] for row in same] or before.run
            against = EMBEDDED_WORDS if same else _words(before.run)
            made, count = revised(tables, file, old, spend)
            judged = made if not (same and earlier) else [] if known else revised(tables, file, before.run, spend)[0]
            figures += [row | {"source": file["source"], "against": against} for row in made]
            compared.append(_summed(file, made, count) | {"beyond": _beyond(judged, settings), "against": against})
    compared += [_altered(name) for name in before.altered]
    for row in compared:
        row["reason"] = reason if row["revised"] or row["beyond"] else ""
    _write(tables, COMPARED, compared)
    _write(tables, REVISION, sorted(figures, key=lambda row: (row["table"], row["record_id"], row["column"])))


def _copy_revisions(recorded: Path, tables: Path) -> None:
    for name in (COMPARED, REVISION):
        if (recorded / f"{name}.parquet").is_file():
            shutil.copyfile(recorded / f"{name}.parquet", tables / f"{name}.parquet")


def _files(tables: Path) -> list[Row]:
    import pyarrow.parquet as pq

    rows = pq.read_table(tables / "source_file.parquet").to_pylist()
    return sorted(rows, key=lambda row: (row["source"], row["financial_year"], row["file_name"], row["file_sha256"]))


def _embedded(folder: Path) -> list[Row]:
    """Every embedded extract: its source and year, the hash of its publication and of its own bytes."""
    from pipelines.extract.read_extract import metadata_path

    made: list[Row] = []
    for path in sorted(folder.glob("*.csv")):
        about = json.loads(metadata_path(path).read_text(encoding="utf-8"))["ringfence:extract"]
        made.append(
            {
                "path": path, "csv_sha256": _hash(path), "file_sha256": about["sha256"], "source": about["source"],
                "financial_year": about["financial_year"],
            }
        )  # fmt: skip
    return made


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _same_year(one: Row, other: Row) -> bool:
    return (one["source"], one["financial_year"]) == (other["source"], other["financial_year"])


def _earlier(run: Path | None, file: Row) -> list[Row]:
    path = run / "tables" / "source_file.parquet" if run else None
    return [row for row in _files(path.parent) if _same_year(row, file)] if path and path.is_file() else []


def _words(run: Path | None) -> str:
    return f"run {run.name}" if run else EMBEDDED_WORDS


def _unchanged(file: Row, against: str) -> Row:
    return _row(file, against) | {"figures": int(file["values_kept"])}


def _row(file: Row, against: str = "") -> Row:
    told = {name: file[name] for name in ("source", "financial_year", "file_name", "file_sha256")}
    zero = {"figures": 0, "revised": 0, "authorities": 0, "largest_share": 0.0, "beyond": False}
    return told | zero | {"against": against}


def _altered(name: str) -> Row:
    file = {"source": "", "financial_year": "", "file_name": name, "file_sha256": ""}
    return _row(file, LIST_WORDS) | {"beyond": True}


def _summed(file: Row, made: list[Row], count: int) -> Row:
    told = {"figures": count, "revised": len(made), "authorities": len({row["authority_code"] for row in made})}
    return _row(file) | told | {"largest_share": max((row["share"] or 0.0 for row in made), default=0.0)}


def _beyond(made: list[Row], settings: Settings) -> bool:
    """True when figures differ so much, or so many authorities have one, that a person must say why."""
    largest = max((row["share"] or 0.0 for row in made), default=0.0)
    authorities = len({row["authority_code"] for row in made})
    return largest > settings.number("revisions.share") or authorities > settings.count("revisions.authorities")


def _write(tables: Path, name: str, rows: list[Row]) -> None:
    from pipelines.declarations.catalogue import tables as declared
    from pipelines.declarations.parquet import write_table

    if rows:
        write_table(name, {column: [row[column] for row in rows] for column in declared()[name].column_names}, tables)
