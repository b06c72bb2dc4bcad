"""What a release consists of and what it was made from: a bill of materials, and where it comes from.

In: `requirements.lock`, `pyproject.toml`, and for the second the commit and the files of a release. Out: CycloneDX 1.6
as JSON, with every locked package, its version, its hashes and whether the program itself needs it; a statement with
the commit, the hash of the lock file and of every file of the release. No clock, no host, no path: the same lock gives
the same bytes. Refused: a working tree with changes that no commit holds.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCK, PROJECT, VERSION = "requirements.lock", "pyproject.toml", Path("pipelines", "__init__.py")
STATEMENT, PREDICATE = "https://in-toto.io/Statement/v1", "https://slsa.dev/provenance/v1"


def plain(name: str) -> str:
    """A package's name as registries write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(text: str) -> dict[str, tuple[str, list[str]]]:
    """Version and SHA-256 of the files of every package in a lock file, by name."""
    found: dict[str, tuple[str, list[str]]] = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", text):
        if head := re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", entry):
            found[plain(head[1])] = head[2], sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", entry))
    return found


def needs(name: str, known: set[str]) -> list[str]:
    """The locked packages that an installed package asks for; none where it is not installed."""
    from packaging.requirements import Requirement

    try:
        asked = [Requirement(text) for text in metadata.requires(name) or ()]
    except metadata.PackageNotFoundError:
        return []
    names = {plain(one.name) for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})}
    return sorted(names & known)


def bill(folder: Path = ROOT) -> str:
    """The bill of materials as JSON."""
    from cyclonedx.model import Property
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentScope, ComponentType
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    text = (folder / LOCK).read_text(encoding="utf-8")
    packages = locked(text)
    project = tomllib.loads((folder / PROJECT).read_text(encoding="utf-8"))["project"]
    direct = {plain(re.split(r"[><=\[ ;]", entry)[0]) for entry in project["dependencies"]}
    graph = {name: needs(name, set(packages)) for name in packages}
    required, waiting = set[str](), sorted(direct)
    while waiting:
        name = waiting.pop()
        if name not in required:
            required.add(name)
            waiting += graph[name]

    def component(name: str) -> Component:
        version, hashes = packages[name]
        url = PackageURL("pypi", None, name, version)
        # A package is published as several files. The hash of one of them would be read as that of the package.
        files = [Property(name="ringfence:file-sha256", value=one) for one in hashes]
        scope = ComponentScope.REQUIRED if name in required else ComponentScope.OPTIONAL
        return Component(name=name, version=version, type=ComponentType.LIBRARY, purl=url, bom_ref=str(url),
                         scope=scope, properties=files)  # fmt: skip

    made = {name: component(name) for name in sorted(packages)}
    digest = hashlib.sha256(text.encode()).hexdigest()
    version = re.findall(r'^__version__ = "(.+?)"', (folder / VERSION).read_text(encoding="utf-8"), re.MULTILINE)[0]
    ours = Component(name=project["name"], version=version, type=ComponentType.APPLICATION,
                     bom_ref=f"{project['name']}@{version}",
                     properties=[Property(name="ringfence:requirements-lock-sha256", value=digest)])  # fmt: skip
    bom = Bom(components=made.values(), serial_number=uuid.uuid5(uuid.NAMESPACE_URL, digest))
    bom.metadata.component = ours
    bom.register_dependency(ours, [made[name] for name in sorted(direct)])
    for name, below in graph.items():
        bom.register_dependency(made[name], [made[one] for one in below])
    written: dict[str, Any] = json.loads(JsonV1Dot6(bom).output_as_string())
    written["metadata"].pop("timestamp", None)
    return json.dumps(written, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def provenance(files: list[Path], folder: Path = ROOT) -> str:
    """What files of a release were made from, as an in-toto statement. Raises SystemExit for uncommitted changes."""
    if changed := _git(folder, "status", "--porcelain"):
        sys.exit(f"no commit holds this working tree: {changed.splitlines()[0].strip()} and maybe more. Commit first.")
    sources = {"gitCommit": _git(folder, "rev-parse", "HEAD"), "gitTree": _git(folder, "rev-parse", "HEAD^{tree}")}
    lock = hashlib.sha256((folder / LOCK).read_bytes()).hexdigest()
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    told = {
        "_type": STATEMENT,
        "subject": [
            {"name": path.name, "digest": {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}}
            for path in sorted(files, key=lambda path: path.name)
        ],
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": "make release",
                "externalParameters": {"python": python},
                "resolvedDependencies": [
                    {"name": "source", "digest": sources},
                    {"name": LOCK, "digest": {"sha256": lock}},
                ],
            },
            "runDetails": {"builder": {"id": "ringfence-audit Makefile"}},
        },
    }
    return json.dumps(told, indent=1, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    """`sbom.py TO` writes the bill of materials; `sbom.py TO FILE ...` where these files come from."""
    to, *files = map(Path, arguments)
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(provenance(files) if files else bill(), encoding="utf-8")
    print(to)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
