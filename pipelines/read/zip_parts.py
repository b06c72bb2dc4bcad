"""Look into a zipped workbook before any spreadsheet library does, and hand on only what was looked at.

In: the bytes of an XLSX or ODS file. Out: the parts a library may read, unpacked within limits, and a plain new archive
made of them, so that the library sees the very bytes that were checked. Refused: archives that unpack to too much, with
too many, doubled, encrypted or ill-named parts, or with a document type or entities in their XML. Nothing is written to
disk.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from pipelines.declarations.limits import Limits, too_large
from pipelines.errors import InputError, Place

Parts = dict[str, bytes]
# What no figure stands in: pictures, charts, printers' settings, macros, and what other programs attach.
NOT_READ = (
    "customxml/", "docprops/", "xl/drawings/", "xl/charts/", "xl/chartsheets/", "xl/theme/", "xl/externallinks/",
    "xl/media/", "xl/diagrams/", "xl/ctrlprops/", "xl/activex/", "xl/embeddings/", "xl/printersettings/",
    "xl/persons/", "xl/richdata/", "xl/slicers/", "xl/querytables/",
)  # fmt: skip
ODS_PARTS = ("mimetype", "META-INF/manifest.xml", "content.xml")
_ILL_NAMED = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|[\x00-\x1f\x7f]")
_DECLARES = re.compile(rb"<![DdEe]")


def refuse(name: str, what: str, expected: str = "") -> InputError:
    """A workbook that may not be opened."""
    return InputError(
        what, place=Place(name), expected=expected, do="Get the file from the publisher again; do not open it yourself."
    )


def unpack(data: bytes, name: str, limits: Limits) -> Parts:
    """The parts a spreadsheet library may read, by name, in their order. Raises InputError as the module says."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = archive.infolist()
            _check_entries(found, len(data), name, limits)
            names = {part.filename for part in found}
            ods = "content.xml" in names and "mimetype" in names
            return {
                part.filename: _checked(archive.read(part), part.filename, name)
                for part in found
                if _is_read(part.filename, ods=ods)
            }
    except InputError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError,
            OverflowError, MemoryError) as error:  # fmt: skip
        raise InputError(
            f"the workbook cannot be opened ({error or type(error).__name__})",
            place=Place(name),
            do="Get the file from the publisher again; it may have been cut short on its way.",
        ) from error


def _check_entries(found: list[zipfile.ZipInfo], packed: int, name: str, limits: Limits) -> None:
    """Refuse by the archive's directory alone; `zipfile` never unpacks more of a part than the directory says."""
    if len(found) > limits.archive_entries:
        what = f"the workbook has {len(found):,} parts"
        raise too_large(what, name=name, limit="archive.entries", allowed=limits.archive_entries)
    seen: set[str] = set()
    for part in found:
        if _ILL_NAMED.search(part.orig_filename) or _ILL_NAMED.search(part.filename):
            raise refuse(name, f"a part of the workbook is named {part.orig_filename[:80]!r}", "a name inside it")
        if part.filename in seen:
            raise refuse(name, f"two parts of the workbook are named '{part.filename[:80]}'")
        if part.flag_bits & 1:
            raise refuse(name, "the workbook is encrypted", "a workbook without a password")
        seen.add(part.filename)
    if "xl/workbook.bin" in {part.lower() for part in seen}:
        raise refuse(name, "the workbook is in Excel's binary form", "CSV, XLS, XLSX or ODS")
    unpacked = sum(part.file_size for part in found)
    if unpacked > limits.archive_bytes:
        what = f"the workbook unpacks to {unpacked:,} bytes"
        raise too_large(what, name=name, limit="archive.bytes", allowed=limits.archive_bytes)
    if unpacked > limits.archive_ratio_from_bytes and unpacked > limits.archive_ratio * packed:
        what = f"the workbook unpacks to {unpacked // packed:,} times its size"
        raise too_large(what, name=name, limit="archive.ratio", allowed=limits.archive_ratio)


def _is_read(part: str, *, ods: bool) -> bool:
    if ods:
        return part in ODS_PARTS
    low = part.lower()
    return low.endswith((".xml", ".rels")) and not low.startswith(NOT_READ)


def _checked(data: bytes, part: str, name: str) -> bytes:
    if part == "mimetype":
        return data
    if _DECLARES.search(data):
        raise refuse(name, f"part '{part[:80]}' declares a document type or an entity", "plain XML")
    if b"\x00" in data:
        raise refuse(name, f"part '{part[:80]}' is not UTF-8 text", "XML in UTF-8")
    return data


def plain_archive(parts: Parts) -> bytes:
    """The same parts in a new archive, not compressed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return stream.getvalue()
