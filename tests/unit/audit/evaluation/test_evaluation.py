"""The measures of the evaluation, on rankings short enough to work by hand; its cases; a killed one goes on."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import make_dataclass
from pathlib import Path
from typing import Any

import made_cases
import numpy as np
import pytest

import audit.evaluation.evaluate as evaluation
from audit.evaluation.fingerprint import method_fingerprint, modules_behind
from audit.evaluation.measures import discovery_rows, interval_measures
from audit.evaluation.oracle import oracle_scores
from audit.evaluation.outcomes import difference
from audit.evaluation.permuted import permutation_rows, shuffled, with_money_of
from audit.evaluation.placebo import calibration_rows
from audit.evaluation.plans import families, scenarios
from audit.evaluation.rankings import ablation_rows, average_precision, found_at_false_share, power_at_fdr
from audit.evaluation.tables import ORDER, evaluation_rows
from audit.generators import plant, plant_fund
from pipelines.declarations.catalogue import tables

ROOT = Path(__file__).resolve().parents[4]
# Beside the judgement of an area: national estimates and tables that describe. No case of the evaluation looks at them.
BESIDE = ("anticipation", "calibration_rows", "national", "national_rows", "prediction_error", "regression",
          "transfer_check")  # fmt: skip


def test_average_precision_is_the_mean_precision_at_the_injured() -> None:
    score = np.array([4.0, 3.0, 2.0, 1.0])
    assert average_precision(score, np.array([True, False, True, False])) == pytest.approx((1.0 + 2.0 / 3.0) / 2.0)
    assert average_precision(np.array([np.nan, 1.0]), np.array([True, False])) == 0.5


def test_power_at_a_false_discovery_rate_is_the_most_any_threshold_finds() -> None:
    score = np.array([5.0, 4.0, 3.0, 2.0, 1.0])
    truth = np.array([True, True, False, True, False])
    assert power_at_fdr(score, truth, 0.10) == pytest.approx(2.0 / 3.0)
    assert power_at_fdr(score, truth, 0.25) == pytest.approx(1.0)
    assert power_at_fdr(-score, truth, 0.10) == 0.0


def test_found_at_a_false_share_counts_the_injured_above_what_that_share_of_the_others_exceed() -> None:
    others, injured = np.arange(101.0), np.array([94.0, 96.0, 200.0, np.nan])
    score, truth = np.concatenate([others, injured]), np.arange(105) >= 101
    assert found_at_false_share(score, truth, 0.05) == 0.5


def test_the_quick_cases_are_the_first_of_the_full_ones_and_no_name_is_used_twice() -> None:
    quick, full = scenarios(), scenarios(rounds=3)
    assert full[: len(quick)] == quick and len({item.name for item in full}) == 3 * len(quick)
    assert {item.family for item in quick} == set(families())
    assert all(item.first_round for item in quick) and not any(item.first_round for item in full[len(quick) :])


def test_two_routes_of_each_window_are_held_out_and_take_no_part_in_what_the_parts_are_worth() -> None:
    held = {window: {item.plan.route for item in scenarios() if item.held_out and item.window == window}
            for window in ("W1", "W2")}  # fmt: skip
    assert held == {"W1": set(plant.HELD_OUT), "W2": set(plant_fund.HELD_OUT)}
    results = made_cases.made_results()
    rows = evaluation_rows(scenarios(), results, {"method": "m"})["evaluation_ablation"]
    injured = [item for item in scenarios() if item.window == "W1" and item.plan.size > 0]
    usual = next(row for row in rows if row["what"] == "what the forest adds to the displacement estimate")
    assert usual["cases"] == len([item for item in injured if not item.held_out]) < len(injured)


def test_an_oracle_who_knows_a_large_signal_finds_every_injured_council() -> None:
    random = np.random.default_rng(1)
    clean = random.normal(size=(120, 7))
    truth = np.arange(120) < 12
    made = clean.copy()
    made[truth, 0] -= 5.0
    shift = np.zeros((120, 7))
    shift[:, 0] = -5.0
    known = {"kind": ["county"] * 120, "injured": truth.tolist(), "clean": clean.tolist(), "made": made.tolist()}
    case = {"oracle": known | {"shift": shift.tolist()}}
    scores, truths = oracle_scores([case, case])
    assert power_at_fdr(scores[0], truths[0], 0.10) > 0.8


def test_an_oracle_has_no_hint_beyond_the_figures() -> None:
    random = np.random.default_rng(2)
    cases = []
    for _ in range(10):
        clean = random.normal(size=(120, 7))
        known = {"kind": ["county"] * 120, "injured": (np.arange(120) < 12).tolist(), "clean": clean.tolist()}
        shift = -random.uniform(0.5, 1.5, size=(120, 7))
        cases.append({"oracle": known | {"made": clean.tolist(), "shift": shift.tolist()}})  # injured in name only
    scores, truths = oracle_scores(cases)
    assert found_at_false_share(np.concatenate(scores), np.concatenate(truths), 0.05) < 0.15


def test_coverage_is_of_rates_relative_to_the_average_and_a_wrong_sign_is_an_interval_beyond_nought() -> None:
    case = {"rate": [1.0, 0.0, 0.0, 0.0, None], "displacement_lower": [0.5, -1.0, 0.1, -0.3, 0.0],
            "displacement_upper": [1.0, 0.0, 0.9, -0.2, 1.0]}  # fmt: skip
    made = interval_measures([case])  # relative rates 0.75, -0.25, -0.25, -0.25
    assert (made["coverage"], made["sign_errors"]) == (0.75, 0.25)
    assert made["interval_width"] == pytest.approx(0.65)


def test_a_list_is_false_as_far_as_it_holds_areas_that_were_not_injured() -> None:
    truth = np.arange(60) < 4
    case = {"injured": truth.tolist(), "q_combined": np.where(np.arange(60) < 5, 0.15, 0.9).tolist(),
            "p_combined": (np.arange(60) / 60.0).tolist()}  # fmt: skip
    rows = {(row["detector"], row["rule"], row["level"]): row
            for row in discovery_rows([case, case], ([-np.arange(60.0)] * 2, [truth] * 2))}  # fmt: skip
    assert rows["method", "q-value at most", 0.2]["false_share"] == pytest.approx(0.2)
    assert np.isnan(rows["method", "q-value at most", 0.1]["false_share"])
    assert rows["oracle", "list of", 20.0] | {"detector": ""} == rows["method", "list of", 20.0] | {"detector": ""}
    assert rows["method", "list of", 20.0]["false_share"] == 0.8 and rows["method", "list of", 20.0]["found"] == 1.0


def test_a_part_that_never_helps_is_said_to_make_no_difference_and_one_that_always_does_to_gain() -> None:
    def case(seed: int) -> dict[str, Any]:
        made = made_cases.made_case(f"x{seed}", scenarios()[0])
        return made | {"p_combined": np.where(made["injured"], 0.01, 0.5).tolist()}

    rows = {row["what"]: row for row in ablation_rows("W1", [case(seed) for seed in range(6)])}
    assert rows["what the forest adds to the displacement estimate"]["verdict"] == "gains"
    same = rows["one-sided against two-sided features"]
    assert (same["verdict"], same["gain"]) == ("no difference that can be told", 0.0)


def test_uniform_p_values_have_the_level_itself_as_their_share_and_no_distance() -> None:
    even = (np.arange(1000) + 0.5) / 1000.0
    rows = calibration_rows("made", {"even": even, "small": even / 2.0})
    level = {(row["test"], row["level"]): row for row in rows}
    assert level["even", 0.3]["share"] == pytest.approx(0.3) and level["even", 0.3]["distance"] < 0.002
    assert level["small", 0.3]["share"] == pytest.approx(0.6) and level["small", 0.3]["distance"] > 0.49


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
        return {"W1": {"slope": value, "share_at_05": 0.0, "smallest_q": value, "picked_by_b": 0.0}}

    rows = {row["statistic"]: row for row in permutation_rows(found(2.0), [found(value) for value in (1.0, 3.0, 0.5)])}
    assert rows["slope"]["p_value"] == 0.5 and rows["smallest_q"]["p_value"] == 0.75


def test_outcomes_are_compared_with_areas_like_them_that_are_not_themselves_in_the_group() -> None:
    values = np.array([10.0, 10.0, 10.0, 2.0, 4.0, np.nan])
    mine = np.array([True, True, True, False, False, False])
    peers = np.array([[1, 3, 4, 5], [0, 3, 5, 2], [4, 5, 0, 1]] + [[0, 1, 2, 3]] * 3)
    made = difference(values, mine, peers, seed=1)
    assert (made["areas"], made["worse"]) == (3, "yes")
    assert made["matched_mean"] == pytest.approx((3.0 + 2.0 + 4.0) / 3.0)
    assert difference(values, mine & (values < 0), peers, seed=1)["worse"] == "too few areas"


def test_results_belong_to_every_module_that_decides_them_and_to_no_page() -> None:
    behind = modules_behind()
    decide = ("method.forest", "method.expected_spend", "panel.transfers", "flags.flags", "evaluation.variants")
    assert {f"audit.{name}" for name in (*decide, "generators.plant_fund", "method.work_out")} <= set(behind)
    write = ("evaluation.evaluate", "evaluation.tables", "commands.cli", "run.run", "run.published_evaluation")
    assert not {f"audit.{name}" for name in write} & set(behind)


def test_a_change_of_any_module_of_the_method_moves_the_fingerprint(tmp_path: Path) -> None:
    for name in ("audit", "pipelines"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    was, behind = method_fingerprint(tmp_path), modules_behind(root=tmp_path)
    assert was == method_fingerprint()
    method = {path.stem for path in (ROOT / "audit" / "method").glob("*.py")} - {"__init__", *BESIDE}
    assert {f"audit.method.{name}" for name in method} <= set(behind)
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
    for path in (tmp_path / "cases").glob("centre-*.json"):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"fingerprint": "another"}))
    assert evaluated(tmp_path, monkeypatch) == [name for name in everything if name.startswith("centre-")]


def test_the_compact_tables_hold_declared_columns_only_and_no_more_figures_than_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluated(tmp_path, monkeypatch)
    for path in (tmp_path / "csv").glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        assert set(rows[0] if rows else ()) <= set(tables()[path.stem].column_names)
    with (tmp_path / "csv" / "evaluation_detector.csv").open(newline="", encoding="utf-8") as stream:
        assert all(len(row["average_precision"].replace("0.", "").lstrip("0")) <= 4 for row in csv.DictReader(stream))
