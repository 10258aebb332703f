"""A stream checks itself and sorts itself."""

from __future__ import annotations

import numpy as np
import pytest

from takeroot.engine.arrivals import Households, Places, StreamError

from .makers import NAN, people, year


def test_households_are_sorted_by_batch_then_id() -> None:
    given = people([[0.1], [0.2], [0.3]], batch=[1, 0, 0])
    assert given.ids == ("h1", "h2", "h0")
    assert given.scores.ravel().tolist() == [0.2, 0.3, 0.1]
    assert given.of_batch(0).ids == ("h1", "h2")
    assert given.of_batch(7).ids == ()


def test_places_are_sorted_by_id_with_their_scores_and_capacities() -> None:
    places = Places(("b", "a"), ("persons",), np.array([[2.0], [1.0]]))
    from takeroot.engine.arrivals import Stream

    made = Stream(places, people([[0.2, 0.1]]), people([[0.4, 0.3]], name="l"))
    assert made.places.ids == ("a", "b")
    assert made.places.capacities.ravel().tolist() == [1.0, 2.0]
    assert made.households.scores.tolist() == [[0.1, 0.2]]
    assert made.history.scores.tolist() == [[0.3, 0.4]]
    assert places.ids == ("b", "a")


def test_arrays_cannot_be_changed_afterwards() -> None:
    given = people([[0.1]])
    with pytest.raises(ValueError, match="read-only"):
        given.scores[0, 0] = 1.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ids": ("a", "a")}, "the id 'a' stands twice"),
        ({"ids": ("a", "")}, "ids must be non-empty strings"),
        ({"demand": np.array([[1.0], [NAN]])}, "demand of household 'b', column 0: nan"),
        ({"demand": np.array([[1.0], [-1.0]])}, "demand of household 'b', column 0: -1.0"),
        ({"demand": np.array([[1.0]])}, "demand: expected 2 rows"),
        ({"scores": np.array([[1.0], [np.inf]])}, "scores of household 'b', column 0: inf"),
        ({"batch": np.array([0, -1])}, "batch: -1, expected 0 or more"),
        ({"batch": np.array([0.0, 1.0])}, "batch: expected 2 whole numbers"),
        ({"batch": np.array([0, 3]), "batches": 2}, "batches: 2, but batch 3 has households"),
        ({"groups": ("x",)}, "groups: expected one for each of 2 households"),
    ],
)
def test_a_household_that_contradicts_itself_is_answered_in_words(
    change: dict[str, object], words: str
) -> None:
    fields: dict[str, object] = {
        "ids": ("a", "b"),
        "demand": np.ones((2, 1)),
        "scores": np.ones((2, 1)),
        "batch": np.array([0, 1]),
    }
    with pytest.raises(StreamError, match=words):
        Households(**(fields | change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("capacities", "words"),
    [
        ([[1.0], [NAN]], "capacity of place 'p1', r0: nan, expected 0 or more"),
        ([[1.0], [-2.0]], "capacity of place 'p1', r0: -2.0, expected 0 or more"),
        ([[1.0]], "households: expected scores at 1 places and demand of 1 resources, found 2"),
        ([[1.0, 1.0], [1.0, 1.0]], "demand of 2 resources, found 2 and 1"),
    ],
)
def test_places_that_do_not_fit_are_answered_in_words(
    capacities: list[list[float]], words: str
) -> None:
    with pytest.raises(StreamError, match=words):
        year(people([[0.1, 0.2]]), people([[0.1, 0.2]], name="l"), capacities)


def test_a_negative_announcement_is_answered_in_words() -> None:
    with pytest.raises(StreamError, match="expected: -1, expected 0 or more"):
        year(people([[0.1]]), people([[0.1]], name="l"), [[1.0]], expected=-1)
