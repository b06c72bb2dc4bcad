"""What a run says while it works: one line per stage with counts, JSON lines in the run folder, a bar only on a
terminal; and a limit on the time of one stage, so that a run at night ends with a message and never hangs.

In: the name of a stage and seconds. Out: HungError in the main thread when the seconds are over, whether this process
works or waits for another; what was started for the stage is ended by those who started it. The system's own timer is
used: a clock that jumps changes nothing.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipelines.declarations.limits import limits
from pipelines.errors import HungError

AGAIN_SECONDS = 60  # the alarm is given again, should something on the way have taken it for another failure


@contextmanager
def within(seconds: int, stage: str) -> Generator[None]:
    """Run the body, but no longer than `seconds`. Raises HungError. Outside the main thread there is no limit."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: Any) -> None:
        raise HungError(
            f"the stage '{stage}' did not end within {seconds:,} seconds and was stopped; nothing was published",
            do="Run again. If it hangs again, report it. A slow machine needs more in 'limits.run.stage_seconds'.",
        )

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


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

    def seconds(self) -> float:
        """What all stages took so far, those of a killed run that went on here too."""
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.is_file() else []
        return sum(float(json.loads(line)["seconds"]) for line in lines)

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
