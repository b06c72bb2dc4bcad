"""Read the files in which we declare things: TOML and CSV of ours, always in the same way and with the same messages.

In: a path, and what must be there. Out: plain values. The byte-order mark that spreadsheets and editors put before
UTF-8 is passed over. Refused with DefinitionError, naming that file and the line or row, never a file of a publisher:
one that is missing or not UTF-8, malformed TOML, a CSV with semicolons, without a column it needs, with a column twice
or with a row of another length.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
import tomllib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from pipelines.errors import DefinitionError, Place, UserError, refuse
from pipelines.places import ROOT
from pipelines.working_folder import in_force, with_own

SAVE_AS = "Save it as CSV (comma delimited), UTF-8."
_ADDRESS = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(/[\w.~%/-]*)?", re.ASCII)
_WHERE = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)")


def named(path: Path) -> str:
    """The name to print: the path from the working folder, or from the root of the repository; of a file elsewhere
    folder and name.
    """
    full = path.absolute()
    root = next((root for root in (in_force(), ROOT) if root and full.is_relative_to(root)), None)
    return full.relative_to(root).as_posix() if root else f"{full.parent.name}/{full.name}"


def perhaps(name: str, known: Iterable[str]) -> str:
    """What may have been meant by an unknown name: the nearest of those known, or all of them if none is near."""
    names = sorted(known)
    begun = [one for one in names if name and one.startswith(name)]
    near = list(dict.fromkeys([*begun[:3], *difflib.get_close_matches(name, names, n=3, cutoff=0.6)]))[:3]
    return "perhaps " + " or ".join(near) if near else "one of " + ", ".join(names)


def need_address(found: dict[str, Any], key: str, place: Place) -> None:
    """Raise DefinitionError where a key that may be left out is no web address, which pages will link."""
    if key in found and not _ADDRESS.fullmatch(str(found[key])):
        raise DefinitionError(
            f"{key} is {found[key]!r}",
            place=place,
            expected="a web address such as https://www.gov.uk/government/statistics/NAME, without ? and #",
            do="Correct it, or take the key out where none is known.",
        )


def read_text(path: Path, file: str = "", *, what: str = "the file") -> str:
    """The text of a file of ours, without its byte-order mark. Raises DefinitionError."""
    place = Place(file or named(path))
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise DefinitionError(f"{what} cannot be read: it is missing", place=place, do="Add it.") from error
    except OSError as error:
        reason = f"{what} cannot be read: [Errno {error.errno}] {error.strerror}"
        raise DefinitionError(reason, place=place, do="Give a file that may be read.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        found = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else f"the byte {data[error.start]:#04x}"
        reason = f"{what} cannot be read: found {found}"
        raise DefinitionError(
            reason, place=Place(place.file, line=row), expected="UTF-8 text", do="Save it as UTF-8."
        ) from error


def read_toml(path: Path, file: str = "", *, what: str = "the file") -> dict[str, Any]:
    """A TOML file of ours. Raises DefinitionError with the line."""
    return parse_toml(read_text(path, file, what=what), file or named(path), what=what)


def parse_toml(text: str, file: str, *, what: str = "the file", do: str = "Mend the line.") -> dict[str, Any]:
    """TOML from `text`. Raises DefinitionError with the line of `file` and what stands there."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _WHERE.fullmatch(str(error))
        reason, lines = found[1] if found else str(error), text.split("\n")
        line = int(found[2]) if found and found[2] else len(lines)
        stands = f", found '{lines[line - 1].strip()[:80]}'" if 0 < line <= len(lines) else ""
        raise DefinitionError(
            f"{what} cannot be read: {reason}{stands}", place=Place(file, line=line), do=do
        ) from error


def read_rows(
    path: Path, columns: Collection[str] = (), file: str = "", *, missing: str = "Add it."
) -> list[dict[str, str]]:
    """The rows of a CSV of ours, as `numbered_rows` reads them, without their numbers. Raises DefinitionError."""
    return [row for _, row in numbered_rows(path, columns, file, missing=missing)]


def read_list(
    path: Path, columns: Collection[str] = (), file: str = "", *, missing: str = "Add it."
) -> list[dict[str, str]]:
    """The rows of a reference list, then those that the working folder adds to it. Raises DefinitionError."""
    return [row for one in with_own(path) for row in read_rows(one, columns, file, missing=missing)]


def numbered_rows(
    path: Path, columns: Collection[str] = (), file: str = "", *, missing: str = "Add it."
) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV of ours by column with their number, empty rows left out. `columns` must be there.

    Raises DefinitionError with the row; `missing` says what to do about a file that is not there.
    """
    place = Place(file or named(path))
    if not path.exists():
        raise DefinitionError("the file is missing", place=place, do=missing)
    text = read_text(path, file)
    first = text.partition("\n")[0]
    if ";" in first and "," not in first:
        place = Place(place.file, row=1)
        raise DefinitionError("the columns are separated by semicolons", place=place, expected="commas", do=SAVE_AS)
    try:
        head, *body = list(csv.reader(io.StringIO(text, newline=""), strict=True)) or [[]]
    except csv.Error as error:
        raise DefinitionError(f"the file is no CSV: {error}", place=place, do=SAVE_AS) from error
    head = [name.strip() for name in head]
    _refuse_head(head, columns, Place(place.file, row=1))
    rows: list[tuple[int, dict[str, str]]] = []
    problems: list[UserError] = []
    for number, cells in enumerate(body, start=2):
        if not any(cells):
            continue
        if len(cells) != len(head):
            problems.append(
                DefinitionError(
                    f"the row has {len(cells)} cells", place=Place(place.file, row=number), expected=f"{len(head)}",
                    do="Mend the row; text that holds a comma stands in quotes.",
                )
            )  # fmt: skip
            continue
        rows.append((number, dict(zip(head, cells, strict=True))))
    refuse(problems)
    return rows


def _refuse_head(head: list[str], columns: Collection[str], place: Place) -> None:
    """Refuse a header without one of `columns`, or with a column that stands twice."""
    absent = [name for name in columns if name not in head]
    twice = [name for name in head if name and head.count(name) > 1]
    expected, problems = "the columns " + ", ".join(columns), list[UserError]()
    for name in absent:
        what = f"column '{name}' is missing"
        problems.append(DefinitionError(what, place=place, expected=expected, do="Mend the header."))
    for name in dict.fromkeys(twice):
        at = [str(number) for number, other in enumerate(head, start=1) if other == name]
        what = f"column '{name}' stands twice, columns {' and '.join(at)}"
        problems.append(DefinitionError(what, place=place, do="Remove one of them."))
    refuse(problems)
