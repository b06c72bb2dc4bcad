"""Where the project's own folders are: the root, the committed figures, the reference lists.

In: nothing. Out: absolute paths. The one place that counts folders upwards from a module.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
REFERENCE = DATA / "reference"
