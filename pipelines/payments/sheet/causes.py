"""Why a file that is no table of payments is none: what its first bytes say it is.

In: the start of a file. Out: what it is in words and what to do, or nothing. Web pages under the name of a workbook,
protected workbooks, pictures, archives and letters are named, so that nobody looks for a fault in their cells.
"""

from __future__ import annotations

import re
import struct

from pipelines.read.xls_bounds import workbooks_in

SAVE_AS = "Open it in a spreadsheet program and save it as XLSX or CSV."
ASK = "Ask the publisher for the list itself, as CSV or XLSX."
PROTECTED = (
    "the workbook is protected by a password",
    "Save it without a password, or ask the publisher for such a copy.",
)
FILEPASS = 0x002F
OLD_FORM = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG", "PNG"), (b"GIF8", "GIF"), (b"II*\x00", "TIFF"),
             (b"MM\x00*", "TIFF"), (b"BM", "BMP"))  # fmt: skip
_PACKED = ((b"\x1f\x8b", "gzip"), (b"7z\xbc\xaf", "7z"), (b"Rar!", "RAR"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"))
_STARTS = (
    *((start, f"the file is a picture ({name}): no cell can be read from it", ASK) for start, name in _PICTURES),
    *((start, f"the file is packed ({name})", "Unpack it, and give the files in it.") for start, name in _PACKED),
)
_WEB_PAGE = re.compile(r"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]|<table[\s>]|<meta[\s>]", re.IGNORECASE)
_XML = "urn:schemas-microsoft-com:office:spreadsheet"


def cause_of(head: bytes) -> tuple[str, str] | None:
    """(what the file is, what to do) for a file that is no CSV, XLS, XLSX, ODS or PDF; None for one that may be."""
    if head[:8] == OLD_FORM:
        return _old(head)
    if head[:4] == b"PK\x03\x04":
        return _zipped(head)
    for start, what, do in _STARTS:
        if head.startswith(start) and (start != b"BM" or b"\x00" in head[:30]):
            return what, do
    text = head[:4000].decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith("<?xml") and _XML in text:
        return "the file is a workbook of 2003 written as XML", SAVE_AS
    if text[:1] == "<" and _WEB_PAGE.search(text):
        return "the file is a web page (HTML), whatever its name says", SAVE_AS
    if text.lower().startswith("mime-version:") or "content-type: multipart/related" in text[:1000].lower():
        return "the file is a web page saved with its pictures (MHTML)", SAVE_AS
    if text.startswith("{\\rtf"):
        return "the file is a letter (RTF)", ASK
    return None


def is_protected(data: bytes) -> bool:
    """Whether a workbook can be opened only with a password ([MS-XLS] record FILEPASS, [MS-OFFCRYPTO])."""
    if data[:8] != OLD_FORM:
        return False
    if "EncryptedPackage".encode("utf-16-le") in data:
        return True
    try:
        streams = workbooks_in(data)
        for stream in streams[:1]:
            at = 0
            for _ in range(20):  # it stands among the first
                kind, length = struct.unpack_from("<HH", stream, at)
                if kind == FILEPASS:
                    return True
                at += 4 + length
    except (struct.error, IndexError, ValueError, OverflowError):
        return False
    return False


def _old(head: bytes) -> tuple[str, str] | None:
    if "EncryptedPackage".encode("utf-16-le") in head:
        return PROTECTED
    if "WordDocument".encode("utf-16-le") in head and "Workbook".encode("utf-16-le") not in head:
        return "the file is a Word document, no workbook", ASK
    return None


def _zipped(head: bytes) -> tuple[str, str] | None:
    if b"xl/workbook.bin" in head:
        return "the workbook is in Excel's binary form (XLSB)", SAVE_AS
    if b"word/" in head and b"xl/" not in head:
        return "the file is a Word document, no workbook", ASK
    return None
