"""What a scheduler can mail: results and bands counted, the lists by name and what they are worth; no clock."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from made_returns import area_code, write_made_returns

from audit.account.summary import (
    band_counts,
    overdue_checks,
    result_counts,
    summary,
    unassessed,
    write_summary,
    write_summary_text,
)
from audit.account.summary_text import CHANCES, chance_words, duration_words, enquiry_lines, summary_text
from audit.run.audit_stage import assess
from audit.settings import load_settings
from pipelines.declarations.parquet import read_table, write_table
from pipelines.declarations.reviews import overdue, overdue_sentence
from pipelines.declarations.table_words import BAND_WORDS, RESULTS

COUNTS = {"files": 3, "rows_read": 1000, "rows_kept": 990, "quarantined": 10, "checks": "5 passed"}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "tables").mkdir()
    tables = write_made_returns(folder / "tables", replaced=5)
    assess(tables, load_settings(also="forest.repeats = 2; forest.trees = 20"))
    write_summary(folder, "0123456789abcdef", COUNTS | {"results": result_counts(tables), "bands": band_counts(tables)})
    write_summary_text(folder, ["Since run fedcba9876543210 no list and no band changed."], seconds=23.4)
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
    assert "A list is a prompt for enquiry, not evidence of misuse" in text


def test_the_text_gives_the_answer_first_then_each_window_in_words_in_lines_that_a_mail_holds(work: Path) -> None:
    told = json.loads((work / "summary.json").read_text(encoding="utf-8"))
    lines = (work / "summary.txt").read_text(encoding="utf-8").splitlines()
    listed = len({item["area"] for item in told["flagged"]})
    assert lines[0] == f"{listed} of 40 areas are listed to be asked whether NHS money replaced the council's own."
    assert max(map(len, lines)) <= 100
    text = " ".join(" ".join(lines).split())
    assert "site/index.html" in text and "Section 256 transfers, 2011-12 to 2013-14" in text
    assert not re.search(r"\bW\d\b|posterior|evidence ratio|_", text)
    for row in told["review_lists"]:
        assert f"On the review list: {row['places']}. If one council in ten replaced its own money, " in text
    bands = read_table(work / "tables", "flag", ["area_code", "window", "band"]).set_index(["area_code", "window"])
    for item in told["flagged"]:
        band = bands.loc[(item["area"], item["window"]), "band"]
        assert f"{item['name']} ({item['area']}): {band}; chance {chance_words(item['posterior_10'])}" in text


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "under 1 in 100"), (0.01, "about 1 in 100"), (0.08, "about 1 in 12"), (0.34, "about 1 in 3"),
     (0.35, "about 4 in 10"), (0.76, "about 8 in 10"), (0.94, "about 9 in 10"), (1.0, "over 95 in 100")],
)  # fmt: skip
def test_a_chance_is_said_in_words_and_never_nought_or_all(share: float, words: str) -> None:
    assert chance_words(share) == words


def test_warnings_long_words_and_a_run_without_lists_are_told_too() -> None:
    told: dict[str, Any] = {
        "run": "0123456789abcdef", "results": {"on no list": 2}, "files": 1, "rows_read": 1, "rows_kept": 1,
        "quarantined": 1, "checks": "1 passed", "review_lists": [], "flagged": [],
        "warnings": ["E06000001, W2: " + "x" * 150],
    }  # fmt: skip
    lines = summary_text(told, {}, areas=2).splitlines()
    assert lines[0] == "None of 2 areas is listed to be asked about NHS money for social care."
    assert "Warning: E06000001, Better Care Fund, 2015-16 to 2019-20:" in "\n".join(lines)
    assert max(map(len, lines)) <= 100
    assert any("1 row or value set aside" in line for line in lines)


def test_a_run_that_could_assess_no_area_says_what_it_lacks(work: Path, tmp_path: Path) -> None:
    told = json.loads((work / "summary.json").read_text(encoding="utf-8"))
    assert unassessed(work) == ""
    told["results"] = dict.fromkeys(told["results"], 0) | {"not assessed": 4}
    (tmp_path / "summary.json").write_text(json.dumps(told), encoding="utf-8")
    assert unassessed(tmp_path).startswith("No area could be assessed: the returns given do not hold")
    lines = summary_text({**told, "flagged": []}, {}, areas=2).splitlines()
    assert lines[0].startswith("No area could be assessed: the returns given do not hold")


def test_the_text_names_checks_that_are_overdue_for_review(work: Path) -> None:
    told = json.loads((work / "summary.json").read_text(encoding="utf-8"))
    late = overdue_sentence(overdue([("RS-JUMP", "2020-03"), ("RS-SIGN", "2999-03")], datetime.date(2026, 11, 30)))
    text = summary_text(told, {}, areas=2, late=late)
    assert "1 check is overdue for review: RS-JUMP (by 2020-03)." in " ".join(text.split())
    assert "overdue" not in summary_text(told, {}, areas=2)


def test_a_run_names_the_checks_whose_review_is_overdue(work: Path, tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    shutil.copytree(work / "tables", tables)
    rows = {"table": ["rs", "rs", "rs"], "code": ["RS-OLD", "RS-NEW", "STR-RS-KEY"],
            "review_by": ["2020-03", "2999-12", ""]}  # fmt: skip
    write_table("check_result", rows, tables)
    write_summary(tmp_path, "0123456789abcdef", COUNTS)
    assert overdue_checks(tmp_path).startswith("1 check is overdue for review: RS-OLD (by 2020-03).")
    assert overdue_checks(work) == ""
    assert summary(work, "0123456789abcdef", COUNTS)["reviews"] == {}
    assert summary(tmp_path, "0123456789abcdef", COUNTS)["reviews"] == {"2020-03": 1, "2999-12": 1}


def test_the_summary_of_the_same_run_has_the_same_bytes(work: Path, tmp_path: Path) -> None:
    first = (work / "summary.json").read_bytes()
    tables = work / "tables"
    write_summary(work, "0123456789abcdef", COUNTS | {"results": result_counts(tables), "bands": band_counts(tables)})
    assert (work / "summary.json").read_bytes() == first


def test_what_changed_and_how_long_it_took_stand_in_the_text_before_the_lists(work: Path) -> None:
    text = (work / "summary.txt").read_text(encoding="utf-8")
    since = text.index("Since run fedcba9876543210 no list and no band changed.")
    assert "It took 23 seconds." in text and since < text.index("Section 256 transfers, 2011-12 to 2013-14")


def test_a_run_made_again_keeps_the_text_that_tells_what_it_was_compared_with(work: Path, tmp_path: Path) -> None:
    (tmp_path / "summary.txt").write_text("as it was\n", encoding="utf-8")
    before = (work / "summary.txt").read_bytes()
    write_summary_text(work, ["something else"], seconds=1.0, as_before=tmp_path)
    assert (work / "summary.txt").read_text(encoding="utf-8") == "as it was\n"
    (work / "summary.txt").write_bytes(before)


def test_areas_are_counted_by_chance_each_once_and_no_amount_stands_in_the_text(work: Path) -> None:
    told = json.loads((work / "summary.json").read_text(encoding="utf-8"))
    chances: Any = read_table(work / "tables", "flag", ["window", "posterior_10"]).dropna()
    text = " ".join((work / "summary.txt").read_text(encoding="utf-8").split())
    for window, counts in told["chances"].items():
        own = chances[chances["window"] == window]["posterior_10"]
        assert sum(counts.values()) == len(own) and counts["5 in 10 or more"] == (own >= 0.5).sum()
        assert "; ".join(f"{words}: {counts[words]}" for _, words in CHANCES) in text
    assert "£" not in text and "million" not in text


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 seconds"), (23.4, "23 seconds"), (89.0, "89 seconds"), (150.0, "2 minutes")]
)
def test_how_long_it_took_is_said_in_seconds_or_minutes(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words.replace("1 seconds", "1 second")


def test_the_enquiry_is_one_line_that_names_what_is_not_used_and_none_without_answers(work: Path) -> None:
    assert "Enquiry:" not in (work / "summary.txt").read_text(encoding="utf-8")
    told: dict[str, Any] = {"asked": 20, "answered": 3, "settled": 1, "not_used": ["E06000040/request.xlsx"]}
    line = "Enquiry: 20 areas asked, 3 answered, 1 settled"
    assert enquiry_lines(told | {"not_used": [], "used_in_part": []}) == [f"{line}."]
    assert enquiry_lines(told | {"used_in_part": ["E06000041"]}) == [
        f"{line}; 1 file not used, or not in every row: E06000040/request.xlsx; years left out of 1 answer: E06000041."
    ]
    assert enquiry_lines({}) == []
