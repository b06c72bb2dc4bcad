"""Tables of a run as pandas frames: types as the table declares, titles and units in `.attrs`.

In: the folder of a run and its manifest. Out: a frame a call, read from Parquet when it is asked for. Refuses
(InputError) a table the run does not hold, naming near ones, or a column it has not; (VerificationError) a file that is
not the one that was published.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError, Place, VerificationError
from pipelines.recorded import BACK_UP, file_hash

if TYPE_CHECKING:
    import pandas as pd

TABLES = "tables/"
ENDING = ".parquet"


def table_names(outputs: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the tables that a manifest tells of."""
    names = (name.removeprefix(TABLES) for name in outputs if name.startswith(TABLES) and name.endswith(ENDING))
    return tuple(sorted(name.removesuffix(ENDING) for name in names))


def _nearest(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=3)
    return f"perhaps {' or '.join(near)}" if near else f"one of {', '.join(known)}"


@dataclass(frozen=True)
class Held:
    """The tables of a published run, each file read through once before its first use."""

    folder: Path
    manifest: Mapping[str, Any]
    _checked: dict[str, Path] = field(default_factory=dict[str, Path], compare=False)

    @property
    def id(self) -> str:
        """The run's identity."""
        return str(self.manifest["run_id"])

    @property
    def names(self) -> tuple[str, ...]:
        """The tables there are."""
        return table_names(self.manifest["outputs"])

    def has(self, name: str) -> bool:
        """Whether the run holds a table."""
        return f"{TABLES}{name}{ENDING}" in self.manifest["outputs"]

    def path(self, name: str) -> Path:
        """The file of a table. Raises InputError where the run holds none, VerificationError for altered bytes."""
        if name not in self._checked:
            self._checked[name] = _checked_path(self.folder, self.manifest["outputs"], name)
        return self._checked[name]

    def table(self, name: str, columns: Sequence[str] | None = None, **where: str) -> pd.DataFrame:
        """A table as a frame, as `read_frame` makes it. Raises InputError, VerificationError."""
        return read_frame(self.path(name), run=self.id, columns=columns, where=where)


def _checked_path(folder: Path, outputs: Mapping[str, str], table: str) -> Path:
    """The file of a table, every byte of it as published. Raises InputError or VerificationError."""
    names = table_names(outputs)
    if table not in names:
        raise InputError(
            f"the run holds no table '{table}'", place=Place(str(folder)), expected=_nearest(table, names),
            do="`run.tables` lists them.",
        )  # fmt: skip
    path = folder / TABLES / f"{table}{ENDING}"
    if not path.is_file() or file_hash(path) != outputs[f"{TABLES}{table}{ENDING}"]:
        raise VerificationError(
            "the table is not as it was published", place=Place(str(path)),
            expected="the bytes whose hash is in the manifest", do=BACK_UP,
        )  # fmt: skip
    return path


def read_frame(
    path: Path, *, run: str, columns: Sequence[str] | None = None, where: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Rows of a table, all or those whose columns are as `where` says, with all columns or those named, in its order.

    Raises InputError for a column that the table has not.
    """
    import pyarrow.compute
    import pyarrow.parquet as pq

    pc: Any = pyarrow.compute
    file: Any = pq.ParquetFile(path)
    known: list[str] = list(file.schema_arrow.names)
    wanted = [*(columns or known)]
    for name in (*wanted, *(where or ())):
        if name not in known:
            raise InputError(
                f"table '{path.stem}' has no column '{name}'", place=Place(path.name), expected=_nearest(name, known)
            )
    rows = file.read(columns=list(dict.fromkeys([*wanted, *(where or ())])))
    for name, value in (where or {}).items():
        rows = rows.filter(pc.equal(rows[name], value))
    return typed(rows.select(wanted), table=path.stem, run=run)


def typed(rows: Any, *, table: str, run: str) -> pd.DataFrame:
    """A `pyarrow.Table` as written by a run as a frame: text `str`, whole numbers `Int64`, truth `boolean`, amounts
    `float64`; `.attrs` with table, title, run, and units and meanings by column.
    """
    import pandas as pd
    import pyarrow as pa

    kinds: dict[Any, Any] = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    frame: pd.DataFrame = rows.to_pandas(types_mapper=kinds.get)
    told = {key.decode(): value.decode() for key, value in (rows.schema.metadata or {}).items()}
    fields = {field.name: field.metadata or {} for field in rows.schema}
    frame.attrs = {
        "table": table,
        "title": told.get("title", table),
        "run": run,
        "units": {name: _said(about, b"unit") for name, about in fields.items() if about.get(b"unit")},
        "meanings": {name: _said(about, b"meaning") for name, about in fields.items()},
    }
    return frame


def _said(about: Mapping[bytes, bytes], key: bytes) -> str:
    return about.get(key, b"").decode()
