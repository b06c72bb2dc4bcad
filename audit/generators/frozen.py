"""The frozen generators: one hash over the modules of each that plant displacement, recorded before anything was tuned.

In: which generator. Out: the hash of its modules in the tree, to be compared with the one recorded in
docs/method-evaluation.md. Refuses nothing.
"""

from __future__ import annotations

import hashlib

from pipelines.places import ROOT

MODULES = (
    "audit/generators/lines.py", "audit/generators/plant.py", "audit/generators/blocks.py",
    "audit/generators/plant_look_alikes.py", "audit/panel/returns_cube.py",
)  # fmt: skip
FUND_MODULES = ("audit/generators/plant_fund.py",)  # it uses lines of the first generator, which has its own hash


def generator_hash(modules: tuple[str, ...] = MODULES) -> str:
    """SHA-256 over a generator's modules, in order: the first window's unless others are named."""
    return hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in modules)).hexdigest()
