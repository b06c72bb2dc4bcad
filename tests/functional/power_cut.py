"""A command's system calls recorded with strace, and what a disk would hold had power been lost after any of them.

In: a command and the folder it works in. Out: after each change of a name, flush or line of output, the folder as three
kinds of disk would show it: `ordered`, with every name as it is but without what was not flushed; `journal`, with names
as they were at the last flush of anything; `strict`, with the names of each folder as that folder was last flushed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,"
    "symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,copy_file_range,sendfile"
)
LINE = re.compile(r"^(\d+)\s+(.*)$")
CALL = re.compile(r"^(\w+)\((.*)\)\s+= (-?\w+)")
PART = re.compile(r'"((?:[^"\\]|\\.)*)"(?:\.\.\.)?|(?:AT_FDCWD|\d+)<([^>]*)>')
WRITES = ("write", "pwrite64", "writev", "pwritev", "ftruncate", "sendfile", "copy_file_range")
FLUSHES = ("fsync", "fdatasync")
KINDS = ("ordered", "journal", "strict")


@dataclass(eq=False)
class Node:
    """A file, link or folder: what it holds now, and what of it is on the disk."""

    target: str | None = None
    names: dict[str, Node] | None = None
    version: int = 0
    flushed: int = 0
    on_disk: dict[str, Node] = field(default_factory=dict)


Seen = dict[str, str]
"""Of each file its path and the version that is on the disk; of a link where it leads."""


def names_of(node: Node) -> dict[str, Node]:
    """The names in a folder."""
    if node.names is None:
        raise AssertionError("a name in what is no folder: a call was misread")
    return node.names


def copied(folder: Path) -> Node:
    """The folder as it is, all of it on the disk."""
    names: dict[str, Node] = {}
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            names[path.name] = Node(target=str(path.readlink()))
        else:
            names[path.name] = copied(path) if path.is_dir() else Node()
    return Node(names=names, on_disk=dict(names))


def strace() -> str | None:
    """The program, where it is there and may be used."""
    program = shutil.which("strace")
    tried = program and subprocess.run([program, "-qq", "-y", "true"], capture_output=True, check=False).returncode == 0
    return program if tried else None


def recorded(command: list[str], log: Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command under strace."""
    traced = [strace() or "strace", "-f", "-y", "-qq", "-s", "4096", "-e", f"trace={CALLS}", "-e", "signal=none", "-o"]
    return subprocess.run([*traced, str(log), *command], capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]


def calls(log: Path) -> Iterator[tuple[str, str]]:
    """Name and arguments of every call that succeeded, in the order in which they ended."""
    begun: dict[str, str] = {}
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if not (found := LINE.match(line)):
            continue
        process, text = found.groups()
        if text.endswith("<unfinished ...>"):
            begun[process] = text.removesuffix("<unfinished ...>").rstrip()
            continue
        if text.startswith("<... "):
            text = begun.pop(process, "") + text.partition("resumed>")[2]
        if (call := CALL.match(text)) and not call[3].startswith("-1"):
            yield call[1], call[2]


