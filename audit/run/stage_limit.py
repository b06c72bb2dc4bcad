"""A limit on the time of one stage, so that a run at night ends with a message and never hangs.

In: the name of a stage and seconds. Out: HungError in the main thread when the seconds are over, whether this process
works or waits for another; what was started for the stage is ended by those who started it. The system's own timer is
used: a clock that jumps changes nothing.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

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
