"""How large the sheets of an old XLS workbook would become, told from its records before a library allocates them.

In: the bytes of a compound file. Out: what each sheet hides, or a refusal. The record format holds row and column
numbers up to 65,535 each, and a declared size beyond that, though Excel itself writes no more than 256 columns; a
library believes both. Only what is needed is read: the table of sectors, the directory, the workbook stream, and its
records of cells, rows and columns.
"""

from __future__ import annotations

import struct

from pipelines.declarations.limits import Limits, too_large
from pipelines.errors import InputError, Place
from pipelines.read.not_shown import NotShown
from pipelines.read.sheet_bounds import check_area, refuse_sheets

END_OF_CHAIN = 0xFFFFFFFA  # and above: free, end, or sectors of the table itself
MOST_DECLARED = 65_536 * 256
ROW, COLUMNS, PASSWORD = 0x0208, 0x007D, 0x002F
ROW_HIDDEN, COLUMNS_HIDDEN = 0x20, 0x01
BOUNDSHEET, END_OF_FILE, DIMENSIONS, MANY_NUMBERS, MANY_BLANKS = 0x0085, 0x000A, 0x0200, 0x00BD, 0x00BE
# Formula, number, label, truth value or error, small number, shared text, rich text, and their older forms.
CELLS = frozenset(
    (0x0006, 0x0206, 0x0406, 0x0203, 0x0204, 0x0205, 0x027E, 0x00FD, 0x00D6, 0x0002, 0x0003, 0x0004, 0x0005)
)


def damaged(name: str, why: str) -> InputError:
    """A compound file that cannot be followed."""
    return InputError(
        f"the workbook cannot be opened ({why})",
        place=Place(name),
        do="Get the file from the publisher again; it may have been cut short on its way.",
    )


def locked(name: str) -> InputError:
    """A workbook that cannot be opened without its password."""
    do = "Open it, take the password away, save it and put that in its place."
    return InputError("the workbook is locked with a password", place=Place(name), expected="a file without one", do=do)


def check_xls(data: bytes, name: str, limits: Limits) -> list[NotShown]:
    """What each sheet hides, in the order of the sheets. Raises InputError for a workbook that is locked or damaged, or
    has sheets that would become larger than the limits.
    """
    try:
        streams = workbooks_in(data)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise damaged(name, "its table of sectors is damaged") from error
    if not streams and "EncryptedPackage".encode("utf-16-le") in data:
        raise locked(name)
    return [hidden for stream in streams for hidden in _check_stream(stream, name, limits)]


def _chain(start: int, table: tuple[int, ...], most: int) -> list[int]:
    """Sector numbers from `start`. Raises ValueError when the chain runs in a circle."""
    found: list[int] = []
    while start < END_OF_CHAIN:
        found.append(start)
        if len(found) > most:
            raise ValueError("a chain of sectors runs in a circle")
        start = table[start] if start < len(table) else END_OF_CHAIN
    return found


