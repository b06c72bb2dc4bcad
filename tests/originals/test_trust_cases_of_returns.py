"""The small inputs that the first version got wrong, where they lie beside the repository: returns in another unit."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.load.load import read_files
from pipelines.read.find_files import find_files


@pytest.mark.originals
def test_a_return_whose_stated_unit_is_not_that_of_the_map_is_refused(originals: Path) -> None:
    folder = originals.parent / "cases" / "16-pounds"
    if not folder.is_dir():
        pytest.skip("the small inputs are not beside the repository (../shared/cases)")
    paths = find_files(folder)
    loaded = read_files(paths, workers=1)
    assert paths
    refused = {problem.place.file for problem in loaded.problems if problem.place}
    assert refused == {path.name for path in paths}
    assert any("pounds" in str(problem) for problem in loaded.problems)
