"""From a laptop to a cluster: the same ledger, byte for byte, on any engine, in any order, and when a worker is killed.

A real dask.distributed scheduler with worker processes on this computer.
"""

from __future__ import annotations

import hashlib
import importlib.util
import random
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import DefinitionError
from pipelines.payments import load_payments as loading
from pipelines.payments.ledger import read_ledger
from pipelines.payments.load_payments import load_payments
from pipelines.payments.spread import engine
from pipelines.payments.stage import rules_id, stage
from pipelines.write_parquet import read_table

HEAD = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
COUNCILS = ("London Borough of Camden", "MADEHAM WORKS LTD", "Bolton Council")
needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="the extra 'distributed' is not installed"
)


def rows(first: int, count: int, month: str = "04") -> list[str]:
    return [f"NHS Bolton CCG,{number % 28 + 1:02d}/{month}/2020,Services,REABLEMENT,{COUNCILS[number % 3]},{number},"
            f"{number * 1.07:.2f}\n" for number in range(first, first + count)]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "in" / "body"
    place.mkdir(parents=True)
    for number, name in enumerate(("a", "once", "m", "z")):
        (place / f"{name}.csv").write_text(HEAD + "".join(rows(1000 * number, 60)) + "total,,,,,,x1\n")
    (place / "copy of a.csv").write_text(HEAD + "".join(rows(0, 60)))
    return tmp_path / "in"


def hashes(folder: Path) -> dict[str, str]:
    made = [path for path in sorted(folder.rglob("*.parquet")) if "stage" not in path.parts]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in made}


def told(files: list[dict[str, Any]]) -> dict[str, str]:
    return {Path(record["source_file"]).stem: record["outcome"] for record in files}


@needs_dask
def test_a_worker_killed_in_the_middle_leaves_the_same_ledger_as_no_cluster_at_all(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_payments(folder, tmp_path / "alone")
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.setattr(loading, "READER", "payment_readers:killed_once")
    result = load_payments(folder, tmp_path / "cluster", cluster="local:2")
    assert (tmp_path / "once.was-killed").exists()
    assert set(told(result.files).values()) == {"read", "copy"}
    assert hashes(tmp_path / "cluster") == hashes(tmp_path / "alone")


@needs_dask
def test_a_file_that_kills_every_worker_of_a_cluster_is_refused_and_the_others_are_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "body" / "deadly.csv").write_text(HEAD + "".join(rows(9000, 5)))
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.setattr(loading, "READER", "payment_readers:killed_once")
    result = load_payments(folder, tmp_path / "out", cluster="local:2")
    outcomes = told(result.files)
    assert outcomes.pop("deadly") == "refused"
    assert set(outcomes.values()) == {"read", "copy"}


def test_the_order_in_which_files_are_read_leaves_no_trace(folder: Path, tmp_path: Path) -> None:
    paths = sorted(path for path in folder.rglob("*.csv"))
    for name, order in (("forth", paths), ("back", paths[::-1])):
        staged = tmp_path / name / "stage" / rules_id()
        staged.mkdir(parents=True)
        for path in order:
            stage(path, folder, staged)
        load_payments(folder, tmp_path / name)
    assert hashes(tmp_path / "forth") == hashes(tmp_path / "back")


def test_rows_in_another_order_are_another_file_with_the_same_payments_sums_and_flow(tmp_path: Path) -> None:
    lines = rows(0, 300) + rows(0, 300, "05")
    shuffled = random.Random(1).sample(lines, len(lines))
    found: list[Any] = []
    for name, some in (("as published", lines), ("shuffled", shuffled)):
        place = tmp_path / name / "in" / "body"
        place.mkdir(parents=True)
        (place / "x.csv").write_text(HEAD + "".join(some))
        result = load_payments(tmp_path / name / "in", tmp_path / name / "out")
        ledger = read_ledger(tmp_path / name / "out", ["date", "supplier_raw", "transaction_number", "amount_gbp"])
        record = {key: value for key, value in result.files[0].items() if key != "file_sha256"}
        sums = read_table(tmp_path / name / "out", "payment_flow_sum").to_dict("records")
        found.append((sorted(ledger.to_pylist(), key=str), record, str(sums)))
    assert found[0] == found[1]


def test_what_is_no_cluster_is_refused_with_how_to_write_one() -> None:
    pytest.importorskip("distributed")
    with pytest.raises(DefinitionError, match="no cluster"), engine(1, "local:many"):
        pass
