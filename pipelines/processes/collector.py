"""How often Python looks for cycles among our objects: seldom, as a command makes millions of objects and few cycles.

In: nothing. Out: a collector that starts after a hundred thousand new objects and not after seven hundred, and that
does not look through everything once more when the process ends. Measured on the embedded returns: a second and a
quarter of a run's time, and the same memory.
"""

from __future__ import annotations

import atexit
import gc

NEW_OBJECTS = 100_000
ROUNDS = 20


def collect_seldom() -> None:
    """Set the collector of this process, whose life is one command."""
    gc.set_threshold(NEW_OBJECTS, ROUNDS, ROUNDS)
    atexit.register(gc.freeze)
