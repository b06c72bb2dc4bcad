"""From a laptop to a cluster: the same ledger, byte for byte, on any engine, in any order, and when a worker is killed.

A real dask.distributed scheduler with worker processes on this computer, reached with TLS.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from audit.commands.line.parsing import parser
from expectations.domain import payment_ledger
from expectations.running.check_payments import check_payments
from pipelines.declarations.parquet import read_table
from pipelines.errors import DefinitionError, InputError
from pipelines.extract.read_extract import metadata_path
from pipelines.load.load import EMBEDDED, read_files
from pipelines.payments.ledger.ledger import read_ledger
from pipelines.payments.ledger.stage import rules_id, stage
from pipelines.payments.load import load_payments as loading
from pipelines.payments.load.load_payments import load_payments
from pipelines.processes import engine
from pipelines.read.find_files import find_files

HEAD = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
COUNCILS = ("London Borough of Camden", "MADEHAM WORKS LTD", "Bolton Council")
needs_workers = pytest.mark.parametrize("cluster", [2], indirect=True)


def rows(first: int, count: int, month: str = "04") -> list[str]:
    return [f"NHS Bolton CCG,{number % 28 + 1:02d}/{month}/2020,Services,REABLEMENT,{COUNCILS[number % 3]},{number},"
            f"{number * 1.07:.2f}\n" for number in range(first, first + count)]  # fmt: skip


@pytest.fixture
def cluster(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a cluster with TLS on this computer; dask's own settings hold the certificates."""
    pytest.importorskip("distributed", reason="the extra 'distributed' is not installed")
    import dask
    from distributed import LocalCluster, Security

    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[3] / "made"))
    safe = Security.temporary()
    tls = {"ca-file": safe.tls_ca_file, "client.key": safe.tls_client_key, "client.cert": safe.tls_client_cert}
    with (
        dask.config.set({f"distributed.comm.tls.{name}": value for name, value in tls.items()}),
        LocalCluster(n_workers=request.param, threads_per_worker=1, host="127.0.0.1", protocol="tls://",
                     security=safe, dashboard_address=None) as made,
    ):  # fmt: skip
        yield str(made.scheduler_address)


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


@needs_workers
def test_a_worker_killed_in_the_middle_leaves_the_same_ledger_as_no_cluster_at_all(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: str
) -> None:
    load_payments(folder, tmp_path / "alone")
    monkeypatch.setattr(loading, "READER", "payment_readers:killed_once")
    with engine.at(cluster):
        result = load_payments(folder, tmp_path / "cluster")
    assert (tmp_path / "once.was-killed").exists()
    assert set(told(result.files).values()) == {"read", "copy"}
    assert hashes(tmp_path / "cluster") == hashes(tmp_path / "alone")


@needs_workers
def test_a_file_that_kills_every_worker_of_a_cluster_is_refused_and_the_others_are_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: str
) -> None:
    (folder / "body" / "deadly.csv").write_text(HEAD + "".join(rows(9000, 5)))
    monkeypatch.setattr(loading, "READER", "payment_readers:killed_once")
    with engine.at(cluster):
        result = load_payments(folder, tmp_path / "out")
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


@pytest.mark.parametrize("said", ["local:many", "local:0", "local:", "local:-1", "local:²"])
def test_what_is_no_number_of_processes_is_refused_with_how_to_write_one(said: str) -> None:
    with pytest.raises(DefinitionError, match="no cluster.*local:4"), engine.at(said):
        pass


@pytest.mark.parametrize("address", ["tcp://10.0.0.1:8786", "10.0.0.1:8786", "ws://10.0.0.1:8786", "ucx://10.0.0.1:1"])
def test_a_cluster_without_tls_is_refused_unless_a_setting_says_yes_and_then_it_is_said(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(engine, "_meet", lambda *_: None)
    monkeypatch.setattr(engine, "_distributed", lambda: None)
    for said in ("", "no", "YES please"):
        monkeypatch.setenv(engine.WITHOUT_TLS, said)
        with pytest.raises(DefinitionError, match=f"without TLS.*{engine.WITHOUT_TLS}=yes"), engine.at(address):
            pass
    assert capsys.readouterr().err == ""
    monkeypatch.setenv(engine.WITHOUT_TLS, "yes")
    with engine.at(address):
        assert engine.in_force() == address
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"ringfence: warning: the cluster {address} is reached without TLS")
    monkeypatch.setenv(engine.WITHOUT_TLS, "")
    with engine.at("tls://10.0.0.1:8786"):
        pass
    assert capsys.readouterr().err == ""


