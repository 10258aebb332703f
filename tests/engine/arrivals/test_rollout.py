"""The last weeks played through: known answers."""

from __future__ import annotations

import numpy as np

from takeroot.engine.arrivals.rollout import NEVER, Futures, improved, play


def futures(demand: list[list[float]], worth: list[list[float]], samples: int = 4) -> Futures:
    """The same households in every future, one resource, no prices."""
    need = np.array([demand] * samples)[..., None] if np.ndim(demand) == 1 else np.array([demand])
    values = np.array([worth] * samples)
    return Futures(np.broadcast_to(need, (samples, len(worth), 1)), values, values)


def test_each_goes_to_its_best_place_that_still_has_room() -> None:
    one = futures([[1.0], [1.0], [1.0]], [[0.9, 0.1], [0.8, 0.2], [0.7, 0.3]])
    left = np.array([[[1.0], [1.0]], [[3.0], [0.0]], [[0.0], [0.0]]])
    np.testing.assert_allclose(play(left, one)[:, 0], [0.9 + 0.2, 0.9 + 0.8 + 0.7, 0.0], atol=1e-6)


def test_nobody_is_put_where_it_is_not_allowed_or_gains_nothing() -> None:
    one = futures([[1.0], [1.0]], [[NEVER, 0.4], [-0.1, NEVER]])
    np.testing.assert_allclose(play(np.full((1, 2, 1), 9.0), one), 0.4, atol=1e-6)


def test_a_decision_makes_room_for_a_large_household_that_is_sure_to_come() -> None:
    """Two places of 3 seats, one household of 1 now: the first place is a little better for it,
    but only there the household of 3 that comes next is worth anything."""
    later = futures([[3.0]], [[1.0, NEVER]])
    worth = np.array([[0.6, 0.5]])
    choice = improved(
        np.array([0]), worth, worth, np.array([[1.0]]), np.array([[3.0], [3.0]]), later
    )
    assert choice.tolist() == [1]


def test_two_households_are_exchanged_where_that_leaves_more() -> None:
    """Sizes 1 and 2 in two places of 2 seats. Exchanged, the first place has 1 seat left instead
    of none: the household of 1 that only goes there comes next."""
    later = futures([[1.0]], [[1.0, NEVER]])
    worth = np.array([[0.52, 0.55], [0.55, 0.52]])
    choice = improved(
        np.array([1, 0]), worth, worth, np.array([[1.0], [2.0]]), np.array([[2.0], [2.0]]), later
    )
    assert choice.tolist() == [0, 1]


def test_what_is_better_by_chance_alone_is_left_as_it_is() -> None:
    values = np.array([[[0.5, NEVER]], [[NEVER, 0.51]]] * 8)
    equal = Futures(np.ones((16, 1, 1)), values, values)
    worth = np.array([[0.5, 0.5]])
    choice = improved(np.array([0]), worth, worth, np.ones((1, 1)), np.ones((2, 1)), equal)
    assert choice.tolist() == [0]
