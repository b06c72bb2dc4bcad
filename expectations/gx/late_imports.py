"""Import Great Expectations without what two of its expectations alone need: a third of the time of its import.

In: a `with` around the import. Out: modules that are there at once and are read when something of them is first asked
for (`importlib.util.LazyLoader`), so the expectations that need them work as ever. Only the modules named in `LATE`.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

LATE = frozenset({"scipy.stats", "altair"})
"""Asked for at the top of the modules of the Kullback-Leibler and Kolmogorov-Smirnov expectations."""


class _Late(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in LATE else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


@contextmanager
def late_imports() -> Generator[None]:
    """Inside, an import of a module in `LATE` reads it only when it is used."""
    finder = _Late()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
