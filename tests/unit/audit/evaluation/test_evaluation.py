"""The measures of the evaluation, on rankings short enough to work by hand; its cases; a killed one goes on."""

from __future__ import annotations

import csv
import json
import math
import shutil
from dataclasses import make_dataclass
from pathlib import Path
from typing import Any

import made_cases
import numpy as np
import pytest

import audit.evaluation.results.evaluate as evaluation
from audit.evaluation.fingerprint import method_fingerprint, modules_behind
from audit.evaluation.measures import FIRST, band_rows, interval_rows, look_alike_rows, posterior_rows, wilson
from audit.evaluation.oracle import oracle_scores
from audit.evaluation.outcomes import difference
from audit.evaluation.permuted import STATISTICS, permutation_rows, shuffled, with_money_of
from audit.evaluation.plans import HELD_OUT, families, held_out, is_route, scenarios
from audit.evaluation.rankings import ablation_rows, best_rows, first_rows, list_rows, precision
from audit.evaluation.results.tables import ORDER, evaluation_rows
from audit.evaluation.results.targets import targets
from pipelines.declarations.catalogue import tables

ROOT = Path(__file__).resolve().parents[4]
# Beside the judgement of an area: national estimates and tables that describe. No case of the evaluation looks at them.
BESIDE = ("national", "prediction_error")


def test_precision_is_the_share_of_the_first_places_that_are_true_and_unknown_scores_hold_none() -> None:
    score = np.array([4.0, 3.0, np.nan, 1.0])
    truth = np.array([True, False, True, True])
    assert precision(score, truth, 2) == 0.5
    assert precision(score, truth, 4) == pytest.approx(2.0 / 3.0)
    assert first_rows(np.array([1.0, 1.0, 2.0]), 2).tolist() == [2, 0]


def test_the_quick_cases_are_the_first_of_the_full_ones_and_no_name_is_used_twice() -> None:
    quick, full = scenarios(), scenarios(rounds=3)
    assert full[: len(quick)] == quick and len({item.name for item in full}) == 3 * len(quick)
    assert {item.family.name for item in quick} == set(families())


def test_every_route_of_a_window_is_a_family_and_two_of_them_take_no_part_in_what_the_parts_are_worth() -> None:
    for window in ("W1", "W2"):
        routes = [family for family in families().values() if family.window == window and is_route(family)]
        assert len(routes) == 5
        assert {family.plan.route for family in routes if held_out(family)} == set(HELD_OUT[window])
    rows = evaluation_rows(scenarios(), made_cases.made_results(), {"method": "m"})["evaluation_ablation"]
    first = next(row for row in rows if row["window"] == "W1")
    open_routes = [item for item in scenarios() if item.window == "W1" and is_route(item.family)
                   and not held_out(item.family)]  # fmt: skip
    assert first["cases"] == len(open_routes)


def informed(seed: int, shift: float) -> dict[str, Any]:
    """A case of 120 authorities, twelve of them injured by a shift of the first trace."""
    random = np.random.default_rng(seed)
    clean, injured = random.normal(size=(120, 7)), np.arange(120) % 10 == 0
    moved = clean.copy()
    moved[injured, 0] -= shift
    told = np.zeros((120, 7))
    told[:, 0] = -shift
    return {"oracle": made_cases.made_oracle(clean, moved, injured, told)}


def test_the_best_we_know_finds_nearly_everybody_where_the_signal_is_large() -> None:
    scores, truths = oracle_scores([informed(1, 6.0), informed(2, 6.0)])
    assert precision(scores[0], truths[0], 12) > 0.8


def test_the_best_we_know_has_no_hint_beyond_the_figures() -> None:
    cases = []
    for seed in range(10):
        record = informed(seed, 0.0)["oracle"]
        told = -np.random.default_rng(seed).uniform(0.5, 1.5, size=(120, 7))
        cases.append({"oracle": record | {"shift": told.tolist()}})  # injured in name only
    scores, truths = oracle_scores(cases)
    assert np.mean([precision(*pair, 15) for pair in zip(scores, truths, strict=True)]) < 0.2


