"""Which method, generators, settings and figures a result of the evaluation belongs to.

In: the source tree and a folder of loaded tables. Out: hashes. A result of another fingerprint is done again. Refuses
nothing.
"""

from __future__ import annotations

import ast
import hashlib
import json
import tomllib
from pathlib import Path

from audit.generators.frozen import FUND_MODULES, generator_hash
from pipelines.places import ROOT

STARTS = (
    "audit.evaluation.case", "audit.evaluation.real", "audit.evaluation.permuted", "audit.evaluation.enquiry.papers",
    "audit.evaluation.enquiry.sampling",
)  # fmt: skip
ONLY_WRITE = {
    "audit.flags.evidence", "audit.flags.mark_quality", "audit.flags.sentences", "audit.run.further_tables",
    "audit.run.panel_rows", "audit.run.result_rows",
}  # fmt: skip


def _file(module: str, root: Path) -> Path:
    return root / f"{module.replace('.', '/')}.py"


def modules_behind(starts: tuple[str, ...] = STARTS, *, root: Path = ROOT) -> list[str]:
    """Every module of this floor, by dotted name, that the given ones import, at the top or inside a function, and
    they themselves. Those that only write down what was found are left out.
    """
    todo, seen = list(starts), set[str]()
    while todo:
        name = todo.pop()
        path = _file(name, root)
        if name in seen or name in ONLY_WRITE or not path.is_file():
            continue
        seen.add(name)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "audit":
                todo += [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                todo += [alias.name for alias in node.names if alias.name.startswith("audit.")]
    return sorted(seen)


def method_fingerprint(root: Path = ROOT) -> str:
    """Hash of both generators and of every module, setting and feature that decides what a case says."""
    digest = hashlib.sha256((generator_hash() + generator_hash(FUND_MODULES)).encode())
    for name in modules_behind(root=root):
        digest.update(_file(name, root).read_bytes())
    for path in (root / "audit" / "settings.toml", *sorted((root / "audit" / "features").glob("*.toml"))):
        values = tomllib.loads(path.read_text(encoding="utf-8"))  # what it says, not how it is written
        values.pop("publisher", None)  # who publishes a run decides nothing
        digest.update(json.dumps(values, sort_keys=True).encode())
    return digest.hexdigest()[:16]


def tables_fingerprint(tables: Path) -> str:
    """Hash of the loaded tables."""
    digest = hashlib.sha256()
    for path in sorted(tables.glob("*.parquet")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]
