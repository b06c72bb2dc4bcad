"""The identity of a run and its record: inputs, settings, code and libraries, and the counts that came out. No clock.

In: paths and settings. Out: a run id (a hash, so the same inputs, settings and code give the same id) and
`manifest.json`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

from audit.settings import Settings, load_settings
from pipelines.places import REFERENCE, ROOT

PACKAGES = ("audit", "expectations", "pipelines", "reports")
CODE_SUFFIXES = (".py", ".toml", ".csv", ".yaml", ".html", ".css", ".json", ".txt")
LIBRARIES = (
    "great-expectations", "jinja2", "joblib", "numpy", "pandas", "pyarrow", "python-calamine", "scikit-learn", "scipy",
    "vl-convert-python",
)  # fmt: skip
SIGNATURE = "manifest.json.sig"
PATHS = ("transfer.file", "inputs.answers")
"""Settings that name a file or folder of inputs."""


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def code_hash() -> str:
    """SHA-256 over everything of ours that can change a result: code, declarations, templates and reference data."""
    digest = hashlib.sha256()
    folders = [ROOT / name for name in PACKAGES] + [REFERENCE]
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if path.suffix in CODE_SUFFIXES and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def library_versions() -> dict[str, str]:
    """Versions of the libraries whose change could move a figure."""
    return {name: metadata.version(name) for name in LIBRARIES}


def distribution_version() -> str:
    """Version of the installed distribution."""
    return metadata.version("ringfence-audit")


def settings_record(settings: Settings) -> dict[str, Any]:
    """Every setting by its dotted key, and the windows, as plain values.

    Of a file or folder of inputs only its name: where it stood changes nothing, and hashes are among the inputs.
    """
    named = {key: Path(str(settings[key])).name for key in PATHS}
    return {**settings.values, **named, "window": [asdict(window) for window in settings.windows]}


def settings_changed(settings: Settings) -> dict[str, Any]:
    """What differs from the defaults, by dotted key, windows key by key too; `left out` is a window that is gone."""
    ours, defaults = (_by_key(settings_record(made)) for made in (settings, load_settings(None)))
    gone = {key: "left out" for key in defaults if key not in ours}
    return gone | {key: value for key, value in ours.items() if key not in defaults or defaults[key] != value}


def _by_key(record: dict[str, Any]) -> dict[str, Any]:
    windows = {f"window.{window['name']}.{key}": window[key] for window in record["window"] for key in window}
    return {key: value for key, value in record.items() if key != "window"} | windows


def run_id(inputs: list[dict[str, str]], settings: dict[str, Any]) -> str:
    """Sixteen hexadecimal characters over inputs, settings, code and libraries.

    Names count: they are printed beside the figures, and the folder of a payment file says whose it is.
    """
    known = {
        "inputs": sorted((item["file_name"], item["sha256"]) for item in inputs), "settings": settings,
        "code": code_hash(), "libraries": library_versions(),
    }  # fmt: skip
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:16]


def outputs(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a run but the manifest, its signature and the log."""
    return {
        str(path.relative_to(folder)): file_hash(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("manifest.json", SIGNATURE, "log.jsonl")
    }


def write_manifest(folder: Path, content: dict[str, Any]) -> Path:
    """Write `manifest.json` under a temporary name, then rename."""
    path = folder / "manifest.json"
    temporary = folder / "manifest.json.part"
    temporary.write_text(json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(path)
    return path


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder."""
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
