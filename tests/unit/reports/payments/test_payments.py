"""Traced payments on pages: sums as a range, both directions netted, nothing added up that may have lost its sign."""

from __future__ import annotations

from typing import Any

from pipelines.payments.flow.flow_sums import sum_rows
from reports.payments.beside import nearest, received
from reports.payments.commissioner_pages import commissioner_pages
from reports.payments.section import area_section, csv_path, payment_csvs, payments
from reports.payments.tables import months_shown
from reports.words.read_run import Run
from reports.words.view_models import DataTable, ProseSection, WindowPart

WEIGHT = {
    "vintage": "2015-07", "commissioner_code": "00C", "commissioner_name": "NHS Example CCG", "area_code": "E1",
    "weight": 0.8, "population": 1000.0, "basis": "lookup",
}  # fmt: skip
PAYMENT: dict[str, Any] = {
    "record_id": "f:0:1", "direction": "nhs_to_council", "payer_kind": "nhs_commissioner", "payer_code": "00C",
    "payer_name": "NHS Example", "payee_kind": "council", "payee_code": "E1000", "payee_name": "Example",
    "payee_printed": "EXAMPLE <COUNCIL>", "area_code": "E1", "financial_year": "2014-15", "period": "2014-04",
    "date": "2014-04-30", "expense_area": "REABLEMENT", "expense_type": "Services", "purpose": "", "department": "",
    "transaction_number": "77", "signs": "as printed", "amount_gbp": 250000.0, "tier": "proxy_regular",
    "evidence": "cost centre Reablement", "repeats": 3, "repeat_months": 3, "reserve": False, "year_end": False,
    "round_sum": True, "source_file": "ccg/example/april.csv", "sheet": "(file)", "source_row": 9, "match_score": 1.0,
}  # fmt: skip
SOURCE = {
    "source_file": "ccg/example/april.csv", "sheet": "(file)", "file_sha256": "ab" * 32, "publisher": "NHS Example",
    "publication": "Payments over £25,000", "licence": "OGL", "copy_state": "as published", "form": "csv",
    "amount_column": "H",
}  # fmt: skip
EXPOSURE = {
    "payer_name": "NHS Example", "financial_year": "2014-15", "months": 3, "flow_low_gbp": 750000.0,
    "flow_high_gbp": 900000.0, "two_per_cent_gbp": 3e6, "low_share": 0.25, "high_share": 0.3, "basis": "2% of it",
}  # fmt: skip
REGULAR = [PAYMENT | {"record_id": f"f:0:{month}", "period": f"2014-0{month}", "date": f"2014-0{month}-30"}
           for month in (4, 5, 7)]  # fmt: skip
UNKNOWN = PAYMENT | {"record_id": "f:0:8", "tier": "unknown", "amount_gbp": 450000.0, "repeat_months": 1,
                     "expense_area": "PROGRAMME PROJECTS"}  # fmt: skip
BACK = PAYMENT | {"record_id": "g:0:1", "direction": "council_to_nhs", "tier": "unknown", "amount_gbp": 100000.0,
                  "payer_kind": "council", "payee_kind": "nhs_commissioner", "payer_code": "E1000",
                  "payee_code": "00C", "repeat_months": 1}  # fmt: skip
LOST = PAYMENT | {"record_id": "h:0:1", "signs": "may be lost", "amount_gbp": 9000000.0, "repeat_months": 1}


def run_of(*rows: dict[str, Any], **tables: list[dict[str, Any]]) -> Run:
    flow = [dict(row) for row in rows]
    return Run({"run_id": "x"}, {
        "area": [{"area_code": "E1", "area_name": "Example"}], "commissioner_area_weight": [WEIGHT],
        "payment_flow": flow, "payment_flow_sum": sum_rows(flow), "payment_source": [SOURCE],
        "payment_exposure": [EXPOSURE], **tables,
    })  # fmt: skip


def section(*rows: dict[str, Any], **tables: list[dict[str, Any]]) -> ProseSection:
    return area_section(payments(run_of(*rows, **tables)), "E1", "Example")


def part(made: ProseSection, name: str) -> WindowPart:
    return next(part for part in made.parts if part.id == name)


def lines(table: DataTable | None) -> list[list[str]]:
    assert table is not None
    return [[cell.text for cell in row] for row in table.rows]


def test_an_area_without_payments_says_so_in_one_line() -> None:
    empty = area_section(payments(Run({"run_id": "x"})), "E1", "Example")
    assert (len(empty.paragraphs), empty.parts) == (1, ())
    assert "nothing can be traced" in empty.paragraphs[0]


