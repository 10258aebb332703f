"""What one block costs, and what that makes for ten million people: no cluster is needed.

    python benchmarks/cluster.py [--people 100000] [--places 5000] [--limit S]
    python benchmarks/cluster.py --whole 4 --places 2000    # solve 4 blocks on two local workers

Measures one block of people x top-30 of all places with three resources, made from profiles of 16
traits: seconds to score, seconds and bytes of one step of the prices, of gathering what is near,
and of the answer made here. Then the price of passing tasks round, on two local workers with blocks
of hardly anybody. Then the arithmetic for 10,000,000 people, with nothing in it but these figures
and what is marked as assumed. Memory is that of arrays (tracemalloc), without Python and libraries.
"""

from __future__ import annotations

import argparse
import logging
import os
import pickle
import resource
import sys
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from takeroot.engine.generate.households import households, shared_out
from takeroot.engine.placement import blocks
from takeroot.engine.placement.blocks import Block, FromProfiles
from takeroot.engine.placement.blockwise import BlockDual, Settings, solve_blocks
from takeroot.engine.placement.cluster import Cluster, Local
from takeroot.engine.placement.dual import COOLING, Dual, find_prices
from takeroot.engine.placement.households import Search

TRAITS, KEEP, LOAD = 16, 30, 0.95
EVERYBODY, WORKERS = 10_000_000, (10, 25, 50, 100)
# Assumed, not measured: what the coordinator's network carries, in bytes a second.
NETWORK = 125e6
MB = 1e6


@dataclass(frozen=True)
class Drawn:
    """Profiles and needs of block ``k``, drawn."""

    people: int

    def __call__(self, k: int) -> tuple[Any, Any]:
        rng = np.random.default_rng([4, k])
        profiles = rng.normal(0.0, 1.0 / np.sqrt(TRAITS), (self.people, TRAITS))
        profiles[:, 0] = 1.0
        return profiles.astype(np.float32), households(rng, self.people)


@dataclass(frozen=True)
class Few:
    """Blocks of one person: what is left of a step is the passing round."""

    def __call__(self, k: int) -> Block:
        return Block(np.array([0, 1]), np.array([k]), np.ones(1), np.ones((1, 3)))


class Timed:
    """A runner with the seconds of each kind of task, and the bytes of what went and came."""

    def __init__(self, runner: Any) -> None:
        self.runner = runner
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.out: dict[str, int] = {}
        self.back: dict[str, int] = {}

    def each(self, task: Callable[..., Any], *given: Any) -> Iterator[Any]:
        name = task.__name__
        if name not in self.out:
            self.out[name] = len(pickle.dumps(given))
        begun = time.perf_counter()
        for result in self.runner.each(task, *given):
            self.seconds[name].append(time.perf_counter() - begun)
            if name not in self.back:
                self.back[name] = len(pickle.dumps(result))
            yield result
            begun = time.perf_counter()

    def typical(self, name: str) -> float:
        return float(np.median(self.seconds[name]))


def peak(run: Callable[[], Any]) -> tuple[Any, float]:
    """What a call gives, and the most its arrays took at once."""
    tracemalloc.start()
    found = run()
    top = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found, top


def profiles_of(places: int) -> tuple[Any, Any]:
    """Traits and shares of capacity of places."""
    rng = np.random.default_rng(3)
    traits = rng.normal(0.0, 0.2, (places, TRAITS))
    traits[:, 0] = 0.5 + rng.normal(0.0, 0.03, places)
    return traits, rng


