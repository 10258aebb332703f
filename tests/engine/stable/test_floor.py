"""Each takes its best place as long as the rest can still reach the floor."""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest

from takeroot.engine.placement import Pairs, PlacementProblem
from takeroot.engine.stable import Chosen, FloorError, FloorProblem, best_mean, choose

Table = dict[tuple[str, str], float]


def problem_of(
    pairs: Table, seats: dict[str, int], *, agents: list[str] | None = None
) -> PlacementProblem:
    names = agents or sorted({agent for agent, _ in pairs})
    places = list(seats)
    return PlacementProblem(
        names,
        places,
        np.array([[seats[place]] for place in places], float),
        Pairs.of(
            np.array([names.index(agent) for agent, _ in pairs]),
            np.array([places.index(place) for _, place in pairs]),
            np.array(list(pairs.values()), float),
            len(names),
        ),
    )


def best_total(pairs: Table, seats: dict[str, int], agents: list[str]) -> float:
    """The most that some agents can reach, by trying everything."""
    best = -1e9
    for choice in product([None, *seats], repeat=len(agents)):
        chosen = [(a, p) for a, p in zip(agents, choice, strict=True) if p is not None]
        full = any(sum(p == q for _, q in chosen) > has for p, has in seats.items())
        if not full and all(pair in pairs for pair in chosen):
            best = max(best, sum(pairs[pair] for pair in chosen))
    return best


def by_definition(
    pairs: Pairs,
    seats: dict[str, int],
    agents: list[str],
    wishes: dict[str, list[str]],
    floor: float,
) -> dict[str, str]:
    """The mechanism as the paper states it; whoever finds nothing is left open."""
    place, total, left = {}, 0.0, dict(seats)
    for number, agent in enumerate(agents):
        rest = agents[number + 1 :]
        for wish in wishes[agent]:
            if left[wish] == 0 or (agent, wish) not in pairs:
                continue
            fewer = {**left, wish: left[wish] - 1}
            reach = total + pairs[agent, wish] + best_total(pairs, fewer, rest)
            if reach >= floor * len(agents) - 1e-9:
                place[agent], total, left = wish, total + pairs[agent, wish], fewer
                break
        else:
            return place
    return place


def drawn(seed: int) -> tuple[Table, dict[str, int], list[str], dict[str, list[str]]]:
    draw = random.Random(seed)
    agents = [f"a{i}" for i in range(5)]
    seats = {f"p{j}": draw.randint(1, 2) for j in range(3)}
    pairs = {(a, p): draw.randint(0, 20) for a in agents for p in seats if draw.random() < 0.9}
    wishes = {a: draw.sample(list(seats), 3) for a in agents}
    draw.shuffle(agents)
    return pairs, seats, agents, wishes


def chosen(
    problem: PlacementProblem, wishes: dict[str, list[str]], floor: float, order: list[str]
) -> Chosen:
    return choose(FloorProblem(problem, wishes, floor, order))


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("share", [0.7, 0.9, 1.0])
def test_choices_are_those_of_the_definition_and_the_floor_is_reached(
    seed: int, share: float
) -> None:
    pairs, seats, agents, wishes = drawn(seed)
    problem = problem_of(pairs, seats, agents=agents)
    floor = share * best_mean(problem)
    answer = chosen(problem, wishes, floor, agents)
    assert answer.mean >= floor - 1e-9
    expected = by_definition(pairs, seats, agents, wishes, floor)
    assert {agent: answer.place[agent] for agent in expected} == expected
    for agent, place in answer.place.items():
        at = wishes[agent].index(place) + 1 if place in wishes[agent] else 0
        assert answer.choice[agent] in (at, 0)


def test_an_instance_worked_by_hand() -> None:
    """ana is worth 9 at H and 1 at M, ben 8 and 2; both wish M first. The best mean is 5.5 (ana at
    H, ben at M). With no floor ana takes M (mean 4.5); a floor of 5 refuses it to her."""
    pairs = {("ana", "H"): 9, ("ana", "M"): 1, ("ben", "H"): 8, ("ben", "M"): 2}
    problem = problem_of(pairs, {"H": 1, "M": 1})
    wishes = {"ana": ["M", "H"], "ben": ["M", "H"]}
    free = chosen(problem, wishes, 0, ["ana", "ben"])
    assert (free.place, free.mean) == ({"ana": "M", "ben": "H"}, 4.5)
    held = chosen(problem, wishes, 5, ["ana", "ben"])
    assert (held.place, held.mean, held.best) == ({"ana": "H", "ben": "M"}, 5.5, 5.5)
    assert (held.choice, held.refused) == ({"ana": 2, "ben": 1}, 1)


def test_a_floor_above_what_can_be_reached_is_refused_with_the_best_there_is() -> None:
    problem = problem_of({("ana", "H"): 3}, {"H": 1})
    with pytest.raises(FloorError, match="4 is above the best mean, 3"):
        chosen(problem, {"ana": ["H"]}, 4, [])


def test_whoever_wishes_nothing_possible_takes_what_the_best_total_gives() -> None:
    problem = problem_of({("ana", "H"): 3}, {"H": 1, "M": 1})
    answer = chosen(problem, {"ana": ["M"]}, 3, [])
    assert (answer.place, answer.choice) == ({"ana": "H"}, {"ana": 0})


def test_without_an_order_a_lottery_decides_that_the_input_does_not_change() -> None:
    pairs, seats, agents, wishes = drawn(3)
    one = choose(FloorProblem(problem_of(pairs, seats, agents=agents), wishes, 0), seed=4)
    back = problem_of(dict(reversed(pairs.items())), seats, agents=agents[::-1])
    other = choose(FloorProblem(back, wishes, 0), seed=4)
    assert (one.order, one.place) == (other.order, other.place)
    orders = {choose(FloorProblem(back, wishes, 0), seed=k).order for k in range(5)}
    assert len(orders) > 1


def test_an_order_that_names_somebody_unknown_is_refused() -> None:
    problem = problem_of({("ana", "H"): 3}, {"H": 1})
    with pytest.raises(FloorError, match="'zoe' is unknown"):
        chosen(problem, {}, 0, ["zoe"])
