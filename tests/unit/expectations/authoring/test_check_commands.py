"""What a data team types: show failing rows, begin a check, have some proposed. Messages say file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit.commands.cli import main
from expectations.suite import suite as suite_module
from expectations.suite.custom_checks import CUSTOM_TYPES
from expectations.suite.gx_types import GX_TYPES
from expectations.suite.suite import SUITES, load_suites
from expectations.suite.yaml_entry import TO_WRITE
from pipelines.declarations.parquet import read_table, write_table
from pipelines.load.generation import record

ROWS = 60


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    numbers = list(range(ROWS))
    gross = [1000.0 + 10 * number for number in numbers]
    charges = [100.0 + number for number in numbers]
    net = [total - charge for total, charge in zip(gross, charges, strict=True)]
    net[3] -= 55.0
    write_table(
        "ro3",
        {
            "record_id": [f"ro3/2012-13/E{number:04d}" for number in numbers],
            "financial_year": ["2012-13"] * ROWS,
            "authority_code": [f"E{number:04d}" for number in numbers],
            "client_group": ["older_people"] * ROWS,
            "area_code": [f"A{number}" for number in numbers],
            "release": [""] * ROWS,
            "file_sha256": ["f"] * ROWS,
            "total_expenditure_gbp_thousand": gross,
            "sales_fees_charges_gbp_thousand": charges,
            "total_income_gbp_thousand": charges,
            "net_current_expenditure_gbp_thousand": net,
        },
        folder,
    )
    ledger = {
        "table": ["ro3"], "record_id": ["ro3/2012-13/E0003"], "column": ["net_current_expenditure_gbp_thousand"],
        "file_sha256": ["f"], "sheet": ["RO3 LA Data"], "row": [12], "cell": ["J12"],
    }  # fmt: skip
    write_table("ledger", ledger, folder)
    write_table("source_file", {"file_sha256": ["f"], "file_name": ["ro3.xls"]}, folder)
    record(folder)
    return folder


@pytest.fixture
def own_suites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of suites that a command may write to."""
    import expectations.authoring.show_failures
    import expectations.running.check_all

    folder = shutil.copytree(SUITES, tmp_path / "suites")
    monkeypatch.setattr(suite_module, "SUITES", folder)
    monkeypatch.setattr(expectations.running.check_all, "SUITES", folder)
    monkeypatch.setattr(expectations.authoring.show_failures, "SUITES", folder)
    monkeypatch.setattr(expectations.running.check_all.declared_checks, "__defaults__", (folder,))
    return folder


