"""Workbooks that want to do harm are refused before a library opens them, in little time, with one reason."""

from __future__ import annotations

import resource
import time

import pytest
from hostile_files import CELL, number, ods, xls, xls_stream, xlsx, xlsx_parts, zipped

from pipelines.declarations.limits import limits
from pipelines.errors import InputError
from pipelines.read.read_tabular import book_of

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
ODS_ONE = "<table:table-row>" + CELL % ("", "a") + "</table:table-row>"
BOMB = xlsx_parts(ONE)


def with_part(name: str, data: str | bytes) -> bytes:
    return zipped({**BOMB, name: data})


def row(cells: str, about: str = "") -> str:
    return f"<table:table-row{about}>{cells}</table:table-row>"


MANY_LINES = "".join(f'<row r="{line}"><c r="A{line}"><v>1</v></c></row>' for line in range(10_000, 10_100))
HOSTILE: dict[str, tuple[bytes, str]] = {
    "a cell at the far corner": (xlsx('<row r="1"><c r="XFD1048576"><v>1</v></c></row>'), "17,179,869,184 cells"),
    "a cell beyond the format": (xlsx('<row r="1"><c r="ZZZZ99999999"><v>1</v></c></row>'), "row 99,999,999"),
    "a column beyond the format": (xlsx('<row r="1"><c r="ZZZZ1"><v>1</v></c></row>'), "in column"),
    "a far cell in other quotes": (xlsx("<row r='1'><c s='1' r='XFD1048576'><v>1</v></c></row>"), "cells"),
    "a far cell with spaces": (xlsx('<row r="1"><c r = "XFD1048576" ><v>1</v></c></row>'), "cells"),
    "a far cell with a prefix": (xlsx('<x:row r="1"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'), "cells"),
    "a far cell behind a decoy": (xlsx("<row><c a=' r=\"A1\"' r=\"XFD1048576\"><v>1</v></c></row>"), "cells"),
    "a far row without references": (xlsx('<row r="1048576"><c r="XFC1"><v>1</v></c><c><v>1</v></c></row>'), "cells"),
    "cells hidden behind an open quote": (
        xlsx("<row><!-- <c \" --><c r=\"XFD1048576\"><v>1</v></c></row>"),
        "cannot be counted",
    ),
    "a shared text used a million times": (
        xlsx("<row>" + '<c t="s"><v>0</v></c>' * 16_000 + "</row>", shared=f"<si><t>{'x' * 100_000}</t></si>"),
        "texts of its cells come to",
    ),
    "one endless cell": (xlsx(f'<row><c r="A1" t="str"><v>{"x" * 600_000}</v></c></row>'), "bytes of text"),
    "thousands of sheets": (xlsx(ONE, sheets=5_000), "5,000 sheets"),
    "a zip bomb": (with_part("xl/media/x.xml", bytes(300_000_000)), "unpacks to"),
    "a bomb by ratio": (with_part("xl/x.xml", bytes(20_000_000)), "times its size"),
    "ten thousand parts": (zipped({**BOMB, **{f"x{index}": "" for index in range(10_000)}}), "parts"),
    "billion laughs": (
        with_part("xl/sharedStrings.xml", '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><sst>&d;</sst>'),
        "document type or an entity",
    ),
    "an external entity": (
        with_part("xl/workbook.xml", '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'),
        "document type or an entity",
    ),
    "a sheet in UTF-16": (with_part("xl/worksheets/sheet1.xml", "<worksheet/>".encode("utf-16")), "not UTF-8"),
    "a part named upwards": (with_part("../../etc/cron.d/x", "x"), "is named"),
    "a part named upwards for Windows": (with_part("xl\\..\\..\\x", "x"), "is named"),
    "a part with an absolute name": (with_part("/etc/passwd", "x"), "is named"),
    "a part with a drive letter": (with_part("C:/x", "x"), "is named"),
    "a part with a control character": (with_part("xl/a\nb.xml", "x"), "is named"),
    "a binary workbook": (with_part("xl/workbook.bin", "x"), "binary form"),
    "an archive cut short": (xlsx(ONE)[:-30], "cannot be opened"),
    "an archive of something else": (zipped({"a.txt": "x"}), "cannot be opened"),
    "ods: rows repeated": (
        ods(row(CELL % ("", "a"), ' table:number-rows-repeated="4000000000"')),
        "a cell stands in row 4,000,000,000",
    ),
    "ods: columns repeated": (
        ods(row(CELL % (' table:number-columns-repeated="4000000000"', "a"))),
        "a cell stands in column 4,000,000,000",
    ),
    "ods: empty rows before a wide one": (
        ods(
            '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
            + row('<table:table-cell table:number-columns-repeated="16000"/>' + CELL % ("", "a"))
        ),
        "cells",
    ),
    "ods: a repeated decoy": (
        ods(row(CELL % (' x:number-columns-repeated="1" table:number-columns-repeated="99999"', "a"))),
        "column 99,999",
    ),
    "ods: spaces repeated": (
        ods(row(CELL % ("", 'a<text:s text:c="2000000000"/>'))),
        "texts of its cells come to",
    ),
    "ods: long texts repeated": (
        ods(row(CELL % (' table:number-columns-repeated="10000"', "x" * 200_000), "")),
        "texts of its cells come to",
    ),
    "ods: a table within a table": (ods(row("<table:table-cell><table:table/></table:table-cell>")), "counted"),
    "ods: entities": (ods(ODS_ONE, before='<!DOCTYPE a [<!ENTITY b "c">]>'), "document type or an entity"),
    "ods: a comment": (ods("<!-- <table:table-row> -->" + ODS_ONE), "cannot be counted"),
    "xls: a declared size": (xls(xls_stream(number(0, 0), declared=(0xFFFFFFFF, 0xFFFF))), "declares"),
    "xls: a declared size that ends before it begins": (xls(xls_stream(number(0, 0), first=47_104)), "declares"),
    "xls: a cell far to the right": (xls(xls_stream(number(65_535, 65_535))), "in column 65,536"),
    "xls: a large rectangle": (xls(xls_stream(number(65_535, 255), declared=(65_536, 256))), "16,777,216 cells"),
    "xls: a large rectangle, small": (xls(xls_stream(number(65_535, 255)), small=True), "16,777,216 cells"),
    "xls: thousands of sheets": (xls(xls_stream(number(0, 0), sheets=3_000)), "3,000 sheets"),
    "xls: a circle of sectors": (
        xls(xls_stream(number(0, 0)))[:512] + bytes([1, 0, 0, 0]) * 128 + bytes(5_000),
        "cannot be opened",
    ),
    "xls: only a header": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "cannot be opened"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_workbook_that_would_do_harm_is_refused_with_its_reason_in_bounded_time_and_memory(name: str) -> None:
    data, reason = HOSTILE[name]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    with pytest.raises(InputError) as refused:
        book = book_of(data, "made.bin")
        for sheet in book.sheet_names:
            book.rows(sheet)
    assert time.process_time() - begun < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_000_000
    message = str(refused.value)
    assert message.startswith("made.bin")
    assert reason in message
    assert len(message) < 700


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (xlsx(ONE), [[1.0]]),
        (xlsx(ONE + '<row r="2"><c r="XFD1048576" s="1"/></row>'), [[1.0]]),
        (xlsx("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"), [[1.0, 2.0], [3.0, ""]]),
        (xlsx('<x:row r="1"><x:c r="B1"><x:v>1</x:v></x:c></x:row>'.replace("x:", "")), [["", 1.0]]),
        (xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared="<si><t>&lt;b&gt;</t></si>"), [["<b>"]]),
        (
            ods(
                row(CELL % ("", "a") + '<table:table-cell table:number-columns-repeated="16383"/>')
                + '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>'
            ),
            [["a"]],
        ),
        (ods(row(CELL % (' table:number-columns-repeated="2"', "a<text:s text:c='2'/>b"))), [["a  b", "a  b"]]),
        (xls(xls_stream(number(1, 1, 5.0), declared=(65_536, 256))), [["", ""], ["", 5.0]]),
        (xls(xls_stream(number(1, 1, 5.0)), small=True), [["", ""], ["", 5.0]]),
    ],
)
def test_a_workbook_written_oddly_but_harmlessly_is_read(data: bytes, expected: list[list[object]]) -> None:
    book = book_of(data, "made.bin")
    assert book.rows(book.sheet_names[0]) == expected


def test_a_long_sheet_is_read_when_its_rectangle_is_within_the_limits() -> None:
    rows = book_of(xlsx(MANY_LINES), "made.xlsx").rows("S1")
    assert (len(rows), rows[-1]) == (10_099, [1.0])


def test_a_raised_limit_lets_a_large_rectangle_through() -> None:
    from dataclasses import replace

    data = xlsx('<row r="1"><c r="CZ100000"><v>1</v></c></row>')
    with pytest.raises(InputError, match="raise 'limits.sheet.cells'"):
        book_of(data, "made.xlsx", allowed=replace(limits(), sheet_cells=10_000_000))
    assert book_of(data, "made.xlsx", allowed=replace(limits(), sheet_cells=11_000_000)).sheet_names == ("S1",)
