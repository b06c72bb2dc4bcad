"""The embedded payments: bodies only, read back without loss, refused when they do not fit each other."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from made_published import as_published

from audit.commands.cli import main
from audit.run.payment_stage import EMBEDDED_PAYMENTS, describe_payments, load_run_payments, of_payments, of_returns
from audit.run.verify import verify
from pipelines.declarations.parquet import read_table
from pipelines.errors import InputError
from pipelines.load.load import EMBEDDED
from pipelines.payments.file.payees import looks_like_person, resolve
from pipelines.payments.flow.both_sides import between
from pipelines.payments.flow.flow import trace
from pipelines.payments.flow.publications import LIST
from pipelines.payments.load.load_payments import load_payments
from pipelines.payments.load.read_extract import read_extract
from pipelines.payments.load.write_extract import write_extract

HEAD = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Description,Amount\n"
TABLES = ("payment_flow", "payment_flow_sum", "payment_exposure", "payment_source")
SHORT_FORMS = {  # names of public bodies that the test for persons, which errs to yes, takes for one
    "Chelsea & Westminster Hosp NHSFT", "DEVON PARTNERSHP TST(NB-NOT PCT!", "DONCASTER PCT", "GATESHEAD PCT - PROVIDER",
    "GREATER LONDON AUTHORITY", "Leeds Pct (5n1)", "N H S DEVON(DEVON PCT)", "SHEFFIELD TEACHING HOSPITALS",
    "STOCKPORT PCT", "WARWICKSHIRE PCT", "Warwickshire Pct",
}  # fmt: skip


def rows_of(name: str) -> list[dict[str, str]]:
    with (EMBEDDED_PAYMENTS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def made(built: Path, tmp_path: Path) -> Path:
    """A copy of what was built, for the test to harm."""
    return Path(shutil.copytree(built, tmp_path / "made"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of made-up payments and its extract: to a council, to a person, to a firm, and one from a copy."""
    tmp_path = tmp_path_factory.mktemp("payments")
    body = "NHS Bolton CCG,30/04/2020,Services"
    lines = (f"{body},REABLEMENT,BOLTON COUNCIL,1,,250000\n{body},CHC AD FULL FUND PERS HLTH BUD,BOLTON COUNCIL,2,"
             f"care of Madename,900.5\n{body},CHC AD FULL FUND PERS HLTH BUD,MRS A MADENAME,3,,400\n"
             f"{body},PROGRAMME PROJECTS,MADEHAM WORKS LTD,4,,77\n")  # fmt: skip
    copy = "Bolton,31/05/2019,Contracts,People,NHS Bolton CCG,9,Better Care Fund,1000\n"
    for name, text in (("ccg/april-2020.csv", lines), ("copy/may-2019.csv", copy)):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True)
        path.write_text(HEAD + text, encoding="utf-8")
    told = 'path,licence,source_state\ncopy/may-2019.csv,OGL v3.0,"clean, minus signs may be lost"\n'
    (tmp_path / "in" / LIST).write_text(told, encoding="utf-8")
    load_payments(tmp_path / "in", tmp_path / "out")
    write_extract(tmp_path / "out", tmp_path / "in", tmp_path / "extract")
    return tmp_path


def test_the_extract_gives_the_same_tables_as_the_files_it_was_written_from(made: Path) -> None:
    (made / "tables").mkdir()
    counts = load_run_payments(made / "extract", made / "tables", workers=1)
    assert (counts["payments"], counts["payment_files"]) == (3, 2)
    for name in TABLES:
        assert (made / "tables" / f"{name}.parquet").read_bytes() == (made / "out" / f"{name}.parquet").read_bytes()


def test_an_extract_holds_only_payments_between_the_nhs_and_councils_and_no_words_of_personal_budgets(
    made: Path,
) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (made / "extract").iterdir())
    assert "BOLTON COUNCIL" in text
    assert not re.search(r"madename|madeham", text, re.IGNORECASE)


def test_a_copy_that_may_have_lost_its_signs_is_marked_by_the_list_beside_the_files(made: Path) -> None:
    sources: Any = read_table(made / "out", "payment_source").set_index("publisher_kind")
    assert (sources.licence["council"], sources.licence["nhs_commissioner"]) == ("OGL v3.0", "not stated")
    signs = {row["body_type"]: row["sign_source"] for row in read_extract(made / "extract")[0].to_pylist()}
    assert signs == {"council": "may be lost", "nhs_commissioner": "as printed"}
    sums: Any = read_table(made / "out", "payment_flow_sum").set_index("financial_year")
    assert sums.signs_lost_gbp["2019-20"] == 1000.0
    assert sums.council_to_nhs_high_gbp["2019-20"] == 0.0


def test_original_files_of_a_run_leave_their_ledger_and_accounts_and_no_staging(made: Path) -> None:
    tables = made / "tables"
    tables.mkdir()
    load_run_payments(made / "in", tables, workers=1, inputs=describe_payments(made / "in"))
    assert {path.name for path in tables.iterdir()} == {"payment", *(f"{name}.parquet" for name in (
        *TABLES, "payment_file", "payment_quarantine"))}  # fmt: skip


