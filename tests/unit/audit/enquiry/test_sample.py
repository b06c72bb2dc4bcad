"""The sample: known probabilities, drawn as often as they say, and an estimate whose interval holds the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from audit.enquiry.estimate import estimate, interval, planned_half_width
from audit.enquiry.sample import draw, inclusion, probabilities, share_out
from audit.enquiry.strata import STRATA, Frame, stratum_of
from pipelines.errors import InputError


def made_frame(areas: int = 150, seed: int = 1) -> Frame:
    """Areas of unequal money in all strata."""
    random = np.random.default_rng(seed)
    return Frame(
        codes=tuple(f"E{at:08d}" for at in range(areas)),
        names=tuple(f"Area {at}" for at in range(areas)),
        stratum=random.choice(len(STRATA), size=areas, p=[0.3, 0.35, 0.35]),
        money_gbp=np.exp(random.normal(17.0, 0.7, size=areas)),
    )


@pytest.mark.parametrize(("ratio", "stratum"), [(29.0, 0), (1.51, 0), (1.5, 1), (1.0, 1), (0.66, 2), (math.nan, 1)])
def test_an_area_stands_in_the_stratum_of_its_larger_evidence_ratio(ratio: float, stratum: int) -> None:
    assert stratum_of(ratio) == stratum


def test_every_stratum_gets_two_areas_and_the_rest_go_by_money() -> None:
    assert share_out(10, [100.0, 100.0, 1.0], [50, 50, 50]) == [4, 4, 2]
    assert share_out(10, [1.0, 99.0], [50, 5]) == [5, 5]  # a stratum gives no more than it has
    assert share_out(3, [1.0, 1.0], [1, 9]) == [1, 2]
    with pytest.raises(InputError, match="at least 4"):
        share_out(3, [1.0, 1.0], [5, 5])


def test_probabilities_add_up_to_the_places_and_none_passes_one() -> None:
    assert probabilities(np.array([1.0, 1.0, 2.0]), 2).tolist() == [0.5, 0.5, 1.0]
    made = probabilities(np.array([100.0, 1.0, 1.0, 1.0]), 2)
    assert made[0] == 1.0 and made.sum() == pytest.approx(2.0)


@pytest.mark.parametrize("size", [10, 20, 30, 60, 150])
def test_a_sample_has_the_size_asked_for_and_no_area_is_out_of_reach(size: int) -> None:
    frame = made_frame()
    made = draw(frame, size, seed=3)
    assert made.drawn.sum() == size
    assert made.probability.sum() == pytest.approx(size)
    assert (made.probability > 0).all() and (made.probability <= 1).all()
    assert (draw(frame, size, seed=3).drawn == made.drawn).all()


def test_areas_are_drawn_as_often_as_their_probability_says() -> None:
    frame = made_frame(60)
    often = np.mean([draw(frame, 20, seed=seed).drawn for seed in range(2000)], axis=0)
    chance = inclusion(frame, 20)
    assert np.abs(often - chance).max() < 4.0 * np.sqrt(0.25 / 2000)


def test_a_size_no_sample_can_have_is_refused() -> None:
    with pytest.raises(InputError, match="from 1 to 150"):
        inclusion(made_frame(), 151)


@pytest.mark.parametrize("size", [10, 20, 30, 60])
@pytest.mark.parametrize("by_money", [False, True])
def test_the_interval_holds_the_planted_truth_in_nine_draws_of_ten(size: int, by_money: bool) -> None:
    frame = made_frame()
    random = np.random.default_rng(size)
    chance = np.array([0.35, 0.15, 0.05])[frame.stratum]
    truth = (random.random(150) < chance).astype(float)
    weight = frame.money_gbp if by_money else np.ones(150)
    wanted = float((truth * weight).sum() / weight.sum())
    held = 0
    for seed in range(1000):
        made = draw(frame, size, seed)
        mine = made.drawn
        found = estimate(truth[mine], made.probability[mine], weight[mine], frame.stratum[mine], level=0.90)
        held += found.lower <= wanted <= found.upper
    assert held / 1000 >= 0.88


def test_an_area_without_a_conclusion_is_bounded_and_never_imputed() -> None:
    values, chance = np.array([1.0, 0.0, math.nan, 0.0]), np.full(4, 0.5)
    found = estimate(values, chance, np.ones(4), np.zeros(4), level=0.90)
    assert (found.answered, found.asked) == (3, 4)
    assert found.share == pytest.approx(1 / 3)
    assert (found.least, found.most) == (0.25, 0.5)
    nobody = estimate(np.full(4, math.nan), chance, np.ones(4), np.zeros(4), level=0.90)
    assert nobody.share != nobody.share and (nobody.least, nobody.most) == (0.0, 1.0)


def test_where_nothing_varies_the_interval_is_that_of_the_whole_sample() -> None:
    assert interval(0.0, 0.0, 20, 0.90) == pytest.approx((0.0, 0.139), abs=1e-3)
    lower, upper = interval(1.0, 0.0, 20, 0.90)
    assert upper == 1.0 and lower == pytest.approx(0.861, abs=1e-3)


def test_a_larger_sample_buys_a_narrower_interval() -> None:
    frame = made_frame()
    widths = [planned_half_width(inclusion(frame, size), np.ones(150), 0.1, level=0.90) for size in (10, 20, 30, 60)]
    assert widths == sorted(widths, reverse=True)
