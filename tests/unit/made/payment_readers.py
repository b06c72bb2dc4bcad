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
