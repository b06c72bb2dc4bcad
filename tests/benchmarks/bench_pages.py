"""How long the pages of a run take, and how much memory: all of them.

The peer is what no page can be drawn without: reading the run's tables. A machine's processor seconds and the largest
memory of drawing are printed, because both have a limit of their own: 4 seconds for the whole site on two quiet cores
and 300 MB a process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "import sys; from audit.commands.cli import main; sys.exit(main(sys.argv[1:]))"
DRAW = """
import json, resource, sys, time
from pathlib import Path
from reports.site.render import render_site
began = time.perf_counter()
pages = len(render_site(Path(sys.argv[1]), workers=int(sys.argv[2])))
own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({"files": pages, "seconds": round(time.perf_counter() - began, 1),
    "cpu_seconds": round(sum(used.ru_utime + used.ru_stime for used in (own, others)), 1),
    "largest_mb": [own.ru_maxrss // 1024, others.ru_maxrss // 1024]}))
"""
READ = "import sys; from pathlib import Path; from reports.words.read_run import read_run; read_run(Path(sys.argv[1]))"
MOST_MB = 300
GROUP = "6 draw every page of a run (peer: reading its tables alone)"


def python(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run given as BENCH_RUN, or one made on the embedded figures."""
    given = os.environ.get("BENCH_RUN")
    if given:
        return Path(given)
    out = tmp_path_factory.mktemp("runs")
    python("-c", COMMAND, "run", "--quiet", "--out", str(out))
    return (out / "latest").resolve()


@pytest.fixture
def once(benchmark: Any) -> Callable[..., None]:
    def measured(work: Callable[[], object]) -> None:
        benchmark.pedantic(work, rounds=1)

    return measured


@pytest.mark.benchmark(group=GROUP)
class BenchPages:
    def test_cold(self, once: Callable[..., None], run: Path) -> None:
        once(lambda: drawn(run))

    def test_peer_reading(self, once: Callable[..., None], run: Path) -> None:
        once(lambda: python("-c", READ, str(run)))


def drawn(run: Path) -> None:
    """Draw once, print what it took, and hold it to the limit of memory, which does not hang on the machine."""
    told = json.loads(python("-c", DRAW, str(run), str(os.cpu_count() or 1)))
    print(f"\npages: {told}")
    assert max(told["largest_mb"]) < MOST_MB, told
