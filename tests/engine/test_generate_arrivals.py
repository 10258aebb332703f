"""Made-up years: the same seed gives the same, and each kind differs in what it says."""

from __future__ import annotations

import numpy as np
import pytest

from takeroot.engine.generate import InstanceError
from takeroot.engine.generate.arrivals import KINDS, arrivals, same_year_again


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_makes_a_year_and_the_year_before(kind: str) -> None:
    first, again, other = (arrivals(kind, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.households.scores, again.households.scores)
    np.testing.assert_array_equal(first.places.capacities, again.places.capacities)
    assert first.households.scores.shape != other.households.scores.shape or not np.array_equal(
        first.households.scores, other.households.scores, equal_nan=True
    )
    assert 250 <= len(first.households) <= 600
    assert 300 <= len(first.history) <= 500
    assert first.households.batches == 50
    scores = first.households.scores
    assert ((scores > 0) & (scores < 1) | np.isnan(scores)).all()
    load = first.households.demand.sum(axis=0) / first.places.capacities.sum(axis=0)
    low, high = KINDS[kind].load
    assert (load > low - 0.02).all()
    assert (load < high + 0.02).all()


def test_batches_have_the_asked_size_and_places_the_asked_number() -> None:
    made = arrivals("alike", 0, places=7, weeks=12, batch=(2, 3))
    sizes = np.bincount(made.households.batch, minlength=12)
    assert set(sizes.tolist()) == {2, 3}
    assert made.places.capacities.shape == (7, 3)


def test_only_where_the_volume_is_unknown_the_announcement_is_wrong() -> None:
    assert all(
        arrivals("drift", s).expected == len(arrivals("drift", s).households) for s in (1, 2)
    )
    made = [arrivals("load", seed) for seed in range(6)]
    assert all(year.expected == len(year.history) for year in made)
    assert any(abs(len(year.households) / year.expected - 1) > 0.1 for year in made)


def test_groups_differ_and_pairs_are_refused_where_the_kind_says_so() -> None:
    gap = arrivals("gap", 1).households
    second = np.array(gap.groups) == "second"
    assert gap.scores[~second].mean() > gap.scores[second].mean() + 0.05
    assert np.isnan(arrivals("refused", 1).households.scores).mean() > 0.2


def test_other_draws_of_the_same_year_share_its_mix_but_not_its_people() -> None:
    year = arrivals("shock", 3).households
    one, two = same_year_again("shock", 3, 2)
    assert len(one) == len(two) == len(year)
    assert not np.array_equal(one.scores, two.scores)
    np.testing.assert_array_equal(one.batch, year.batch)


@pytest.mark.parametrize(
    ("kind", "sizes", "words"),
    [
        ("unheard", {}, "kind: 'unheard', expected one of alike"),
        ("drift", {"places": 0}, "places: 0, expected 1 or more"),
        ("drift", {"weeks": 0}, "weeks: 0, expected 1 or more"),
        ("drift", {"batch": (0, 4)}, "batch: 0, expected 1 or more"),
        ("drift", {"batch": (5, 4)}, "batch: .5, 4., expected the fewest first"),
    ],
)
def test_what_makes_no_year_is_answered_in_words(
    kind: str, sizes: dict[str, object], words: str
) -> None:
    with pytest.raises(InstanceError, match=words):
        arrivals(kind, 0, **sizes)  # type: ignore[arg-type]
