"""The frozen generator: one hash over the modules that plant displacement, as recorded before anything was tuned.

In: nothing. Out: the hash of the modules in the tree, to be compared with the one recorded in
docs/method-evaluation.md. Refuses nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

MODULES = ("injure", "injure_blocks", "injure_look_alikes", "returns_cube")


def generator_hash() -> str:
    """SHA-256 over the generator's modules, in order."""
    here = Path(__file__).parent
    return hashlib.sha256(b"".join((here / f"{name}.py").read_bytes() for name in MODULES)).hexdigest()
