"""The method page shows what a run checked of its own p-values and transfers; what checks found reads as English."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.declarations.catalogue import tables
from pipelines.declarations.parquet import write_table
from reports.checks.check_words import column_words, number_words, plain_detail
from reports.method.method_checks import CARE, RESOLUTION, UNIFORMITY, method_checks, window_name
from reports.words.evaluation_tables import HEADS, shown
from reports.words.narrative import plain_code
from reports.words.read_run import Run, read_table_rows
from reports.words.view_models import WindowPart

WINDOWS = ("W1", "W2", "placebo_2009_10", "placebo_2010_11", "placebo_2009_10_housing", "placebo_W2_planning")


def _calibration(window: str, test: str, place: int) -> dict[str, Any]:
    graded = not window.startswith("placebo")
    shares = ("share_at_05", "share_at_10", "share_at_20", "share_at_50", "largest_excess")
    return {
        "window": window, "test": test, "areas": 140 + place, "placebo_rows": 3118, "smallest_p_value": 1 / 3119,
        "least_rejections": 1, "rows_needed_for_one": 1399 + 10 * place,
        **{name: None if graded else 0.0123 * (place + 1) + number / 9 for number, name in enumerate(shares)},
    }  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run read back from the files that a run writes."""
    made = {
        "p_value_calibration": [
            _calibration(window, test, 2 * place + (test == "forest"))
            for place, window in enumerate(WINDOWS)
            for test in ("displacement", "forest")
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


def as_held(run: Run, name: str, columns: tuple[str, ...], *, graded: bool | None = None) -> set[tuple[str, ...]]:
    kinds = {column.name: column for column in tables()[name].columns}
    return {
        tuple(
            window_name(row[column])
            if column == "window"
            else shown(row[column], kinds[column].type, kinds[column].unit)
            for column in columns
        )
        for row in run.rows(name)
        if graded is None or graded == (row["share_at_05"] is None)
    }


def test_every_figure_of_the_checks_of_the_method_is_the_one_the_table_holds(run: Run) -> None:
    resolution, uniformity, transfers = method_checks(run)
    assert set(printed(resolution)) == as_held(run, "p_value_calibration", RESOLUTION, graded=True)
    assert set(printed(uniformity)) == as_held(run, "p_value_calibration", UNIFORMITY, graded=False)
    assert set(printed(transfers)) == as_held(run, "transfer_check", tables()["transfer_check"].column_names)
    assert (len(printed(resolution)), len(printed(uniformity)), len(printed(transfers))) == (4, 8, 2)
    assert "1,715,642,160" in printed(transfers)[0]
    for part in (resolution, uniformity, transfers):
        assert part.table is not None
        heads = [column.label for column in part.table.columns]
        assert len(set(heads)) == len(heads)
        assert not any("gbp" in head for head in heads)


def test_windows_of_care_itself_come_first_and_the_sentence_names_those_above_their_level(run: Run) -> None:
    uniformity = method_checks(run)[1]
    assert [row[0] for row in printed(uniformity)][::2] == [
        "2009-10, adult social care", "2010-11, adult social care", "2009-10, housing", "W2, planning",
    ]  # fmt: skip
    above = [row for row in run.rows("p_value_calibration") if CARE.match(row["window"]) and row["share_at_05"] > 0.05]
    assert above
    assert all(f"({row['share_at_05']:.3f})" in uniformity.sentence for row in above)


def test_too_few_placebo_rows_are_said_with_the_window(run: Run) -> None:
    assert "every window" in method_checks(run)[0].sentence
    rows = [{**row, "least_rejections": 4 if row["window"] == "W2" else 1} for row in run.rows("p_value_calibration")]
    said = method_checks(Run({"run_id": "x"}, {"p_value_calibration": rows}))[0].sentence
    assert "Better Care Fund, 2015-16 to 2019-20 (displacement)" in said
    assert "every window" not in said


def test_a_run_of_an_older_version_has_no_such_tables_and_no_such_parts() -> None:
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
