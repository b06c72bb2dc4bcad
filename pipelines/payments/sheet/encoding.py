"""In which encoding a text is, told from all of its bytes; and the text as UTF-8, never whole in memory.

In: a path. Out: what was decided, how surely, and the SHA-256, from one pass; then `Utf8Stream`, bytes a reader of
delimited text can take as they are: one kind of line end, no null bytes, no mark at the start. Nothing is refused here.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CERTAIN, LIKELY, ASSUMED = "certain", "likely", "assumed"
CHUNK = 1 << 19  # what a processor holds near, so that looking at it several times costs little
LONGEST_LINE = 1 << 20  # a chunk ends with a line, unless the line is longer than this
_CP850_POUND = re.compile(rb"\x9c(?=[\d)\s,\"-])")
MOST_HELD = 1 << 20
_LAST_ASCII = re.compile(rb"[\x01-\x09\x0b-\x7f][\x00\x80-\xff]*\Z")  # no text that is mended begins before it
POUND = b"\xa3"  # in Latin-1 and cp1252
BY_LINE = "utf-8 with {} lines"


@dataclass(frozen=True)
class Encoding:
    """What the bytes said."""

    name: str
    surety: str
    sha256: str = ""
    empty: bool = False
    quotes: bool = True


def _chunks(stream: Any) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk if len(chunk) < CHUNK else chunk + stream.readline(LONGEST_LINE)


def _marked(head: bytes) -> tuple[str, str] | None:
    """The encoding a mark at the start, or null bytes in every other place, give away."""
    if head[:3] == b"\xef\xbb\xbf":
        return "utf-8-sig", CERTAIN
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", CERTAIN
    start = head[:4000]
    if start.count(0) * 3 > len(start):
        return ("utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"), LIKELY
    return None


def find_encoding(stream: Any) -> Encoding:
    """Read a binary stream to its end: marks first, then strict UTF-8, then the code page of the pound signs."""
    digest, plain, valid, empty, name = hashlib.sha256(), True, True, True, None
    strict = codecs.getincrementaldecoder("utf-8")()
    pounds, latin_pounds, high, paired, quotes = 0, 0, 0, 0, False
    for number, chunk in enumerate(_chunks(stream)):
        digest.update(chunk)
        empty = empty and not chunk.strip()
        quotes = quotes or b'"' in chunk
        name = _marked(chunk) if not number else name
        if name or chunk.isascii():
            continue
        plain = False
        if valid:
            try:
                strict.decode(chunk)
            except UnicodeDecodeError:
                valid = False
        pounds += len(_CP850_POUND.findall(chunk)) if b"\x9c" in chunk else 0
        here = _count(chunk, POUND)
        more = _count_high(chunk)
        high, latin_pounds = high + more, latin_pounds + here
        paired += _count_paired(chunk) if more != here else 0
    told = digest.hexdigest()
    if name:
        return Encoding(*name, told, empty)
    if valid and not strict.getstate()[0]:
        return Encoding("ascii" if plain else "utf-8", CERTAIN, told, empty, quotes)
    page = "cp850" if pounds > latin_pounds else "cp1252"
    return Encoding(BY_LINE.format(page) if paired * 2 > high else page, LIKELY, told, empty, quotes)


def _count(chunk: bytes, byte: bytes) -> int:
    """How often a byte stands in it; where it does often, sooner than by `bytes.count`."""
    import numpy as np

    return int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == byte[0]))


def _count_high(chunk: bytes) -> int:
    """Bytes above ASCII."""
    import numpy as np

    return int(np.count_nonzero(np.frombuffer(chunk, np.int8) < 0))


def _all_paired(chunk: bytes) -> bool:
    """Whether every carriage return has a line feed behind it: such line ends every reader knows."""
    import numpy as np

    data = np.frombuffer(chunk, np.uint8)
    returns = data == ord("\r")
    return not (returns[-1] or (returns[:-1] > (data[1:] == ord("\n"))).any())


def _count_paired(chunk: bytes) -> int:
    """Bytes above ASCII that stand in characters of two or three bytes as UTF-8 has them."""
    import numpy as np

    data = np.frombuffer(chunk + b"\0\0", np.uint8)
    at = np.flatnonzero(data >= 0x80)
    lead, follows = data[at], (data[at + 1] & 0xC0) == 0x80
    two = (lead >= 0xC2) & (lead <= 0xDF) & follows
    three = (lead & 0xF0 == 0xE0) & follows & ((data[np.minimum(at + 2, len(data) - 1)] & 0xC0) == 0x80)
    return int(2 * two.sum() + 3 * three.sum())


def decode(data: bytes) -> tuple[str, str, str]:
    """(text, encoding, surety) of bytes that are all there is."""
    told = find_encoding(io.BytesIO(data))
    stream = _texts(io.BytesIO(data), told.name)
    return "".join(stream), told.name, told.surety


def _texts(stream: Any, encoding: str) -> Iterator[str]:
    page = encoding.removeprefix("utf-8 with ").removesuffix(" lines")
    if page != encoding:
        for chunk in _chunks(stream):
            yield "".join(_line(line, page) for line in chunk.splitlines(keepends=True))
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    yield from map(decoder.decode, _chunks(stream))
    yield decoder.decode(b"", final=True)


def _latin(stream: Any) -> Iterator[bytes]:
    """Text in cp1252 as UTF-8. Most has nothing beyond ASCII but pound signs, sooner exchanged than decoded."""
    for chunk in _chunks(stream):
        exchanged = chunk.replace(POUND, "£".encode())  # a byte longer for each
        only = len(exchanged) - len(chunk) == _count_high(chunk)
        yield exchanged if only else _utf8(chunk.decode("cp1252", "replace"))


def _marked_utf8(stream: Any) -> Iterator[bytes]:
    """Text behind a mark as UTF-8. Chunks of ASCII are handed on as they are."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    for chunk in _chunks(stream):
        yield chunk if chunk.isascii() and not decoder.getstate()[0] else _utf8(decoder.decode(chunk))
    yield _utf8(decoder.decode(b"", final=True))


