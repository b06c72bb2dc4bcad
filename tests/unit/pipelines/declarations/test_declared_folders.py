"""A file in a folder of declarations is read, or the file and its right place are named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from audit.method.unusual.features import FOLDER as FEATURES
from audit.method.unusual.features import features
from expectations.suite.suite import SUITES, load_suites
from pipelines.declarations.catalogue import SOURCES, TABLES, sources, tables
from pipelines.errors import DefinitionError

LOADERS = {
    "table": (TABLES, tables, "deflator.toml"),
    "source": (SOURCES, sources, "deflator.toml"),
    "feature": (FEATURES, features, "care_share.toml"),
    "suite": (SUITES, load_suites, "rs.yaml"),
}


@pytest.fixture
def copied(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A copy of the folder of one kind."""
    return shutil.copytree(LOADERS[request.param][0], tmp_path / "own" / LOADERS[request.param][0].name)


@pytest.mark.parametrize("name", ["notes.txt", "rs.toml.bak", "copy of rs.csv", "rs.yaml~"])
@pytest.mark.parametrize(("copied", "kind"), [(kind, kind) for kind in LOADERS], indirect=["copied"])
def test_a_file_that_nothing_reads_is_named(copied: Path, kind: str, name: str) -> None:
    (copied / name).write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match=f"nothing reads '{name}' in a folder of {kind}s") as refused:
        LOADERS[kind][1](copied)
    assert name in str(refused.value.place) and "remove it" in str(refused.value)


@pytest.mark.parametrize(("copied", "kind"), [(kind, kind) for kind in LOADERS], indirect=["copied"])
@pytest.mark.parametrize("laid", LOADERS)
def test_a_declaration_in_the_folder_of_another_kind_is_sent_to_its_own(copied: Path, kind: str, laid: str) -> None:
    if laid == kind:
        LOADERS[kind][1](copied)
        return
    home, _, name = LOADERS[laid]
    made = copied / f"laid_wrong{Path(name).suffix}"
    shutil.copyfile(home / name, made)
    right = f"{home.parent.name}/{home.name}/{made.name}"
    with pytest.raises(DefinitionError, match=f"a {laid} in a folder of {kind}s") as refused:
        LOADERS[kind][1](copied)
    assert f"Move it to '{right}'." in str(refused.value)


@pytest.mark.parametrize("copied", ["suite"], indirect=True)
def test_a_suite_saved_as_yml_never_takes_the_place_of_the_yaml_of_its_table(copied: Path) -> None:
    shutil.copyfile(copied / "rs.yaml", copied / "rs.yml")
    with pytest.raises(DefinitionError, match=r"a suite saved as '\.yml'.*'rs\.yaml' is there already"):
        load_suites(copied)
    (copied / "rs.yaml").unlink()
    with pytest.raises(DefinitionError, match=r"Rename it to 'rs\.yaml'"):
        load_suites(copied)


@pytest.mark.parametrize("copied", ["source"], indirect=True)
def test_a_column_map_belongs_to_one_source_and_lies_alone(copied: Path) -> None:
    (copied / "rs" / "columns (2).csv").write_text("x", encoding="utf-8")
    with pytest.raises(DefinitionError, match="in the folder of a source"):
        sources(copied)
    (copied / "rs" / "columns (2).csv").unlink()
    (copied / "rs").rename(copied / "rz")
    with pytest.raises(DefinitionError, match="a column map without a source"):
        sources(copied)
