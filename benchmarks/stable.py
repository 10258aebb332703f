"""Stable matching beside the PyPI package `matching`, in one run.

    python benchmarks/stable.py [--all]

Made-up markets with a seed: places differ in popularity, agents rank their best few, places rank
whoever ranks them. Each measurement is a process of its own: seconds from data in memory (arrays
for us, dictionaries for `matching`) to the answer, by the clock and computing, and the greatest
size of the whole process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import threading
import time
import warnings

import numpy as np

from takeroot.engine.stable import Lists, StableProblem, check, solve

# agents, places, length of the agents' lists, and whether the peer is tried
SIZES = (
    (500, 20, 10, True),
    (1_000, 100, 100, True),
    (2_000, 100, 20, True),
    (5_000, 100, 100, True),
    (100_000, 1_000, 10, False),
    (100_000, 1_000, 30, False),
)
FULL = ((10_000, 1_000, 1_000, False), (20_000, 1_000, 1_000, False))
PATIENCE = 300  # seconds for the peer


def market(n: int, m: int, k: int, seed: int = 1) -> StableProblem:
    rng = np.random.default_rng(seed)
    popular = rng.normal(size=m).astype(np.float32)
    own = np.repeat(np.arange(n, dtype=np.int32), k)
    other = np.empty(n * k, np.int32)
    for begin in range(0, n, 4096):
        end = min(n, begin + 4096)
        worth = popular + rng.gumbel(size=(end - begin, m)).astype(np.float32)
        order = np.argsort(-worth, axis=1)[:, :k]
        other[begin * k : end * k] = order.ravel()
    rank = np.tile(np.arange(k, dtype=np.float32), n)
    grade = rng.normal(size=n).astype(np.float32)
    theirs = -(grade[own] + rng.normal(size=n * k).astype(np.float32))
    return StableProblem(
        [f"a{i:06d}" for i in range(n)],
        [f"p{j:04d}" for j in range(m)],
        Lists(own, other, rank),
        Lists(other, own, theirs),
        np.full(m, max(1, round(n / m))),
    )


def ours(problem: StableProblem) -> dict[str, float]:
    begun, computed = time.perf_counter(), time.process_time()
    matching = solve(problem)
    seconds, computing = time.perf_counter() - begun, time.process_time() - computed
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    small = len(problem.of_agents) <= 1_000_000
    faults = len(check(problem, matching)) if small else -1
    pairs = len(matching.pairs)
    told = {"seconds": seconds, "computing": computing, "memory": memory}
    return {**told, "pairs": pairs, "faults": faults}


def peer(problem: StableProblem) -> dict[str, float]:
    from matching.games import HospitalResident

    def ranked(lists: Lists, owners: list[str], others: list[str]) -> dict[str, list[str]]:
        order = np.lexsort((lists.rank, lists.owner))
        table: dict[str, list[str]] = {name: [] for name in owners}
        for i, j in zip(lists.owner[order].tolist(), lists.other[order].tolist(), strict=True):
            table[owners[i]].append(others[j])
        return table

    agents, places = list(problem.agents), list(problem.places)
    likes = ranked(problem.of_agents, agents, places)
    wants = ranked(problem.of_places, places, agents)
    seats = dict(zip(places, problem.capacity.tolist(), strict=True))
    # The package copies itself recursively: its default fails from some hundreds of people.
    sys.setrecursionlimit(10**6)
    begun, computed = time.perf_counter(), time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        game = HospitalResident.create_from_dictionaries(likes, wants, seats)
        found = game.solve(optimal="resident")
    seconds, computing = time.perf_counter() - begun, time.process_time() - computed
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pairs = {(r.name, h.name) for h, there in found.items() for r in there}
    same = pairs == set(solve(problem).pairs)
    told = {"seconds": seconds, "computing": computing, "memory": memory}
    return {**told, "pairs": len(pairs), "same": float(same)}


def measured(who: str, size: tuple[int, int, int]) -> dict[str, float] | str:
    command = [sys.executable, __file__, "--one", who, *map(str, size)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return f"not done after {PATIENCE} s"
    if done.returncode or not done.stdout:
        return (done.stderr.strip().splitlines() or ["ended"])[-1][:80]
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def shown(found: dict[str, float] | str) -> str:
    if isinstance(found, str):
        return found
    return (
        f"{found['seconds']:.2f} s ({found['computing']:.2f} computing), {found['memory']:.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="full lists too")
    parser.add_argument("--one", nargs=4, metavar=("WHO", "N", "M", "K"))
    options = parser.parse_args()
    if options.one:
        who, *size = options.one
        problem = market(*map(int, size))
        if who == "ours":
            print(json.dumps(ours(problem)))
            return
        threading.stack_size(2**30 - 2**20)  # as much help as it can be given
        thread = threading.Thread(target=lambda: print(json.dumps(peer(problem))))
        thread.start()
        thread.join()
        return
    print("| agents x places, length of lists | takeroot | `matching` | ratio | same answer |")
    print("|---|---|---|---|---|")
    for n, m, k, both in SIZES + (FULL if options.all else ()):
        mine = measured("ours", (n, m, k))
        other = measured("peer", (n, m, k)) if both else "not tried"
        ratio = same = ""
        if isinstance(mine, dict) and isinstance(other, dict):
            ratio = f"{other['computing'] / mine['computing']:.0f}"
            same = "yes" if other["same"] else "NO"
        print(f"| {n:,} x {m:,}, {k} | {shown(mine)} | {shown(other)} | {ratio} | {same} |")


if __name__ == "__main__":
    main()
