"""Readers that die, hang or fail on files whose content says so; imported by name in a process of their own."""

from __future__ import annotations

import os
import time
from pathlib import Path

from pipelines.declarations.limits import Limits
from pipelines.errors import InputError
from pipelines.load.load import Read
from pipelines.payments.ledger.stage import stage_apart


def read(path: Path, allowed: Limits) -> Read:
    """Do what the file says."""
    said = path.read_text(encoding="utf-8")
    if said == "die":
        os._exit(9)
    if said == "die once" and not path.with_suffix(".seen").exists():
        path.with_suffix(".seen").touch()
        os._exit(9)
    if said == "abort":
        os.abort()
    if said == "hang":
        time.sleep(600)
    while said == "spin":
        pass
    if said == "wait":
        time.sleep(3)
    if said == "grow":
        bytearray(allowed.file_memory_bytes * 2)
    if said == "print":
        print("not a result")  # noqa: T201
    if said == "bug":
        raise AssertionError("our bug")
    return None, [], said


def stage_payments(path: Path, allowed: Limits, root: Path, folder: Path) -> InputError | None:
    """Stage a payment file, but die, hang or ask for too much memory over a file of such a name."""
    if path.stem == "die":
        os._exit(9)
    if path.stem == "hang":
        time.sleep(600)
    if path.stem == "grow":
        try:
            bytearray(allowed.file_memory_bytes * 2)
        except MemoryError:
            return InputError("it needs more memory than a reader is allowed")
    return stage_apart(path, allowed, root, folder)
