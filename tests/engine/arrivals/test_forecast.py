"""Who is still to come: what is learnt from a year so far, and what is left to chance."""

from __future__ import annotations

import numpy as np
import pytest

from takeroot.engine.arrivals.forecast import Forecast, exchanged, recentred
from takeroot.engine.arrivals.prices import Crowd

M, BATCHES, EACH = 4, 20, 10


def crowd(rng: np.random.Generator, level: np.ndarray, count: int) -> Crowd:
    """Households whose scores scatter around a level for each place."""
    scores = level + rng.normal(0.0, 0.1, (count, len(level)))
    return Crowd(np.ones((count, 1)), scores, np.ones(count))


def watched(last: Crowd, levels: list[np.ndarray], announced: int = BATCHES * EACH) -> Forecast:
    rng = np.random.default_rng(5)
    batch = np.repeat(np.arange(BATCHES), len(last) // BATCHES)
    forecast = Forecast(last, batch, BATCHES, announced)
    for number, level in enumerate(levels):
        forecast.see(number, crowd(rng, level, EACH))
    return forecast


def part_of_now(forecast: Forecast) -> float:
    mix = forecast.mix(np.zeros((M, 1)), np.full((M, 1), np.inf))
    assert mix.weight.sum() == pytest.approx(1.0)
    assert (mix.weight >= 0).all()
    return float(mix.weight[len(forecast.last) :].sum())


USUAL = np.array([0.5, 0.55, 0.5, 0.45])
OTHER = np.array([0.45, 0.5, 0.55, 0.5])


def test_the_more_this_year_differs_the_more_it_counts() -> None:
    last = crowd(np.random.default_rng(1), USUAL, BATCHES * EACH)
    alike = part_of_now(watched(last, [USUAL] * 6))
    # A difference in kind, not only in level: half of them want one place alone.
    rng = np.random.default_rng(2)
    forecast = watched(last, [])
    for number in range(6):
        now = crowd(rng, USUAL, EACH)
        now.scores[::2, 3] += 0.6
        now.scores[1::2, 3] -= 0.6
        forecast.see(number, now)
    assert alike < 0.45
    assert part_of_now(forecast) > alike + 0.2


def test_before_anybody_came_last_year_is_all_there_is_and_the_reverse() -> None:
    last = crowd(np.random.default_rng(1), USUAL, BATCHES * EACH)
    assert part_of_now(watched(last, [])) == 0.0
    none = Crowd(last.demand[:0], last.scores[:0], last.weight[:0])
    assert part_of_now(watched(none, [USUAL])) == pytest.approx(1.0)


def test_scores_move_to_this_years_level_only_as_far_as_it_is_no_chance() -> None:
    rng = np.random.default_rng(3)
    last, same = crowd(rng, USUAL, 400).scores, crowd(rng, USUAL, 100).scores
    turned = crowd(rng, OTHER, 100).scores
    even = np.ones(400)
    assert np.abs(recentred(last, even, same) - last).max() < 0.02
    moved = recentred(last, even, turned).mean(axis=0) - last.mean(axis=0)
    np.testing.assert_allclose(moved, OTHER - USUAL, atol=0.025)


def test_pairs_not_allowed_stay_so_and_a_place_never_seen_moves_with_the_rest() -> None:
    last, now = np.full((5, 2), 0.5), np.full((5, 2), 0.9)
    last[0, 0] = np.nan
    now[:, 1] = np.nan
    moved = recentred(last, np.ones(5), now)
    assert np.isnan(moved[0, 0])
    assert moved[1:, 0] == pytest.approx(0.9)
    assert moved[:, 1] == pytest.approx(0.9)


def test_last_years_season_counts_where_there_was_one() -> None:
    rng = np.random.default_rng(4)
    strong = np.array([0.9, 0.1, 0.1, 0.1])
    early, late = crowd(rng, strong, 100), crowd(rng, strong[::-1].copy(), 100)
    seasonal = watched(early + late, [strong] * 8)
    mix = seasonal.mix(np.zeros((M, 1)), np.full((M, 1), np.inf))
    assert mix.weight[100:200].sum() > 0.6
    even = watched(crowd(rng, USUAL, 200), [USUAL] * 8)
    mix = even.mix(np.zeros((M, 1)), np.full((M, 1), np.inf))
    assert mix.weight[:100].sum() == pytest.approx(mix.weight[100:200].sum())


def test_the_recent_weeks_count_more_after_a_change_for_good() -> None:
    last = crowd(np.random.default_rng(1), USUAL, BATCHES * EACH)
    strong = np.array([0.9, 0.1, 0.1, 0.1])
    changed = watched(last, [USUAL] * 8 + [strong] * 8)
    mix = changed.mix(np.zeros((M, 1)), np.full((M, 1), np.inf))
    assert mix.weight[280:].sum() > 4 * mix.weight[200:280].sum()


def test_how_many_are_to_come_follows_the_announcement_until_arrivals_deny_it() -> None:
    rng = np.random.default_rng(6)
    sizes = rng.integers(8, 13, BATCHES)
    last = crowd(rng, USUAL, int(sizes.sum()))
    batch = np.repeat(np.arange(BATCHES), sizes)

    def after_half(each: int) -> float:
        forecast = Forecast(last, batch, BATCHES, len(last))
        for number in range(BATCHES // 2):
            forecast.see(number, crowd(rng, USUAL, each))
        return forecast.remaining()

    usual = len(last) / BATCHES
    assert after_half(10) == pytest.approx(len(last) - 100, abs=3)
    assert after_half(15) > 12.5 * BATCHES / 2
    assert after_half(6) < (usual - 2.5) * BATCHES / 2


def test_nobody_comes_after_the_last_batch() -> None:
    last = crowd(np.random.default_rng(1), USUAL, BATCHES * EACH)
    assert watched(last, [USUAL] * BATCHES, announced=999).remaining() == 0.0


def test_exchanging_what_is_peculiar_keeps_the_mix_and_what_is_shared() -> None:
    rng = np.random.default_rng(7)
    taste = np.where(np.arange(60) < 30, 1.0, -1.0)[:, None] * np.array([1.0, -1.0, 0.5, -0.5])
    scores = 0.5 + 0.3 * taste + rng.normal(0.0, 0.05, (60, M))
    scores[0, 1] = np.nan
    given = Crowd(np.arange(60.0)[:, None], scores, np.full(60, 1 / 60))
    found = exchanged(given, 3, np.random.default_rng(0))
    assert found.weight.sum() == pytest.approx(1.0)
    np.testing.assert_array_equal(found.demand[60:120], given.demand)
    np.testing.assert_array_equal(np.isnan(found.scores[60:120]), np.isnan(scores))
    moved = found.scores[60:] - np.concatenate([scores, scores])
    assert 0.02 < np.nanstd(moved) < 0.12  # of the size of the noise, not of the taste
    assert abs(np.nanmean(moved)) < 0.02
    assert exchanged(given, 1, rng) is given