def test_sums_are_shown_as_a_range_and_both_directions_are_netted() -> None:
    made = section(*REGULAR, UNKNOWN, BACK)
    assert lines(part(made, "payments-sums").table) == [
        ["2014-15", "NHS to council", "0", "750", "0", "450", "750 to 1,200", "0", "4", "3"],
        ["2014-15", "Council to NHS", "0", "0", "0", "100", "0 to 100", "0", "1", "1"],
        ["2014-15", "Net", "[z]", "[z]", "[z]", "[z]", "650 to 1,200", "[z]", "[z]", "[z]"],
    ]
    assert "Between £750,000 and £1.2 million" in made.paragraphs[0]
    assert "never replace" in made.paragraphs[-1]


def test_a_payment_whose_sign_may_be_lost_is_listed_and_never_added_up() -> None:
    made = section(*REGULAR, LOST)
    assert lines(part(made, "payments-sums").table)[0][6] == "750 to 750"
    assert lines(part(made, "payments-largest").table)[0][4] == "Proxy and regular; not added up, its sign may be lost"
    assert "1 payment stands in copies whose minus signs may be lost" in part(made, "payments-not-told").sentence


def test_the_largest_payments_name_their_file_and_cell() -> None:
    table = part(section(*REGULAR, UNKNOWN), "payments-largest").table
    assert table is not None
    last = table.rows[0][-1]
    assert (table.rows[0][0].text, last.text, last.small) == ("450,000.00", "april.csv", "cell H9")
    assert [row[1].small for row in table.rows] == ["no. 77"] * 4


def test_a_payment_of_a_pdf_is_found_by_its_printed_line() -> None:
    made = section(PAYMENT, payment_source=[SOURCE | {"form": "pdf", "amount_column": ""}])
    table = part(made, "payments-largest").table
    assert table is not None
    assert table.rows[0][-1].small == "printed line 9"


def test_equal_amounts_in_three_months_are_one_line_with_their_sum() -> None:
    made = section(*REGULAR, UNKNOWN)
    assert lines(part(made, "payments-repeats").table) == [
        ["250,000.00", "3", "3", "Apr 2014 to Jul 2014", "NHS Example", "REABLEMENT", "750"]
    ]
    assert "No amount" in part(section(UNKNOWN), "payments-repeats").empty


def test_the_month_table_has_the_numbers_of_the_chart_and_shows_a_month_without_payments() -> None:
    made = part(section(*REGULAR, UNKNOWN), "nhs_to_council-months")
    assert made.figure is not None
    assert [row[0] for row in lines(made.table)] == ["Apr 2014", "May 2014", "Jun 2014", "Jul 2014"]
    assert [row[-1] for row in lines(made.table)] == ["700", "250", "0", "250"]
    assert made.figure.title == "£1.2 million in 3 months, £750,000 of it labelled or proxy and regular"


def test_months_far_apart_are_not_filled_in() -> None:
    assert months_shown({"2011-01", "2020-04"}) == ["2011-01", "2020-04"]
    assert months_shown({"2019-12", "2020-02"}) == ["2019-12", "2020-01", "2020-02"]


def test_the_nearest_figure_of_the_councils_return_stands_beside_and_its_year_is_said() -> None:
    income = [{"area_code": "E1", "financial_year": "2015-16", "authority_code": "E1000",
               "bcf_income_gbp_thousand": 5000.0}]  # fmt: skip
    made = part(section(*REGULAR, bcf_income=income), "payments-beside")
    told = lines(made.table)
    assert told[1][1:3] == ["2015-16", "5,000"]
    assert "1 year after the payments" in told[1][3]
    assert "No return held says what the council received from the NHS in 2014-15" in made.sentence
    own = [{"area_code": "E1", "financial_year": "2014-15", "authority_code": "E1000",
            "income_nhs_gbp_thousand": 4000.0}]  # fmt: skip
    same = part(section(*REGULAR, bcf_income=income, pss_ex1_summary=own), "payments-beside")
    assert lines(same.table)[1][1:3] == ["2014-15", "4,000"]
    assert "The council's return of 2014-15 says what it received" in same.sentence


def test_a_year_in_which_a_member_of_the_area_did_not_answer_has_no_figure() -> None:
    one = {"area_code": "E1", "financial_year": "2015-16", "authority_code": "E1000", "bcf_income_gbp_thousand": 5000.0}
    two = one | {"authority_code": "E1001", "bcf_income_gbp_thousand": None}
    assert received(run_of(bcf_income=[one, two])) == {}
    assert nearest([], "2015-16") == []


