"""Suites leave for Great Expectations and come back: what is written opens there and says the same."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from expectations.authoring.import_suite import import_suite
from expectations.gx import adapter
from expectations.gx.export import as_expectations, export
from expectations.records.checks import FAILED, PASSED, Check
from expectations.records.table_frames import LONG, Frames
from expectations.running.check_all import declared_checks, run_checks
from expectations.suite.gx_types import GX_TYPES
from expectations.suite.suite import load_suites
from pipelines.declarations.catalogue import tables
from pipelines.errors import DefinitionError, InputError

GX_ONLY = tuple(check for check in declared_checks() if check.origin == "gx")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    export(declared_checks(), tables(), folder)
    return folder


def stored(folder: Path, table: str) -> list[dict[str, Any]]:
    suite = json.loads((folder / "gx" / "expectations" / f"{table}.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = suite["expectations"]
    return found


def validated(folder: Path, table: str, frame: Any) -> dict[str, list[Any]]:
    """Results by check code, from the library alone: its own file context, its own reading of the suite."""
    gx = adapter.import_gx()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="file", project_root_dir=folder)
    held = gx.get_context(mode="ephemeral")
    held.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = held.data_sources.add_pandas(table).add_dataframe_asset(table)
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = batch.validate(context.suites.get(table), result_format="COMPLETE")
    found: dict[str, list[Any]] = {}
    for item in results.results:
        found.setdefault(item.expectation_config.meta["code"], []).append(item)
    return found


def test_the_export_opens_in_the_library_and_agrees_check_by_check_and_row_by_row(
    exported: Path, embedded_tables: Path
) -> None:
    figures, everything = Frames(embedded_tables), declared_checks()
    disagree: list[str] = []
    compared: dict[str, int] = {}
    failing = 0
    for table in sorted(path.stem for path in (exported / "gx" / "expectations").glob("*.json")):
        if not figures.has(table):
            continue
        codes = {item["meta"]["code"] for item in stored(exported, table)}
        checks = tuple(check for check in everything if check.table == table and check.code in codes)
        frame = figures.arrow(table, whole=True).to_pandas()
        theirs = validated(exported, table, frame)
        for mine in run_checks(checks, figures):
            if mine.outcome not in (PASSED, FAILED):
                continue
            results = theirs[mine.check.code]
            places = [place for item in results for place in item.result.get("unexpected_index_list") or []]
            rows = sorted({str(frame["record_id"].iloc[place]) for place in places})
            outcome = PASSED if all(item.success for item in results) else FAILED
            compared[table] = compared.get(table, 0) + 1
            failing += outcome == FAILED
            ours = sorted({finding.record_id for finding in mine.findings})
            if (outcome, rows) != (mine.outcome, ours):
                disagree.append(f"{mine.check.code}: ours {mine.outcome} {ours[:3]}, theirs {outcome} {rows[:3]}")
    assert not disagree
    assert sum(compared.values()) > 300
    assert set(LONG) <= set(compared), "the tables that we read in part are compared whole as well"
    assert failing > 5


def test_arguments_left_at_their_default_are_written_out(exported: Path) -> None:
    for path in (exported / "gx" / "expectations").glob("*.json"):
        for item in stored(exported, path.stem):
            missing = set(GX_TYPES[item["type"]]) - set(item["kwargs"])
            assert not missing, f"{path.name}: {item['type']} without {missing}"
            assert item["severity"] in ("critical", "warning", "info")


def test_the_library_itself_leaves_defaults_out_which_is_why_we_write_them() -> None:
    gx = adapter.import_gx()
    gx.get_context(mode="ephemeral")
    made = gx.expectations.ExpectColumnValuesToBeBetween(column="a", min_value=0, strict_min=False, mostly=1)
    kwargs = gx.ExpectationSuite("s", expectations=[made]).to_json_dict()["expectations"][0]["kwargs"]
    assert not {"mostly", "strict_max"} & set(kwargs)


def test_every_check_is_exported_or_listed_as_not_exported(exported: Path) -> None:
    written = {item["meta"]["code"] for path in (exported / "gx" / "expectations").glob("*.json")
               for item in stored(exported, path.stem)}  # fmt: skip
    listed = {
        line.split(",")[1] for line in (exported / "not_exported.csv").read_text(encoding="utf-8").splitlines()[1:]
    }
    assert {check.code for check in declared_checks()} == written | listed
    assert not written & listed
    assert {check.code for check in GX_ONLY} <= written


def test_the_same_checks_export_to_the_same_bytes(exported: Path, tmp_path: Path) -> None:
    export(declared_checks(), tables(), tmp_path / "again")
    for path in (exported / "gx" / "expectations").glob("*.json"):
        assert (tmp_path / "again" / "gx" / "expectations" / path.name).read_bytes() == path.read_bytes()


def test_the_exported_context_names_no_page_that_loads_from_elsewhere(exported: Path) -> None:
    assert "data_docs_sites: {}" in (exported / "gx" / "great_expectations.yml").read_text(encoding="utf-8")


def test_a_folder_with_something_else_in_it_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="holds something else"):
        export(GX_ONLY, tables(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_empty_text_is_a_missing_value_there_as_here() -> None:
    table = tables()["rs"]
    check = Check("rs", "STR-X", "value_present", {"column": "authority_code"}, "warning", "quarantine", "")
    assert [kind for kind, _ in as_expectations(check, table)] == [
        "expect_column_values_to_not_be_null",
        "expect_column_value_lengths_to_be_between",
    ]


@pytest.mark.parametrize("table", sorted({check.table for check in GX_ONLY}))
def test_what_is_exported_comes_back_as_the_same_checks(exported: Path, tmp_path: Path, table: str) -> None:
    suite = json.loads((exported / "gx" / "expectations" / f"{table}.json").read_text(encoding="utf-8"))
    suite["expectations"] = [item for item in suite["expectations"] if item["meta"]["origin"] == "gx"]
    path = tmp_path / "suite.json"
    path.write_text(json.dumps(suite), encoding="utf-8")
    text, entries, missing = import_suite(path, tables()[table], ())
    back = load_suites(suites_with(tmp_path, text, table))[table]
    before = [check for check in GX_ONLY if check.table == table]
    assert (entries, missing) == (len(before), 0)
    for one, other in zip(back, before, strict=True):
        named = ("code", "type", "severity", "on_failure", "because", "reference", "added_by", "review_by")
        assert all(getattr(one, name) == getattr(other, name) for name in named)
        assert {name: value for name, value in other.kwargs.items() if value is not False} == one.kwargs


def suites_with(folder: Path, text: str, table: str = "ro3") -> Path:
    """A folder of suites that holds one, beside the file it was made from."""
    suites = folder / "suites"
    suites.mkdir(exist_ok=True)
    (suites / f"{table}.yaml").write_text(text, encoding="utf-8")
    return suites


def suite_file(tmp_path: Path, *entries: dict[str, Any]) -> Path:
    path = tmp_path / "theirs.json"
    path.write_text(json.dumps({"name": "s", "expectations": list(entries)}), encoding="utf-8")
    return path


BETWEEN = {
    "type": "expect_column_values_to_be_between",
    "kwargs": {"column": "employees_gbp_thousand", "min_value": 0, "row_condition": None, "mostly": 1.0},
    "severity": "critical",
    "meta": {},
}


def test_an_imported_check_without_a_reason_is_refused_until_a_person_writes_it(tmp_path: Path) -> None:
    text, entries, missing = import_suite(suite_file(tmp_path, BETWEEN), tables()["ro3"], ())
    assert (entries, missing) == (1, 1)
    suites = suites_with(tmp_path, text)
    with pytest.raises(DefinitionError, match="'because' says too little"):
        load_suites(suites)
    text, _, missing = import_suite(
        suite_file(tmp_path, BETWEEN), tables()["ro3"], (), because="Nobody is paid less than nothing."
    )
    suites = suites_with(tmp_path, text)
    (check,) = load_suites(suites)["ro3"]
    assert (missing, check.code, check.severity, check.on_failure) == (0, "RO3-IMPORTED", "critical", "stop")
    assert check.kwargs == {"column": "employees_gbp_thousand", "min_value": 0}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({**BETWEEN, "type": "expect_column_values_to_be_betwen"}, "expectation 1 has type"),
        ({**BETWEEN, "type": "unexpected_rows_expectation"}, "which suites may not use"),
        ({**BETWEEN, "kwargs": {"column": "a", "row_condition": "b > 0"}}, "Write a domain check with 'where'"),
    ],
)
def test_what_suites_may_not_use_is_refused_with_file_and_number(
    tmp_path: Path, entry: dict[str, Any], said: str
) -> None:
    with pytest.raises(DefinitionError) as caught:
        import_suite(suite_file(tmp_path, entry), tables()["ro3"], ())
    assert "theirs.json" in str(caught.value)
    assert said in str(caught.value)


def test_a_file_that_is_no_suite_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "theirs.json"
    for text in ("{", "[]", "{}", '{"expectations": []}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DefinitionError, match="theirs.json"):
            import_suite(path, tables()["ro3"], ())


def test_an_aggregate_check_that_cannot_mark_rows_becomes_a_report(tmp_path: Path) -> None:
    total = {"type": "expect_column_sum_to_be_between", "severity": "warning",
             "kwargs": {"column": "employees_gbp_thousand", "min_value": 1}}  # fmt: skip
    text, _, _ = import_suite(suite_file(tmp_path, total), tables()["ro3"], (), because="There is always something.")
    suites = suites_with(tmp_path, text)
    assert load_suites(suites)["ro3"][0].on_failure == "report"