def test_processes_of_this_computer_read_the_same_ledger_and_open_no_port(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_payments(folder, tmp_path / "alone")
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[3] / "made"))
    monkeypatch.setattr(loading, "READER", "payment_readers:tells_its_ports")
    with engine.at("local:2"):
        assert (engine.in_force(), engine.processes(7)) == ("", 2)
        load_payments(folder, tmp_path / "here", workers=1)
    assert engine.processes(7) == 7
    told = (tmp_path / "ports").read_text().split("\n")
    assert len(set(filter(None, told))) == 2, "two processes worked, and none of them listened"
    assert all(line.endswith(" 0") for line in told if line)
    assert hashes(tmp_path / "here") == hashes(tmp_path / "alone")


@needs_workers
def test_a_cluster_checks_a_ledger_and_reads_returns_as_one_computer_does_and_names_what_kills_its_workers(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: str
) -> None:
    load_payments(folder, tmp_path / "alone")
    shutil.copytree(tmp_path / "alone", tmp_path / "far")
    (tmp_path / "returns").mkdir()
    for path in [one for given in find_files(EMBEDDED)[:3] for one in (given, metadata_path(given))]:
        shutil.copy(path, tmp_path / "returns")
    returns = find_files(tmp_path / "returns")
    (tmp_path / "deadly.txt").write_text("die")
    (tmp_path / "harmless.txt").write_text("good")
    made = [tmp_path / "deadly.txt", tmp_path / "harmless.txt"]
    here, alone = check_payments(tmp_path / "alone"), read_files(returns, workers=1)
    monkeypatch.setattr(engine, "read_apart", lambda paths, *_, **__: {path: InputError("read here") for path in paths})
    monkeypatch.setattr(payment_ledger, "ThreadPoolExecutor", None)
    with engine.at(cluster):
        assert check_payments(tmp_path / "far") == here
        assert read_files(returns, workers=1) == alone
        assert (len(alone.forms), alone.problems) == (3, [])
        assert read_files(made, reader="hostile_readers:read").problems[0].what == "read here"
    for name in ("check_result.parquet", "check_mark.parquet", "validation.json", "validation.csv"):
        assert (tmp_path / "far" / name).read_bytes() == (tmp_path / "alone" / name).read_bytes(), name
    assert engine.in_force() == ""


def test_a_cluster_whose_workers_run_another_program_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Client:
        def wait_for_workers(self, *_: object, **__: object) -> None: ...
        def close(self) -> None: ...
        def run(self, _: object) -> dict[str, str]:
            return {"tcp://10.0.0.1:40000": engine.program_id(), "tcp://10.0.0.2:40000": "another"}

    dask = SimpleNamespace(Client=lambda *_, **__: Client())
    monkeypatch.setattr(engine, "_distributed", lambda: dask)
    with pytest.raises(DefinitionError, match="another program") as refused, engine.at("tls://10.0.0.1:8786"):
        pass
    assert "10.0.0.2" in str(refused.value)


def test_where_work_is_done_is_an_option_of_every_verb_that_works_on_many_files_and_one_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RINGFENCE_CLUSTER", "local:many")
    for verb in (["run"], ["load", "--tables", "x"], ["payments", "x", "--out", "y"], ["evaluate", "--tables", "x"],
                 ["check", "--payments", "x"]):  # fmt: skip
        assert parser().parse_args(verb).cluster == "local:many"
        assert parser().parse_args([*verb, "--cluster", "local:3"]).cluster == "local:3"
    asked = parser().parse_args(["settings"])
    assert any(line.startswith("cluster = 'local:many'") for line in asked.handler(asked).lines)
