"""Which of our own extracts are no longer what was written: by the hashes in `data/reference/extracts.csv`.

In: folders of embedded figures. Out: the names of extracts whose CSV or metadata has other bytes than the list says,
that are gone, or that the list does not know. `ringfence extract` writes the list anew when it writes the figures.
"""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

from pipelines.declarations.declared_files import read_rows
from pipelines.declarations.extract_names import METADATA
from pipelines.places import DATA, REFERENCE

LIST = REFERENCE / "extracts.csv"
COLUMNS = ("folder", "file_name", "sha256")
ENDS = (".csv", METADATA)


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name.endswith(ENDS))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def altered_extracts(folders: list[Path], path: Path = LIST) -> list[str]:
    """Names of the extracts in `folders` that differ from the list, sorted. Raises DefinitionError without a list."""
    rows = read_rows(path, COLUMNS, missing="Restore data/reference from the release.")
    found: set[str] = set()
    for folder in folders:
        name = _named(folder)
        known = {row["file_name"]: row["sha256"] for row in rows if row["folder"] == name}
        here = _hashes(folder)
        found |= {file for file in {*known, *here} if known.get(file) != here.get(file)}
    return sorted(found)


def _named(folder: Path) -> str:
    return folder.relative_to(DATA).as_posix()


def write_list(folders: list[Path], path: Path = LIST) -> Path:
    """Write the list of the extracts in `folders`, under a temporary name first."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for folder in folders:
        writer.writerows((_named(folder), name, sha256) for name, sha256 in _hashes(folder).items())
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(stream.getvalue(), encoding="utf-8", newline="")
    temporary.replace(path)
    return path