def workbooks_in(data: bytes) -> list[bytes]:
    """Every stream of a compound file that may hold a workbook ([MS-CFB], sections 2.2 to 2.6)."""
    power, small_power = struct.unpack_from("<HH", data, 30)
    if not 7 <= power <= 16 or not 4 <= small_power <= 12:
        raise ValueError("sectors of no known size")
    size, small_size = 1 << power, 1 << small_power
    first_directory, cutoff, first_small, _, first_more, _ = struct.unpack_from("<I4xIIIII", data, 48)
    sectors = len(data) // size + 1

    def sector(number: int) -> bytes:
        at = (number + 1) * size
        return data[at : at + size]

    def joined(start: int) -> bytes:
        return b"".join(map(sector, _chain(start, table, sectors)))

    tables = [number for number in struct.unpack_from("<109I", data, 76) if number < END_OF_CHAIN]
    visits = 0
    while first_more < END_OF_CHAIN and visits <= sectors:
        numbers = _numbers(sector(first_more))
        if not numbers:
            break
        tables += [number for number in numbers[:-1] if number < END_OF_CHAIN]
        first_more, visits = numbers[-1], visits + 1
    if len(tables) > sectors:
        raise ValueError("more tables than sectors")
    table = _numbers(b"".join(map(sector, tables)))
    directory = joined(first_directory)
    small_table = _numbers(joined(first_small)) if first_small < END_OF_CHAIN else ()
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    within = joined(struct.unpack_from("<I", entries[0], 116)[0])
    streams: list[bytes] = []
    for entry in entries:
        title = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", errors="replace")
        start, length = struct.unpack_from("<IQ", entry, 116)
        length &= 0xFFFFFFFF
        if title.strip("\x00").casefold() not in ("workbook", "book"):
            continue
        if length < cutoff:
            numbers = _chain(start, small_table, len(small_table) + 1)
            streams.append(b"".join(within[number * small_size :][:small_size] for number in numbers)[:length])
        else:
            streams.append(joined(start)[:length])
    return streams


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _check_stream(stream: bytes, name: str, limits: Limits) -> list[NotShown]:
    offsets: list[int] = []
    at, end = 0, len(stream) - 3
    while at < end:
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == BOUNDSHEET and length >= 4 and at + 8 <= len(stream):
            offsets.append(struct.unpack_from("<I", stream, at + 4)[0])
        if kind == PASSWORD:
            raise locked(name)
        if kind == END_OF_FILE:
            break
        at += 4 + length
    refuse_sheets(len(offsets), name, limits)
    cells = 0
    sizes: dict[int, tuple[int, int, NotShown]] = {}
    for offset in offsets:
        if offset not in sizes:
            sizes[offset] = _size(stream, offset, name)
        rows, columns, _ = sizes[offset]
        check_area(rows, columns, name=name, sheet="", limits=limits)
        cells += rows * columns
    if cells > 4 * limits.sheet_cells:
        what = f"its sheets come to {cells:,} cells, all read at once"
        raise too_large(what, name=name, limit="sheet.cells", allowed=4 * limits.sheet_cells)
    return [sizes[offset][2] for offset in offsets]


def _size(stream: bytes, at: int, name: str) -> tuple[int, int, NotShown]:
    """Last row and column, from 1, of a sheet's cell records, and the rows and columns it hides."""
    hidden = NotShown()
    last_row = last_column = -1
    end, read, cells = len(stream) - 7, struct.Struct("<HHHH").unpack_from, CELLS
    while at < end:
        kind, length, row, column = read(stream, at)
        if kind in cells:
            if row > last_row:
                last_row = row
            if column > last_column:
                last_column = column
        elif kind in (MANY_NUMBERS, MANY_BLANKS):
            last_row = max(last_row, row)
            last_column = max(last_column, column + max(0, (length - 6) // 6))
        elif kind in (ROW, COLUMNS):
            _see_hidden(stream[at : at + 4 + length], hidden)
        elif kind == DIMENSIONS:
            _check_declared(stream[at + 4 : at + 4 + length], name)
        elif kind == END_OF_FILE:
            break
        at += 4 + length
    return last_row + 1, last_column + 1, hidden


def _see_hidden(record: bytes, hidden: NotShown) -> None:
    kind, length, first, last = struct.unpack_from("<HHHH", record)
    if kind == ROW and length > 12 and record[16] & ROW_HIDDEN:
        hidden.rows.add(first + 1)
    if kind == COLUMNS and length > 8 and record[12] & COLUMNS_HIDDEN:
        hidden.columns.append((first + 1, last + 1))


def _check_declared(record: bytes, name: str) -> None:
    if len(record) >= 12:
        first_row, end_row, first_column, end_column = struct.unpack_from("<IIHH", record)
    elif len(record) >= 8:
        first_row, end_row, first_column, end_column = struct.unpack_from("<HHHH", record)
    else:
        return
    backwards = first_row > end_row or first_column > end_column  # the library's subtraction would wrap round
    if backwards or end_row * end_column > MOST_DECLARED:
        raise InputError(
            f"a sheet declares rows {first_row:,} to {end_row:,} and columns {first_column:,} to {end_column:,}",
            place=Place(name),
            expected="at most 65,536 rows and 256 columns",
            do="Open it in a spreadsheet program and save it as XLSX, if you trust it.",
        )
