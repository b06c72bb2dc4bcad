"""Tables out of PDFs that hold text: runs of characters are put into columns by the gaps between them on the page.

In: the bytes of a PDF. Out: rows of text, one per printed line, with continuation lines joined to their row. Refused:
damaged and locked files, pages without text (pictures of tables), and far too many pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import InputError, Place

MOST_PAGES = 2_000
SAME_LINE = 0.6  # of a line's height
NEAREST = 2.0  # points between edges that are the same edge
LEAST_RUNS = 4
OVERLAP = 1.0  # points by which the boxes of two cells lie over one another
TITLE_ROWS = 12
_MONEY = re.compile(r"^[(-]?£?\d[\d,]*(\.\d+)?\)?-?$")


@dataclass(frozen=True)
class Run:
    """A run of characters on a page: left, right, bottom, height and text, in points."""

    left: float
    right: float
    bottom: float
    height: float
    text: str


def _refuse(path: Path, what: str) -> InputError:
    return InputError(what, place=Place(path.name), expected="a PDF with text", do="Ask the publisher for a CSV file.")


def _runs(page: Any) -> list[Run]:
    text = page.get_textpage()
    boxes = sorted((text.get_rect(index) for index in range(text.count_rects())), key=lambda box: (-box[1], box[0]))
    heights: dict[int, list[tuple[float, ...]]] = {}
    for box in boxes:
        heights.setdefault(int((box[1] + box[3]) // 4), []).append(box)
    found: list[Run] = []
    letters: list[tuple[str, float, float, float]] | None = None
    for left, bottom, right, top in boxes:
        words, at = "", int((bottom + top) // 4)
        beside = [box for step in (-1, 0, 1) for box in heights.get(at + step, ())]
        over = [box for box in beside if box[0] < right - OVERLAP and left < box[2] - OVERLAP
                and abs((box[1] + box[3]) - (bottom + top)) < top - bottom]  # fmt: skip
        if len(over) > 1:  # two cells printed over one another: the letters tell them apart
            letters = _letters(text) if letters is None else letters
            words = _own_words(letters, (left, bottom, right, top))
        if len(over) <= 1 or not words:
            # A hair inside the box, so that letters of the neighbouring run are not caught.
            words = text.get_text_bounded(left + 0.3, bottom + 0.3, right - 0.3, top - 0.3)
        words = " ".join(words.replace("\ufffe", "-").replace("\x02", "-").split())
        if words:
            found.append(Run(left, right, bottom, top - bottom, words))
    return found


def _letters(text: Any) -> list[tuple[str, float, float, float]]:
    """Every character of a page in the order it was written, with left, right and middle height."""
    from pypdfium2 import raw

    out: list[tuple[str, float, float, float]] = []
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index)
        out.append((chr(raw.FPDFText_GetUnicode(text, index)), left, right, (bottom + top) / 2))
    return out


def _own_words(letters: list[tuple[str, float, float, float]], box: tuple[float, float, float, float]) -> str:
    """The text that begins where a box begins. Text runs to the right; a step back to the left begins another text."""
    left, bottom, right, top = box
    texts: list[tuple[float, str]] = []
    at = None
    for letter, start, end, middle in letters:
        if letter in "\r\n" or not bottom - 1 <= middle <= top + 1:
            at = at if letter == " " else None
        elif at is None or not -OVERLAP <= start - at < (top - bottom) * 2:
            if letter != " ":
                texts.append((start, letter))
                at = end
        elif end <= right + 1:
            texts[-1] = (texts[-1][0], texts[-1][1] + letter)
            at = end if letter != " " else at
    near = min(texts, key=lambda text: abs(text[0] - left), default=(left + NEAREST, ""))
    return near[1] if abs(near[0] - left) < NEAREST else ""


def _lines(runs: list[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (-run.bottom, run.left)):
        if lines and abs(lines[-1][0].bottom - run.bottom) < SAME_LINE * max(run.height, lines[-1][0].height, 3):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda run: run.left) for line in lines]


def _peaks(values: list[float], least: int) -> list[float]:
    """Places where at least `least` values lie within one and a half points, from left to right."""
    found: list[float] = []
    counts: dict[int, int] = {}
    for value in values:
        counts[round(value)] = counts.get(round(value), 0) + 1
    for place in sorted(counts, key=lambda place: (-counts[place], place)):
        near = sum(counts.get(place + step, 0) for step in (-1, 0, 1))
        if near >= least and all(abs(place - other) > NEAREST for other in found):
            found.append(float(place))
    return sorted(found)


@dataclass(frozen=True)
class Columns:
    """The span of each column, and the edges (side, place) that belong to it: text is set left, figures right."""

    spans: tuple[tuple[float, float], ...]
    edges: tuple[tuple[str, float, int], ...]

    def find(self, run: Run) -> int:
        """The column of a run: by an edge it shares, else by the span its middle lies in or is nearest to."""
        for side, place, column in self.edges:
            if abs((run.left if side == "left" else run.right) - place) <= NEAREST:
                return column
        middle = (run.left + run.right) / 2
        away = [max(left - middle, middle - right, 0.0) for left, right in self.spans]
        return away.index(min(away))


def find_columns(lines: list[list[Run]]) -> Columns:
    """The columns of a table from the edges its runs share; edges whose spans overlap are one column."""
    body = [run for line in lines if len(line) >= LEAST_RUNS for run in line]
    least = max(2, sum(1 for line in lines if len(line) >= LEAST_RUNS) // 12)
    lefts = _peaks([run.left for run in body], least)
    loose = [run for run in body if all(abs(run.left - at) > NEAREST for at in lefts)]
    rights = _peaks([run.right for run in loose], least)
    found: list[tuple[float, float, str, float]] = []
    for side, place in [("left", at) for at in lefts] + [("right", at) for at in rights]:
        own = [run for run in body if abs((run.left if side == "left" else run.right) - place) <= NEAREST]
        left = sorted(run.left for run in own)[len(own) // 10]
        right = sorted(run.right for run in own)[len(own) * 9 // 10]
        found.append((left, right, side, place))
    groups: list[list[tuple[float, float, str, float]]] = []
    for span in sorted(found):
        if groups and _overlap(groups[-1], span):
            groups[-1].append(span)
        else:
            groups.append([span])
    spans = tuple((min(part[0] for part in group), max(part[1] for part in group)) for group in groups)
    edges = tuple((part[2], part[3], number) for number, group in enumerate(groups) for part in group)
    return Columns(spans, edges)


def _overlap(group: list[tuple[float, float, str, float]], span: tuple[float, float, str, float]) -> bool:
    left, right = min(part[0] for part in group), max(part[1] for part in group)
    common = min(right, span[1]) - max(left, span[0])
    return common > 0.5 * min(right - left, span[1] - span[0])


def _is_data(line: list[Run]) -> bool:
    return len(line) >= LEAST_RUNS and any(_MONEY.match(run.text) for run in line)


def _header(lines: list[list[Run]], first: int, columns: Columns) -> list[str]:
    """The header above the first line of data: stacked words joined per column, then trimmed to what is known."""
    words: list[list[str]] = [[] for _ in columns.spans]
    for line in lines[max(0, first - 6) : first]:
        if len(line) > 1 or not line[0].text[:1].isupper():
            for run in line:
                if not re.search(r"\d", run.text) and run.right - run.left < 160:
                    words[columns.find(run)].append(run.text)
    return [_known(" ".join(part)) for part in words]


def _known(text: str) -> str:
    """A header trimmed of stray words of its neighbours until it is known; as it is when that does not help."""
    from pipelines.payments.words.vocabulary import field_of

    parts = text.split()
    tries = [parts] + [parts[start:] for start in range(1, len(parts))] + [parts[:end] for end in range(1, len(parts))]
    for words in tries:
        if field_of(" ".join(words))[0]:
            return " ".join(words)
    return text


def _sideways(lines: list[list[Run]]) -> bool:
    """Whether most texts of some length stand higher than wide."""
    long = [run for line in lines for run in line if len(run.text) >= 8]
    return sum(run.height > run.right - run.left for run in long) * 2 > len(long)


def read_pdf(path: Path, data: bytes) -> list[list[Any]]:
    """Rows of a PDF's tables. Raises InputError when there is no text in it, or it cannot be opened."""
    import pypdfium2

    try:
        book = pypdfium2.PdfDocument(data[data.find(b"%PDF") :])
        if len(book) > MOST_PAGES:
            raise _refuse(path, f"the PDF has {len(book):,} pages, more than {MOST_PAGES:,}")
        pages = [_lines(_runs(book[number])) for number in range(len(book))]
    except pypdfium2.PdfiumError as error:
        raise _refuse(path, f"the PDF cannot be opened ({error})") from error
    if not any(pages):
        raise _refuse(path, "the PDF holds no text; it may be a picture of a table")
    lines = [line for page in pages for line in page]
    columns = find_columns(lines)
    first = next((index for index, line in enumerate(lines) if _is_data(line)), None)
    if len(columns.spans) < LEAST_RUNS or first is None:
        what = "are printed sideways, and its cells run together" if _sideways(lines) else "hold no table"
        raise _refuse(path, f"the pages of the PDF {what}")
    width = len(columns.spans)
    rows: list[list[Any]] = [[" ".join(run.text for run in line)] + [""] * (width - 1) for line in lines[: first - 1]]
    rows.append(_header(lines, first, columns))
    for line in lines[first:]:
        cells = [""] * width
        for run in line:
            at = columns.find(run)
            cells[at] = f"{cells[at]} {run.text}".strip()
        rows.append(cells)
    return _joined(rows, first)


def _joined(rows: list[list[Any]], first: int) -> list[list[Any]]:
    """Put a line that only continues texts (few cells, no figure) onto the row above; the line stays, empty."""
    for number in range(first + 1, len(rows)):
        row = rows[number]
        filled = [cell for cell in row if cell]
        if not any(_MONEY.match(cell) for cell in filled) and len(filled) <= 3:
            above = next((at for at in range(number - 1, first - 1, -1) if any(rows[at])), None)
            if above is not None and all(rows[above][at] for at, cell in enumerate(row) if cell):
                rows[above] = [f"{upper} {lower}".strip() for upper, lower in zip(rows[above], row, strict=True)]
                rows[number] = [""] * len(row)
    return rows


def first_words(path: Path, data: bytes) -> str:
    """The title of a PDF: the first lines of its first page, for the period they name. Empty when there is no text."""
    import pypdfium2

    try:
        page = pypdfium2.PdfDocument(data[data.find(b"%PDF") :])[0]
        return " ".join(page.get_textpage().get_text_range().splitlines()[:TITLE_ROWS])
    except pypdfium2.PdfiumError:
        return ""
