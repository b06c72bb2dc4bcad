"""The story of loading: find the files, read each, standardise, and write typed tables with a ledger of every value.

In: folders of published returns, of our extracts, or both mixed. Out: one Parquet per table, `ledger`, `source_file`
and `quarantine`. Per file, rows in = rows kept + rows quarantined + rows declared out of scope or not data. All but
our own figures are read in parallel, in processes of their own, so that a hostile file harms only its reader; problems
are collected over all files before the load is refused.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.areas.authorities import ENGLAND, directory
from pipelines.declarations.catalogue import sources, tables
from pipelines.declarations.limits import Limits, limits
from pipelines.errors import InputError, Place, UserError
from pipelines.extract.read_extract import is_extract, read_extract
from pipelines.load import assemble
from pipelines.load.same_release import duplicates
from pipelines.places import DATA
from pipelines.processes.engine import read_anywhere
from pipelines.read.find_files import find_files, survey
from pipelines.read.read_tabular import open_book
from pipelines.shape.form_data import FormData
from pipelines.shape.recognise import recognise
from pipelines.shape.shapes import read_form

EMBEDDED = DATA / "returns"
EMBEDDED_REFERENCE = DATA / "reference" / "figures"

READER = "pipelines.load.load:read_file"
Read = tuple[FormData | None, list[UserError], str]


@dataclass
class Loaded:
    """What a load gave: the forms, and every problem found on the way."""

    forms: list[FormData] = field(default_factory=list[FormData])
    problems: list[UserError] = field(default_factory=list[UserError])
    why: dict[str, str] = field(default_factory=dict[str, str])


def read_file(path: Path, allowed: Limits | None = None) -> Read:
    """Read one file by either route: (form, problems, what it was taken for and why). Never raises UserError."""
    try:
        if is_extract(path):
            form = read_extract(path, tables(), sources())
            _refuse_records(form, path.name)
            return form, [], f"extract of {form.source} {form.financial_year}"
        book = open_book(path, allowed=allowed)
        taken = recognise(book, sources())
        form = read_form(book, taken, tables()[taken.source.table], directory())
        return form, list(form.problems), f"{taken.source.code} {taken.financial_year}: {taken.why}"
    except UserError as error:
        return _refused(error)
    except (AssertionError, MemoryError):  # a bug of ours; a file beyond its bounds, which the reader's process names
        raise
    except Exception as error:  # noqa: BLE001 - content that no reader foresaw; the file is named, the others are read
        unforeseen = InputError(
            f"its content cannot be read ({type(error).__name__}: {str(error)[:200]})",
            place=Place(path.name),
            do="Get the file again. If it opens in a spreadsheet, please report it: our reader should have read it.",
        )
        return _refused(unforeseen)


def _refuse_records(form: FormData, name: str) -> None:
    """Refuse an extract, perhaps edited by hand, with an authority nobody knows or a record that stands twice."""
    known, seen = directory().by_code, dict[tuple[str, ...], int]()
    codes = form.records.get("authority_code", [])
    do = "Restore the extract, or write it again with `ringfence extract`."
    for number, code in enumerate(codes, start=2):
        if code not in known and code != ENGLAND:
            place = Place(name, row=number, column="authority_code")
            raise InputError(f"'{code}' is no authority", place=place, expected="a code such as E0101", do=do)
    for number, key in enumerate(zip(*form.records.values(), strict=True), start=2):
        if seen.setdefault(key, number) != number:
            what = f"the record {', '.join(key)} stands in row {seen[key]} too"
            raise InputError(what, place=Place(name, row=number), expected="each record once", do=do)


def _refused(error: UserError) -> Read:
    return None, [error], f"refused: {error}"


def read_files(paths: list[Path], *, workers: int = 2, allowed: Limits | None = None, reader: str = READER) -> Loaded:
    """Read files, all but our own figures in processes of their own, and join what they gave in a fixed order.

    A file whose reader dies or does not come to an end is one InputError; the others are still read. Raises
    DefinitionError, once and before any file is read, when a declaration or a reference of ours is wrong.
    """
    for declared in (sources, directory):
        declared()
    allowed = allowed or limits()
    loaded = Loaded()
    foreign = [path for path in paths if not (path.is_relative_to(DATA) and is_extract(path))]
    largest_first = sorted(foreign, key=lambda path: -path.stat().st_size if path.exists() else 0)
    found = read_anywhere(largest_first, reader, allowed=allowed, workers=workers) if foreign else {}
    for path in paths:
        read: Read | InputError = found[path] if path in found else read_file(path, allowed)
        form, problems, why = _refused(read) if isinstance(read, InputError) else read
        loaded.why[str(path)] = why
        loaded.problems += problems
        if form is not None:
            loaded.forms.append(form)
    loaded.problems += duplicates(loaded.forms)
    return loaded


def changed_inputs(forms: Iterable[FormData], described: Iterable[Mapping[str, str]]) -> list[UserError]:
    """One error for every form read from bytes that were not there when the inputs were described.

    `described` are entries with the `sha256` of each input at the start of the run.
    """
    known = {entry["sha256"] for entry in described}
    return [
        InputError(
            "the file changed while the run was reading its inputs",
            place=Place(form.file_name),
            expected="the content it had when the run began",
            do="Run again when nobody is writing to the folder.",
        )
        for form in forms
        if form.input_sha256 not in known
    ]


def with_references(forms: list[FormData]) -> list[FormData]:
    """Add the embedded reference figures that the forms given do not bring themselves."""
    given = {form.source for form in forms}
    kept = [form for form in forms]
    for path in find_files(EMBEDDED_REFERENCE) if EMBEDDED_REFERENCE.is_dir() else []:
        form = read_extract(path, tables(), sources())
        if form.source not in given:
            kept.append(form)
    return kept


def load(folder: Path, out: Path, *, workers: int = 2) -> Loaded:
    """Load a folder of returns, and the references it lacks, into Parquet in `out`.

    Problems of files are in the result; InputError is raised only for a folder that is missing
    or empty, or a damaged reference of our own.
    """
    found = survey(folder)
    loaded = read_files(found.files, workers=workers)
    loaded.problems = [*found.problems, *loaded.problems]
    loaded.forms = with_references(loaded.forms)
    assemble.write_tables(loaded.forms, out)
    return loaded


def main(paths: list[str]) -> None:
    """Print what each file was taken for: a check for people who declare sources."""
    for path in paths:
        form, problems, why = read_file(Path(path))
        print(f"{Path(path).name}: {why}")
        if form is not None:
            counts = form.counts
            print(
                f"   {form.size} records x {len(form.lines)} lines; rows read {counts.read} = kept {counts.kept} "
                f"+ quarantined {counts.quarantined} + out of scope {counts.out_of_scope} "
                f"+ not data {counts.not_data}; release '{form.release}'"
            )
            for item in form.aside[:12]:
                print(f"   aside {item.rule}: {item.place}: {item.reason}")
            for fix in form.fixes[:5]:
                print(f"   fix: {fix}")
        for problem in problems[:12]:
            print(f"   PROBLEM {problem}")


if __name__ == "__main__":
    main(sys.argv[1:])
