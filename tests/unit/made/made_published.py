"""A made run as a published one: under the name that follows from its manifest, which holds every file's hash.

In: a folder with what a test needs of a run, and what its manifest shall say beside that. Out: the folder renamed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from audit.run import manifest

LEAST: dict[str, Any] = {"inputs": [], "settings": {}, "code": "c" * 64, "libraries": {}, "counts": {"quarantined": 0}}


def as_published(folder: Path, **told: Any) -> Path:
    written = folder / "manifest.json"
    held = json.loads(written.read_text(encoding="utf-8")) if written.is_file() else {}
    content = LEAST | held | told
    content["run_id"] = manifest.recorded_id(content)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log.jsonl").touch()
    manifest.write_manifest(folder, content)
    return folder.rename(folder.with_name(content["run_id"]))