def test_a_list_that_beats_the_best_we_know_by_more_than_two_standard_errors_is_told() -> None:
    truth = np.arange(60) < 8
    sure = np.where(truth, 5.0, 0.0)
    cases = [{"injured": truth.tolist(), "log_ratio": (sure + seed / 100).tolist(), "forest": (-sure).tolist()}
             for seed in range(4)]  # fmt: skip
    lots = [np.random.default_rng(seed).normal(size=60) for seed in range(4)]
    review, unusual = best_rows(cases, (lots, [truth] * 4))
    assert review["beats"] and not unusual["beats"]


def test_a_part_that_never_helps_is_said_to_make_no_difference_and_one_that_always_does_to_gain() -> None:
    def case(seed: int) -> dict[str, Any]:
        made = made_cases.made_case(f"x{seed}", scenarios()[0])
        return made | {"log_ratio": np.where(made["injured"], 2.0, -1.0).tolist(),
                       "mixture": np.where(made["injured"], 2.0, -1.0).tolist()}  # fmt: skip

    rows = {row["what"]: row for row in ablation_rows([case(seed) for seed in range(6)])}
    assert rows["the evidence ratio, against the forest alone"]["verdict"] == "gains"
    same = rows["onset at once, against a mixture of onsets"]
    assert (same["verdict"], same["gain"]) == ("no difference that can be told", 0.0)


def test_both_lists_together_hold_whoever_is_on_either() -> None:
    truth = np.arange(60) < 30
    case = {"injured": truth.tolist(), "log_ratio": np.where(np.arange(60) < 15, 1.0, -1.0).tolist(),
            "forest": np.where(np.arange(60) >= 50, 1.0, 0.0).tolist()}  # fmt: skip
    rows = {row["detector"]: row for row in list_rows([case, case], None)}
    assert rows["review list"]["precision"] == 1.0 and rows["unusual-pattern list"]["precision"] == 0.0
    assert rows["both lists"]["precision"] == pytest.approx(15 / 25)


def test_expected_and_actual_are_counted_in_the_first_places_and_in_bins() -> None:
    even = {"injured": [True, False] * 20, "log_ratio": [math.log(9.0)] * 20 + [-5.0] * 20}
    rows = {row["part"]: row for row in posterior_rows([even, even], 0.10)}
    assert rows[FIRST]["areas"] == 30 and rows[FIRST]["expected"] == pytest.approx(15.0)
    assert rows["posterior 0.40 to 1.00"]["areas"] == 40 and rows["posterior 0.40 to 1.00"]["actual"] == 20
    assert rows["posterior 0.00 to 0.05"]["expected"] < 1.0


def test_coverage_is_of_rates_relative_to_the_average_council_for_injured_and_others_apart() -> None:
    case = {"injured": [True, True, False, False, False], "rate": [1.0, 1.0, 0.3, 0.3, 0.3],
            "estimate": [0.7, 3.0, 0.0, 0.0, 2.0], "lower": [0.2, 2.5, -0.5, -0.5, 1.5],
            "upper": [1.2, 3.5, 0.5, 0.5, 2.5]}  # fmt: skip
    rows = {row["group"]: row for row in interval_rows([case], continuous=False)}
    assert (rows["injured"]["coverage"], rows["others"]["coverage"]) == (0.5, pytest.approx(2 / 3))
    assert rows["injured"]["width"] == pytest.approx(1.0)


def test_bands_are_counted_against_the_truth_with_the_interval_of_the_share() -> None:
    case = {"injured": [True, False, False, True], "log_ratio": [math.log(4.0), math.log(4.0), 0.0, None]}
    rows = {row["band"]: row for row in band_rows([case])}
    assert rows["points towards replacement"]["share_injured"] == 0.5
    assert rows["says nothing either way"]["areas"] == 1
    assert wilson(5, 10) == pytest.approx((0.2693, 0.7307), abs=1e-3)


def test_the_ratio_of_a_test_leaves_out_the_injured_the_errors_and_other_innocent_changes() -> None:
    case = {"fires": {"t": [True, True, False, False, True, True, None]}, "injured": [False] * 5 + [True, False],
            "look_alike": ["kind", "kind", "", "", "other", "", ""], "error": [""] * 7}  # fmt: skip
    (row,) = look_alike_rows([case, case | {"fires": {"t": [True] * 4 + [False] * 3}}], {"t": "kind"})
    assert (row["areas_planted"], row["fires_planted"]) == (4, 1.0)
    assert (row["areas_clean"], row["fires_clean"]) == (5, 0.4)
    assert row["likelihood_ratio"] == 2.5


