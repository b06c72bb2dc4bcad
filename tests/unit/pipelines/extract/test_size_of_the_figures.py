"""What a clone and the wheel carry of figures stays small, and whose share it is can be read: `pytest -s -k share`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

BOUND = 8_000_000
"""Bytes of everything below data/: what the wheel carries too."""


def test_the_figures_stay_within_their_bound_and_tell_the_share_of_each_source(repository: Path) -> None:
    folder = repository / "data"
    sizes = {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    source = {path: path.parent.relative_to(repository).as_posix() for path in sizes}
    for beside in folder.rglob("*-metadata.json"):
        told = json.loads(beside.read_text(encoding="utf-8"))
        if "ringfence:extract" in told:
            source[beside] = source[beside.with_name(told["url"])] = told["ringfence:extract"]["source"]
    shares: Counter[str] = Counter()
    for path, size in sizes.items():
        shares[source[path]] += size
    whole = sum(shares.values())
    table = "\n".join(f"{size:>10,}  {size / whole:6.1%}  {name}" for name, size in shares.most_common())
    print(f"\n{whole:,} of {BOUND:,} bytes\n{table}")
    assert whole <= BOUND, table
    assert "data/returns" not in shares, "every extract names its source"
