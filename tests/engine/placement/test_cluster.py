"""People in blocks: the same answer in one process, on two workers, and when a worker is killed."""

from __future__ import annotations

import logging
import os
import pickle
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from distributed import Client, LocalCluster
from hypothesis import given, settings

from takeroot.engine.generate import families, persons
from takeroot.engine.generate.arcs import Arcs
from takeroot.engine.placement import PlacementError, PlacementProblem, Rule, check, solve
from takeroot.engine.placement.blocks import GRAIN, Block, FromFolder, FromProfiles, cut, sums
from takeroot.engine.placement.blockwise import (
    BlockAnswer,
    Settings,
    outcome_in_blocks,
    solve_blocks,
)
from takeroot.engine.placement.cluster import Cluster, Local, OnCluster, blind_worker
from takeroot.engine.placement.instance import Instance, make_instance
from tests.engine.placement.makers import problem_of, problems
from tests.engine.placement.test_scale import as_problem

# Few steps are enough to tell one answer from another.
QUICK = Settings(cooling=((4e-2, 10), (8e-3, 15), (2e-3, 15)))
# One cluster for the whole file: all of it in one process of xdist.
pytestmark = pytest.mark.xdist_group("cluster")


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two workers, each a process of its own, over loopback."""
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
            memory_limit=0,
        ) as cluster,
        Client(cluster, set_as_default=False) as found,
    ):
        yield found


@pytest.fixture
def households() -> Arcs:
    return families(3 * GRAIN - 1000, 40, 8, 0.9, seed=3)


def in_folder(folder: Path, arcs: Arcs, people: int = GRAIN) -> tuple[FromFolder, int, Instance]:
    """The blocks of a problem as files, how many, and the problem as a whole."""
    instance = make_instance(as_problem(arcs))
    maker, count = FromFolder(folder), 0
    for count, block in enumerate(cut(instance, people), 1):
        maker.write(count - 1, block)
    return maker, count, instance


def same(one: BlockAnswer, other: BlockAnswer) -> bool:
    return (
        one.value == other.value
        and one.outcome.dual == other.outcome.dual
        and np.array_equal(one.place, other.place)
        and np.array_equal(one.outcome.prices, other.outcome.prices)
    )


def keeps_limits(answer: BlockAnswer, instance: Instance) -> bool:
    arcs = answer.outcome.arcs
    owner = np.searchsorted(instance.start, arcs, side="right") - 1
    used = np.zeros_like(instance.capacity)
    np.add.at(used, instance.place[arcs], instance.need[owner])
    once = len(np.unique(owner)) == len(owner)
    where = np.array_equal(answer.place[owner], instance.place[arcs])
    return once and where and bool((used <= instance.capacity).all())


@dataclass
class Watched:
    """A runner, with what went out and came back at each step, as it travels (pickle).

    at  from the number of a step to what is run in place of ``sums``
    """

    runner: Any
    at: dict[int, Callable[..., Any]] = field(default_factory=dict)
    out: list[int] = field(default_factory=list)
    back: list[int] = field(default_factory=list)

    def each(self, task: Callable[..., Any], *given: Any) -> Iterator[Any]:
        if task is not sums:
            yield from self.runner.each(task, *given)
            return
        self.out.append(len(pickle.dumps(given)))
        for result in self.runner.each(self.at.get(len(self.out), task), *given):
            self.back.append(len(pickle.dumps(result)))
            yield result


def sums_or_die(flag: Path, *given: Any) -> Any:
    """``sums``; but whoever comes first kills its own process."""
    try:
        flag.touch(exist_ok=False)
    except FileExistsError:
        return sums(*given)
    os.kill(os.getpid(), signal.SIGKILL)


def test_two_workers_place_families_like_one_process(
    client: Client, households: Arcs, tmp_path: Path
) -> None:
    maker, blocks, instance = in_folder(tmp_path, households)
    assert blocks == 3
    here = solve_blocks(Local(maker, blocks, kept=1), instance.capacity, settings=QUICK, gap=5e-3)
    with Cluster(client, maker, blocks) as cluster:
        there = solve_blocks(cluster, instance.capacity, settings=QUICK, gap=5e-3)
    assert same(here, there)
    assert keeps_limits(there, instance)
    assert there.gap <= 5e-3
    assert there.near <= 5 * instance.agents < there.arcs
    whole = solve(as_problem(households), gap=1e-3)
    assert there.value == pytest.approx(whole.value, rel=5e-3)
    assert whole.value <= there.outcome.dual
    assert there.value <= whole.bound


def test_two_workers_place_persons_with_a_gap_proved_over_every_pair(
    client: Client, tmp_path: Path
) -> None:
    arcs = persons(2 * GRAIN + 500, 60, 12, seed=5)
    maker, blocks, instance = in_folder(tmp_path, arcs)
    with Cluster(client, maker, blocks) as cluster:
        answer = solve_blocks(cluster, instance.capacity, gap=1e-6)
    assert same(answer, solve_blocks(Local(maker, blocks), instance.capacity, gap=1e-6))
    assert keeps_limits(answer, instance)
    assert answer.gap <= 1e-6
    whole = solve(as_problem(arcs))
    assert answer.value == pytest.approx(whole.value, rel=1e-6)


def test_a_worker_killed_in_the_middle_of_a_step_changes_nothing(
    client: Client, households: Arcs, tmp_path: Path
) -> None:
    maker, blocks, instance = in_folder(tmp_path, households)
    before: dict[str, int] = client.run(os.getpid)
    flag = tmp_path / "killed"
    with Cluster(client, maker, blocks) as cluster:
        watched = Watched(cluster, at={6: partial(sums_or_die, flag)})
        answer = solve_blocks(watched, instance.capacity, settings=QUICK, gap=5e-3)
    assert flag.exists()
    assert set(before.values()) != set(client.run(os.getpid).values())
    assert len(watched.out) == answer.steps > 20
    assert same(
        answer, solve_blocks(Local(maker, blocks), instance.capacity, settings=QUICK, gap=5e-3)
    )


def test_at_each_step_prices_go_out_and_sums_come_back_whatever_the_number_of_people(
    client: Client, households: Arcs, tmp_path: Path
) -> None:
    maker, blocks, instance = in_folder(tmp_path, households)
    with Cluster(client, maker, blocks) as cluster:
        watched = Watched(cluster)
        solve_blocks(watched, instance.capacity, settings=QUICK, gap=1e-2)
    table = 8 * instance.capacity.size
    beside = 1000  # names of classes, the two numbers, the largest of each kind
    assert max(watched.out) <= table + beside
    assert max(watched.back) <= table + beside
    assert table + beside < instance.agents
    assert len(watched.back) == blocks * len(watched.out)


def test_the_size_of_blocks_changes_no_digit(households: Arcs) -> None:
    instance = make_instance(as_problem(households))
    answers = []
    for people in (1, 2 * GRAIN, 10 * GRAIN):
        made = list(cut(instance, people))
        runner = Local(made.__getitem__, len(made))
        answers.append(solve_blocks(runner, instance.capacity, settings=QUICK, gap=1e-2))
    assert same(answers[0], answers[1])
    assert same(answers[0], answers[2])


@dataclass(frozen=True)
class Drawn:
    """Profiles and needs of people that nobody ever wrote down: block ``k`` is drawn from ``k``."""

    people: int

    def __call__(self, k: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        rng = np.random.default_rng([9, k])
        return rng.normal(1.0, 1.0, (self.people, 4)), rng.integers(1, 6, (self.people, 2)) * 1.0


def test_scores_are_made_from_profiles_where_the_blocks_are(client: Client) -> None:
    rng = np.random.default_rng(1)
    places = rng.normal(0.5, 1.0, (50, 4))
    maker = FromProfiles(Drawn(GRAIN), places, keep=10)
    capacity = np.full((50, 2), 500.0)
    with Cluster(client, maker, 2) as cluster:
        there = solve_blocks(cluster, capacity, settings=QUICK, gap=5e-3)
    assert same(there, solve_blocks(Local(maker, 2, kept=0), capacity, settings=QUICK, gap=5e-3))
    assert there.gap <= 5e-3
    block = maker(1)
    profile, _ = Drawn(GRAIN)(1)
    scores = profile @ places.T
    one = slice(int(block.start[7]), int(block.start[8]))
    best = np.sort(np.argsort(-scores[7])[:10])
    assert block.place[one].tolist() == [j for j in best.tolist() if scores[7, j] > 0]
    assert block.weight[one] == pytest.approx(scores[7, block.place[one]], rel=1e-4)


def test_what_the_coordinator_takes_in_is_bounded_by_the_settings(households: Arcs) -> None:
    instance = make_instance(as_problem(households))
    made = list(cut(instance, GRAIN))
    runner = Local(made.__getitem__, len(made))
    few = Settings(near_most=2 * instance.agents, cooling=QUICK.cooling)
    answer = solve_blocks(runner, instance.capacity, settings=few, gap=5e-3)
    assert answer.near <= 2 * instance.agents
    assert keeps_limits(answer, instance)
    with pytest.raises(PlacementError, match="only 100 are allowed"):
        solve_blocks(runner, instance.capacity, settings=Settings(near_most=100), gap=1e-3)


def test_a_small_problem_is_bounded_over_all_arcs_though_only_some_were_gathered() -> None:
    arcs = families(40, 6, 5, 0.9, seed=2)
    instance = make_instance(as_problem(arcs))
    made = list(cut(instance, GRAIN))
    runner = Local(made.__getitem__, 1)
    best = solve(as_problem(arcs), gap=0.0).value
    for near in (1.5, 2.5, 5.0):
        answer = solve_blocks(runner, instance.capacity, settings=Settings(near=near), gap=0.0)
        assert answer.value <= best * (1 + 1e-12) <= answer.outcome.dual * (1 + 2e-12)


def test_locks_and_a_place_for_everybody_are_kept(client: Client, tmp_path: Path) -> None:
    arcs = families(300, 12, 6, 0.8, seed=8)
    problem = replace(
        as_problem(arcs),
        locked=frozenset({("a000007", "p0003")}),
        forbidden=frozenset({("a000002", f"p{arcs.place[12]:04}")}),
        must_place=True,
    )
    there = solve(problem, method=OnCluster(client, tmp_path, settings=QUICK), gap=5e-3)
    assert check(problem, there) == []
    assert len(there.pairs) == 300
    assert ("a000007", "p0003") in there.pairs
    assert there.status in ("optimal", "within_gap")
    assert there.value == pytest.approx(solve(problem, gap=5e-3).value, rel=5e-3)
    assert list(tmp_path.iterdir()) == []


def in_one_block(instance: Instance, **knobs: Any) -> Any:
    made = list(cut(instance, GRAIN))
    return outcome_in_blocks(Local(made.__getitem__, len(made)), instance, **knobs)


@settings(max_examples=50, deadline=None)
@given(problems())
def test_in_blocks_no_limit_is_broken_and_no_bound_is_below_the_best(
    problem: PlacementProblem,
) -> None:
    problem = replace(problem, rules=())
    here = solve(problem, method=in_one_block, gap=0.0)
    assert check(problem, here) == []
    best = solve(problem, gap=0.0)
    if best.conflicts:
        assert here.conflicts
        return
    assert not here.conflicts or here.status == "timed_out"
    sign = -1 if problem.minimize else 1
    slack = 1e-6 * max(1.0, abs(best.value))
    assert sign * here.value <= sign * best.value + slack or here.conflicts
    assert sign * here.bound >= sign * best.value - slack or here.conflicts


def test_rules_for_groups_are_refused_in_blocks() -> None:
    rule = Rule("x", "placed", 1.0)
    problem = problem_of({("a", "p"): 1.0}, {"p": 1}, groups=("x",), rules=(rule,))
    with pytest.raises(PlacementError, match="no rules for groups"):
        solve(problem, method=in_one_block)


def test_choices_go_back_to_ids(tmp_path: Path) -> None:
    arcs = families(GRAIN + 50, 30, 5, 0.9, seed=1)
    maker, blocks, instance = in_folder(tmp_path, arcs)
    for k in range(blocks):
        block = maker(k)
        maker.write(k, block, [f"person {k}/{i}" for i in range(block.people)])
    answer = solve_blocks(Local(maker, blocks), instance.capacity, settings=QUICK, gap=1e-2)
    named = dict(answer.by_id(maker.ids, [f"town {j}" for j in range(30)]))
    assert len(named) == int((answer.place >= 0).sum())
    assert named["person 1/7"] == f"town {answer.place[GRAIN + 7]}"
    with pytest.raises(PlacementError, match="1 ids for 50 people"):
        maker.write(1, maker(1), ["nobody else"])


def test_a_block_that_contradicts_itself_is_told() -> None:
    start, need = np.array([0, 1]), np.ones((1, 1))
    with pytest.raises(PlacementError, match="do not fit together"):
        Block(start, np.array([0]), np.array([1.0, 2.0]), need)
    strange = Block(start, np.array([3]), np.array([1.0]), need)
    with pytest.raises(PlacementError, match="places lie between 0 and 1"):
        solve_blocks(Local(lambda k: strange, 1), np.ones((2, 1)))


def test_nobody_at_all_is_an_answer() -> None:
    nobody = Block(np.array([0]), np.zeros(0, int), np.zeros(0), np.zeros((0, 1)))
    answer = solve_blocks(Local(lambda k: nobody, 2), np.ones((2, 1)))
    assert (len(answer.place), answer.value, answer.outcome.dual) == (0, 0.0, 0.0)


def test_a_folder_that_workers_do_not_see_is_found_out(client: Client, tmp_path: Path) -> None:
    assert blind_worker(client, tmp_path) is None
    assert list(tmp_path.iterdir()) == []
