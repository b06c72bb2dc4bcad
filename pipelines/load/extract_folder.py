"""Write the embedded figures from a folder of originals: `data/returns` for returns, `data/reference/figures` for
references.

In: a folder of published originals. Out: one CSV with metadata per form and year; extracts of other forms and
years stay as they are. Nothing is written when a file has a problem.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.declarations.catalogue import sources, tables
from pipelines.errors import InputError
from pipelines.extract.read_extract import is_extract
from pipelines.extract.write_extract import file_name, write_extract
from pipelines.load.load import read_files
from pipelines.read.find_files import find_files
from pipelines.shape.form_data import FormData


def write_figures(folder: Path, returns: Path, references: Path, *, workers: int = 2) -> list[Path]:
    """Read every original in `folder` and write its extract. Raises the first InputError if any file has a problem."""
    declared = sources()
    written = [
        write_extract(form, declared[form.source], tables()[form.table], target, name=name)
        for name, form, target in _figures(folder, returns, references, workers=workers)
    ]
    return sorted(written)


def figure_paths(folder: Path, returns: Path, references: Path, *, workers: int = 2) -> list[Path]:
    """The extracts that `write_figures` would write. Raises what it does."""
    figures = _figures(folder, returns, references, workers=workers)
    return sorted(target / f"{name}.csv" for name, _, target in figures)


def _figures(folder: Path, returns: Path, references: Path, *, workers: int) -> list[tuple[str, FormData, Path]]:
    """Every original by the name of its extract, and the folder that belongs in."""
    loaded = read_files([path for path in find_files(folder) if not is_extract(path)], workers=workers)
    if loaded.problems:
        raise loaded.problems[0]
    if not loaded.forms:
        raise InputError("the folder holds no originals", expected="published returns", do="Check the path.")
    declared = sources()
    return [
        (name, form, returns if declared[form.source].kind == "return" else references)
        for name, form in named(loaded.forms).items()
    ]


def named(forms: list[FormData]) -> dict[str, FormData]:
    """Forms by extract name; two releases of one form and year are told apart by the start of their hash."""
    given = [file_name(form) for form in forms]
    return {
        name if given.count(name) == 1 else f"{name}_{form.sha256[:8]}": form
        for name, form in sorted(zip(given, forms, strict=True), key=lambda pair: (pair[0], pair[1].sha256))
    }
