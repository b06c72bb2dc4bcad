"""A run opened: its lists, areas and tables as frames, one area of it, a figure followed to its cell.

In: the folder of a run, or `latest`. Out: a `Run`, which reads each table when it is asked for. Refuses (InputError) a
folder that is no run, or one that is still being written, and a run of another version of the method;
(VerificationError) a run whose manifest or tables are not as they were published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.api.environment import find_home, runs_folder
from audit.api.find_area import find_area
from audit.api.tables import TABLES, Held
from pipelines.declarations.table_words import RESULTS
from pipelines.errors import InputError, Place, VerificationError
from pipelines.recorded import BACK_UP

if TYPE_CHECKING:
    import pandas as pd

    from audit.api.opened_area import Area

LATEST = "latest"
HALF = "a run that is being written, or was broken off"


@dataclass(frozen=True)
class Run:
    """A published run. Frames are made anew at each call, so that whoever changes one changes no other."""

    folder: Path
    """Where it stands."""
    manifest: Mapping[str, Any] = field(repr=False)
    """What it was made from: inputs with SHA-256, settings, versions, counts, the hash of every file."""

    @cached_property
    def _held(self) -> Held:
        return Held(self.folder, self.manifest)

    @property
    def id(self) -> str:
        """Its identity: a hash of inputs, settings, code and libraries."""
        return self._held.id

    @property
    def settings(self) -> Mapping[str, Any]:
        """Every setting by its dotted key."""
        return self.manifest["settings"]

    @property
    def counts(self) -> Mapping[str, Any]:
        """Files, rows, checks, results and bands, as the run counted them."""
        return self.manifest["counts"]

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of its tables; docs/data-dictionary.md describes them."""
        return self._held.names

    @property
    def flags(self) -> pd.DataFrame:
        """Table `flag`: what each area is told, a row an area and window."""
        return self.table("flag")

    @property
    def areas(self) -> pd.DataFrame:
        """Table `area`: a row an area."""
        return self.table("area")

    @property
    def report(self) -> Path:
        """The first of its pages."""
        return self.folder / "site" / "index.html"

    @property
    def summary(self) -> str:
        """What can be quoted in a mail."""
        return (self.folder / "summary.txt").read_text(encoding="utf-8")

    def path(self, name: str) -> Path:
        """The Parquet file of a table, for any library that reads Parquet. Raises InputError, VerificationError."""
        return self._held.path(name)

    def table(self, name: str, columns: Sequence[str] | None = None, **where: str) -> pd.DataFrame:
        """A table, with all columns or those named; `where` takes only rows with these values: `area_code="E06000054"`.

        Text is `str`, whole numbers `Int64`, truth `boolean`, amounts `float64`; `.attrs` holds `title`, and `units`
        and `meanings` by column. Raises InputError for a table or column there is not.
        """
        return self._held.table(name, columns, **where)

    def area(self, wanted: str) -> Area:
        """An area by name, part of a name, or any code of an authority in it: "St Helens", "E4303", "E08000013".

        Raises InputError naming several it may be, or near ones.
        """
        from audit.api.opened_area import Area

        for name in ("area", "area_authority"):
            if self._held.has(name):
                self.path(name)
        found = find_area(self.folder / "tables", wanted)
        return Area(self._held, found.code, found.name)

    def lineage(self, cell: Any, column: str = "") -> pd.DataFrame:
        """The published cells that a figure rests on: file, sheet, cell, SHA-256, publisher, release; a row a cell.

        `cell` is a row of a frame of this run, or (table, record id, column). With `column`, the figure of that column
        in the row; a row of evidence needs none. An area's figure is followed to every figure beneath it. Raises
        InputError where nothing was published beneath it.
        """
        from audit.api.lineage import lineage

        return lineage(self._held, cell, column)

    def _results(self) -> list[tuple[str, int]]:
        found: Mapping[str, int] = self.counts.get("results", {})
        return [(name, found[name]) for name in RESULTS if name in found]

    def __repr__(self) -> str:
        """Its id, where it stands and its results in one line."""
        told = ", ".join(f"{number} {name}" for name, number in self._results())
        return f"<ringfence run {self.id}: {told}; {self.folder}>"

    def _repr_html_(self) -> str:
        """The same for a notebook, with the results as a table and a link to the pages."""
        rows = "".join(f"<tr><td>{escape(name)}</td><td>{number:,}</td></tr>" for name, number in self._results())
        return (
            f"<p>ringfence run <b>{escape(self.id)}</b>, version {escape(str(self.manifest.get('version')))}, "
            f"<a href='{escape(self.report.as_uri())}'>its pages</a></p>"
            f"<table><thead><tr><th>result</th><th>areas and windows</th></tr></thead><tbody>{rows}</tbody></table>"
        )


def open_run(where: Path | str = LATEST) -> Run:
    """The run at a folder, in a folder of runs (its latest), of an id, or the latest of all.

    Raises InputError for what is no run, VerificationError for one that is not as it was published, and InputError or
    DefinitionError for a working folder that cannot be used.
    """
    from audit.run import manifest
    from audit.run.publish import is_run
    from pipelines.declarations.method_version import refuse_other_method
    from pipelines.recorded import differences

    find_home()
    folder = _folder(where)
    if not is_run(folder):
        half = folder.name.startswith(".") and folder.name.endswith(".part")
        raise InputError(
            f"this is {HALF}" if half else "this is not a run" if folder.exists() else "there is no such folder",
            place=Place(str(folder)),
            expected="the folder of a run, with manifest.json",
            do="Make one: ringfence run, or ringfence.audit().",
        )
    content = manifest.read_manifest(folder)
    refuse_other_method(content, Place(str(folder)))
    outputs, sizes = (_below(content[name]) for name in ("outputs", "sizes"))
    if odd := differences(folder / "tables", outputs, sizes, every_byte=False):
        raise VerificationError(
            f"the run is not as it was published: {odd}",
            place=Place(str(folder)), expected="the files in its manifest", do=BACK_UP,
        )  # fmt: skip
    return Run(folder, content)


def _below(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a manifest tells of the files of tables, by their names in that folder."""
    return {name.removeprefix(TABLES): value for name, value in told.items() if name.startswith(TABLES)}


def _folder(where: Path | str) -> Path:
    """The folder that is meant."""
    given = Path(where)
    places = [given, given / LATEST] if str(where) != LATEST else []
    if len(given.parts) == 1 and not given.is_dir():
        places.append(runs_folder() / given)
    found = next((place for place in places if (place / "manifest.json").is_file()), places[0])
    return found.resolve()
