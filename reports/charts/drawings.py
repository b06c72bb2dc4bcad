"""Charts under way: drawn in a process of their own while the pages are made, kept by content between runs.

In: specifications by name, in any number of goes. Out: finished SVG by name. The process is started at once where
nothing is held yet, else with the first chart that is not held; where it cannot work, the charts are drawn here, so
whatever is wrong with a chart is raised here too.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.isolated import command, environment
from reports.charts.draw import Spec, content_key, draw_batch
from reports.charts.style import specification

NOTHING = specification({"width": 1, "height": 1, "padding": 0, "data": {"name": "once"}, "mark": "point"}, {})
Asked = Sequence[tuple[str, Spec]]
Drawn = list[tuple[str, str]]


class Drawings:
    """What has been asked for so far. Made by `drawing`."""

    def __init__(self, *, beside: bool, cache: Path | None) -> None:
        """`beside` draws in a process of its own, else in this one when asked for the result."""
        self._beside, self._cache = beside, cache
        self._names: dict[str, list[str]] = {}
        self._held: Drawn = []
        self._under_way: list[Future[Drawn]] = []
        self._artist: subprocess.Popen[str] | None = None
        self._asker = ThreadPoolExecutor(max_workers=1)  # one at a time: the process has one pipe

    def start_early(self) -> None:
        """Start the process before there is anything to draw: half a second of its work is getting ready."""
        self._asker.submit(self._drawn_beside, [])

    def begin(self, specs: Mapping[str, Spec]) -> None:
        """Ask for charts by name and return at once. Equal ones are drawn once, those in the cache not at all."""
        missing: list[tuple[str, Spec]] = []
        keys: dict[int, str] = {}  # one drawing may lie under the charts of many pages
        for name, spec in specs.items():
            key = keys.get(id(spec)) or keys.setdefault(id(spec), content_key(spec))
            if key in self._names:
                self._names[key].append(name)
                continue
            self._names[key] = [name]
            svg = _stored(self._cache, key) if self._cache else None
            if svg is not None:
                self._held.append((key, svg))
            else:
                missing.append((key, spec))
        if missing:
            self._under_way.append(self._asker.submit(self._draw, missing))

    def finished(self) -> Iterator[tuple[str, str]]:
        """(name, SVG) of everything begun, waiting for what is not done yet."""
        for key, svg in self._held:
            yield from ((name, svg) for name in self._names[key])
        for going in self._under_way:
            for key, svg in going.result():
                yield from ((name, svg) for name in self._names[key])

    def close(self, *, at_once: bool = False) -> None:
        """End the process, and drop what was not begun; `at_once` does not wait for what it is drawing."""
        if at_once and self._artist:
            self._artist.kill()
        self._asker.shutdown(wait=True, cancel_futures=True)
        if self._artist and self._artist.stdin and self._artist.stdout:
            with suppress(OSError):
                self._artist.stdin.close()
            self._artist.stdout.close()
            self._artist.wait()

    def _draw(self, batch: Asked) -> Drawn:
        made = self._drawn_beside(batch) if self._beside else None
        if made is None:
            made = draw_batch(batch)
        if self._cache:
            for key, svg in made:
                _store(self._cache, key, svg)
        return made

    def _drawn_beside(self, batch: Asked) -> Drawn | None:
        """The batch as the process drew it; None where it did not."""
        try:
            self._artist = self._artist or _start()
            if self._artist.stdin is None or self._artist.stdout is None:
                return None
            self._artist.stdin.write(json.dumps(batch) + "\n")
            self._artist.stdin.flush()
            answer = self._artist.stdout.readline()
        except OSError:
            return None
        return [(key, svg) for key, svg in json.loads(answer)] if answer.endswith("\n") else None


@contextmanager
def drawing(*, beside: bool = True, cache: Path | None = None) -> Generator[Drawings]:
    """Drawings to ask for and to collect inside a `with`; `cache` is a folder that keeps them by content."""
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)
    made = Drawings(beside=beside, cache=cache)
    try:
        if beside and (cache is None or not any(cache.iterdir())):
            made.start_early()
        yield made
    except BaseException:
        made.close(at_once=True)
        raise
    made.close()


def draw_all(specs: Mapping[str, Spec], *, beside: bool = False, cache: Path | None = None) -> dict[str, str]:
    """All specifications to SVG, by the same names."""
    with drawing(beside=beside, cache=cache) as drawings:
        drawings.begin(specs)
        return dict(drawings.finished())


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - this very module, by the interpreter that runs it
        command("reports.charts.drawings"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env=environment(),
    )


def _stored(folder: Path, key: str) -> str | None:
    """The drawing as it was kept; None where it is not there, or not whole: what is kept here is never flushed."""
    path = folder / f"{key}.svg"
    try:
        digest, _, svg = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, ValueError):
        return None
    if digest != _digest(svg):
        return None
    with suppress(OSError):
        os.utime(path)  # `ringfence prune` removes what no run has used for long
    return svg


def _digest(svg: str) -> str:
    return hashlib.sha256(svg.encode()).hexdigest()


def _store(folder: Path, key: str, svg: str) -> None:
    temporary = folder / f"{key}.{os.getpid()}.part"
    temporary.write_text(f"{_digest(svg)}\n{svg}", encoding="utf-8")
    temporary.replace(folder / f"{key}.svg")


def main() -> None:
    """The process: a batch as JSON on each line in, its drawings as JSON on a line out."""
    with suppress(Exception):  # whatever is wrong will be met again, and told, with the first chart
        draw_batch([("", NOTHING)])
    for line in sys.stdin:
        print(json.dumps(draw_batch(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
