"""Whatever a payment file makes its reader do, it costs a bounded time and memory, one line, and no other file."""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import hostile_files
import hostile_pdfs
import pytest

from pipelines.declarations.limits import limits, use
from pipelines.errors import EXIT_OK
from pipelines.payments.load.commands import run_payments
from pipelines.payments.load.load_payments import load_payments

FINE = (
    "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
    "NHS Bolton CCG,30/04/2020,Services,COMMUNITY,MADEHAM WORKS LTD,1,5.00\n"
)
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="900"><c r="MTP900"><v>1</v></c></row>'
MEGABYTES, SECONDS = 400, 5
HARM = {
    "forms that double": lambda: hostile_pdfs.doubling(30),
    "a stream that unpacks to much": lambda: hostile_pdfs.inflating(600),
    "many sheets of a great size": lambda: hostile_files.xlsx(FAR, sheets=250),
}


@pytest.fixture
def bounded() -> Iterator[None]:
    """Limits that a sound file never meets, and a test does soon."""
    try:
        use(replace(limits(), file_memory_bytes=MEGABYTES * 1_000_000, file_seconds=SECONDS))
        yield
    finally:
        use(None)


class Watch(threading.Thread):
    """The largest memory of any process below this one while it runs."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.ended = 0, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.05):
            for path in Path("/proc").glob("[0-9]*/statm"):
                try:
                    parent = path.with_name("stat").read_text().rpartition(")")[2].split()[1]
                    if parent == str(Path("/proc/self").resolve().name):
                        self.most = max(self.most, int(path.read_text().split()[1]) * 4096)
                except (OSError, IndexError):
                    continue


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("name", HARM)
def test_a_file_that_grows_in_its_reader_is_named_and_costs_no_more_than_its_bounds(
    name: str, workers: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in" / "body"
    folder.mkdir(parents=True)
    (folder / "harm").write_bytes(HARM[name]())
    (folder / "sound.csv").write_text(FINE)
    watch, began = Watch(), time.monotonic()
    watch.start()
    files = load_payments(tmp_path / "in", tmp_path / "out", workers=workers).files
    watch.ended.set()
    told = {Path(record["source_file"]).stem: record for record in files}
    assert told["sound"]["outcome"] == "read"
    assert told["harm"]["outcome"] == "refused"
    reasons = ("more memory than the", "its reader died", f"{SECONDS} seconds of a processor")
    assert any(reason in told["harm"]["reason"] for reason in reasons), told["harm"]["reason"]
    assert time.monotonic() - began < 60
    assert watch.most < (MEGABYTES + 400) * 1_000_000, "what a process has before it reads, and its bound"
    heard = capfd.readouterr()
    assert heard.err == "", "no last words of a library"


def test_a_great_many_refusals_are_counted_and_not_all_printed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(70):
        (tmp_path / "in" / f"{number:02}.csv").write_text(f"a,b\n{number},2\n")
    (tmp_path / "in" / "fine.csv").write_text(FINE)
    told = {"folder": tmp_path / "in", "out": tmp_path / "out", "workers": 1, "cluster": "", "strict": False}
    answer = run_payments(argparse.Namespace(**told, extract=None))
    assert answer.code == EXIT_OK
    out = "\n".join(answer.lines)
    assert out.count("refused: ") == 50
    assert "and 20 more; table payment_file holds every reason" in out
