"""Returns as one block of numbers: authority by financial year by line, read from tables or extracts and put back.

In: tables `ro3` and `rs` of a run, or a folder of extracts in the embedded layout. Out: a `Cube` in thousands of
pounds, and the same tables or the same files with changed cells. Refuses a folder without the two forms. Nothing but
the cells that changed is written differently; the England row moves by the sum of the authorities' changes.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.declarations.parquet import read_table, write_table
from pipelines.errors import InputError

FORMS = ("ro3", "rs")
SUFFIX = "_gbp_thousand"
ENGLAND = "ENG"


@dataclass(frozen=True)
class Cube:
    """`values` is (codes, years, lines), thousands of pounds, NaN where the return has no figure.

    Lines are named `ro3.<client group>.<measure>` and `rs.<line>`.
    """

    codes: tuple[str, ...]
    years: tuple[str, ...]
    lines: tuple[str, ...]
    values: Any

    def line(self, name: str) -> Any:
        """(codes, years) view of one line; changing it changes the cube."""
        return self.values[:, :, self.lines.index(name)]


def _made(cells: dict[tuple[str, str, str], float]) -> Cube:
    import numpy as np

    codes, years, lines = (tuple(sorted({key[part] for key in cells})) for part in range(3))
    places = [{name: index for index, name in enumerate(names)} for names in (codes, years, lines)]
    values = np.full((len(codes), len(years), len(lines)), np.nan)
    for key, value in cells.items():
        values[tuple(places[part][key[part]] for part in range(3))] = value
    return Cube(codes, years, lines, values)


def from_tables(folder: Path) -> Cube:
    """The cube of a run's tables. Raises InputError when one of the two forms is missing."""
    cells: dict[tuple[str, str, str], float] = {}
    for form in FORMS:
        if not (folder / f"{form}.parquet").exists():
            raise InputError(f"there is no table {form}", expected="tables ro3 and rs", do="Load the returns first.")
        frame = read_table(folder, form)
        keys = [frame[name].to_numpy(dtype=object) for name in ("authority_code", "financial_year")]
        groups = frame["client_group"].to_numpy(dtype=object) if form == "ro3" else None
        for column in (name for name in frame.columns if name.endswith(SUFFIX)):
            name = column.removesuffix(SUFFIX)
            for at, value in enumerate(frame[column].to_numpy(dtype=float).tolist()):
                if value == value and keys[0][at] != ENGLAND:
                    line = f"ro3.{groups[at]}.{name}" if groups is not None else f"rs.{name}"
                    cells[(keys[0][at], keys[1][at], line)] = value
    return _made(cells)


def changes(before: Cube, after: Cube) -> dict[tuple[str, str, str], float]:
    """New value of every cell that changed, NaN where it was blanked, with the England row's changes.

    The cubes must have the same shape.
    """
    import numpy as np

    made: dict[tuple[str, str, str], float] = {}
    same = (before.values == after.values) | (np.isnan(before.values) & np.isnan(after.values))
    for code, year, line in zip(*np.nonzero(~same), strict=True):
        made[(after.codes[code], after.years[year], after.lines[line])] = float(after.values[code, year, line])
    moved = np.nansum(np.where(same, 0.0, after.values - before.values), axis=0)
    for year, line in zip(*np.nonzero(moved), strict=True):
        made[(ENGLAND, after.years[year], after.lines[line])] = float(moved[year, line])
    return made


def write_tables(before: Cube, after: Cube, source: Path, target: Path) -> None:
    """Tables `ro3` and `rs` of `source` with the changed cells, into `target`."""
    import numpy as np

    moved = changes(before, after)
    for form in FORMS:
        frame = read_table(source, form)
        keys = [frame[name].to_numpy(dtype=object) for name in ("authority_code", "financial_year")]
        groups = frame["client_group"].to_numpy(dtype=object) if form == "ro3" else np.full(len(frame), "")
        row = {key: at for at, key in enumerate(zip(*keys, groups, strict=True))}
        columns: dict[str, Any] = {}
        for (code, year, line), value in moved.items():
            parts = line.split(".")
            at = row.get((code, year, parts[1] if form == "ro3" else ""))
            if parts[0] != form or at is None:
                continue
            name = parts[-1] + SUFFIX
            if name not in columns:
                columns[name] = frame[name].to_numpy(dtype=float).copy()
            columns[name][at] = columns[name][at] + value if code == ENGLAND else value
        write_table(form, frame.assign(**columns), target)


def _extract_files(folder: Path) -> list[tuple[str, str, Path]]:
    found = [
        (form, path.stem.removeprefix(f"{form}_"), path)
        for form in FORMS
        for path in sorted(folder.glob(f"{form}_????-??.csv"))
    ]
    if {form for form, _, _ in found} != set(FORMS):
        raise InputError(
            f"{folder.name} has not both forms", expected="files ro3_2010-11.csv, rs_2010-11.csv and so on",
            do="Give a folder of extracts, as `ringfence extract` writes them.",
        )  # fmt: skip
    return found


def from_extracts(folder: Path) -> Cube:
    """The cube of a folder of extracts in the embedded layout. Raises InputError when a form is missing."""
    cells: dict[tuple[str, str, str], float] = {}
    for form, year, path in _extract_files(folder):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                for column, text in row.items():
                    if column.endswith(SUFFIX) and row["authority_code"] != ENGLAND:
                        try:
                            cells[(row["authority_code"], year, f"{form}.{column.removesuffix(SUFFIX)}")] = float(text)
                        except ValueError:
                            continue
    return _made(cells)


def write_extracts(before: Cube, after: Cube, source: Path, target: Path) -> list[Path]:
    """Copy a folder of extracts to `target`, with the changed cells. Returns the files that differ."""
    if target.exists() and any(target.iterdir()):
        raise InputError(f"{target.name} is not empty", do="Give a folder that does not exist yet.")
    shutil.copytree(source, target, dirs_exist_ok=True)
    moved = changes(before, after)
    written: list[Path] = []
    for form, year, path in _extract_files(target):
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            names, rows = list(reader.fieldnames or ()), list(reader)
        place = {row["authority_code"]: row for row in rows}
        touched = False
        for (code, when, line), value in moved.items():
            column = line.removeprefix(f"{form}.") + SUFFIX
            if when != year or not line.startswith(f"{form}.") or column not in names or code not in place:
                continue
            old = place[code][column]
            if code == ENGLAND:
                value = float(old) + value if old.lstrip("-").replace(".", "", 1).isdigit() else float("nan")
            place[code][column] = "[x]" if value != value else f"{value:.10g}"
            touched = True
        if touched:
            with path.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, names, lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
            written.append(path)
    return written
