"""What a wheel carries beside the modules: the embedded figures and reference lists, as data of `pipelines`.

In: `data/` of the tree that is built. Out: `pipelines/data/` in the wheel, and the commit it was built from where that
is known. An editable install copies nothing: there `data/` itself serves (`pipelines/places.py`).
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
CARRIED = ("returns", "payments", "reference")
"""Folders of `data/` that are committed; what a clone has beside them was made there."""
ENDINGS = (".csv", ".json")
COMMIT = "RINGFENCE_BUILT_FROM"
"""Names the commit, where the tree is no clone: set by `make dist`."""


class BuildWithFigures(build_py):
    """Copies the modules, then the figures."""

    def run(self) -> None:
        """Build as usual; no copy where the tree itself is installed."""
        super().run()
        if getattr(self, "editable_mode", False):
            return
        to = Path(self.build_lib) / "pipelines" / "data"
        for path in sorted(path for name in CARRIED for path in (ROOT / "data" / name).rglob("*")):
            hidden = any(part.startswith(".") for part in path.relative_to(ROOT).parts)
            if path.is_file() and path.suffix in ENDINGS and not hidden:
                made = to / path.relative_to(ROOT / "data")
                made.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, made)
        commit = os.environ.get(COMMIT, "")
        if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", commit):
            (to / "commit.txt").write_text(commit + "\n", encoding="ascii")


setup(cmdclass={"build_py": BuildWithFigures})
