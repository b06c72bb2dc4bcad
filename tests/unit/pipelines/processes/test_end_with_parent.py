"""Workers do not outlive the job that started them, not even one that was killed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

JOB = """
import os, sys, time
from joblib import Parallel, delayed, parallel_config
from pipelines.processes.end_with_parent import end_with_parent

with parallel_config(backend="loky", n_jobs=2, initializer=end_with_parent, initargs=(os.getpid(),)):
    print(*set(Parallel()(delayed(os.getpid)() for _ in range(20))), flush=True)
time.sleep(60)
"""
LONGEST_WAIT_SECONDS = 20


def _is_there(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_workers_of_a_killed_job_end_by_themselves():
    with subprocess.Popen([sys.executable, "-c", JOB], stdout=subprocess.PIPE, text=True) as job:
        assert job.stdout is not None
        workers = [int(number) for number in job.stdout.readline().split()]
        assert workers
        assert all(map(_is_there, workers))
        job.kill()
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while any(map(_is_there, workers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(_is_there, workers))
