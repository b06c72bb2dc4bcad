"""What checking costs, each figure beside a peer measured in the same minute; the number in brackets is the ratio.

The peer is a plain Great Expectations suite on the same frame, its results complete as ours are. The import of the
library is not in any of these: a run hides it behind the load (`bench_speed.py` measures imports). No test here asserts
a time.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TABLE = "ro3"
MANY_ROWS = 1_000_000
Measure = Callable[..., Any]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the embedded figures, as loaded."""
    from pipelines.load.constant_areas import write_areas
    from pipelines.load.load import EMBEDDED, load

    if not any(EMBEDDED.glob("*.csv")):
        pytest.skip("no embedded figures in data/returns")
    folder = tmp_path_factory.mktemp("figures")
    load(EMBEDDED, folder)
    write_areas(folder)
    return folder


@pytest.fixture
def measure(benchmark: Any) -> Measure:
    def run(work: Callable[[], object], *, rounds: int) -> None:
        benchmark.pedantic(work, rounds=rounds, warmup_rounds=1)

    return run


def gx_checks(table: str) -> tuple[Any, ...]:
    from expectations.running.check_all import declared_checks

    return tuple(check for check in declared_checks() if check.table == table and check.origin == "gx")


def plain_suite(checks: tuple[Any, ...], frame: Any, *, one_by_one: bool = False) -> int:
    """The same expectations with the library as its documentation shows it: the whole frame, a batch, a suite."""
    from expectations.gx.adapter import import_gx

    gx = import_gx()
    context = gx.get_context(mode="ephemeral")
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.expectations.registry import get_expectation_impl

    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("peer").add_dataframe_asset("table")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    wanted = [get_expectation_impl(check.type)(**check.kwargs) for check in checks]
    form = {"result_format": "COMPLETE", "unexpected_index_column_names": ["record_id"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if one_by_one:
            return len([batch.validate(item, result_format=form) for item in wanted])
        return len(batch.validate(gx.ExpectationSuite("peer", expectations=wanted), result_format=form).results)


@pytest.mark.benchmark(
    group="1 the Great Expectations checks of one table (peers: the same suite by itself; one expectation at a time)"
)
class BenchOneTable:
    def test_through_our_adapter(self, measure: Measure, figures: Path) -> None:
        from expectations.gx.adapter import run_gx
        from expectations.records.table_frames import Frames

        checks = gx_checks(TABLE)
        measure(lambda: run_gx(checks, Frames(figures)), rounds=5)

    def test_peer_plain_suite(self, measure: Measure, figures: Path) -> None:
        import pandas as pd

        checks = gx_checks(TABLE)
        measure(lambda: plain_suite(checks, pd.read_parquet(figures / f"{TABLE}.parquet")), rounds=5)

    def test_peer_one_expectation_at_a_time(self, measure: Measure, figures: Path) -> None:
        import pandas as pd

        checks = gx_checks(TABLE)
        measure(lambda: plain_suite(checks, pd.read_parquet(figures / f"{TABLE}.parquet"), one_by_one=True), rounds=5)


@pytest.mark.benchmark(
    group="2 every check on every table of the embedded figures (peer: the Great Expectations checks as plain suites)"
)
class BenchEverything:
    def test_all_checks(self, measure: Measure, figures: Path) -> None:
        from expectations.records.table_frames import Frames
        from expectations.running.check_all import declared_checks, run_checks

        measure(lambda: run_checks(declared_checks(), Frames(figures)), rounds=3)

    def test_peer_plain_suites(self, measure: Measure, figures: Path) -> None:
        import pandas as pd

        from expectations.running.check_all import declared_checks

        names = sorted({check.table for check in declared_checks() if check.origin == "gx"})

        def work() -> None:
            for name in names:
                if (figures / f"{name}.parquet").is_file():
                    plain_suite(gx_checks(name), pd.read_parquet(figures / f"{name}.parquet"))

        measure(work, rounds=3)


@pytest.mark.benchmark(
    group=f"3 a range and a list of words on {MANY_ROWS:,} rows: only failing candidates go to Great Expectations "
    "(peer: a plain suite on all rows)"
)
class BenchManyRows:
    def test_failing_candidates(self, measure: Measure, many: Any) -> None:
        from expectations.gx.adapter import run_gx
        from expectations.gx.candidates import with_candidates
        from expectations.records.table_frames import Frames

        checks, table, declared = many
        measure(lambda: with_candidates(checks, Frames(held={"many": table}, declared=declared), run_gx), rounds=3)

    def test_peer_plain_suite(self, measure: Measure, many: Any) -> None:
        checks, table, _ = many
        measure(lambda: plain_suite(checks, table.to_pandas()), rounds=1)


@pytest.fixture(scope="module")
def many() -> Any:
    """Made-up rows of which one in ten thousand breaks a check."""
    import numpy as np
    import pyarrow as pa

    from expectations.records.checks import Check
    from pipelines.declarations.catalogue import Column, Table

    rng = np.random.default_rng(2011)
    amounts = rng.gamma(2.0, 500.0, MANY_ROWS)
    amounts[rng.integers(0, MANY_ROWS, MANY_ROWS // 10_000)] = -1.0
    words = np.array(["invoice", "credit", "grant"])[rng.integers(0, 3, MANY_ROWS)]
    ids = np.arange(MANY_ROWS).astype(str)
    table = pa.table({"record_id": ids, "amount": amounts, "kind": words})
    columns = (Column("record_id", "string", ""), Column("amount", "float", ""), Column("kind", "string", ""))
    declared = {"many": Table("many", "", "", "core", ("record_id",), columns)}

    def check(code: str, kind: str, **kwargs: Any) -> Check:
        return Check("many", code, kind, kwargs, "warning", "mark", "Because it is measured.", origin="gx")

    checks = (
        check("MANY-RANGE", "expect_column_values_to_be_between", column="amount", min_value=0),
        check(
            "MANY-WORDS", "expect_column_values_to_be_in_set", column="kind", value_set=["invoice", "credit", "grant"]
        ),
        check("MANY-GIVEN", "expect_column_values_to_not_be_null", column="amount"),
    )
    return checks, table, declared