def test_permuted_money_stays_within_its_class_and_is_scaled_to_the_receiver() -> None:
    classes = np.array(["a", "a", "a", "b", "b", "b"])
    giver = shuffled(classes, np.array([True] * 5 + [False]), np.random.default_rng(3))
    assert (classes[giver] == classes).all() and giver[5] == 5 and sorted(giver) == list(range(6))

    fields = ("money", "blocks")
    panel = make_dataclass("Made", fields)(
        {"population_18_plus": np.array([[10.0], [20.0]]), "entitlement": np.array([[5.0], [40.0]]),
         "other_income_without_ld": np.array([[1.0], [2.0]])},
        {"other_income": np.ones((2, 1, 3))},
    )  # fmt: skip
    moved = with_money_of(panel, np.array([1, 0]))
    assert moved.money["entitlement"].ravel().tolist() == [20.0, 10.0]


def test_the_p_value_of_a_permutation_counts_the_money_as_it_was() -> None:
    def found(value: float) -> dict[str, Any]:
        return {"W1": dict.fromkeys(STATISTICS, value)}

    rows = {row["statistic"]: row for row in permutation_rows(found(2.0), [found(value) for value in (1.0, 3.0, 0.5)])}
    assert rows["mean_rate"]["p_value"] == 0.5


def test_outcomes_are_compared_with_areas_like_them_that_are_not_themselves_in_the_group() -> None:
    values = np.array([10.0, 10.0, 10.0, 2.0, 4.0, np.nan])
    mine = np.array([True, True, True, False, False, False])
    peers = np.array([[1, 3, 4, 5], [0, 3, 5, 2], [4, 5, 0, 1]] + [[0, 1, 2, 3]] * 3)
    made = difference(values, mine, peers, seed=1)
    assert (made["areas"], made["worse"]) == (3, "yes")
    assert made["matched_mean"] == pytest.approx((3.0 + 2.0 + 4.0) / 3.0)
    assert difference(values, mine & (values < 0), peers, seed=1)["worse"] == "too few areas"
    even = difference(np.array([2.0, 4.0, 3.0, 2.0, 4.0, np.nan]), mine, peers, seed=1)
    assert even["lower"] <= 0 <= even["upper"] and even["worse"] == "no difference shown"


def target_rows(made: dict[str, Any], words: str) -> list[dict[str, Any]]:
    return [row for row in targets({name: [] for name in ORDER} | made) if words in row["target"]]


def test_what_papers_must_reach_is_asked_of_unbiased_ones_read_as_they_err_in_each_window() -> None:
    plain = {"window": "W1", "papers": "unbiased", "error": 0.02, "setting": 0.02, "list_found": 0.0}
    papers = [
        plain | {"errors": "one year", "years": 1, "reading": "either", "power": 0.39},
        plain | {"errors": "each year its own", "years": 3, "reading": "each year its own", "power": 0.85},
        plain | {"errors": "each year its own", "years": 3, "reading": "one through all years", "power": 0.1},
        plain | {"errors": "one through all years", "years": 3, "reading": "one through all years", "power": 0.36},
        plain | {"errors": "one year", "years": 1, "reading": "either", "error": 0.01, "power": 0.99},
        plain | {"errors": "one year", "years": 1, "reading": "either", "papers": "biased", "power": 0.99},
    ]
    first, second = (
        [row for row in target_rows({"evaluation_papers": papers}, "papers of") if row["window"] == window]
        for window in ("W1", "W2")
    )
    assert [(row["reached"], row["met"]) for row in first] == [(0.39, "no"), (0.85, "yes"), (0.36, "yes")]
    assert [row["met"] for row in second] == ["not measured"] * 3


def test_what_a_sample_must_reach_is_asked_of_its_least_coverage() -> None:
    row = {"size": 30, "share_planted": 0.1, "truth": "by lot", "weight": "areas", "draws": 100, "coverage": 0.95}
    (found,) = target_rows({"evaluation_sample": [row, row | {"size": 60, "coverage": 0.87}]}, "by a sample")
    assert (found["window"], found["reached"], found["met"]) == ("both", 0.87, "no")
    assert found["note"].startswith("60 areas, 10% planted by lot")
    assert target_rows({}, "by a sample")[0]["met"] == "not measured"


