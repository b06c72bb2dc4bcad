"""Made files that want to do harm: workbooks written part by part, as no spreadsheet program would write them."""

from __future__ import annotations

import io
import struct
import zipfile

PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>%s</sheetData></worksheet>'
CELL = '<table:table-cell office:value-type="string"%s><text:p>%s</text:p></table:table-cell>'


def zipped(parts: dict[str, str | bytes], *, packed: bool = True) -> bytes:
    """An archive of parts in order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def xlsx_parts(rows: str, *, shared: str = "", sheets: int = 1) -> dict[str, str | bytes]:
    """Parts of a workbook whose one sheet part, named in the book `sheets` times, holds `rows` of XML."""
    listed = "".join(f'<sheet name="S{number}" sheetId="{number}" r:id="rId1"/>' for number in range(1, sheets + 1))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": SHEET % rows,
    }
    if shared:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{shared}</sst>'
    return parts


def xlsx(rows: str, *, shared: str = "", sheets: int = 1) -> bytes:
    """A workbook with `rows` of XML in its sheet."""
    return zipped(xlsx_parts(rows, shared=shared, sheets=sheets))


def ods(rows: str, *, before: str = "") -> bytes:
    """An OpenDocument workbook with `rows` of XML in its one table."""
    content = (
        f'{before}<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body>'
        f'<office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="m"/>',
            "content.xml": content,
        }
    )


def record(kind: int, body: bytes) -> bytes:
    """One record of an old workbook."""
    return struct.pack("<HH", kind, len(body)) + body


def number(row: int, column: int, value: float = 1.0) -> bytes:
    """A cell record."""
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def xls_stream(*cells: bytes, declared: tuple[int, int] = (1, 1), first: int = 0, sheets: int = 1) -> bytes:
    """The workbook stream of an old workbook with one sheet, which the book lists `sheets` times."""
    globals_ = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    title = b"S"
    entry = 4 + 4 + 1 + 1 + 1 + 1 + len(title)
    offset = len(globals_) + sheets * entry + 4
    books = b"".join(record(0x0085, struct.pack("<IBBBB", offset, 0, 0, 1, 0) + title) for _ in range(sheets))
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    size = record(0x0200, struct.pack("<IIHHH", first, declared[0], 0, declared[1], 0))
    return globals_ + books + record(0x000A, b"") + begin + size + b"".join(cells) + record(0x000A, b"")


def xls(stream: bytes, *, small: bool = False) -> bytes:
    """A compound file with a workbook stream: header, then sectors of table, directory, small table and stream.

    A `small` stream, of less than 4,096 bytes, lies in sectors of 64 bytes within the root's stream.
    """
    whole = stream if small else stream.ljust(4096, b"\x00")
    sectors, pieces = -(-len(whole) // 512), -(-len(whole) // 64)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 2, 1, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    chain = [0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE, *range(4, 3 + sectors), 0xFFFFFFFE]
    small_chain = [*range(1, pieces), 0xFFFFFFFE] if small else []

    def table(numbers: list[int]) -> bytes:
        return struct.pack("<128I", *numbers, *[0xFFFFFFFF] * (128 - len(numbers)))

    def entry(name: str, kind: int, start: int, length: int, child: int = 0xFFFFFFFF) -> bytes:
        title, empty = name.encode("utf-16-le"), 0xFFFFFFFF
        body = title.ljust(64, b"\x00") + struct.pack("<HBBIII", len(title) + 2, kind, 1, empty, empty, child)
        return body + bytes(36) + struct.pack("<IQ", start, length)

    root = entry("Root Entry", 5, 3 if small else 0xFFFFFFFE, len(whole) if small else 0, 1)
    directory = root + entry("Workbook", 2, 0 if small else 3, len(whole))
    body = table(chain) + directory.ljust(512, b"\x00") + table(small_chain) + whole.ljust(sectors * 512, b"\x00")
    return header + body
