"""What a scheduler can mail: results and bands counted, the lists by name and what they are worth; no clock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from made_returns import area_code, write_made_returns

from audit.account.summary import band_counts, enquiry_line, result_counts, write_summary
from audit.run.audit_stage import assess
from audit.settings import load_settings
from pipelines.declarations.parquet import read_table
from pipelines.declarations.table_words import BAND_WORDS, RESULTS

COUNTS = {"files": 3, "rows_read": 1000, "rows_kept": 990, "quarantined": 10, "checks": "5 passed"}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "tables").mkdir()
    tables = write_made_returns(folder / "tables", replaced=5)
    assess(tables, load_settings(also="forest.repeats = 2; forest.trees = 20"))
    write_summary(folder, "0123456789abcdef", COUNTS | {"results": result_counts(tables), "bands": band_counts(tables)})
    return folder


def test_every_area_and_window_is_counted_once_by_result_and_by_band(work: Path) -> None:
    results, bands = result_counts(work / "tables"), band_counts(work / "tables")
    assert tuple(results) == RESULTS and sum(results.values()) == 80
    assert set(bands) == {"W1", "W2"} and all(tuple(counts) == BAND_WORDS for counts in bands.values())
    assert all(sum(counts.values()) == 40 for counts in bands.values())


def test_the_lists_are_named_in_order_of_place_with_ratio_and_posterior(work: Path) -> None:
    told = json.loads((work / "summary.json").read_text(encoding="utf-8"))
    flags = read_table(work / "tables", "flag").set_index(["area_code", "window"])
    assert told["run"] == "0123456789abcdef" and told["rows_kept"] == 990
    assert len(told["flagged"]) == sum(told["results"][name] for name in RESULTS[:3])
    mine = next(item for item in told["flagged"] if (item["area"], item["window"]) == (area_code(5), "W1"))
    row = flags.loc[(area_code(5), "W1")]
    assert mine["list"] == row["list"] and mine["name"] == "Example Area 5"
    assert mine["evidence_ratio"] == round(row["evidence_ratio"], 2)
    assert mine["posterior_10"] == round(row["posterior_10"], 2)
    for window in ("W1", "W2"):
        listed = [item["area"] for item in told["flagged"] if item["window"] == window]
        places = flags.xs(window, level="window").loc[listed, "review_place"].dropna().tolist()
        assert places == list(range(1, len(places) + 1))


def test_what_a_review_list_is_worth_stands_beside_it_and_the_warning_below(work: Path) -> None:
    told = json.loads((work / "summary.json").read_text(encoding="utf-8"))
    text = (work / "summary.txt").read_text(encoding="utf-8")
    worth = read_table(work / "tables", "list_summary").query("list == 'review list'").set_index("window")
    for row in told["review_lists"]:
        assert row["places"] == worth.loc[row["window"], "places"]
        assert row["expected_10"] == round(worth.loc[row["window"], "expected_10"], 1)
        assert (
            f"{row['window']}: of the {row['places']} on the review list about {row['expected_10']:.0f} would be "
            "councils that replaced their own money, if one council in ten did"
        ) in text
    assert "Being on a list is a prompt for enquiry, not evidence of misuse." in text
    assert all(f"{item['name']} ({item['area']}), evidence ratio" in text for item in told["flagged"])


def test_the_summary_of_the_same_run_has_the_same_bytes(work: Path, tmp_path: Path) -> None:
    first = (work / "summary.json").read_bytes(), (work / "summary.txt").read_bytes()
    tables = work / "tables"
    write_summary(work, "0123456789abcdef", COUNTS | {"results": result_counts(tables), "bands": band_counts(tables)})
    assert ((work / "summary.json").read_bytes(), (work / "summary.txt").read_bytes()) == first


def test_the_enquiry_is_one_line_that_names_what_is_not_used_and_none_without_answers(work: Path) -> None:
    assert "enquiry:" not in (work / "summary.txt").read_text(encoding="utf-8")
    told: dict[str, Any] = {"asked": 20, "answered": 3, "settled": 1, "not_used": ["E06000040/request.xlsx"]}
    line = "enquiry: 20 areas asked, 3 answered, 1 settled"
    assert enquiry_line(told | {"not_used": [], "used_in_part": []}) == [line]
    assert enquiry_line(told | {"used_in_part": ["E06000041"]}) == [
        f"{line}; 1 file not used, or not in every row: E06000040/request.xlsx; years left out of 1 answer: E06000041"
    ]
    assert enquiry_line({}) == []
