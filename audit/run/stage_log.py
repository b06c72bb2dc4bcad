"""What a run says while it works: one line per stage with counts, JSON lines in the run folder, a bar only on a
terminal.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from audit.run.stage_limit import within
from pipelines.declarations.limits import limits


class StageLog:
    """Tells the stages of one run. The clock is read here and nowhere near a result."""

    def __init__(self, path: Path, *, stages: int, quiet: bool = False) -> None:
        self.path, self.quiet = path, quiet
        self.bar: Any = None
        if sys.stderr.isatty() and not quiet:
            from tqdm import tqdm

            self.bar = tqdm(total=stages, unit="stage", leave=False, bar_format="{desc:<34}{bar}{n_fmt}/{total_fmt}")

    @contextmanager
    def stage(self, name: str) -> Generator[dict[str, Any]]:
        """Time a stage; the body fills the dictionary with counts to report."""
        counts: dict[str, Any] = {}
        if self.bar is not None:
            self.bar.set_description_str(name)
        started = time.monotonic()
        with within(limits().run_stage_seconds, name):
            yield counts
        seconds = round(time.monotonic() - started, 2)
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"stage": name, **counts, "seconds": seconds}, ensure_ascii=False) + "\n")
        if self.bar is not None:
            self.bar.update(1)
        elif not self.quiet:
            told = ", ".join(in_words(key, value) for key, value in counts.items())
            print(f"{name:<10} {told} ({seconds:.1f} s)", flush=True)

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.close()


def in_words(key: str, value: object) -> str:
    """One count of a stage, as in `3 files`, or its pounds, where the key ends in `_gbp`."""
    words = key.removesuffix("_gbp").replace("_", " ")
    if not isinstance(value, int):
        return f"{words} {value}"
    return f"£{value:,} {words}" if key.endswith("_gbp") else f"{value:,} {words}"
