"""Checks on payment files: what is planted in made-up files is found by the suite, and nothing else. No real names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from audit.commands.cli import main
from expectations.running.check_all import check_tables
from expectations.running.check_payments import check_payments, payment_checks
from pipelines.declarations.parquet import read_table, write_table
from pipelines.errors import CriticalCheckError, InputError
from pipelines.payments.load.load_payments import load_payments

HEAD = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"


def line(number: int, amount: float, day: str = "30/04/2020", **other: str) -> str:
    area, payee = other.get("area", "COMMUNITY SERVICES"), other.get("payee", "MADEHAM WORKS LTD")
    return f"NHS Bolton CCG,{day},Services,{area},{payee},{number},{amount}\n"


def month(start: int, day: str = "30/04/2020") -> str:
    return "".join(line(start + number, 10.25 * (start + number), day) for number in range(40))


def loaded(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / "in" / "body" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    load_payments(folder / "in", folder / "out")
    return folder / "out"


def marks(out: Path) -> dict[str, set[str]]:
    """Files by the code of the check that marked them."""
    found: dict[str, set[str]] = {}
    for row in read_table(out, "check_mark").to_dict("records"):
        found.setdefault(row["check_code"], set()).add(Path(row["record_id"]).name)
    return found


def change(out: Path, table: str, name: str, change_to: Any) -> None:
    rows = pq.read_table(out / f"{table}.parquet").to_pylist()
    rows[0][name] = change_to
    write_table(table, {key: [row[key] for row in rows] for key in rows[0]}, out)


def replace_in_ledger(out: Path, **values: Any) -> None:
    path = next((out / "payment").rglob("*.parquet"))
    made = pq.ParquetFile(path).read()
    for name, value in values.items():
        column = made.column(name).to_pylist()
        column[0] = value
        made = made.set_column(made.schema.get_field_index(name), made.schema.field(name), [column])
    pq.write_table(made, path)


def test_a_plain_file_passes_every_check(tmp_path: Path) -> None:
    out = loaded(tmp_path, {"april-2020.csv": HEAD + month(1)})
    made = check_payments(out)
    assert {item.outcome for item in made.outcomes if item.check.table in ("payment_file", "payment")} == {"passed"}
    assert len(made.outcomes) == len(payment_checks())
    assert marks(out) == {}


@pytest.mark.parametrize(
    ("files", "code", "marked"),
    [
        ({"april-2020.csv": HEAD + month(1, "30/09/2020")}, "PAYF-PERIOD", {"april-2020.csv"}),
        ({"april-2020.csv": HEAD + month(1, "######")}, "PAYF-DATES", {"april-2020.csv"}),
        ({"april-2020.csv": HEAD + month(1) * 2}, "PAYF-DOUBLED", {"april-2020.csv"}),
        ({"april-2020.csv": HEAD + month(1), "noise.csv": "\n \n"}, "PAYF-REFUSED", {"noise.csv"}),
        ({"april-2020.csv": "Report\n\n" + HEAD + month(1)}, "PAYF-HEADER", {"april-2020.csv"}),
        ({"april-2020.xls": HEAD + month(1)}, "PAYF-FORM", {"april-2020.xls"}),
        ({"april-2020.csv": HEAD + month(1) + line(99, 0).replace(",0\n", ",1#x\n")}, "PAYF-ASIDE", {"april-2020.csv"}),
        ({"may-2020.csv": HEAD + month(100, "31/05/2020") + month(200, "31/05/2020") + month(1),
          "june-2020.csv": HEAD + month(300, "30/06/2020") + month(400, "30/06/2020") + month(1)},
         "PAYF-BLOCK", {"may-2020.csv"}),
        ({"april-2020.csv": HEAD + month(1) + "".join(line(7654320 + n, 7654320 + n) for n in range(6))},
         "PAYF-SLID", {"april-2020.csv"}),
        ({"april-2020.csv": HEAD + month(1) + "".join(line(1, 10.25) for _ in range(20))},
         "PAYF-REPEATS", {"april-2020.csv"}),
        ({"april-2020.csv": HEAD.replace("Expense type,Expense area", "Expense area,Expense type") + month(1)},
         "PAYF-SWAPPED", {"april-2020.csv"}),
        ({"april-2020.csv": "Supplier,Amount\n" + "".join(f"MADEHAM WORKS {n} LTD,{n}.50\n" for n in range(1, 40))},
         "PAYF-TOTALS", {"april-2020.csv"}),
        ({"april-2020.csv": "Date,Supplier,Transaction number,Amount,,\n,,,Gross,VAT,Net\n" + "".join(
            f"30/04/2020,MADEHAM WORKS LTD,{n},{n * 12}.00,{n * 2}.00,{n * 10}.00\n" for n in range(1, 40))},
         "PAYF-TWO-HEADERS", {"april-2020.csv"}),
    ],
)  # fmt: skip
def test_what_is_planted_is_marked_on_its_file(
    tmp_path: Path, files: dict[str, str], code: str, marked: set[str]
) -> None:
    out = loaded(tmp_path, files)
    check_payments(out)
    assert marks(out).get(code) == marked


def test_text_in_an_old_code_page_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "in" / "body" / "april-2020.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes((HEAD + month(1) + line(99, 5.0, payee="CAFÉ MADEHAM £ LTD")).encode("cp1252"))
    load_payments(tmp_path / "in", tmp_path / "out")
    check_payments(tmp_path / "out")
    assert marks(tmp_path / "out")["PAYF-ENCODING"] == {"april-2020.csv"}


def test_a_copy_that_lost_its_signs_is_marked(tmp_path: Path) -> None:
    many = "".join(month(40 * number + 1) for number in range(13))
    files = {"original.csv": HEAD + many + line(9000, -900.0), "clean.csv": HEAD + many + line(9000, 900.0)}
    out = loaded(tmp_path, files)
    check_payments(out)
    assert marks(out)["PAYF-SIGNS"] == {"clean.csv"}


@pytest.mark.parametrize("area", ["CHC AD FULL FUND PERS HLTH BUD", "CHC AD FULL FUND PERS", "Personal Health Budgets"])
def test_a_name_that_is_not_withheld_stops_and_is_not_repeated(tmp_path: Path, area: str) -> None:
    out = loaded(tmp_path, {"april-2020.csv": HEAD + month(1)})
    replace_in_ledger(out, expense_area=area, supplier_raw="MRS A MADENAME")
    with pytest.raises(CriticalCheckError) as caught:
        check_payments(out)
    assert "PAYF-PRIVATE" in str(caught.value)
    written = [*out.glob("validation.*")]
    tables = [str(read_table(out, name).to_dict("records")) for name in ("check_mark", "check_result")]
    assert len(written) == 2
    assert "MADENAME" not in str([path.read_text(encoding="utf-8") for path in written] + tables + [str(caught.value)])


@pytest.mark.parametrize(
    ("table", "column", "value", "code"),
    [("payment_file", "rows_read", 999, "PAYF-ACCOUNT"), ("payment_file", "rows_kept", 39, "PAYF-ACCOUNT"),
     ("payment_file", "outcome", "refused", "PAYF-REASON")],
)  # fmt: skip
def test_an_account_that_does_not_close_or_says_no_reason_stops(
    tmp_path: Path, table: str, column: str, value: Any, code: str
) -> None:
    out = loaded(tmp_path, {"april-2020.csv": HEAD + month(1)})
    change(out, table, column, value)
    with pytest.raises(CriticalCheckError):
        check_payments(out)
    assert code in {item.split(":")[0] for item in json.loads((out / "validation.json").read_text())["stopped_by"]}


def test_rows_lost_from_the_ledger_stop(tmp_path: Path) -> None:
    out = loaded(tmp_path, {"april-2020.csv": HEAD + month(1)})
    path = next((out / "payment").rglob("*.parquet"))
    pq.write_table(pq.ParquetFile(path).read().slice(1), path)
    with pytest.raises(CriticalCheckError, match="40 rows said, 39 in the ledger"):
        check_payments(out)


def test_the_command_prints_what_did_not_pass_and_writes_beside_the_ledger(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = loaded(tmp_path, {"april-2020.csv": HEAD + month(1) * 2})
    before = {path: path.read_bytes() for path in out.rglob("*.parquet")}
    assert main(["check", "--payments", str(out)]) == 0
    assert "PAYF-DOUBLED: 1 of 1" in capsys.readouterr().out
    assert before == {path: path.read_bytes() for path in before}
    first = (out / "validation.json").read_bytes()
    assert main(["check", "--payments", str(out)]) == 0
    assert first == (out / "validation.json").read_bytes()


def test_a_folder_without_a_ledger_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no ledger of payments"):
        check_payments(tmp_path)


def test_a_run_on_returns_does_not_list_the_checks_on_payments(tmp_path: Path) -> None:
    write_table("deflator", {"financial_year": ["2014-15"]}, tmp_path)
    made = check_tables(tmp_path)
    assert not [item for item in made.outcomes if item.check.table.startswith("payment")]
