"""Fixtures every kind of test may use: the repository's folder and the published originals, when they are there."""

from __future__ import annotations

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
ORIGINALS = REPOSITORY.parent / "shared" / "returns"


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder that holds this project."""
    return REPOSITORY


@pytest.fixture(scope="session")
def originals() -> Path:
    """The folder of published originals, or a skip that says why: they are not part of the repository."""
    if not ORIGINALS.is_dir():
        pytest.skip("the published originals are not beside the repository (../shared/returns)")
    return ORIGINALS
