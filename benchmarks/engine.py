"""The placement engine beside what a user would pick, in one run, each side a process of its own.

    python benchmarks/engine.py [--long] [--out FILE] [CASE ...]

Instances come from ``takeroot engine generate`` (seed 1). Seconds run from arrays in memory to the
answer with its proof; memory is the greatest size of the whole process, arrays included, libraries
too. ``--long`` also lets the peers run that take minutes and gigabytes. Cases: persons-100k,
persons-1m, families-10k-LOAD, families-100k, what-if-persons, what-if-families, dense-5k.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

LOADS = ("0.85", "0.90", "0.97", "1.05")
CASES = (
    "persons-100k",
    *(f"families-10k-{load}" for load in LOADS),
    "what-if-persons",
    "what-if-families",
    "dense-5k",
    "persons-1m",
    "families-100k",
)
# Sides that take minutes: only with --long.
LONG = {("persons-1m", "peer"), ("families-10k", "peer")}


# -- instances: made by one process, loaded by the sides --------------------------------------


def make(case: str, folder: Path) -> None:
    from takeroot.engine.generate import families, persons

    if case == "dense-5k":
        rng = np.random.default_rng(1)
        low = rng.normal(size=(5000, 8)) @ rng.normal(size=(8, 5000)) / np.sqrt(8)
        noisy = low + 0.5 * rng.normal(size=low.shape)
        scores = np.rint(1000 / (1 + np.exp(-noisy))).astype(np.int16)
        np.savez(folder / "arrays.npz", scores=scores)
        return
    if case.startswith("persons-100k"):
        arcs = persons(100_000, 1_000, 30, 1)
    elif case.startswith("persons-1m"):
        arcs = persons(1_000_000, 1_000, 30, 1)
    elif case == "what-if-persons":
        arcs = persons(10_000, 100, 20, 1)
    elif case == "families-100k":
        arcs = families(100_000, 1_000, 20, 0.95, 1)
    else:
        load = float(case.rpartition("-")[2]) if case.startswith("families") else 0.9
        arcs = families(10_000, 100, 20, load, 1)
    np.savez(
        folder / "arrays.npz",
        start=arcs.start,
        place=arcs.place.astype(np.int16),
        score=arcs.score,
        demand=arcs.demand.astype(np.float32),
        capacity=arcs.capacity.astype(np.float64),
    )


def load(folder: Path) -> dict[str, Any]:
    return dict(np.load(folder / "arrays.npz"))


def problem_of(a: dict[str, Any]) -> Any:
    from takeroot.engine.placement import Pairs, PlacementProblem

    n, m = len(a["demand"]), len(a["capacity"])
    one_seat = a["capacity"].shape[1] == 1
    return PlacementProblem(
        agents=[f"a{i:07}" for i in range(n)],
        places=[f"p{j:05}" for j in range(m)],
        capacity=a["capacity"],
        demand=None if one_seat else a["demand"],
        resources=("seats",) if one_seat else ("persons", "school seats", "bedrooms"),
        pairs=Pairs(a["start"], a["place"], a["score"]),
    )


# -- sides ------------------------------------------------------------------------------------


def ours(a: dict[str, Any], gap: float, limit: float | None) -> dict[str, Any]:
    from takeroot.engine.placement import Params, explain, solve

    problem = problem_of(a)
    begun = time.perf_counter()
    done = solve(problem, params=Params(compare=False), gap=gap, time_limit=limit)
    seconds = time.perf_counter() - begun
    memory = peak()
    asked = []
    explain(problem, done, problem.agents[0])
    for agent in problem.agents[1 : len(problem.agents) : max(1, len(problem.agents) // 100)]:
        begun = time.perf_counter()
        explain(problem, done, agent)
        asked.append(time.perf_counter() - begun)
    return {
        "seconds": seconds,
        "value": done.value,
        "gap": done.gap,
        "status": done.status,
        "memory": memory,
        "reasons": statistics.median(asked),
    }


def flow(a: dict[str, Any]) -> dict[str, Any]:
    """OR-Tools' minimum-cost flow on the same arrays: the value, no prices, no reasons."""
    from ortools.graph.python import min_cost_flow

    n, m = len(a["demand"]), len(a["capacity"])
    begun = time.perf_counter()
    solver = min_cost_flow.SimpleMinCostFlow()
    owner = np.repeat(np.arange(n, dtype=np.int32), np.diff(a["start"]))
    head = a["place"].astype(np.int32) + np.int32(n)
    cost = -np.rint(a["score"] * 1e6).astype(np.int64)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        owner, head, np.ones(len(owner), np.int64), cost
    )
    columns = np.arange(n, n + m, dtype=np.int32)
    seats = a["capacity"][:, 0].astype(np.int64)
    add = solver.add_arcs_with_capacity_and_unit_cost
    add(columns, np.full(m, n + m, np.int32), seats, np.zeros(m, np.int64))
    everyone = np.arange(n, dtype=np.int32)
    add(everyone, np.full(n, n + m, np.int32), np.ones(n, np.int64), np.zeros(n, np.int64))
    supply = np.concatenate([np.ones(n), np.zeros(m), [-n]]).astype(np.int64)
    solver.set_nodes_supplies(np.arange(n + m + 1, dtype=np.int32), supply)
    assert solver.solve() == solver.OPTIMAL
    chosen = solver.flows(arcs) > 0
    seconds = time.perf_counter() - begun
    value = float(a["score"][chosen].sum(dtype=np.float64))
    return {"seconds": seconds, "value": value, "gap": 0.0, "status": "optimal", "memory": peak()}


