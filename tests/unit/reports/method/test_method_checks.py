"""The method page shows how well changes are predicted and transfers worked out; what checks found reads as English."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.declarations.catalogue import tables
from pipelines.declarations.parquet import write_table
from reports.checks.check_words import column_words, number_words, plain_detail
from reports.method.method_checks import method_checks
from reports.words.evaluation_tables import HEADS, shown
from reports.words.narrative import plain_code
from reports.words.read_run import Run, read_table_rows
from reports.words.view_models import WindowPart


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run read back from the files that a run writes."""
    made = {
        "expected_spend_error": [
            {"window": window, "financial_year": year, "class": kind, "areas": 148, "error_nothing_share": 0.076,
             "error_class_share": 0.073, "error_covariates_share": 0.0648, "gain_of_class": 0.0356,
             "gain_of_covariates": gain, "expect": expect}
            for window, year, expect, gain in (
                ("W1", "2011-12", "covariates", 0.1166), ("W2", "2015-16", "class", -0.079)
            )
            for kind in ("all", "county")
        ],
        "transfer_check": [
            {"financial_year": year, "received_from": "PSS-EX1 income from the NHS", "basis": "estimated", "areas": 149,
             "received_gbp": 1715642160.4, "worked_out_gbp": 1.1e9, "correlation": 0.78268, "areas_above_nought": 145,
             "middle_ratio": 1.54827, "ratio_spread": 0.39249}
            for year in ("2013-14", "2014-15")
        ],
    }  # fmt: skip
    for name, rows in made.items():
        write_table(name, {key: [row[key] for row in rows] for key in rows[0]}, tmp_path)
    return Run({"run_id": "x"}, {name: read_table_rows(tmp_path / f"{name}.parquet") for name in made})


def printed(part: WindowPart) -> list[tuple[str, ...]]:
    assert part.table is not None
    return [tuple(cell.text for cell in row) for row in part.table.rows]


def as_held(run: Run, name: str, *, chosen: bool = False) -> set[tuple[str, ...]]:
    columns = tables()[name].columns
    return {
        tuple(shown(row[column.name], column.type, column.unit) for column in columns)
        for row in run.rows(name)
        if not chosen or row["class"] == "all"
    }


def test_every_figure_of_the_checks_of_the_method_is_the_one_the_table_holds(run: Run) -> None:
    errors, transfers = method_checks(run)
    assert set(printed(errors)) == as_held(run, "expected_spend_error", chosen=True)
    assert set(printed(transfers)) == as_held(run, "transfer_check")
    assert (len(printed(errors)), len(printed(transfers))) == (2, 2)
    assert "1,715,642,160" in printed(transfers)[0]
    for part in (errors, transfers):
        assert part.table is not None
        heads = [column.label for column in part.table.columns]
        assert len(set(heads)) == len(heads)
        assert not any("gbp" in head for head in heads)


def test_what_a_window_expects_changes_from_is_said_with_what_covariates_save(run: Run) -> None:
    said = method_checks(run)[0].sentence
    assert "For section 256 money the change is expected from covariates" in said
    assert "covariates save 0.117 in 2011-12" in said
    assert "For the Better Care Fund the change is expected from the class of authority alone" in said
    assert "−0.079 in 2015-16" in said


def test_a_run_without_such_tables_has_no_such_parts() -> None:
    assert method_checks(Run({"run_id": "x"})) == ()


def test_a_head_in_words_is_not_the_name_of_a_column() -> None:
    assert not {name for name, head in HEADS.items() if head == plain_code(name).capitalize()}


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (
            "amount_gbp is 33805232.68; the rule is column_values_to_be_between (min_value -20000000, "
            "max_value 20000000)",
            "Amount is £33.8 million; the rule is −£20.0 million to £20.0 million.",
        ),
        ("other_income_gbp_thousand is -30; the rule is column_values_to_be_between (min_value 0)",
         "Other income is −30; the rule is at least 0."),
        ("unit_cost_gbp_per_week is -168.9; the rule is column_values_to_be_between (min_value 0, max_value 5000)",
         "Unit cost per week is −168.9; the rule is 0 to 5,000."),
        ("bcf_income_gbp_thousand changed by +1137% on the year before",
         "Better Care Fund income changed by +1137% on the year before."),
        ("other_income_gbp_thousand is 94% of total_expenditure_gbp_thousand, outside ... to 0.35",
         "Other income is 94% of total expenditure, above 0.35."),
        ("net_current_expenditure_gbp_thousand adds up to -3,250, outside 0 to ...",
         "Net current expenditure adds up to −3,250, below 0."),
        ("", ""),
    ],
)  # fmt: skip
def test_what_a_check_found_is_told_in_words_and_amounts_of_people(found: str, told: str) -> None:
    assert plain_detail(found) == told


def test_a_column_is_named_without_its_unit_and_a_short_form_is_written_out() -> None:
    assert column_words("bcf_income_gbp_thousand") == "Better Care Fund income"
    assert column_words("amount_gbp") == "amount"
    assert column_words("income_nhs_gbp_thousand") == "income NHS"


@pytest.mark.parametrize(
    ("value", "told"),
    [("145471", "145,471"), ("-8062", "−8,062"), (None, ""), ("=1+1", "=1+1"), ("1_000", "1_000"), ("007", "007"),
     ("nan", "nan"), ("1e400", "1e400"), ("2015-16", "2015-16"), ("0.935466", "0.94")],
)  # fmt: skip
def test_only_a_plain_number_is_given_commas_any_other_value_stays_as_it_was_found(
    value: str | None, told: str
) -> None:
    assert number_words(value) == told
