"""A round of 5,000 Connectees and 2,000 Connectors: ours beside scipy's dense solver, in one run.

    python benchmarks/round.py [--connectees N] [--connectors N] [--seed N]

People are made from real NOC 2021 codes and Canadian places with a fixed seed. Printed: seconds for
scoring all pairs, solving, giving reasons for everything proposed, solving again around a lock, and
the peak memory of the whole process before the peer starts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import resource
import statistics
import time

import numpy as np

from takeroot.cli import set_up_words

TODAY = dt.date(2026, 11, 22)
TALK = [(("en", 8),), (("en", 5), ("fr", 9)), (("fr", 7),), (("en", 10), ("ar", 12)),
        (("en", 6), ("uk", 12)), (("en", 9), ("tl", 12)), (("en", 4), ("es", 12))]  # fmt: skip
WORDS = ["choir", "hiking", "chess", "hockey", "gardening", "cooking", "reading", "running",
         "sewing", "fishing", "painting", "cycling"]  # fmt: skip


def people(kind: str, count: int, rng: random.Random) -> list:
    """Records as a file would give them; a third of occupations are common ones."""
    from takeroot.connections.records import ConnecteeRecord, ConnectorRecord
    from takeroot.facts import noc, places

    codes = [group.code for group in noc.unit_groups()]
    common = rng.sample(codes, 40)
    towns = [p for p in places.places() if p.province in {"NS", "NB", "PE", "NL"}]
    cities = sorted(towns, key=lambda p: -(p.population or 0))[:60]
    made = []
    for k in range(count):
        shared = {
            "row": k + 2,
            "id": f"{kind}{k:05}",
            "name": f"Person {kind}{k}",
            "occupation": rng.choice(common if rng.random() < 0.6 else codes),
            "languages": rng.choice(TALK),
            "interests": tuple(rng.sample(WORDS, 3)),
            "community": rng.choice(cities if rng.random() < 0.8 else towns),
            "mode": rng.choice(["in_person", "video", "either", "either"]),
            "not_with": (),
        }
        if kind == "C":
            since = TODAY - dt.timedelta(days=rng.randrange(1, 300))
            wanted = tuple(f"Organization {rng.randrange(400)}" for _ in range(2))
            made.append(ConnecteeRecord(**shared, target_organizations=wanted, waiting_since=since))
        else:
            made.append(
                ConnectorRecord(
                    **shared,
                    organization=f"Organization {rng.randrange(400)}",
                    capacity=rng.choice([0, 1, 2, 2, 3]),
                    lived_experience=rng.random() < 0.4,
                )
            )
    return made


def seconds(started: float) -> float:
    return time.perf_counter() - started


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peer(problem: object) -> tuple[int, float]:
    """scipy.optimize.linear_sum_assignment on all pairs, one column per seat."""
    from scipy.optimize import linear_sum_assignment

    started = time.perf_counter()
    scores = problem.scores
    usable = np.where(scores.causes == 0, np.maximum(scores.values, 0), 0)
    table = np.repeat(usable, problem.capacities, axis=1).astype(float)
    rows, columns = linear_sum_assignment(table, maximize=True)
    return int(table[rows, columns].sum()), seconds(started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--connectees", type=int, default=5000)
    parser.add_argument("--connectors", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--locks", type=int, default=7, help="locks tried one after the other")
    options = parser.parse_args()
    set_up_words("en")
    from takeroot.connections import adapters, reasons
    from takeroot.connections.match_files import known
    from takeroot.engine.matching import Change, Settings, check, resolve

    rng = random.Random(options.seed)
    one = people("C", options.connectees, rng)
    other = people("K", options.connectors, rng)
    base = peak_mb()

    started = time.perf_counter()
    affinity = adapters.score(one, other, today=TODAY, not_with={}, settings=Settings())
    problem = adapters.assignment(affinity, least_quality=0)
    scoring = seconds(started)
    started = time.perf_counter()
    result = adapters.solve(problem)
    solving = seconds(started)
    started = time.perf_counter()
    told = 0
    for agent, place in result.pairs:
        i, j = problem.agent_index[agent], problem.place_index[place]
        told += len(reasons.sentences(affinity.parts(i, j), known(one[i]), known(other[j])))
    for left in result.unplaced:
        told += len(reasons.why_unplaced(left, len(other)))
    giving = seconds(started)
    again = []
    for left in result.unplaced[: options.locks]:
        i = problem.agent_index[left.agent]
        allowed = np.where(affinity.scores.causes[i] == 0, affinity.scores.values[i], -1)
        lock = Change("lock", problem.places[int(allowed.argmax())], left.agent)
        started = time.perf_counter()
        changed = resolve(problem, result, [lock])
        again.append(seconds(started))
        assert changed.status == "optimal"
    memory = peak_mb()
    assert not (wrong := check(problem, result)), wrong[:3]
    total, theirs = peer(problem)
    assert total == result.value == result.bound, (total, result.value, result.bound)

    whole = scoring + solving + giving
    print(f"{len(one):,} Connectees x {len(other):,} Connectors, seed {options.seed}")
    print(f"matches {len(result.pairs):,}, total {result.value:,} = bound, rounds {result.rounds}")
    print(f"{'scoring all pairs':34}{scoring:8.2f} s")
    print(f"{'solving, proved':34}{solving:8.2f} s")
    print(f"{'reasons (' + format(told, ',') + ' sentences)':34}{giving:8.2f} s")
    print(f"{'proposed with reasons':34}{whole:8.2f} s   (aim 10)")
    if again:
        middle, worst = statistics.median(again), max(again)
        print(f"{'around a lock, median / worst':34}{middle:8.2f} / {worst:.2f} s   (aim 1)")
    print(f"{'peak memory':34}{memory:8.0f} MB  (aim 1,000; {base:.0f} before scoring)")
    print(f"{'scipy dense, value only':34}{theirs:8.2f} s   ours {solving / theirs:.2f}x")


if __name__ == "__main__":
    main()
