"""Payment files of any layout: what is decided, how surely, and that no row is lost. All names are made up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.payments.file.amounts import Slide, parse_amount
from pipelines.payments.file.dates import decide_order, read_date
from pipelines.payments.file.load_file import Loaded, load_file
from pipelines.payments.file.sniff import find_delimiter
from pipelines.payments.sheet.encoding import decode
from pipelines.payments.words.period import file_months

HEAD = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
ROW = 'Department of Health,NHS Bolton CCG,{day},Services,COMMUNITY SERVICES,{payee},{number},"{amount}"\n'


def made(folder: Path, name: str, data: bytes | str) -> Loaded:
    path = folder / "council" / "madeham" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return load_file(path, folder)


def closes(loaded: Loaded) -> bool:
    told = loaded.record
    return told["rows_read"] == told["rows_kept"] + told["rows_quarantined"] + told["rows_not_data"]


def lines(*rows: tuple[str, str, str, str]) -> str:
    return HEAD + "".join(ROW.format(day=day, payee=payee, number=number, amount=amount)
                          for day, payee, number, amount in rows)  # fmt: skip


TWO = lines(("30/04/2020", "MADEHAM WORKS LTD", "1001", "£1,250.00"), ("29/04/2020", "OTHER LTD", "1002", "(75.50)"))


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("cp1252", "cp1252"), ("cp850", "cp850"),
     ("utf-16-le", "utf-16-le")],
)  # fmt: skip
def test_text_is_read_in_the_encoding_its_bytes_are_in(tmp_path: Path, encoding: str, told: str) -> None:
    loaded = made(tmp_path, "April-2020", TWO.encode(encoding))
    assert loaded.record["encoding"] == told
    assert loaded.columns["amount_gbp"] == [1250.0, -75.5]
    assert closes(loaded)


def test_text_under_the_name_of_a_workbook_is_read_as_text(tmp_path: Path) -> None:
    assert made(tmp_path, "April 2020.xls", TWO).record["form"] == "csv"


@pytest.mark.parametrize("mark", ["\t", ";", "|", ","])
def test_the_delimiter_is_found(mark: str) -> None:
    assert find_delimiter(f"a{mark}b{mark}c\n1{mark}2{mark}3\n" * 5) == mark


def test_the_header_is_found_below_a_banner(tmp_path: Path) -> None:
    loaded = made(tmp_path, "x.csv", "*setdefault client=L1,,,,,,,\n,,,,,,,\nSpend report,,,,,,,\n" + TWO)
    assert loaded.record["header_row"] == 4
    assert (loaded.record["rows_kept"], loaded.record["rows_not_data"]) == (2, 3)


def test_a_header_of_two_rows_gives_the_net_amount(tmp_path: Path) -> None:
    text = "Date of Payment,Amount,,,Supplier Name\n,Gross,VAT,Net,\n01/04/2018,120,20,100,MADEHAM WORKS LTD\n"
    loaded = made(tmp_path, "2018-04.csv", text)
    assert (loaded.columns["amount_gbp"], loaded.columns["amount_basis"]) == ([100.0], ["net"])


def test_a_table_without_header_is_told_by_its_cells_and_says_so(tmp_path: Path) -> None:
    rows = "".join(f"ENVH,Agency {n},MADEHAM WORKS LTD,{n + 1:02d}/09/2025,{n}10.25\n" for n in range(9))
    loaded = made(tmp_path, "Sept-25.csv", rows)
    assert loaded.record["header_surety"] == "assumed"
    assert set(loaded.columns["supplier_raw"]) == {"MADEHAM WORKS LTD"}
    assert loaded.record["rows_kept"] == 9


def test_values_beside_their_header_are_found(tmp_path: Path) -> None:
    text = "Payment Date,Name,,Amount Paid\n" + "01/09/2025,,MADEHAM WORKS LTD,10.50\n" * 4
    assert made(tmp_path, "x.csv", text).columns["supplier_raw"] == ["MADEHAM WORKS LTD"] * 4


def test_totals_notes_and_repeated_headers_are_not_payments(tmp_path: Path) -> None:
    loaded = made(tmp_path, "x.csv", TWO + ",,,,,Total,,1174.50\n" + HEAD + "Printed on Monday,,,,,,,\n,,,,,,,\n")
    assert (loaded.record["rows_kept"], loaded.record["rows_not_data"], loaded.record["rows_quarantined"]) == (2, 4, 0)
    assert closes(loaded)


def test_what_cannot_be_read_is_set_aside_with_its_cell_and_reason(tmp_path: Path) -> None:
    loaded = made(tmp_path, "x.csv", TWO + "Department of Health,NHS Bolton CCG,30/04/2020,S,A,SOME LTD,1003,1O0.00\n")
    assert [(entry["source_row"], entry["value"]) for entry in loaded.quarantine] == [(4, "1O0.00")]
    assert closes(loaded)


def test_a_register_of_contracts_is_refused(tmp_path: Path) -> None:
    text = "Directorate Name,Contract Title,Supplier Company Name,Annual Value,Start Date\nA,B,C LTD,500,01/04/2020\n"
    assert made(tmp_path, "x.csv", text).record["reason"] == "a register of contracts, not payments"


@pytest.mark.parametrize(
    ("cell", "pounds"),
    [("£1,234.50", 1234.5), ("(1,234.50)", -1234.5), ("1,234.50-", -1234.5), ("-£5", -5.0), ("\xa012.00\xa0", 12.0),
     ("12.00CR", -12.0), (7, 7.0), ("######", None), ("", None), ("n/a", None), ("1241,32", None), ("nan", None),
     ("e0", None)],
)  # fmt: skip
def test_amounts_are_read_as_publishers_write_them_and_never_guessed(cell: object, pounds: float | None) -> None:
    assert parse_amount(cell) == pounds


def test_the_order_of_day_and_month_is_one_decision_for_the_file() -> None:
    assert decide_order(["02/28/2021", "03/04/2021"], ()).order == "mdy"
    assert decide_order(["28/02/2021", "03/04/2021"], ()).surety == "certain"
    assert decide_order(["02/03/2021", "01/03/2021"], ("2021-03",)).order == "dmy"
    assert decide_order(["03/01/2021", "03/02/2021"], ("2021-03",)).order == "mdy"
    assert decide_order(["03/03/2021"], ()).surety == "assumed"


def test_dates_keep_the_precision_they_have() -> None:
    assert read_date("Sep 2014", "dmy") == ("2014-09", "month")
    assert read_date("41061", "dmy") == ("2012-06-01", "day")
    assert read_date("######", "dmy") == ("", "none")
    assert read_date("00:00:00", "dmy") == ("", "none")
    assert read_date("31/02/2020", "dmy") == ("", "none")


@pytest.mark.parametrize(
    ("days", "period", "told"),
    [(["03/11/2010", "04/11/2010", ""], "2010-11", ["period", "2010-11", "2010-11"]),  # November
     (["03/04/2010", "04/06/2010", "05/11/2010", ""], "", ["none", "", "2010-11"]),  # a year of payments
     (["", ""], "", ["none", "", "2010-11"])],
)  # fmt: skip
def test_a_name_that_may_mean_a_month_or_a_year_is_told_by_the_dates_of_its_rows(
    tmp_path: Path, days: list[str], period: str, told: list[str]
) -> None:
    path = tmp_path / "Camden Council" / "2010-11.csv"
    path.parent.mkdir()
    rows = "".join(f"MADE SUPPLIES LTD,{day},T{number},100.50\n" for number, day in enumerate(days))
    path.write_text(f"Supplier,Date,Transaction Number,Amount\n{rows}", encoding="utf-8")
    loaded = load_file(path, tmp_path)
    assert loaded.record["period"] == period
    assert [loaded.columns[name][-1] for name in ("date_precision", "period", "financial_year")] == told


def test_a_row_without_date_takes_only_the_period_of_its_file(tmp_path: Path) -> None:
    loaded = made(tmp_path, "payments-april-2020.csv", lines(("######", "MADEHAM WORKS LTD", "1", "5.00")))
    told = [loaded.columns[name][0] for name in ("date", "date_precision", "period", "financial_year")]
    assert told == ["", "period", "2020-04", "2020-21"]


@pytest.mark.parametrize(
    ("name", "months"),
    [("expenditure-over-500-apr-jun-2014", ("2014-04", "2014-05", "2014-06")), ("Spending_201207", ("2012-07",)),
     ("Sept-25-CVS", ("2025-09",)), ("SEL 10 - January", ()), ("Payments-2016-17", ())],
)  # fmt: skip
def test_the_period_of_a_file_is_read_from_its_name(name: str, months: tuple[str, ...]) -> None:
    assert file_months(name, "") == months


def test_exchanged_columns_are_put_back_by_the_names_in_them(tmp_path: Path) -> None:
    head = HEAD.replace("Expense type,Expense area", "Expense area,Expense type")
    row = "DoH,NHS Bolton CCG,30/04/2020,Programme Support Costs,REABLEMENT,MADEHAM WORKS LTD,{n},5.00\n"
    loaded = made(tmp_path, "x.csv", head + "".join(row.format(n=n) for n in range(12)))
    assert set(loaded.columns["expense_area"]) == {"REABLEMENT"}
    assert "exchanged" in loaded.record["notes"]


def slid(cells: list[str]) -> bool:
    seen = Slide()
    seen.add(pa.array(cells), np.ones(len(cells), int))
    return seen.happened()


def test_transaction_numbers_among_the_amounts_are_seen() -> None:
    assert slid(["1,250.00"] * 60 + ["35479652"] * 25)
    assert not slid(["1,250.00"] * 60 + ["35479652"] * 3)


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02\x03" * 500, b"%PDF-1.4 broken", b"PK\x03\x04broken"])
def test_what_is_no_table_is_refused_with_one_reason_and_the_batch_goes_on(tmp_path: Path, data: bytes) -> None:
    loaded = made(tmp_path, "x.bin", data)
    assert loaded.record["outcome"] == "refused"
    assert loaded.record["reason"]


def test_a_header_of_a_million_columns_and_a_giant_cell_are_refused(tmp_path: Path) -> None:
    assert "columns" in made(tmp_path, "a.csv", "Amount," * 100_000 + "\n1\n").record["reason"]
    assert "cells" in made(tmp_path, "b.csv", HEAD + '"' + "x" * 200_000 + '"\n').record["reason"]


def test_formulas_in_cells_stay_text(tmp_path: Path) -> None:
    loaded = made(tmp_path, "x.csv", lines(("30/04/2020", "=HYPERLINK(1)", "1", "5.00")))
    assert loaded.columns["supplier_raw"] == ["=HYPERLINK(1)"]


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300))
def test_bytes_of_any_kind_are_decoded_or_refused_but_never_crash(data: bytes) -> None:
    assert isinstance(decode(data)[0], str)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.lists(st.text(alphabet="ab1£.,-()/ 2020Total", max_size=9), max_size=9), max_size=12))
def test_the_account_closes_on_rows_of_any_kind(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    body = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    assert closes(made(tmp_path_factory.mktemp("any"), "x.csv", TWO + body))
