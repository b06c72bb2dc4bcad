"""The frozen generators: one hash over the modules of each that plant displacement, recorded before anything was tuned.

In: which generator. Out: the hash of its modules in the tree, to be compared with the one recorded in
docs/method-evaluation.md. Refuses nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

MODULES = ("injure", "injure_blocks", "injure_look_alikes", "returns_cube")
FUND_MODULES = ("injure_fund",)  # it uses lines of the first generator, which has its own hash


def generator_hash(modules: tuple[str, ...] = MODULES) -> str:
    """SHA-256 over a generator's modules, in order: the first window's unless others are named."""
    here = Path(__file__).parent
    return hashlib.sha256(b"".join((here / f"{name}.py").read_bytes() for name in modules)).hexdigest()
