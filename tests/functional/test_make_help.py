"""What the Makefile offers is what the README and the contributors' page use."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def test_make_help_lists_what_the_readme_and_contributors_use(repository: Path) -> None:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    listed = subprocess.run(["make", "help"], cwd=repository, capture_output=True, text=True, check=True).stdout
    for target in ("audit", "test", "check", "bench", "dist", "pythons", "image", "release", "help", "clean"):
        assert f"make {target} " in listed
