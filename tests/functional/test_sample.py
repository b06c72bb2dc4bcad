"""The command that draws a sample: what it prints, what it writes, and what it never writes over."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path


def sample(out: Path, to: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "audit.commands.cli", "sample", "--out", str(out), "--to", str(to), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_sample_is_drawn_from_the_latest_run_the_same_every_time_and_never_written_over(
    embedded_run: Path, tmp_path: Path
) -> None:
    first, again = (tmp_path / name for name in ("first.csv", "again.csv"))
    done = sample(embedded_run.parent, first, "--size", "20", "--seed", "7")
    assert done.returncode == 0, done.stderr
    assert "half width of the 90% interval" in done.stdout and "20 of 150 areas, seed 7" in done.stdout
    with first.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 150 and sum(row["drawn"] == "true" for row in rows) == 20
    assert abs(sum(float(row["probability"]) for row in rows) - 20.0) < 0.001
    assert first.with_name("first.csv-metadata.json").is_file()
    assert sample(embedded_run.parent, again, "--size", "20", "--seed", "7").returncode == 0
    assert again.read_bytes() == first.read_bytes()
    refused = sample(embedded_run.parent, first)
    assert refused.returncode == 11 and "there already" in refused.stderr


def test_a_size_no_sample_can_have_is_refused_with_those_it_can(embedded_run: Path, tmp_path: Path) -> None:
    done = sample(embedded_run.parent, tmp_path / "s.csv", "--size", "151")
    assert done.returncode == 11 and "from 1 to 150" in done.stderr
    few = sample(embedded_run.parent, tmp_path / "s.csv", "--size", "3")
    assert few.returncode == 11 and "at least 6" in few.stderr
    assert not (tmp_path / "s.csv").exists()