@pytest.mark.parametrize("harm", ["a row less", "no such payee", "a file less", "not a number", "no amount"])
def test_an_extract_whose_files_do_not_fit_each_other_is_refused(made: Path, harm: str) -> None:
    folder = made / "extract"
    path = folder / "payments.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    if harm == "a row less":
        lines.pop()
    elif harm == "a file less":
        (folder / "payees.csv").unlink()
    else:
        cells = lines[-1].split(",")
        cells[5 if harm == "no such payee" else 7] = "nan" if harm == "no amount" else "x"
        lines[-1] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError):
        load_run_payments(folder, made, workers=1)


def test_payments_that_change_while_a_run_reads_them_stop_it(made: Path) -> None:
    before = describe_payments(made / "extract")
    path = made / "extract" / "bodies.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("OGL", "ogl"), encoding="utf-8")
    (made / "tables").mkdir()
    with pytest.raises(InputError, match="changed while"):
        load_run_payments(made / "extract", made / "tables", workers=1, inputs=before)


def test_the_files_of_payments_are_inputs_of_their_own_in_the_manifest() -> None:
    inputs = [*describe_payments(EMBEDDED_PAYMENTS), {"file_name": "rs.csv", "sha256": "0"}]
    assert (len(of_payments(inputs)), len(of_returns(inputs))) == (6, 1)


def test_no_private_person_is_among_the_embedded_payees() -> None:
    payees = rows_of("payees.csv")
    assert {row["supplier_kind"] for row in payees} == {"council", "nhs_commissioner", "nhs_trust"}
    names = {row["supplier_raw"] for row in payees}
    assert {name for name in names if looks_like_person(name)} <= SHORT_FORMS
    assert not [name for name in names if re.match(r"^(mr|mrs|ms|miss|dr)\b", name, re.IGNORECASE)]


def test_every_embedded_payee_is_still_resolved_as_it_was_when_written() -> None:
    for row in rows_of("payees.csv"):
        match = resolve(row["supplier_raw"])
        assert (match.kind, match.code, match.name) == (
            row["supplier_kind"], row["supplier_org_code"], row["supplier_org_name"]), row["supplier_raw"]  # fmt: skip


def test_the_embedded_payments_are_small_and_their_rules_are_applied_when_read() -> None:
    assert sum(path.stat().st_size for path in EMBEDDED_PAYMENTS.iterdir()) < 250_000
    rows, sources = read_extract(EMBEDDED_PAYMENTS)
    flow = trace(rows)
    assert (rows.num_rows, flow.num_rows) == (2765, 2765)
    assert sum(row["rows_traced"] for row in sources) == rows.num_rows
    assert all(source["licence"] and source["attribution"] and len(source["file_sha256"]) == 64 for source in sources)
    assert not any("tier" in column for name in ("payments.csv", "accounts.csv") for column in rows_of(name)[0])


def test_rows_read_back_are_the_rows_of_the_ledger(made: Path) -> None:
    rows, _ = read_extract(made / "extract")
    held = between(made / "out").to_pylist()
    for row in held:
        row["sign_source"] = "may be lost" if row["source_file"].startswith("copy") else row["sign_source"]
    assert rows.to_pylist() == held


def test_load_takes_payments_with_the_returns_and_a_folder_that_is_not_there_ends_with_eleven(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (made / "returns").mkdir()
    for path in EMBEDDED.glob("rs_2008-09.csv*"):
        shutil.copy(path, made / "returns")
    asked = ["load", "--returns", str(made / "returns"), "--tables", str(made / "tables"), "--payments"]
    assert main([*asked, str(made / "extract")]) == 0
    assert "3 payments" in capsys.readouterr().out
    assert read_table(made / "tables", "payment_flow", ["record_id"]).shape[0] == 3
    assert main([*asked, str(made / "not there")]) == 11


def test_a_run_made_with_payments_is_verified_with_payments(tmp_path: Path) -> None:
    run = as_published(tmp_path / "run", command="ringfence run --payments DIR")
    with pytest.raises(InputError, match="made with --payments"):
        verify(run)


def test_letters_of_a_label_in_an_invoice_number_or_a_payee_are_no_label(tmp_path: Path) -> None:
    """Invoice number `S75` and payee `CORONATION EVENT BCF` are real: the first stays a proxy, the second no body."""
    head = "Entity,Date,Expense type,Expense area,Supplier,Purchase Invoice Number,Transaction number,Amount\n"
    body = "NHS Bolton CCG,30/04/2020,Services,REABLEMENT"
    (tmp_path / "in").mkdir()
    rows = f"{body},BOLTON COUNCIL,S75,1,30000\n{body},CORONATION EVENT BCF,7,2,30000\n"
    (tmp_path / "in" / "april-2020.csv").write_text(head + rows, encoding="utf-8")
    flow = load_payments(tmp_path / "in", tmp_path / "out").flow
    assert [(row["payee_printed"], row["tier"]) for row in flow.to_pylist()] == [("BOLTON COUNCIL", "proxy")]
