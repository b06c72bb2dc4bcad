"""Which method, generators, settings and figures a result of the evaluation belongs to.

In: the source tree and a folder of loaded tables. Out: hashes. A result of another fingerprint is done again. Refuses
nothing.
"""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

from audit.generator_hash import FUND_MODULES, generator_hash

HERE = Path(__file__).parent
ONLY_WRITE = {"evidence", "further_tables", "output_rows", "panel_rows", "regrade", "sentences"}
STARTS = ("evaluation_case", "evaluation_real", "evaluation_permuted")


def modules_behind(starts: tuple[str, ...] = STARTS) -> list[str]:
    """Every module of this room that the given ones import, at the top or inside a function, and they themselves.

    Those that only write down what was found are left out.
    """
    todo, seen = list(starts), set[str]()
    while todo:
        name = todo.pop()
        path = HERE / f"{name}.py"
        if name in seen or name in ONLY_WRITE or not path.is_file():
            continue
        seen.add(name)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "audit":
                todo += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("audit."):
                todo.append((node.module or "").removeprefix("audit."))
    return sorted(seen)


def method_fingerprint() -> str:
    """Hash of both generators and of every module, setting and feature that decides what a case says."""
    digest = hashlib.sha256((generator_hash() + generator_hash(FUND_MODULES)).encode())
    paths = [HERE / f"{name}.py" for name in modules_behind()]
    for path in (*paths, HERE / "settings.toml", *sorted((HERE / "features").glob("*.toml"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def tables_fingerprint(tables: Path) -> str:
    """Hash of the loaded tables."""
    digest = hashlib.sha256()
    for path in sorted(tables.glob("*.parquet")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]
