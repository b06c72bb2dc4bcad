"""A worker that ends when the job that started it is gone.

In: the process number of the job. Out: a thread that watches for its end. A job that is killed cannot tell its
workers, and those of joblib would wait minutes for work that nobody can give them. Refuses nothing.
"""

from __future__ import annotations

import os
import threading
import time

SECONDS_BETWEEN_LOOKS = 0.25
EXIT_ABANDONED = 1


def end_with_parent(parent: int) -> None:
    """Watch, in a thread, for the end of the process `parent`, whose child this one is; then end at once.

    An ordinary end would wait for locks that the dead job held. Given to joblib as the initializer of its workers.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        os._exit(EXIT_ABANDONED)

    threading.Thread(target=watch, name="end with parent", daemon=True).start()
