"""Made-up instances: the same seed gives the same, sizes and loads are as asked."""

from __future__ import annotations

import numpy as np
import pytest

from takeroot.engine.generate import Arcs, InstanceError, families, persons
from takeroot.engine.generate.households import households


def fields(arcs: Arcs) -> list[np.ndarray]:
    return [arcs.start, arcs.agent, arcs.place, arcs.score, arcs.demand, arcs.capacity]


def test_the_same_seed_gives_the_same_instance_and_another_seed_another() -> None:
    first, again, other = (families(300, 12, 5, 0.9, seed) for seed in (4, 4, 5))
    for one, two in zip(fields(first), fields(again), strict=True):
        np.testing.assert_array_equal(one, two)
    assert not np.array_equal(first.score, other.score)


def test_each_agent_has_its_k_best_places_in_rising_order() -> None:
    arcs, every = persons(50, 9, 4, 1), persons(50, 9, 9, 1)
    assert arcs.shape == (50, 9)
    assert arcs.score.dtype == np.float32
    place, whole = arcs.place.reshape(50, 4), every.score.reshape(50, 9)
    assert (np.diff(place, axis=1) > 0).all()
    np.testing.assert_array_equal(arcs.agent, np.repeat(np.arange(50), 4))
    np.testing.assert_array_equal(arcs.start, np.arange(51) * 4)
    np.testing.assert_array_equal(
        np.sort(arcs.score.reshape(50, 4), axis=1), np.sort(whole, axis=1)[:, 5:]
    )
    assert ((arcs.score > 0) & (arcs.score < 1)).all()


def test_blocks_join_without_a_seam() -> None:
    arcs = persons(5000, 3, 2, 0)
    assert len(arcs.score) == 10_000
    assert (arcs.score > 0).all()
    assert arcs.place.max() <= 2


@pytest.mark.parametrize("load", [0.85, 0.97, 1.05])
def test_demand_is_the_asked_share_of_capacity_of_each_resource(load: float) -> None:
    arcs = families(2000, 20, 5, load, 3)
    ratio = arcs.demand.sum(axis=0) / arcs.capacity.sum(axis=0)
    np.testing.assert_allclose(ratio, load, rtol=0.01)


def test_families_are_of_1_to_7_with_a_bedroom_each_and_no_more_pupils_than_children() -> None:
    demand = households(np.random.default_rng(0), 5000)
    size, seats, rooms = demand.T
    assert set(size.tolist()) == set(range(1, 8))
    assert (seats <= size - 1).all()
    assert (rooms >= 1).all()
    assert (rooms <= size).all()


def test_a_tilt_makes_households_larger_or_smaller() -> None:
    mean = [households(np.random.default_rng(0), 3000, t)[:, 0].mean() for t in (-0.5, 0.0, 0.5)]
    assert mean[0] < mean[1] < mean[2]


@pytest.mark.parametrize(("n", "m", "k"), [(0, 3, 1), (3, 0, 1), (3, 3, 0), (3, 3, 4)])
def test_sizes_that_make_no_instance_are_answered_in_words(n: int, m: int, k: int) -> None:
    with pytest.raises(InstanceError, match=r"expected"):
        persons(n, m, k, 0)
    with pytest.raises(InstanceError, match=r"expected"):
        families(n, m, k, 0.9, 0)


def test_a_load_of_nothing_is_answered_in_words() -> None:
    with pytest.raises(InstanceError, match=r"load: 0, expected more than 0"):
        families(3, 3, 1, 0, 0)