def test_papers_and_samples_of_a_longer_form_have_a_result_of_their_own() -> None:
    short, long = (
        {name for name, work in evaluation.jobs(rounds).items() if isinstance(work, evaluation.Drawn)}
        for rounds in (1, 10)
    )
    assert len(short) == len(long) == 2 and not short & long


def test_results_belong_to_every_module_that_decides_them_and_to_no_page() -> None:
    behind = modules_behind()
    decide = ("method.evidence_ratio", "method.noise", "panel.transfers", "evaluation.real_paths", "enquiry.planned",
              "enquiry.estimate", "enquiry.sample", "enquiry.strata", "evaluation.enquiry.papers",
              "evaluation.enquiry.plant_papers", "evaluation.enquiry.sampling")  # fmt: skip
    assert {f"audit.{name}" for name in (*decide, "generators.plant_fund", "method.work_out")} <= set(behind)
    write = (
        "evaluation.results.evaluate",
        "evaluation.results.tables",
        "commands.cli",
        "run.run",
        "run.published_evaluation",
    )
    assert not {f"audit.{name}" for name in write} & set(behind)


def test_a_change_of_any_module_of_the_method_moves_the_fingerprint(tmp_path: Path) -> None:
    for name in ("audit", "pipelines"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    was, behind = method_fingerprint(tmp_path), modules_behind(root=tmp_path)
    assert was == method_fingerprint()
    folder = ROOT / "audit" / "method"
    paths = [path.relative_to(ROOT).with_suffix("") for path in folder.rglob("*.py") if path.stem != "__init__"]
    method = {".".join(path.parts) for path in paths if path.parts[2] not in BESIDE}
    assert len(method) > 20 and method <= set(behind)
    for module in behind:
        path = tmp_path / f"{module.replace('.', '/')}.py"
        before = path.read_bytes()
        path.write_bytes(before + b"# touched\n")
        assert method_fingerprint(tmp_path) != was, module
        path.write_bytes(before)


class KilledError(Exception):
    """Stands for the process being ended between two cases."""


def evaluated(folder: Path, monkeypatch: pytest.MonkeyPatch, *, kill_after: int | None = None) -> list[str]:
    """Names of the cases done in one go of a quick evaluation of made-up results."""
    done: list[str] = []

    def found(_: Path, work: Any) -> dict[str, Any]:
        if len(done) == kill_after:
            raise KilledError
        name = next(name for name, other in evaluation.jobs(1).items() if other == work)
        done.append(name)
        return made_cases.made_case(name, work)

    monkeypatch.setattr(evaluation, "_found", found)
    monkeypatch.setattr(evaluation, "method_fingerprint", lambda: "made")
    evaluation.evaluate(folder, folder, rounds=1, workers=1, say=lambda _: None)
    return done


def written(folder: Path) -> dict[str, bytes]:
    paths = [*folder.glob("csv/*.csv"), *folder.glob("tables/*.parquet"), folder / "results.md"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_an_evaluation_killed_and_continued_gives_the_same_tables_and_repeats_no_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    everything = evaluated(whole, monkeypatch)
    with pytest.raises(KilledError):
        evaluated(broken, monkeypatch, kill_after=20)
    half_written = sorted((broken / "cases").glob("*.json"))[0]
    half_written.write_text(half_written.read_text()[:100])
    rest = evaluated(broken, monkeypatch)
    assert len(rest) == len(everything) - 20 + 1
    assert written(broken) == written(whole) and evaluated(broken, monkeypatch) == []
    assert {path.split("/")[-1].split(".")[0] for path in written(whole)} == {*ORDER, "results"}


def test_results_of_another_method_are_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = evaluated(tmp_path, monkeypatch)
    for path in (tmp_path / "cases").glob("route_booking-*.json"):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"fingerprint": "another"}))
    assert evaluated(tmp_path, monkeypatch) == [name for name in everything if name.startswith("route_booking-")]


def test_the_compact_tables_hold_declared_columns_only_and_no_more_figures_than_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluated(tmp_path, monkeypatch)
    for path in (tmp_path / "csv").glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        assert set(rows[0] if rows else ()) <= set(tables()[path.stem].column_names)
    with (tmp_path / "csv" / "evaluation_list.csv").open(newline="", encoding="utf-8") as stream:
        assert all(len(row["precision"].replace("0.", "").lstrip("0")) <= 4 for row in csv.DictReader(stream))
