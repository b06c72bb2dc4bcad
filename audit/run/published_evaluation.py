"""The evaluation that goes with this version, put among the tables of a run so that its pages can show it.

In: the compact tables of `data/reference/evaluation/`. Out: the same tables in the folder of a run, with a word on
whether they were measured on the very method of the run. Refuses a column that is not declared.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from audit.evaluation.fingerprint import method_fingerprint
from pipelines.declarations.catalogue import tables
from pipelines.declarations.parquet import write_table
from pipelines.places import DATA
from pipelines.working_folder import own_files

FOLDER = DATA / "reference" / "evaluation"
KINDS: dict[str, Any] = {"string": str, "bool": "boolean", "int": "Int64", "float": float}


@cache
def this_method() -> str:
    """The fingerprint of the method of this run: it reads every module behind the method, once."""
    return method_fingerprint()


def evaluation_files(folder: Path = FOLDER) -> list[Path]:
    """The committed tables, sorted by name; none where the folder is not there."""
    return sorted(path for path in folder.glob("evaluation_*.csv") if path.stem in tables())


def write_published(tables_folder: Path, folder: Path = FOLDER) -> None:
    """Write every committed evaluation table into a run's tables."""
    import pandas as pd

    for path in evaluation_files(folder):
        kinds = {column.name: KINDS[column.type] for column in tables()[path.stem].columns}
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        made: dict[str, Any] = {name: _typed(frame[name], kinds.get(name, str)) for name in frame.columns}
        if path.stem == "evaluation_run":
            own = own_files("features")  # what they change, nobody has measured
            same = [method == this_method() and not own for method in made["method"]]
            made["same_method"] = pd.array(same, dtype="boolean")
        write_table(path.stem, made, tables_folder)


def _typed(column: Any, kind: Any) -> Any:
    """Text as it stands; of other kinds an empty cell is missing."""
    import pandas as pd

    if kind is str:
        return column
    if kind == "boolean":
        return column.map({"True": True, "False": False}).astype("boolean")
    numbers: Any = pd.to_numeric(column.where(column != ""), errors="coerce")
    return numbers.astype(kind)
