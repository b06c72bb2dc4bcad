"""A working folder in force in this process, and out of force again."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from audit.commands.init import lay_out
from pipelines.working_folder import IN_FORCE, use


@contextmanager
def working_home(folder: Path) -> Generator[Path]:
    """Lay out a working folder and put it in force."""
    home = lay_out(folder)
    use(home)
    try:
        yield home
    finally:
        use(None)
        os.environ.pop(IN_FORCE, None)
