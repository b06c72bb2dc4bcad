"""A folder of tables as one generation: made beside the last one and swapped in whole, with a record of its files.

In: the folder people name with `--tables`. Out: a folder to write to, which takes its place when all is written and
flushed. Refuses (VerificationError) tables that are not those of their record, and (InputError) a folder that holds
what no load wrote: it would be lost with the last generation.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipelines import lasting
from pipelines.declarations.catalogue import tables as declared
from pipelines.errors import CriticalCheckError, InputError, Place, VerificationError
from pipelines.processes.run_lock import hold_folder
from pipelines.recorded import differences, file_hash, plain_files, read_record, record_text, signed

RECORD = "generation.json"
MANIFEST = "manifest.json"
OURS = {RECORD, "validation.json", "validation.csv", "quarantine.csv", "payment", "stage", ".making", ".ready", ".lock"}
AGAIN = "Load again: ringfence load --tables DIR."


@contextmanager
def made(folder: Path) -> Generator[Path]:
    """A new generation of `folder`: an empty folder to write to. Where writing fails the last generation stays.

    Raises InputError where `folder` holds something else, LockedError while another command works on it.
    """
    folder = folder.resolve()
    _refuse_what_is_not_ours(folder)
    lasting.settle(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with hold_folder(folder), _in_place_of(folder) as part:
        part.mkdir()
        yield part


@contextmanager
def renewed(folder: Path) -> Generator[Path]:
    """The next generation of `folder`: a copy to write to, whose files are replaced and never written over.

    Where a critical check fails, what the checks found is kept all the same. Raises VerificationError for altered
    tables, InputError for those of a run, LockedError while another command works on them.
    """
    folder = folder.resolve()
    if (folder.parent / MANIFEST).is_file() and not (folder / RECORD).is_file():
        raise InputError(
            "these are the tables of a run, which stay as they are",
            place=Place(str(folder)),
            do="Give a folder that `ringfence load` wrote; `check --table T` reads these and writes nothing.",
        )
    refuse_altered(folder)
    with hold_folder(folder), _in_place_of(folder) as part:
        shutil.copytree(folder, part, copy_function=_link)
        yield part


@contextmanager
def _in_place_of(folder: Path) -> Generator[Path]:
    """The name to make a generation under; recorded, flushed and swapped in at the end, removed where that failed."""
    part = lasting.part_of(folder)
    try:
        lasting.remove(part)  # what a killed command left
        failed = None
        try:
            yield part
        except CriticalCheckError as error:
            failed = error
        record(part)
        with hold_folder(part):  # it is `folder` in a moment, and the last one not yet removed
            lasting.put_in_place(part, folder)
    except OSError as error:
        raise InputError(
            f"the tables cannot be put in place ({error.strerror or error}); the last ones are as they were",
            place=Place(str(folder)),
            expected="a folder that can be exchanged for another beside it, with room on the disk",
            do="Mend that, or name a folder inside it.",
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    if failed:
        raise failed


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without links
        shutil.copyfile(source, target)


def record(folder: Path) -> None:
    """Write the record of every file of a generation."""
    sizes = plain_files(folder, but=(RECORD,))
    content = {"files": {name: file_hash(folder / name) for name in sizes}, "sizes": sizes}
    (folder / RECORD).unlink(missing_ok=True)  # it may be the last generation's own
    (folder / RECORD).write_text(record_text(signed(content)), encoding="utf-8")


def refuse_altered(folder: Path) -> None:
    """Raise VerificationError naming the tables where `folder` is not one load, whole and as it was written.

    The tables of a run are held against its manifest. Raises InputError where there are none.
    """
    folder = folder.resolve()
    lasting.settle(folder)
    if not any(folder.glob("*.parquet")):
        expected = "a folder that `ringfence load` wrote, or the `tables` of a run"
        raise InputError("no tables in it", place=Place(str(folder)), expected=expected)
    if (folder / RECORD).is_file() or not (folder.parent / MANIFEST).is_file():
        if not os.path.lexists(folder / RECORD):
            raise VerificationError(
                "no record of a load is in it",
                place=Place(str(folder)),
                expected="the tables of one load, with generation.json",
                do=f"They may be of several loads, or of one that was killed. {AGAIN}",
            )
        content: Any = read_record(folder / RECORD)
        found = differences(folder, content["files"], content["sizes"], but=(RECORD,), every_byte=True)
    else:
        content = read_record(folder.parent / MANIFEST)
        below = f"{folder.name}/"
        found = differences(folder.parent, content["outputs"], content["sizes"], below=below, every_byte=True)
    if found:
        raise VerificationError(
            f"the tables are not as they were written: {found}",
            place=Place(str(folder)),
            expected="the tables of one load, as recorded",
            do=AGAIN,
        )


def _refuse_what_is_not_ours(folder: Path) -> None:
    """Raise InputError where a new generation would remove what no load wrote."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise InputError("it is no folder", place=Place(str(folder)), do="Name another with --tables.")
    ours = OURS | {f"{name}.parquet{end}" for name in declared() for end in ("", lasting.PART)}
    other = sorted({path.name for path in folder.iterdir()} - ours) if folder.is_dir() else []
    if other:
        raise InputError(
            f"'{other[0]}' in it was written by no load",
            place=Place(str(folder)),
            expected="an empty folder, or one of an earlier load: it is replaced as a whole",
            do="Name another folder with --tables.",
        )