def test_two_per_cent_of_the_allocation_stands_beside_as_a_yardstick_with_its_basis() -> None:
    made = part(section(*REGULAR), "payments-beside")
    fence = [row for row in lines(made.table) if row[0].startswith("2%")]
    assert fence == [["2% of the allocation of NHS Example", "2014-15", "3,000", "2% of it."]]
    assert "25% to 30% of the 2%" in lines(made.table)[-1][3]
    assert "cannot be told" in made.sentence


def test_council_files_alone_are_not_set_beside_the_return() -> None:
    assert "what it paid, not what it received" in part(section(BACK), "payments-beside").empty


def test_a_commissioner_page_shows_its_payments_by_council() -> None:
    page = commissioner_pages(run_of(*REGULAR, BACK))["commissioners/00c.html"]
    table = lines(part(page.sections[0], "payments-sums").table)
    assert [row[:3] for row in table] == [
        ["2014-15", "Example", way] for way in ("NHS to council", "Council to NHS", "Net")
    ]


def test_payments_that_cannot_be_added_up_are_listed_on_a_commissioners_page_without_an_empty_table() -> None:
    page = commissioner_pages(run_of(LOST))["commissioners/00c.html"]
    assert [part.id for part in page.sections[0].parts] == ["payments-largest", "payments-not-told", "payments-files"]
    assert all(part.table.rows for part in page.sections[0].parts if part.table)
    index = commissioner_pages(run_of(LOST))["commissioners/index.html"]
    assert lines(index.sections[0].parts[0].table)[0][2:4] == ["1", "[x]"]


def test_only_commissioners_with_payments_have_a_page_and_all_others_stand_in_one_table() -> None:
    other = {**WEIGHT, "commissioner_code": "00D", "commissioner_name": "NHS Other CCG", "weight": 0.4}
    pages = commissioner_pages(run_of(*REGULAR, BACK, commissioner_area_weight=[WEIGHT, other]))
    assert set(pages) == {"commissioners/index.html", "commissioners/00c.html"}
    paid, others = pages["commissioners/index.html"].sections
    row, _, payments_held, pounds, areas = lines(paid.parts[0].table)[0]
    assert (row, payments_held) == ("NHS Example CCG", "4")
    assert pounds != "0" and areas.startswith("Example")
    assert lines(others.parts[0].table) == [["NHS Other CCG", "00D", "2015-07", "Example 40%"]]
    assert others.parts[0].table is not None and others.parts[0].table.rows[0][0].anchor == "c-00d"
    without = commissioner_pages(run_of())["commissioners/index.html"].sections
    assert [section.id for section in without] == ["others"]


def test_a_commissioner_that_no_lookup_holds_has_a_page_for_its_payments() -> None:
    pages = commissioner_pages(run_of(*REGULAR, commissioner_area_weight=[]))
    assert "It stands in no lookup of this run." in pages["commissioners/00c.html"].lead[0]
    table = lines(pages["commissioners/index.html"].sections[0].parts[0].table)
    assert table[0][-1] == "not in a lookup"


def test_all_payments_of_a_page_are_in_its_csv() -> None:
    made = payment_csvs(payments(run_of(*REGULAR, BACK)), {})
    assert set(made) == {csv_path("E1"), csv_path("00C")}
    assert made[csv_path("E1")][1].count("\n") == 5


def test_payments_of_another_purpose_lead_to_no_sums_and_no_yardstick_of_another_commissioner() -> None:
    made = section(PAYMENT | {"tier": "contradicts", "repeat_months": 1})
    assert [part.id for part in made.parts] == ["payments-largest", "payments-not-told", "payments-files"]
    assert "none is counted as social care" in made.paragraphs[0]
    assert "£0" not in " ".join(made.paragraphs)


def test_payments_that_cannot_be_added_up_or_go_the_other_way_are_said_not_to_be_comparable() -> None:
    assert "corroborate" in " ".join(section(*REGULAR).paragraphs)
    for rows in ((LOST,), (BACK,)):
        said = " ".join(section(*rows).paragraphs)
        assert "not comparable" in said
        assert "corroborate" not in said
    assert "payments-sums" not in {part.id for part in section(LOST).parts}


def test_equal_amounts_of_several_cost_centres_name_each_with_its_number() -> None:
    made = section(*REGULAR[:1], *({**row, "expense_area": "NON RECURRENT RESERVE"} for row in REGULAR[1:]))
    assert lines(part(made, "payments-repeats").table)[0][5] == (
        "NON RECURRENT RESERVE, Services (2); REABLEMENT, Services (1)"
    )
