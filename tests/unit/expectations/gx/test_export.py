"""Checks leave for Great Expectations as a project that it runs alone, and come back: both say the same of each."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from expectations.authoring.import_suite import import_suite
from expectations.gx import adapter
from expectations.gx import export as exporting
from expectations.gx.export import Exported, export
from expectations.gx.natively import as_expectations
from expectations.gx.prepared import BREAKS, FITS, WHOLE, results_table
from expectations.records.checks import ERRORED, FAILED, NOT_RUN, PASSED, Check, Finding, Outcome
from expectations.records.table_frames import LONG, Frames
from expectations.running.check_all import declared_checks, run_checks
from expectations.suite.gx_types import GX_TYPES
from expectations.suite.suite import load_suites
from pipelines.declarations.catalogue import tables
from pipelines.errors import DefinitionError, InputError
from pipelines.payments.load.load_payments import load_payments

GX_ONLY = tuple(check for check in declared_checks() if check.origin == "gx")
ALONE = """
import json, runpy, socket, sys

class Shut:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"audit", "expectations", "pipelines", "reports", "ringfence"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Shut())
tried = []
def asked(name, known):
    def look(*arguments, **named):
        tried.append([name, repr(arguments)])
        raise OSError("no network in a test")
    return look
socket.getaddrinfo = asked("getaddrinfo", None)
socket.socket.connect = asked("connect", None)
socket.create_connection = asked("create_connection", None)
code = 0
try:
    runpy.run_path(sys.argv[1], run_name="__main__")
except SystemExit as ended:
    code = ended.code
ours = [name for name in sys.modules if name.split(".")[0] in {"audit", "expectations", "pipelines", "reports"}]
print(json.dumps({"tried": tried, "ours": ours, "code": int(code or 0)}))
"""


@pytest.fixture(scope="module")
def outcomes(embedded_tables: Path) -> tuple[Outcome, ...]:
    return run_checks(declared_checks(), Frames(embedded_tables))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, embedded_tables: Path, outcomes: tuple[Outcome, ...]) -> Path:
    folder = tmp_path_factory.mktemp("export") / "project"
    export(outcomes, Frames(embedded_tables), folder)
    return folder


def run_alone(project: Path, elsewhere: Path) -> dict[str, Any]:
    """What the exported script did in a process that knows the library and nothing of ours, and no network."""
    (elsewhere / "alone.py").write_text(ALONE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-P", "alone.py", str(project / "run_in_gx.py")], cwd=elsewhere,
        env={"PATH": "", "HOME": str(elsewhere)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told | {"said": done.stdout.splitlines()[:-1]}


def results(project: Path) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """What the library stored of its run: suite and result by the code of a check."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for path in (project / "gx" / "uncommitted" / "validations").rglob("*.json"):
        stored = json.loads(path.read_text(encoding="utf-8"))
        for item in stored["results"]:
            found.setdefault(item["expectation_config"]["meta"]["code"], []).append((stored["suite_name"], item))
    return found