def _line(line: bytes, page: str) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode(page, errors="replace")


class Utf8Stream(io.RawIOBase):
    """The text of a file as UTF-8, one kind of line end; daggers, which stood for no-break spaces, are spaces."""

    def __init__(self, path: Path, encoding: str) -> None:
        super().__init__()
        self.file = path.open("rb")
        how = {"ascii": _chunks, "utf-8": _chunks, "utf-8-sig": _marked_utf8, "cp1252": _latin}.get(encoding)
        self.source: Iterator[bytes] = how(self.file) if how else map(_utf8, _texts(self.file, encoding))
        self.ready, self.at, self.held = b"", 0, b""
        self.lines, self.ended = 0, True

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; all that is left when negative."""
        if size < 0:
            return b"".join(iter(lambda: self.read(CHUNK), b""))
        part = self.peek(size)
        self.at += len(part)
        return part

    def peek(self, size: int) -> bytes:
        """At most `size` bytes that the next reading will give too."""
        while self.at >= len(self.ready):
            chunk = next(self.source, None)
            if chunk is None and not self.held:
                return b""
            self.ready, self.at = self._clean(chunk or b"", last=chunk is None), 0
        return self.ready[self.at : self.at + size]

    def readinto(self, buffer: Any) -> int:
        """For the text layer above."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _clean(self, chunk: bytes, *, last: bool) -> bytes:
        """Whole lines cleaned; the rest is held, for what follows may belong to its last character."""
        chunk, self.held = self.held + chunk, b""
        if not last and not chunk.endswith(b"\n"):
            found = _LAST_ASCII.search(chunk)
            cut = chunk.rfind(b"\n") + 1 or (found.start() if found else 0)
            cut = cut or (len(chunk) if len(chunk) > MOST_HELD else 0)
            chunk, self.held = chunk[:cut], chunk[cut:]
        if b"\x00" in chunk:
            chunk = chunk.replace(b"\x00", b"")
        if b"\r" in chunk:
            chunk = chunk if _all_paired(chunk) else chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if b"\xe2" in chunk:  # one byte is sooner looked for than three
            chunk = chunk.replace(b"\xe2\x80\xa0", b" ")
        if b"\xc3" in chunk:
            chunk = chunk.replace(b"\xc3\x82\xc2\xa3", b"\xc2\xa3")
        if chunk:
            self.lines, self.ended = self.lines + _count(chunk, b"\n"), chunk.endswith(b"\n")
        return chunk

    @property
    def lines_read(self) -> int:
        """Lines of the text so far, the last one too where nothing ends it."""
        return self.lines + (not self.ended)

    def close(self) -> None:
        """Close the file."""
        self.file.close()
        super().close()


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")
