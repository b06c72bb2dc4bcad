"""What a folder must hold: its files by name, size and hash, in a record that holds a hash of itself.

In: a folder, or the record that stands in it. Out: the record, or what differs from it, in words, without opening
anything that is no plain file. Refuses (VerificationError) a record that is empty, cannot be read or was changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import Place, VerificationError

OWN_HASH = "record_sha256"
KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder"}
BACK_UP = "Take it from a back-up, or move it away and make it again."
LISTED = 3


@dataclass(frozen=True)
class Differences:
    """Names of what differs: files that are not there, and what is not as recorded, each with how."""

    missing: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.altered)

    def __str__(self) -> str:
        told = [*self.altered, *(f"{name} is missing" for name in self.missing)]
        more = f"; and {len(told) - LISTED} more" if len(told) > LISTED else ""
        return "; ".join(told[:LISTED]) + more


class UnsignedError(VerificationError):
    """A record without a hash of itself; `content` is what it says."""

    def __init__(self, content: dict[str, Any], told: VerificationError) -> None:
        super().__init__(told.what, place=told.place, expected="the record as it was written", do=BACK_UP)
        self.content = content


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def entries(folder: Path) -> dict[str, os.stat_result]:
    """Everything below a folder but the folders in it, by path, as it is itself: no link is followed."""
    found: dict[str, os.stat_result] = {}
    for inside, folders, names in os.walk(folder):
        for name in [*names, *(name for name in folders if Path(inside, name).is_symlink())]:
            path = Path(inside, name)
            found[path.relative_to(folder).as_posix()] = path.lstat()
    return dict(sorted(found.items()))


def kind(mode: int) -> str:
    """What something is in words; empty for a plain file."""
    return "" if stat.S_ISREG(mode) else KINDS.get(stat.S_IFMT(mode), "no plain file")


def plain_files(folder: Path, *, but: Collection[str] = ()) -> dict[str, int]:
    """Size in bytes of every plain file below a folder, by path, in order; `but` those names at the top."""
    return {name: told.st_size for name, told in entries(folder).items() if not kind(told.st_mode) and name not in but}


def hashes(folder: Path, *, but: Collection[str] = ()) -> dict[str, str]:
    """SHA-256 of the same files."""
    return {name: file_hash(folder / name) for name in plain_files(folder, but=but)}


def differences(
    folder: Path, files: Mapping[str, str], sizes: Mapping[str, int], *, but: Collection[str] = (),
    may: Collection[str] = (), below: str = "", every_byte: bool,
) -> Differences:  # fmt: skip
    """What of the folder, or of its part `below`, is not as recorded; names in `but` are plain files, whatever is in
    them, and names in `may` are such files or are not there.
    """
    there = {name: told for name, told in entries(folder).items() if name.startswith(below)}
    odd = {name: kind(told.st_mode) for name, told in there.items()}
    altered = {name: f"is {what}, no file" for name, what in odd.items() if what}
    for name, told in there.items():
        if name in altered or name in but or name in may:
            continue
        if name not in files:
            altered[name] = "was added"
        elif told.st_size != sizes.get(name):
            altered[name] = f"has {told.st_size:,} bytes, not {sizes.get(name, 0):,}"
        elif every_byte and file_hash(folder / name) != files[name]:
            altered[name] = "was changed"
    missing = [name for name in sorted({*files, *but}) if name.startswith(below) and name not in there]
    return Differences(tuple(missing), tuple(f"{name} {how}" for name, how in sorted(altered.items())))


def signed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The record with the hash of everything else in it."""
    plain = {key: value for key, value in content.items() if key != OWN_HASH}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return {**plain, OWN_HASH: hashlib.sha256(text.encode()).hexdigest()}


def record_text(content: Mapping[str, Any]) -> str:
    """The record as it is written."""
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_record(path: Path) -> dict[str, Any]:
    """A record as it was written. Raises VerificationError where it is none, is empty or was changed."""

    def refused(what: str) -> VerificationError:
        return VerificationError(what, place=Place(str(path)), expected="the record as it was written", do=BACK_UP)

    try:
        if odd := kind(path.lstat().st_mode):
            raise refused(f"the record is {odd}, no file")
        text = path.read_text(encoding="utf-8")
        content: Any = json.loads(text) if text.strip("\0 \n") else None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is cut off or no JSON"
        raise refused(f"the record cannot be read ({reason})") from error
    if content is None:
        raise refused("the record is empty")
    if not isinstance(content, dict):
        raise refused("the record is no JSON object")
    if OWN_HASH not in content:
        unsigned = refused("the record holds no hash of itself: it was changed, or an earlier version wrote it")
        raise UnsignedError(content, unsigned)
    if signed(content)[OWN_HASH] != content[OWN_HASH]:
        raise refused("the record was changed after it was written")
    return content
