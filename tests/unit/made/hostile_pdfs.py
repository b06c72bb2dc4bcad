"""Made PDFs that want to do harm: small files that grow beyond all measure when their pages are read."""

from __future__ import annotations

import zlib

CATALOG = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
BOX = b"[0 0 600 800]"


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    data, places = b"%PDF-1.5\n", list[int]()
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    end = data.rindex(b"xref\n0 ")
    return data + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, end)


def stream(data: bytes, about: bytes = b"") -> bytes:
    """A stream object."""
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (about, len(data), data)


def doubling(depth: int) -> bytes:
    """One page whose form draws another form twice, which draws another one twice, and so on."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox%b/Contents 4 0 R/Resources<</XObject<</X 6 0 R>>>>>>" % BOX
    forms: list[bytes] = []
    for number in range(depth):
        last = number == depth - 1
        below = b"" if last else b"/XObject<</X %d 0 R>>" % (7 + number)
        about = b"/Type/XObject/Subtype/Form/BBox%b/Resources<</Font<</F 5 0 R>>%b>>" % (BOX, below)
        forms.append(stream(b"BT /F 9 Tf (1,234.00) Tj ET" if last else b"/X Do /X Do", about))
    return pdf(*CATALOG, page, stream(b"/X Do"), FONT, *forms)


def inflating(megabytes: int) -> bytes:
    """One page whose content unpacks to so much text."""
    packer = zlib.compressobj(9)
    words = b"BT /F 9 Tf (1.00) Tj ET\n" * 43_690
    packed = b"".join(packer.compress(words) for _ in range(megabytes)) + packer.flush()
    page = b"<</Type/Page/Parent 2 0 R/MediaBox%b/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>" % BOX
    return pdf(*CATALOG, page, stream(packed, b"/Filter/FlateDecode"), FONT)
