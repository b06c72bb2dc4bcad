"""The project as a package: what a wheel carries, and what the Makefile offers."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOMS = ("audit", "expectations", "pipelines", "reports")
DECLARATIONS = {".toml", ".yaml", ".csv", ".html", ".css", ".js", ".json"}


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a wheel built from a copy, without the network."""
    pytest.importorskip("setuptools", reason="setuptools is not installed, so no wheel can be built")
    copy = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(repository / name, copy / name)
    for room in ROOMS:
        shutil.copytree(repository / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    program = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", program, str(copy / "made")], cwd=copy, capture_output=True, check=True)
    (made,) = (copy / "made").glob("*.whl")
    with zipfile.ZipFile(made) as archive:
        return set(archive.namelist())


def test_a_wheel_carries_every_module_and_every_declaration(wheel: set[str], repository: Path) -> None:
    wanted = {
        path.relative_to(repository).as_posix()
        for room in ROOMS
        for path in (repository / room).rglob("*")
        if path.is_file() and path.suffix in DECLARATIONS | {".py"} and "__pycache__" not in path.parts
    }
    assert not wanted - wheel


def test_a_wheel_carries_no_tests_and_no_figures(wheel: set[str]) -> None:
    assert not {name for name in wheel if name.split("/")[0] in ("tests", "data", "docs")}


def test_make_help_lists_what_the_readme_and_contributors_use(repository: Path) -> None:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    listed = subprocess.run(["make", "help"], cwd=repository, capture_output=True, text=True, check=True).stdout
    for target in ("audit", "test", "check", "bench", "help", "clean"):
        assert f"make {target} " in listed