def stored(folder: Path, table: str) -> list[dict[str, Any]]:
    suite = json.loads((folder / "gx" / "expectations" / f"{table}.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = suite["expectations"]
    return found


def listed(folder: Path) -> list[dict[str, str]]:
    with (folder / "checks.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def records(project: Path, suite: str) -> list[str]:
    """Record ids of the table a suite is of, in its order; of a table without them the number of the row."""
    name = suite.removesuffix("_results")
    held = pq.read_table(project / ("tables" if name == suite else "results") / f"{name}.parquet")
    return held.column("record_id").to_pylist() if "record_id" in held.column_names else []


def test_the_library_alone_runs_the_project_to_the_end_and_agrees_check_by_check_and_row_by_row(
    exported: Path, outcomes: tuple[Outcome, ...], tmp_path: Path
) -> None:
    told = run_alone(exported, tmp_path)
    assert told["tried"] == [] and told["ours"] == []
    theirs, ids, disagree, failing = results(exported), dict[str, list[str]](), list[str](), 0
    for mine in (item for item in outcomes if item.outcome != NOT_RUN):
        found = theirs.pop(mine.check.code)
        there = PASSED if all(item["success"] for _, item in found) else FAILED
        number = sum(item["result"].get("unexpected_count") or 0 for _, item in found)
        whole = mine.outcome == FAILED and not mine.findings and any("_results" in suite for suite, _ in found)
        failing += there == FAILED
        if (there, number) != (mine.outcome, mine.rows_failed + whole):
            disagree.append(f"{mine.check.code}: {mine.outcome} {mine.rows_failed}, theirs {there} {number}")
        for suite, item in found:
            ids.setdefault(suite, records(exported, suite))
            rows = [ids[suite][place] for place in item["result"].get("unexpected_index_list") or () if ids[suite]]
            if rows and not whole and not set(rows) <= {finding.record_id for finding in mine.findings}:
                disagree.append(f"{mine.check.code}: theirs names {rows[:3]}")
    assert not disagree
    assert not theirs, "nothing is checked there that is not declared here"
    assert failing > 20
    assert set(LONG) <= set(ids), "the tables that we read in part are checked whole there"
    assert len(told["said"]) == failing + 1 and told["said"][-1].endswith(f": {failing} failed")
    assert told["code"] == 0, "no critical check fails on the embedded figures"


def test_rows_judged_are_as_many_there_as_here_where_a_check_names_them(
    exported: Path, outcomes: tuple[Outcome, ...]
) -> None:
    wrong: list[str] = []
    named = 0
    for mine in outcomes:
        judged = [str(record) for record in mine.judged]
        if mine.outcome == NOT_RUN or not judged:
            continue
        column = pq.read_table(exported / "results" / f"{mine.check.table}.parquet", columns=[mine.check.code])
        said = [value for value in column.column(0).to_pylist() if value]
        named += 1
        if not len(judged) == len(said) == mine.rows_seen:
            wrong.append(f"{mine.check.code}: {mine.rows_seen} seen, {len(judged)} named, {len(said)} there")
    assert not wrong
    assert named > 100


def test_every_argument_of_a_check_is_written_also_at_its_default(exported: Path) -> None:
    for path in (exported / "gx" / "expectations").glob("*.json"):
        for item in stored(exported, path.stem):
            missing = set(GX_TYPES.get(item["type"], ())) - set(item["kwargs"])
            assert not missing, f"{path.name}: {item['type']} without {missing}"
            assert item["severity"] in ("critical", "warning", "info")


def test_the_library_itself_leaves_defaults_out_which_is_why_we_write_them() -> None:
    gx = adapter.import_gx()
    gx.get_context(mode="ephemeral")
    made = gx.expectations.ExpectColumnValuesToBeBetween(column="a", min_value=0, strict_min=False, mostly=1)
    kwargs = gx.ExpectationSuite("s", expectations=[made]).to_json_dict()["expectations"][0]["kwargs"]
    assert not {"mostly", "strict_max"} & set(kwargs)


def test_every_declared_check_is_in_the_project_or_named_with_the_reason(
    exported: Path, outcomes: tuple[Outcome, ...]
) -> None:
    lines = listed(exported)
    assert [line["code"] for line in lines] == [item.check.code for item in outcomes]
    written = {item["meta"]["code"] for path in (exported / "gx" / "expectations").glob("*.json")
               for item in stored(exported, path.stem)}  # fmt: skip
    left = {line["code"]: line["note"] for line in lines if line["checked_on"] == "left out"}
    assert {check.code for check in declared_checks()} == written | set(left)
    assert not written & set(left)
    assert left == {item.check.code: item.detail for item in outcomes if item.outcome == NOT_RUN}
    assert all("was not loaded in this run" in reason for reason in left.values())
    assert {check.table for check in declared_checks() if check.code in left} == {
        "payment", "payment_file", "payment_quarantine"
    }  # fmt: skip


def test_the_same_checks_on_the_same_tables_export_to_the_same_bytes(
    embedded_tables: Path, outcomes: tuple[Outcome, ...], tmp_path: Path
) -> None:
    made: list[dict[str, bytes]] = []
    few = [item for item in outcomes if item.check.table in ("ro3", "bcf_income", "payment")]
    for name in ("one", "two"):
        export(few, Frames(embedded_tables), tmp_path / name)
        found = {path.relative_to(tmp_path / name).as_posix(): path.read_bytes()
                 for path in (tmp_path / name).rglob("*") if path.is_file()}  # fmt: skip
        made.append(found)
    assert made[0] == made[1]
    assert "tables/ro3.parquet" in made[0]


def test_statistics_are_off_and_the_readme_says_what_the_pages_load(exported: Path) -> None:
    assert "analytics_enabled: false" in (exported / "gx" / "great_expectations.yml").read_text(encoding="utf-8")
    script = (exported / "run_in_gx.py").read_text(encoding="utf-8")
    assert script.index("GX_ANALYTICS_ENABLED") < script.index("import great_expectations")
    readme = (exported / "README.md").read_text(encoding="utf-8")
    assert "CDNs" in readme
    assert "79 left out, as checks.csv says: 36 because the ledger of payments was not loaded in this run," in readme


def test_a_folder_with_something_else_in_it_is_not_written_to(embedded_tables: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="holds something else: 'letter.txt'"):
        export((), Frames(embedded_tables), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_exporting_again_replaces_the_project_and_keeps_what_the_library_stored(
    embedded_tables: Path, outcomes: tuple[Outcome, ...], tmp_path: Path
) -> None:
    project = tmp_path / "project"
    export([item for item in outcomes if item.check.table == "ro3"], Frames(embedded_tables), project)
    kept = project / "gx" / "uncommitted" / "validations" / "earlier.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("{}", encoding="utf-8")
    export([item for item in outcomes if item.check.table == "deflator"], Frames(embedded_tables), project)
    assert kept.read_text(encoding="utf-8") == "{}"
    assert sorted(path.name for path in (project / "tables").iterdir()) == ["deflator.parquet"]
    assert not (project / "gx" / "expectations" / "ro3.json").exists()


def outcome(kind: str, findings: tuple[str, ...] = (), judged: tuple[str, ...] = (), code: str = "A-B") -> Outcome:
    check = Check("ro3", code, "sum_as_published", {}, "warning", "mark", "Because it is a test.")
    return Outcome(check, kind, len(judged), findings=tuple(Finding(record) for record in findings), judged=judged)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (outcome(PASSED, judged=("r1", "r2")), {"r1": FITS, "r2": FITS}),
        (outcome(FAILED, ("r2",), ("r1", "r2")), {"r1": FITS, "r2": BREAKS}),
        (outcome(FAILED, ("absent",)), {"absent": BREAKS}),
        (outcome(FAILED, (), ("r1", "r2")), {WHOLE: BREAKS}),
        (outcome(ERRORED), {WHOLE: BREAKS}),
        (outcome(PASSED), {WHOLE: FITS}),
    ],
)
def test_a_prepared_column_fails_exactly_where_the_check_does(made: Outcome, said: dict[str, str]) -> None:
    table = results_table([made])
    assert dict(zip(*(table.column(name).to_pylist() for name in ("record_id", "A-B")), strict=True)) == said


def test_a_record_that_one_check_judged_and_another_did_not_has_no_word_of_the_other() -> None:
    table = results_table([outcome(PASSED, judged=("r1",)), outcome(PASSED, judged=("r2",), code="A-C")])
    assert table.to_pydict() == {"record_id": ["r1", "r2"], "A-B": [FITS, None], "A-C": [None, FITS]}


def test_a_table_too_large_to_copy_and_a_check_that_errored_are_exported_as_prepared_results(
    embedded_tables: Path, outcomes: tuple[Outcome, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 1000)
    few = [item for item in outcomes if item.check.table in ("ro3", "deflator")]
    errored = next(item for item in few if item.check.table == "deflator" and item.check.type == "value_present")
    few = [Outcome(item.check, ERRORED, detail="it raised") if item is errored else item for item in few]
    made = export(few, Frames(embedded_tables), tmp_path / "project")
    where = {line["code"]: line["checked_on"] for line in listed(tmp_path / "project")}
    assert {where[item.check.code] for item in few if item.check.table == "ro3"} == {"prepared results"}
    assert where[errored.check.code] == "prepared results"
    assert [path.name for path in (tmp_path / "project" / "tables").iterdir()] == ["deflator.parquet"]
    assert made.left_out == {}


def test_the_ledger_of_payments_leaves_as_one_table(tmp_path: Path) -> None:
    paid = tmp_path / "in" / "NHS Bolton CCG" / "2020-04.csv"
    paid.parent.mkdir(parents=True)
    lines = [f"NHS Bolton CCG,{1 + row % 28:02d}/04/2020,Services,REABLEMENT,MADEHAM COUNCIL,{row:04d},{100 + row}\n"
             for row in range(40)]  # fmt: skip
    head = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
    paid.write_text(head + "".join(lines), encoding="utf-8")
    load_payments(tmp_path / "in", tmp_path / "out")
    frames = Frames(tmp_path / "out")
    checks = tuple(check for check in declared_checks() if check.table.startswith("payment"))
    outcomes = run_checks(checks, frames)
    made = export(outcomes, frames, tmp_path / "project")
    assert pq.read_table(tmp_path / "project" / "tables" / "payment.parquet").num_rows == 40
    where = {line["code"]: line["checked_on"] for line in listed(tmp_path / "project")}
    assert where["PAYR-SIZE"] == "table"
    assert where["PAYF-ACCOUNT"] == "prepared results"
    assert "left out" not in {where[item.check.code] for item in outcomes if item.outcome != NOT_RUN}
    assert set(made.left_out) <= {item.detail for item in outcomes}


def test_the_counts_are_said_in_words() -> None:
    made = Exported({"table": 3, "prepared results": 1, "table and prepared results": 1, "left out": 2},
                    {"table 'ro4' was not loaded in this run": 2})  # fmt: skip
    told = "5 of 7 checks exported: 3 on the tables, 2 on prepared results; 2 left out"
    assert made.sentence == f"{told}, as checks.csv says: 2 because table 'ro4' was not loaded in this run."
    assert (
        Exported({"table": 3}, {}).sentence
        == "3 of 3 checks exported: 3 on the tables, 0 on prepared results; 0 left out."
    )


def test_empty_text_is_a_missing_value_there_as_here() -> None:
    table = tables()["rs"]
    check = Check("rs", "STR-X", "value_present", {"column": "authority_code"}, "warning", "quarantine", "")
    assert [kind for kind, _ in as_expectations(check, table)] == [
        "expect_column_values_to_not_be_null",
        "expect_column_value_lengths_to_be_between",
    ]


def comes_back(exported: Path, tmp_path: Path, suite: str, origin: str) -> None:
    table = suite.removesuffix("_results")
    before = {item.code: item for item in declared_checks() if (item.table, item.origin) == (table, origin)}
    if not before:
        return
    made = import_suite(exported / "gx" / "expectations" / f"{suite}.json", tables()[table], ())
    back = {item.code: item for item in load_suites(suites_with(tmp_path, made.text, table))[table]}
    assert (made.entries, made.without_reason, set(back)) == (len(before), 0, set(before))
    named = ("type", "severity", "on_failure", "because", "reference", "added_by", "review_by")
    for code, other in before.items():
        assert all(getattr(back[code], name) == getattr(other, name) for name in named)
        given = {name: value for name, value in other.kwargs.items() if value is not False or origin == "domain"}
        assert back[code].kwargs == given


OURS = {check.table for check in declared_checks() if check.origin != "structural"}
IMPORTED = sorted(OURS - {"payment", "payment_file"})


@pytest.mark.parametrize("table", IMPORTED)
def test_what_is_exported_comes_back_as_the_same_checks(exported: Path, tmp_path: Path, table: str) -> None:
    comes_back(exported, tmp_path, table, "gx")
    comes_back(exported, tmp_path, f"{table}_results", "domain")


def test_what_follows_from_the_declaration_is_counted_and_not_brought_back(exported: Path) -> None:
    made = import_suite(exported / "gx" / "expectations" / "deflator.json", tables()["deflator"], ())
    structural = [item for item in stored(exported, "deflator") if item["meta"]["origin"] == "structural"]
    assert made.derived == len(structural) > 5
    assert f"left out as following from the table's declaration: {made.derived}" in made.sentence


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
    made = import_suite(suite_file(tmp_path, BETWEEN), tables()["ro3"], ())
    assert (made.entries, made.without_reason) == (1, 1)
    suites = suites_with(tmp_path, made.text)
    with pytest.raises(DefinitionError, match="'because' says too little"):
        load_suites(suites)
    made = import_suite(suite_file(tmp_path, BETWEEN), tables()["ro3"], (), because="Nobody is paid less than nothing.")
    suites = suites_with(tmp_path, made.text)
    (check,) = load_suites(suites)["ro3"]
    assert (made.without_reason, check.code, check.severity, check.on_failure) == (
        0,
        "RO3-IMPORTED",
        "critical",
        "stop",
    )
    assert check.kwargs == {"column": "employees_gbp_thousand", "min_value": 0}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({**BETWEEN, "type": "expect_column_values_to_be_betwen"}, "perhaps expect_column_values_to_be_between"),
        ({**BETWEEN, "type": "unexpected_rows_expectation"}, "is not taken: it asks a database"),
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


def test_all_that_may_not_be_used_is_told_at_once(tmp_path: Path) -> None:
    wrong = [{**BETWEEN, "type": kind} for kind in ("expect_column_to_exist", "expect_column_values_to_be_increasing")]
    with pytest.raises(DefinitionError) as caught:
        import_suite(suite_file(tmp_path, *wrong, BETWEEN), tables()["ro3"], ())
    assert "expectation 1: Great Expectations' type 'expect_column_to_exist' is not taken" in str(caught.value)
    assert "\nalso: theirs.json: expectation 2: Great Expectations' type" in str(caught.value)


def test_a_file_that_is_no_suite_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "theirs.json"
    for text in ("{", "[]", "{}", '{"expectations": []}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DefinitionError, match="theirs.json"):
            import_suite(path, tables()["ro3"], ())


def test_an_aggregate_check_that_cannot_mark_rows_becomes_a_report(tmp_path: Path) -> None:
    total = {"type": "expect_column_sum_to_be_between", "severity": "warning",
             "kwargs": {"column": "employees_gbp_thousand", "min_value": 1}}  # fmt: skip
    made = import_suite(suite_file(tmp_path, total), tables()["ro3"], (), because="There is always something.")
    suites = suites_with(tmp_path, made.text)
    assert load_suites(suites)["ro3"][0].on_failure == "report"