def measured(people: int, places: int, limit: float) -> dict[str, float]:
    traits, rng = profiles_of(places)
    maker = FromProfiles(Drawn(people), traits, KEEP)
    begun = time.perf_counter()
    block = maker(0)
    got = {"make": time.perf_counter() - begun}
    got["make_peak"] = peak(lambda: FromProfiles(Drawn(8192), traits, KEEP)(0))[1]
    got["held"] = block.bytes
    capacity = shared_out(rng, block.need.sum(axis=0) / LOAD, places).astype(float)

    runner = Timed(Local(lambda k: block, 1))
    begun = time.perf_counter()
    dual = BlockDual(runner, capacity)
    prices = find_prices(dual, deadline=np.inf)
    whole = time.perf_counter() - begun
    got["steps"] = dual.steps
    got["step"] = runner.typical("sums")
    inside = sum(sum(one) for one in runner.seconds.values())
    got["moving"] = (whole - inside) / dual.steps
    got["out"], got["back"] = runner.out["sums"], runner.back["sums"]
    given = (places, 0.0, dual.whole, prices.resources, 0.01 * dual.width)
    got["step_peak"] = peak(lambda: blocks.sums(block, *given))[1]

    (small, _), got["gather_peak"] = peak(
        lambda: dual.gather(prices.resources, capacity, 0.0, Settings())
    )
    got["near"] = len(small.place) / people
    got["near_seconds"] = runner.typical("counts") + runner.typical("near")
    got["near_back"] = runner.back["near"]
    begun = time.perf_counter()
    search = Search(Dual(small), prices, 0)
    got["first"] = time.perf_counter() - begun
    arrays = (small.start, small.place, small.weight, small.need, small.most)
    got["answer_peak"] = peak(lambda: Search(Dual(small), prices, 0))[1]
    got["answer_peak"] += sum(array.nbytes for array in arrays)
    got["first_gap"] = (prices.bound - search.value) / search.value

    begun = time.perf_counter()
    again = Timed(Local(lambda k: block, 1))
    done = solve_blocks(again, capacity, gap=2e-4, deadline=begun + limit)
    got["solve"] = time.perf_counter() - begun
    got["repair"] = got["solve"] - sum(sum(one) for one in again.seconds.values())
    got["gap"], got["placed"] = done.gap, float((done.place >= 0).mean())
    return got


