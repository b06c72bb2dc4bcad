"""One step of a load of payments, ours or a peer's, in a process of its own: what it took is printed as JSON.

In: whose, which step, the folder of made files, the folder of the ledger and one for peers' files. Out: rows, seconds
of processor without imports, and the most memory since the program began. One thread each.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

NHS = ("nhs_commissioner", "nhs_trust")
SURE = 0.75
GIVEN, OUT, PEERS = Path(), Path(), Path()


def files() -> list[Path]:
    return sorted(GIVEN.rglob("*.csv"))


def rows_kept() -> int:
    import pyarrow.parquet as pq

    return sum(pq.read_table(OUT / "payment_file.parquet", columns=["rows_kept"])["rows_kept"].to_pylist())


def ours_read() -> Callable[[], Any]:
    import pandas  # noqa: F401
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401

    from pipelines.payments.file.payees import resolve
    from pipelines.payments.ledger.stage import stage

    (OUT / "staged").mkdir(parents=True, exist_ok=True)
    for name in ("London Borough of Camden", "NHS Devon CCG"):
        resolve(name)  # the references are read once per process, not per file

    def work() -> int:
        records = [Path(stage(path, GIVEN, OUT / "staged")) for path in files()]
        return sum(json.loads(record.read_text(encoding="utf-8"))["record"]["rows_kept"] for record in records)

    return work


def ours_ledger() -> Callable[[], Any]:
    import pandas  # noqa: F401
    import pyarrow.dataset  # noqa: F401

    from pipelines.payments.ledger import put_in_place
    from pipelines.payments.ledger.ledger import write_ledger
    from pipelines.payments.ledger.stage import record_of

    def work() -> int:
        making = put_in_place.begin(OUT)
        write_ledger([record_of(path, GIVEN, OUT / "staged") for path in files()], making)
        put_in_place.end(OUT)
        return rows_kept()

    return work


def ours_trace() -> Callable[[], Any]:
    import pandas  # noqa: F401
    import pyarrow.dataset  # noqa: F401

    from pipelines.payments.flow.flow import write_flow

    def work() -> tuple[int, str]:
        traced = write_flow(OUT, GIVEN)
        regular = int((traced["repeat_months"].to_numpy() > 2).sum())
        return rows_kept(), f"{traced.num_rows:,} payments, {regular:,} regular"

    return work


def ours_check() -> Callable[[], Any]:
    from expectations.gx.adapter import run_gx  # noqa: F401 - the import of the library is no part of it
    from expectations.running.check_payments import payment_checks, run_payments

    checks = payment_checks()

    def work() -> tuple[int, str]:
        outcomes = [item.outcome for item in run_payments(checks, OUT)]
        return rows_kept(), ", ".join(f"{outcomes.count(name)} {name}" for name in sorted(set(outcomes)))

    return work


def ours_sum() -> Callable[[], Any]:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    pa.set_cpu_count(1)
    names = ("body_type", "body_name", "financial_year")
    data: Any = ds.dataset(
        OUT / "payment", partitioning=ds.partitioning(pa.schema([(name, pa.string()) for name in names]), flavor="hive")
    )

    def work() -> int:
        sums, rows = dict[Any, float](), 0
        for file in data.get_fragments():
            key = tuple(ds.get_partition_keys(file.partition_expression).items())
            for batch in file.to_batches(columns=["amount_gbp"]):
                sums[key] = sums.get(key, 0.0) + pc.sum(batch.column(0)).as_py()
                rows += batch.num_rows
        return rows

    return work


def arrow_read() -> Callable[[], Any]:
    import pyarrow as pa
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    def work() -> int:
        rows = 0
        for path in files():
            with path.open(encoding="latin-1") as stream:
                names = [str(at) for at in range(stream.readline().count(",") + 1)]
            reading = pc.ReadOptions(encoding="latin-1", use_threads=False, block_size=1 << 23, column_names=names)
            text = pc.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
            with pc.open_csv(path, reading, convert_options=text) as batches, pq.ParquetWriter(
                PEERS / "peer.parquet", batches.schema, compression="zstd", compression_level=1
            ) as writer:  # fmt: skip
                for batch in batches:
                    writer.write_batch(batch)
                    rows += batch.num_rows
        return rows

    return work


def pandas_read() -> Callable[[], Any]:
    import pandas as pd

    def work() -> int:
        rows = 0
        for path in files():
            frame = pd.read_csv(path, encoding="latin-1", dtype=str)
            frame.to_parquet(PEERS / "peer.parquet", compression="zstd")
            rows += len(frame)
        return rows

    return work


def _asked(query: str) -> list[Any]:
    import duckdb

    base = duckdb.connect()
    base.execute("set threads = 1")
    ledger = f"read_parquet('{OUT}/payment/**/*.parquet', hive_partitioning = true)"
    return base.execute(query.replace("LEDGER", ledger)).fetchall()


def duckdb_read() -> Callable[[], Any]:
    import duckdb  # noqa: F401

    return lambda: sum(
        _asked(f"copy (from read_csv('{path}', all_varchar = true, header = true, encoding = 'latin-1')) "
               f"to '{PEERS}/peer.parquet' (compression zstd)")[0][0] for path in files()
    )  # fmt: skip


def duckdb_sum() -> Callable[[], Any]:
    import duckdb  # noqa: F401

    query = "select body_name, financial_year, sum(amount_gbp), count(*) from LEDGER group by 1, 2"
    return lambda: sum(row[3] for row in _asked(query))


def duckdb_check() -> Callable[[], Any]:
    import duckdb  # noqa: F401

    return lambda: _asked(
        """select count(*), count(distinct record_id), count(*) filter (coalesce(supplier_raw, '') = ''),
        count(*) filter (amount_gbp is null or abs(amount_gbp) > 1e9 or amount_gbp = 0), max(source_row),
        count(*) filter (not regexp_full_match(date, '[0-9]{4}-[0-9]{2}-[0-9]{2}')),
        count(*) filter (not regexp_full_match(period, '[0-9]{4}-[0-9]{2}')),
        count(*) filter (regexp_full_match(supplier_raw, '[0-9 ]+')),
        count(*) filter (supplier_match_score not between 0 and 1) from LEDGER"""
    )[0][0]


def duckdb_trace() -> Callable[[], Any]:
    import duckdb  # noqa: F401

    query = f"""with both_sides as (from LEDGER where supplier_match_score >= {SURE} and
        ((body_type in {NHS} and supplier_kind = 'council') or (body_type = 'council' and supplier_kind in {NHS})))
        select record_id, body_name, supplier_raw, expense_area, expense_type, purpose, date, amount_gbp, source_file,
        count(distinct period) over (partition by body_name, supplier_org_name, amount_gbp) as months from both_sides
        order by record_id"""  # noqa: S608 - constants of this module

    def work() -> tuple[int, str]:
        found = _asked(query)
        return rows_kept(), f"{len(found):,} payments, {sum(row[-1] > 2 for row in found):,} regular"

    return work


def _frame(*columns: str) -> Any:
    import pandas as pd

    return pd.read_parquet(OUT / "payment", columns=list(columns))


def pandas_sum() -> Callable[[], Any]:
    import pandas  # noqa: F401

    def work() -> int:
        frame = _frame("body_name", "financial_year", "amount_gbp")
        frame.groupby(["body_name", "financial_year"], observed=True)["amount_gbp"].sum()
        return len(frame)

    return work


def pandas_check() -> Callable[[], Any]:
    import pandas  # noqa: F401

    def work() -> int:
        frame = _frame(
            "record_id", "supplier_raw", "amount_gbp", "date", "period", "source_row", "supplier_match_score"
        )
        payee, pounds = frame["supplier_raw"], frame["amount_gbp"]
        _counts = (
            frame["record_id"].nunique(), (payee.fillna("") == "").sum(), payee.str.fullmatch("[0-9 ]+").sum(),
            (pounds.isna() | (pounds == 0) | (pounds.abs() > 1e9)).sum(), frame["source_row"].max(),
            (~frame["date"].str.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}")).sum(),
            (~frame["period"].str.fullmatch("[0-9]{4}-[0-9]{2}")).sum(),
            (~frame["supplier_match_score"].between(0, 1)).sum(),
        )  # fmt: skip
        return len(frame)

    return work


def pandas_trace() -> Callable[[], Any]:
    import pandas  # noqa: F401

    def work() -> tuple[int, str]:
        frame = _frame("record_id", "body_type", "body_name", "supplier_kind", "supplier_org_name", "supplier_raw",
                       "supplier_match_score", "amount_gbp", "period")  # fmt: skip
        ours, theirs = frame["body_type"], frame["supplier_kind"]
        way = (ours.isin(NHS) & (theirs == "council")) | ((ours == "council") & theirs.isin(NHS))
        held = frame[way & (frame["supplier_match_score"] >= SURE)].sort_values("record_id")
        same = held.groupby(["body_name", "supplier_org_name", "amount_gbp"], observed=True)["period"]
        return len(frame), f"{len(held):,} payments, {int((same.transform('nunique') > 2).sum()):,} regular"

    return work


def main(who: str, step: str) -> None:
    """Prepare the work, do it, and print what it took."""
    work = globals()[f"{who}_{step}"]()
    began = time.process_time()
    made = work()
    seconds = time.process_time() - began
    rows, more = made if isinstance(made, tuple) else (made, "")
    # ru_maxrss would count what the parent held when it forked.
    peak = re.search(r"VmHWM:\s+([0-9]+)", Path("/proc/self/status").read_text(encoding="ascii"))
    told = {"rows": rows, "seconds": round(seconds, 2), "rows_a_second": round(rows / max(seconds, 0.01)),
            "peak_mb": int(peak[1]) // 1024 if peak else 0, "more": more}  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    GIVEN, OUT, PEERS = map(Path, sys.argv[3:])
    main(sys.argv[1], sys.argv[2])
