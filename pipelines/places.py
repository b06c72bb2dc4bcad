"""Where the project's own folders are: the root, the embedded figures, the reference lists.

In: nothing. Out: absolute paths. The one place that counts folders upwards from a module, and that tells a clone, where
`data/` serves, from an installed copy, which carries the same files inside `pipelines` and is only ever read. Where a
user's own files lie is told by `working_folder`.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGED = ROOT / "pipelines" / "data"
"""What a wheel carries of `data/`; a clone has no such folder."""
INSTALLED = PACKAGED.is_dir()
DATA = PACKAGED if INSTALLED else ROOT / "data"
REFERENCE = DATA / "reference"
BUILT_FROM = PACKAGED / "commit.txt"
"""The commit a wheel was built from, where it was known."""
