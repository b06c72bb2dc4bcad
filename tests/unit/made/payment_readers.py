"""Readers that end their process while a cluster works."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from pipelines.declarations.limits import Limits
from pipelines.errors import InputError
from pipelines.payments.ledger.stage import stage_apart


def killed_once(path: Path, allowed: Limits, root: Path, folder: Path) -> InputError | None:
    """Stage a payment file, but kill the worker the first time a file of such a name comes, and always for `deadly`."""
    mark = root.parent / f"{path.stem}.was-killed"
    if path.stem == "deadly" or (path.stem.startswith("once") and not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return stage_apart(path, allowed, root, folder)


def tells_its_ports(path: Path, allowed: Limits, root: Path, folder: Path) -> InputError | None:
    """Stage a payment file, and note the process and on how many ports it and its parent listen."""
    own = {
        str(link.readlink())
        for process in (os.getpid(), os.getppid())
        for link in Path(f"/proc/{process}/fd").iterdir()
        if link.is_symlink()
    }
    listening = [
        line.split()[9]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    with (root.parent / "ports").open("a") as stream:
        stream.write(f"{os.getpid()} {sum(f'socket:[{inode}]' in own for inode in listening)}\n")
    return stage_apart(path, allowed, root, folder)