def ringfence(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


def test_the_rows_that_would_fail_are_shown_as_a_table_and_nothing_is_written(
    tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in tables.iterdir()}
    assert ringfence("check", "--tables", tables, "--table", "ro3", "--only", "RO3-NET") == 0
    said = capsys.readouterr().out
    assert "RO3-NET: failed, warning; 1 of 60 rows; the rows would be set aside" in said
    (line,) = [line for line in said.splitlines() if "ro3/2012-13/E0003" in line]
    assert line.split() == ["ro3/2012-13/E0003", "A3", "2012-13", "net_current_expenditure_gbp_thousand",
                            "872", "927", "-55"]  # fmt: skip
    assert {path.name: path.read_bytes() for path in tables.iterdir()} == before


def test_explain_says_the_rule_the_reason_the_place_and_the_cell(
    tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ringfence("check", "--tables", tables, "--table", "ro3", "--only", "RO3-NET", "--explain") == 0
    said = capsys.readouterr().out
    assert "because    Gross spending less income is net current expenditure" in said
    assert "columns_add_up" in said
    assert "suites/ro3.yaml, line" in said
    assert "ro3.xls RO3 LA Data J12" in said


def test_a_check_whose_review_is_overdue_is_named(
    own_suites: Path, tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = own_suites / "ro3.yaml"
    head, code, rest = path.read_text(encoding="utf-8").partition("- code: RO3-NET\n")
    path.write_text(head + code + rest.replace("'2027-03'", "'2020-03'", 1), encoding="utf-8")
    assert ringfence("check", "--tables", tables, "--table", "ro3", "--only", "RO3-NET") == 0
    assert "1 check is overdue for review: RO3-NET (by 2020-03). Look at each again" in capsys.readouterr().out
    ringfence("check", "--tables", tables)
    assert "1 check is overdue for review: RO3-NET (by 2020-03)." in capsys.readouterr().err


def test_without_only_every_check_of_the_table_is_run(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ringfence("check", "--tables", tables, "--table", "ro3") == 0
    said = capsys.readouterr().out
    declared = len([check for checks in load_suites().values() for check in checks if check.table == "ro3"])
    number = int(said.splitlines()[-1].split(" checks:")[0])
    assert number > declared


def test_failing_rows_beyond_the_limit_are_counted(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = read_table(tables, "ro3").assign(net_current_expenditure_gbp_thousand=0.0)
    write_table("ro3", frame, tables)
    record(tables)
    ringfence("check", "--tables", tables, "--table", "ro3", "--only", "RO3-NET", "--limit", "5")
    assert "and 55 more (--limit 60 shows them)" in capsys.readouterr().out


def test_a_check_that_raises_is_errored_and_ends_with_12(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pq.read_table(tables / "ro3.parquet")
    place = table.column_names.index("total_income_gbp_thousand")
    texts = table.column(place).cast("string").to_pylist()
    import pyarrow as pa

    pq.write_table(table.set_column(place, "total_income_gbp_thousand", pa.array([*texts[:-1], "many"])),
                   tables / "ro3.parquet")  # fmt: skip
    record(tables)
    assert ringfence("check", "--tables", tables, "--table", "ro3", "--only", "RO3-NET") == 12
    assert "errored" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("check", "--table", "ro4"), 10, "'ro4' is not a declared table"),
        (("check", "--table", "ro3", "--only", "RO3-NETT"), 10, "perhaps RO3-NET"),
        (("check",), 10, "give --tables for all checks, or --table for one table"),
        (("scaffold", "check", "ro4"), 10, "perhaps ro3"),
        (("expectations", "import", "nowhere.json", "--table", "ro3"), 10, "nowhere.json: not readable as JSON"),
        (("quarantine", "list", "--tables", "nowhere"), 11, "no table quarantine in it"),
        (("check", "--tables", "nowhere", "--table", "ro3"), 11, "no tables in it"),
        (("check", "--tables", "nowhere"), 11, "no tables in it"),
    ],
)
def test_what_cannot_be_done_says_why_and_ends_with_its_code(
    arguments: tuple[str, ...], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ringfence(*arguments) == code
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- code: [\n", "suites/ro3.yaml, line 2: not valid YAML"),
        ("- code: RO3-X\n  tpe: sum_between\n", "suites/ro3.yaml, line 2: unknown key 'tpe'"),
        ("{entry}".replace("{entry}", ""), "suites/ro3.yaml: the suite is empty"),
    ],
)
def test_a_malformed_suite_ends_every_command_with_10_and_file_and_line(
    own_suites: Path, tables: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_suites / "ro3.yaml").write_text(text, encoding="utf-8")
    before = {path.name: path.read_bytes() for path in tables.iterdir()}
    for command in (("check", "--tables", tables, "--table", "ro3"), ("check", "--tables", tables)):
        assert ringfence(*command) == 10
        assert said in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in tables.iterdir()} == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("column: employees_gbp_thousand", "column: employes_gbp_thousand", "names column 'employes_gbp_thousand'"),
        ("min_value: 0", "min_value: nought", "argument 'min_value' should be a number"),
        ("expect_column_values_to_be_between", "expect_column_values_to_be_betwixt", "unknown type"),
        (TO_WRITE, "x", "'because' says too little"),
    ],
)
def test_a_scaffolded_entry_is_refused_with_file_and_line_until_it_is_right(
    own_suites: Path, tables: Path, old: str, new: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ringfence("scaffold", "check", "ro3", "--write") == 0
    assert "until then the suite is refused" in capsys.readouterr().out
    path = own_suites / "ro3.yaml"
    text = path.read_text(encoding="utf-8")
    assert ringfence("check", "--tables", tables, "--table", "ro3") == 10
    assert "'because' says too little" in capsys.readouterr().err
    written = text.replace(TO_WRITE, "Nobody is paid less than nothing.")
    path.write_text(written, encoding="utf-8")
    assert ringfence("check", "--tables", tables, "--table", "ro3", "--only", "RO3-NEW") == 0
    head, _, entry = (text if old == TO_WRITE else written).rpartition("- code: RO3-NEW")
    path.write_text(head + "- code: RO3-NEW" + entry.replace(old, new, 1), encoding="utf-8")
    assert ringfence("check", "--tables", tables, "--table", "ro3") == 10
    message = capsys.readouterr().err
    assert said in message
    assert "suites/ro3.yaml, line " in message


def test_a_scaffold_explains_every_key_and_takes_a_code_nobody_has(capsys: pytest.CaptureFixture[str]) -> None:
    assert ringfence("scaffold", "check", "ro3") == 0
    said = capsys.readouterr().out
    for key in ("type", "kwargs", "severity", "on_failure", "because", "reference", "added_by", "review_by"):
        lines = said.splitlines()
        place = next(number for number, line in enumerate(lines) if line.strip().startswith(f"{key}:"))
        assert lines[place - 1].strip().startswith("#"), key


def test_proposals_come_from_the_data_leave_the_reason_open_and_are_never_added(
    own_suites: Path, tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_suites / "ro3.yaml").write_text(
        (SUITES / "ro3.yaml").read_text(encoding="utf-8").split("- code: RO3-NET")[0].rstrip() + "\n", encoding="utf-8"
    )
    before = (own_suites / "ro3.yaml").read_bytes()
    assert ringfence("expectations", "suggest", "ro3", "--tables", tables) == 0
    said = capsys.readouterr().out
    assert (own_suites / "ro3.yaml").read_bytes() == before
    assert "Never below zero in 60 values; the smallest is 1,000." in said
    assert "none was added" in said
    proposals = tmp_path / "proposed"
    proposals.mkdir()
    (proposals / "ro3.yaml").write_text(said.replace(TO_WRITE, "A person has said why it must."), encoding="utf-8")
    made = load_suites(proposals)["ro3"]
    identity = [check for check in made if check.type == "columns_add_up"]
    assert [(check.kwargs["total"], set(check.kwargs["plus"])) for check in identity] == [
        ("total_expenditure_gbp_thousand", {"sales_fees_charges_gbp_thousand", "net_current_expenditure_gbp_thousand"}),
        ("total_expenditure_gbp_thousand", {"total_income_gbp_thousand", "net_current_expenditure_gbp_thousand"}),
    ]


def test_what_the_suite_already_says_is_not_proposed_again(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ringfence("expectations", "suggest", "ro3", "--tables", tables) == 0
    said = capsys.readouterr().out
    assert "column: total_expenditure_gbp_thousand, min_value" not in said
    assert "column: total_expenditure_gbp_thousand, max_value" in said


def test_export_says_what_was_left_out_and_why(
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ringfence("expectations", "export", tmp_path / "gx", "--tables", tables) == 0
    said = capsys.readouterr().out
    assert "because table 'activity' was not loaded in this run" in said and " more reasons." in said
    assert ",everyone_filed,warning,mark,left out,not run,0,0,table 'rs' was not loaded in this run\n" in (
        tmp_path / "gx" / "checks.csv"
    ).read_text(encoding="utf-8")
    assert f"Run them without ringfence: python {tmp_path / 'gx' / 'run_in_gx.py'}" in said
    failing = pq.read_table(tmp_path / "gx" / "failing_rows.parquet").to_pylist()
    assert [row["reason"] for row in failing if row["check_code"] == "RO3-NET"] != []


@pytest.mark.parametrize("kind", ["jump_beyond_band", "columns_add_up", "expect_column_sum_to_be_between"])
def test_a_scaffold_of_a_type_explains_each_of_its_arguments_and_is_right_but_for_its_reason(
    own_suites: Path, tables: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ringfence("scaffold", "check", "ro3", "--type", kind) == 0
    said = capsys.readouterr().out
    for name in GX_TYPES.get(kind) or CUSTOM_TYPES[kind].arguments:
        assert f"  # {name} (" in said
    with (own_suites / "ro3.yaml").open("a", encoding="utf-8") as stream:
        stream.write(said.replace(TO_WRITE, "A person has said why it must."))
    (made,) = [check for check in load_suites(own_suites)["ro3"] if check.code == "RO3-NEW"]
    assert made.type == kind


def test_a_scaffold_of_a_type_that_is_not_taken_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert ringfence("scaffold", "check", "ro3", "--type", "expect_column_to_exist") == 10
    assert "is not taken: columns and their types follow from the table's declaration" in capsys.readouterr().err


def test_a_weight_for_a_check_that_no_suite_declares_is_refused_for_one_table_too(
    tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import expectations.records.settings as room

    text = room.DEFAULTS.read_text(encoding="utf-8").replace("RO3-SLIP ", "RO3-SLIPP ")
    (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(room.load_quality, "__defaults__", (None, tmp_path / "settings.toml"))
    assert ringfence("check", "--tables", tables, "--table", "ro3", "--only", "RO3-SLIP") == 10
    said = capsys.readouterr().err
    assert "a weight is given to 'RO3-SLIPP', which no suite declares. Expected perhaps RO3-SLIP" in said
