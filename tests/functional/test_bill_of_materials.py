"""The bill of materials lists what is locked, and nothing of the machine it was written on."""

from __future__ import annotations

import contextlib
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "dependencies" / "sbom.py"


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    pytest.importorskip("cyclonedx", reason="the generator of the bill of materials is not installed")
    made: set[str] = set()
    for seed in "12":
        to = tmp_path_factory.mktemp("bill") / "bill.json"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, str(SCRIPT), str(to)], env=environment, capture_output=True, check=True)
        made.add(to.read_text(encoding="utf-8"))
    assert len(made) == 1, "the same lock file gives the same bytes"
    return made.pop()


def test_every_locked_package_stands_in_it_with_its_version_and_hashes(text: str, repository: Path) -> None:
    found = json.loads(text)
    told = {part["name"]: (part["version"], len(part["properties"])) for part in found["components"]}
    lock = (repository / "requirements.lock").read_text(encoding="utf-8")
    entries = re.findall(r"^([\w.-]+)==(\S+)((?:.*\n    --hash=sha256:\w+)+)", lock, re.MULTILINE)
    wanted = {name.lower(): (version, hashes.count("--hash")) for name, version, hashes in entries}
    assert told == wanted
    scopes = {part["name"]: part["scope"] for part in found["components"]}
    assert (scopes["pandas"], scopes["python-dateutil"], scopes["pytest"]) == ("required", "required", "optional")
    assert set(found["metadata"]) == {"component"}


def test_it_is_valid_and_holds_no_clock_host_or_path(text: str, repository: Path) -> None:
    from cyclonedx.exception import MissingOptionalDependencyException
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    with contextlib.suppress(MissingOptionalDependencyException):
        assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert set(re.findall(r"https?://[^\"/]+", text)) == {"http://cyclonedx.org"}
    assert str(repository) not in text
    assert "timestamp" not in text


def test_a_release_is_said_to_come_from_a_commit_and_only_from_one(tmp_path: Path, repository: Path) -> None:
    if not shutil.which("git"):
        pytest.skip("git is not on this machine")
    folder, made = tmp_path / "clone", tmp_path / "made.whl"
    folder.mkdir()
    made.write_bytes(b"wheel")
    shutil.copy(repository / "requirements.lock", folder)
    for arguments in (("init", "-q"), ("add", "."), ("-c", "user.name=x", "-c", "user.email=x", "commit", "-qm", "x")):
        subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
    write = runpy.run_path(str(SCRIPT))["provenance"]
    told = json.loads(write([made], folder))
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=True).stdout
    source, lock = told["predicate"]["buildDefinition"]["resolvedDependencies"]
    assert source["digest"]["gitCommit"] == head.strip()
    assert (lock["name"], len(lock["digest"]["sha256"])) == ("requirements.lock", 64)
    assert [one["name"] for one in told["subject"]] == ["made.whl"]
    (folder / "new.py").touch()
    with pytest.raises(SystemExit, match="no commit holds this working tree"):
        write([made], folder)