def passing_round(places: int, count: int = 100, times: int = 10) -> dict[str, float]:
    """Seconds that a step takes beside the sums, on two local worker processes."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
            silence_logs=logging.ERROR,
        ) as local,
        Client(local, set_as_default=False) as client,
        Cluster(client, Few(), count) as cluster,
    ):  # fmt: skip
        dual = BlockDual(cluster, np.ones((places, 3)))
        begun = time.perf_counter()
        for _ in range(times):
            dual.smoothed(np.zeros((places, 3)), np.zeros(0), 1.0)
        there = (time.perf_counter() - begun) / times
    here = BlockDual(Local(Few(), count), np.ones((places, 3)))
    begun = time.perf_counter()
    for _ in range(times):
        here.smoothed(np.zeros((places, 3)), np.zeros(0), 1.0)
    alone = (time.perf_counter() - begun) / times
    return {"pass": max(there - alone, 0.0) / count, "add": alone / count}


def whole(count: int, people: int, places: int, limit: float) -> None:
    """Solve some blocks from beginning to end on two local worker processes."""
    from distributed import Client, LocalCluster

    traits, rng = profiles_of(places)
    total = sum(Drawn(people)(k)[1].sum(axis=0) for k in range(count))
    capacity = shared_out(rng, total / LOAD, places).astype(float)
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
            silence_logs=logging.ERROR, memory_limit=0,
        ) as local,
        Client(local, set_as_default=False) as client,
        Cluster(client, FromProfiles(Drawn(people), traits, KEEP), count) as cluster,
    ):  # fmt: skip
        begun = time.perf_counter()
        runner = Timed(cluster)
        done = solve_blocks(runner, capacity, gap=2e-4, deadline=begun + limit)
        seconds = time.perf_counter() - begun
        held = client.run(_memory).values()
    inside = {name: sum(one) for name, one in runner.seconds.items()}
    print(
        f"{count * people:,} people x {places:,} places, {count} blocks, 2 workers: "
        f"{seconds:.0f} s ({inside['facts']:.0f} to make the blocks, {inside['sums']:.0f} for "
        f"{done.steps} steps, {inside['counts'] + inside['near']:.0f} to gather {done.near:,} of "
        f"{done.arcs:,} arcs), gap {done.gap:.1e} over all arcs, "
        f"{100 * float((done.place >= 0).mean()):.1f} % placed. Processes at their largest: "
        f"coordinator {_memory():.0f} MB, workers {max(held):.0f} MB."
    )


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def block_table(got: dict[str, float], people: int, places: int) -> None:
    near = f"near arcs ({got['near']:.1f} a person)"
    rows = (
        ("scored from profiles, top 30 kept", f"{got['make']:.1f} s", got["make_peak"]),
        ("held between steps", "", got["held"]),
        ("one step: sums at given prices", f"{got['step']:.3f} s", got["step_peak"]),
        ("what goes out at a step (prices)", "", got["out"]),
        ("what comes back from a block (sums)", "", got["back"]),
        (near, f"{got['near_seconds']:.2f} s", got["near_back"]),
    )
    print(f"One block: {people:,} people x top {KEEP} of {places:,} places, 3 resources\n")
    print("| | time | MB |\n|---|---|---|")
    for what, seconds, size in rows:
        print(f"| {what} | {seconds} | {size / MB:.2f} |")
    print(
        f"\nPrices: {got['steps']:.0f} steps (at most {2 * sum(n for _, n in COOLING)}). Moving "
        f"them (L-BFGS-B, {3 * places:,} numbers): {1000 * got['moving']:.1f} ms a step. Passing a "
        f"task round: {1000 * got['pass']:.2f} ms a block; adding up: {1000 * got['add']:.2f} ms.\n"
        f"The answer from the near arcs: {got['first']:.1f} s for a first one (gap "
        f"{got['first_gap']:.1e}), {got['answer_peak'] / MB:.0f} MB; in all "
        f"{got['solve']:.0f} s, {got['repair']:.0f} of them beside the blocks, gap "
        f"{got['gap']:.1e} over all arcs, {100 * got['placed']:.1f} % placed.\n"
    )


def arithmetic(got: dict[str, float], people: int, places: int) -> None:
    count = ceil(EVERYBODY / people)
    steps, table = got["steps"], got["back"]
    wire = count * table / NETWORK
    here = got["moving"] + count * (got["add"] + got["pass"]) + wire
    near = got["near_back"] * count
    coordinator = got["answer_peak"] * EVERYBODY / people
    print(f"{EVERYBODY:,} people x {places:,} places: {count} blocks, {steps:.0f} steps\n")
    print(
        "| workers | blocks each | MB each | scoring | a step | prices | traffic a step | in all |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for workers in WORKERS:
        each = ceil(count / workers)
        memory = each * got["held"] + max(got["make_peak"], got["step_peak"])
        step = each * got["step"] + here
        moved = got["out"] * workers + table * count
        print(
            f"| {workers} | {each} | {memory / MB:,.0f} | {each * got['make'] / 60:.1f} min "
            f"| {step:.2f} s | {step * steps / 60:.1f} min | {moved / MB:.1f} MB "
            f"| {moved * steps / 1e9:.1f} GB |"
        )
    print(
        f"\nOf each step {here:.2f} s are the coordinator's, however many workers there are "
        f"({wire:.2f} s of them a network of {NETWORK / MB:.0f} MB/s, assumed).\n"
        f"Gathering {got['near']:.1f} arcs a person: {near / 1e9:.1f} GB once, and about "
        f"{coordinator / 1e9:.0f} GB of arrays on the coordinator; a first answer in about "
        f"{got['first'] * EVERYBODY / people / 60:.0f} min (it grows with the people)."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--places", type=int, default=5_000)
    parser.add_argument("--limit", type=float, default=240.0, help="seconds of the whole solve")
    parser.add_argument("--whole", type=int, metavar="BLOCKS", help="solve so many, on two workers")
    options = parser.parse_args()
    if options.whole:
        whole(options.whole, options.people, options.places, options.limit)
        return
    load = os.getloadavg()[0]
    got = measured(options.people, options.places, options.limit)
    got |= passing_round(options.places)
    print(f"{os.cpu_count()} cores, load {load:.1f} before and {os.getloadavg()[0]:.1f} after\n")
    block_table(got, options.people, options.places)
    arithmetic(got, options.people, options.places)


if __name__ == "__main__":
    if "OPENBLAS_NUM_THREADS" not in os.environ:  # as the command has it; read with numpy
        os.environ["OPENBLAS_NUM_THREADS"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.argv])
    main()