class Disk:
    """The folder `root` under the calls of a command."""

    def __init__(self, root: Path) -> None:
        self.root, self.top = str(root), copied(root)
        self.journal = self._names(self.top)
        self.versions: dict[int, int] = {}

    def _names(self, node: Node) -> dict[Node, dict[str, Node]]:
        """The names of every folder below a node, as they are."""
        found = {node: dict(node.names or {})}
        for one in (node.names or {}).values():
            if one.names is not None:
                found |= self._names(one)
        return found

    def _place(self, path: str) -> tuple[Node, str] | None:
        """The folder that holds a path's name, and that name; None outside of the root."""
        path = os.path.normpath(path)
        if not path.startswith(self.root + "/"):
            return None
        node, (*folders, name) = self.top, path.removeprefix(self.root + "/").split("/")
        for at, part in enumerate(folders):
            below = (node.names or {}).get(part)
            if below is None:
                return None
            if below.target is not None:
                there = Path(self.root, *folders[:at], below.target, *folders[at + 1 :], name)
                return self._place(str(there))
            node = below
        return node, name

    def apply(self, call: str, told: str) -> bool:
        """Do what a call did. True when it changed or flushed something of the root."""
        parts = [(found[1] is not None, found[1] or found[2] or "") for found in PART.finditer(told)]
        paths: list[str] = []
        base = ""
        for quoted, text in parts:
            if not quoted:
                base = text.removesuffix(" (deleted)")
            else:
                paths.append(text if text.startswith("/") else f"{base}/{text}")
        opened = [text.removesuffix(" (deleted)") for quoted, text in parts if not quoted]
        if call in WRITES:
            return self._write(opened[-1] if call == "copy_file_range" else opened[0]) if opened else False
        if call in FLUSHES:
            return self._flush(opened[0])
        if call in ("open", "openat", "creat"):
            return self._open(paths[0], told)
        places = [self._place(path) for path in paths]
        return self._name(call, told, paths, places)

    def _name(self, call: str, told: str, paths: list[str], places: list[tuple[Node, str] | None]) -> bool:
        if call.startswith("symlink"):
            if places[1] is None:
                return False
            names_of(places[1][0])[places[1][1]] = Node(target=PART.findall(told)[0][0])
            return True
        if None in places or not places:
            return False
        (folder, name), *other = [place for place in places if place]
        assert folder.names is not None
        if call.startswith("mkdir"):
            folder.names.setdefault(name, Node(names={}))
        elif call.startswith(("unlink", "rmdir")):
            folder.names.pop(name, None)
        elif call.startswith("link"):
            names_of(other[0][0])[other[0][1]] = folder.names[name]
        elif "RENAME_EXCHANGE" in told:
            there, its = names_of(other[0][0]), other[0][1]
            folder.names[name], there[its] = there[its], folder.names[name]
        else:
            names_of(other[0][0])[other[0][1]] = folder.names.pop(name)
        return True

    def _open(self, path: str, told: str) -> bool:
        place = self._place(path)
        if place is None or "O_CREAT" not in told and "O_TRUNC" not in told:
            return False
        folder, name = place
        assert folder.names is not None
        node = folder.names.setdefault(name, Node(version=1))
        node.version += "O_TRUNC" in told
        return True

    def _node(self, path: str) -> Node | None:
        if path == self.root:
            return self.top
        place = self._place(path)
        return (place[0].names or {}).get(place[1]) if place else None

    def _write(self, path: str) -> bool:
        if node := self._node(path):
            node.version += 1
        return False  # it shows only once it is flushed

    def _flush(self, path: str) -> bool:
        node = self._node(path)
        if node is None:
            return False
        node.flushed = node.version
        node.on_disk = dict(node.names or {})
        self.journal = self._names(self.top)
        return True

    def seen(self, kind: str, below: str = "") -> Seen:
        """What such a disk shows of the root, or of a part of it."""
        node: Node | None = self.top
        for part in filter(None, below.split("/")):
            node = self._held(kind, node).get(part) if node else None
        found: Seen = {}
        if node is not None:
            self._walk(kind, node, "", found)
        return found

    def _held(self, kind: str, node: Node) -> dict[str, Node]:
        if kind == "ordered":
            return node.names or {}
        return self.journal.get(node, {}) if kind == "journal" else node.on_disk

    def _walk(self, kind: str, node: Node, path: str, found: Seen) -> None:
        for name, one in self._held(kind, node).items():
            if one.names is not None:
                self._walk(kind, one, f"{path}{name}/", found)
            elif one.target is not None:
                found[path + name] = f"-> {one.target}"
            else:
                found[path + name] = f"{id(one)} whole" if one.flushed == one.version else f"{id(one)} lost"