def branching(a: dict[str, Any], limit: float) -> dict[str, Any]:
    """HiGHS' integer programme over all pairs (through scipy), with a time limit."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix, vstack

    n, m = len(a["demand"]), len(a["capacity"])
    begun = time.perf_counter()
    owner, at = np.repeat(np.arange(n), np.diff(a["start"])), np.arange(len(a["place"]))
    rows = [csr_matrix((np.ones(len(at)), (owner, at)), shape=(n, len(at)))]
    for r in range(a["capacity"].shape[1]):
        takes = a["demand"][owner, r].astype(float)
        rows.append(csr_matrix((takes, (a["place"], at)), shape=(m, len(at))))
    most = np.concatenate([np.ones(n), a["capacity"].T.ravel()])
    done = milp(
        -a["score"].astype(float),
        constraints=LinearConstraint(vstack(rows), -np.inf, most),
        integrality=np.ones(len(at)),
        bounds=Bounds(0, 1),
        options={"time_limit": limit},
    )
    seconds = time.perf_counter() - begun
    value = 0.0 if done.x is None else -float(done.fun)
    bound = -float(done.mip_dual_bound) if done.mip_dual_bound is not None else np.inf
    gap = (bound - value) / value if value else np.inf
    return {
        "seconds": seconds,
        "value": value,
        "gap": gap,
        "status": "optimal" if done.status == 0 else f"stopped at {limit:.0f} s",
        "memory": peak(),
    }


def changes(a: dict[str, Any], gap: float, count: int) -> dict[str, Any]:
    """200 changes of five kinds, one after the other, beside solving again."""
    from takeroot.engine.placement import Change, Params, WhatIf, solve

    problem = problem_of(a)
    knobs = Params(compare=False)
    begun = time.perf_counter()
    result = solve(problem, params=knobs, gap=gap)
    again = time.perf_counter() - begun
    what_if, rng, taken, gaps = WhatIf(problem, result, gap=gap), np.random.default_rng(5), [], []
    gone: set[str] = set()
    for k in range(count):
        agent = problem.agents[rng.integers(len(problem.agents))]
        if agent in gone:
            continue
        span = problem.pairs.of_agent(problem.agent_index[agent])
        places, scores = problem.pairs.place[span], problem.pairs.score[span]
        j = int(places[rng.integers(len(places))])
        place = problem.places[j]
        kind = ("lock", "forbid", "capacity", "remove", "add")[k % 5]
        change = Change(kind, agent, place)
        if kind == "capacity":
            more = float(max(1, problem.capacity[j, 0] + rng.integers(-3, 4)))
            change = Change(kind, place=place, amount=more)
        elif kind == "add":
            worth = {problem.places[q]: float(s) for q, s in zip(places, scores, strict=True)}
            needs = (
                () if problem.demand is None else tuple(map(float, a["demand"][span.start // 20]))
            )
            change = Change(kind, f"new{k}", scores=worth, demand=needs)
        gone.update({agent} if kind in ("remove", "lock") else set())
        begun = time.perf_counter()
        effect = what_if.apply([change])
        taken.append(time.perf_counter() - begun)
        gaps.append(effect.gap)
    last = solve(what_if.problem, params=knobs, gap=gap)
    apart = abs(last.value - what_if.result.value) / last.value
    return {
        "seconds": statistics.median(taken),
        "value": what_if.result.value,
        "gap": max(gaps),
        "status": f"{len(taken)} changes, worst {max(taken):.2f} s, {apart:.0e} from solving again",
        "memory": peak(),
        "again": again,
    }


def dense(a: dict[str, Any]) -> dict[str, Any]:
    from takeroot.engine.matching import AssignmentProblem, DenseScores, solve

    n = len(a["scores"])
    agents = tuple(f"a{i:05}" for i in range(n))
    places = tuple(f"p{i:05}" for i in range(n))
    problem = AssignmentProblem(agents, places, (1,) * n, DenseScores(a["scores"]))
    solve(AssignmentProblem(("a",), ("p",), (1,), DenseScores(a["scores"][:1, :1])))
    begun = time.perf_counter()
    done = solve(problem)
    seconds = time.perf_counter() - begun
    return {
        "seconds": seconds, "value": done.value, "gap": done.gap, "status": done.status,
        "memory": peak(),
    }  # fmt: skip


def dense_peer(a: dict[str, Any], which: str) -> dict[str, Any]:
    scores = a["scores"]
    if which == "scipy":
        from scipy.optimize import linear_sum_assignment as assign
    else:
        import lap

        def assign(cost: Any) -> Any:
            return lap.lapjvx(cost)[1:]

    begun = time.perf_counter()
    rows, columns = assign(float(scores.max()) - scores.astype(float))
    seconds = time.perf_counter() - begun
    value = int(scores[rows, columns].sum(dtype=int))
    return {"seconds": seconds, "value": value, "gap": 0.0, "status": "optimal", "memory": peak()}


def sides(case: str, long: bool) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
    if case.startswith("persons"):
        found = {"ours": lambda a: ours(a, 1e-4, None), "OR-Tools flow": flow}
        if case == "persons-1m" and not long:
            del found["OR-Tools flow"]
        return found
    if case.startswith("families-10k"):
        limit = 300.0 if long else 60.0
        aim = 8e-4 if case.endswith("1.05") else 2e-4
        return {
            "ours": lambda a: ours(a, aim, None),
            "ours, 10 s": lambda a: ours(a, 0.0, 10.0),
            f"HiGHS, {limit:.0f} s": lambda a: branching(a, limit),
        }
    if case == "families-100k":
        return {"ours": lambda a: ours(a, 1e-3, None), "ours, 60 s": lambda a: ours(a, 0.0, 60.0)}
    if case.startswith("what-if"):
        return {"ours": lambda a: changes(a, 2e-4, 200)}
    return {
        "ours": dense,
        "scipy": lambda a: dense_peer(a, "scipy"),
        "lapx": lambda a: dense_peer(a, "lapx"),
    }


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE")
    parser.add_argument("--long", action="store_true", help="the peers that take minutes too")
    parser.add_argument("--out", type=Path, help="also write the figures as JSON lines")
    parser.add_argument("--side", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        case, name, folder = options.side
        if name == "make":
            make(case, Path(folder))
        else:
            print(json.dumps(sides(case, options.long)[name](load(Path(folder)))))
        return
    lines = []
    print("| case | side | seconds | beside ours | MB | value | gap | |")
    print("|---|---|---|---|---|---|---|---|")
    for case in options.cases or CASES:
        with tempfile.TemporaryDirectory() as folder:
            run(case, "make", folder, options.long)
            first: float | None = None
            for name in sides(case, options.long):
                got = json.loads(run(case, name, folder, options.long))
                first = first or got["seconds"]
                lines.append({"case": case, "side": name, **got})
                print(row(case, name, got, got["seconds"] / first), flush=True)
    if options.out:
        options.out.write_text("".join(json.dumps(line) + "\n" for line in lines))


def row(case: str, name: str, got: dict[str, Any], ratio: float) -> str:
    more = got["status"]
    if "reasons" in got:
        more += f", reasons {1000 * got['reasons']:.1f} ms each"
    if "again" in got:
        more += f", solving again {got['again']:.2f} s"
    return (
        f"| {case} | {name} | {got['seconds']:.3g} | {ratio:.2f} | {got['memory']:.0f} "
        f"| {got['value']:.6g} | {got['gap']:.1e} | {more} |"
    )


def run(case: str, name: str, folder: str, long: bool) -> str:
    words = [sys.executable, __file__, *(["--long"] if long else []), "--side", case, name, folder]
    # Threads of the linear algebra only wait for one another in problems of this shape.
    alone = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=alone)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return done.stdout.strip().rpartition("\n")[2]


if __name__ == "__main__":
    main()
