"""A thousand random tables with their totals and two releases, and an attacker who has them all.

    python benchmarks/disclosure.py [COUNT]

Prints how many cells there were, how many were held back, and how many an attacker with a linear
programme pins to one number or tells to be small: it must be none. Beside it the same attack on
releases in which only the small cells are held back, to show that it has teeth.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.engine.small_cells import judge, naive, random_case, released

COUNT, FIRST, NAIVE_EACH = 1000, 10_000, 5


def main() -> int:
    """Returns 1 when anything was found out."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    totals: Counter[str] = Counter()
    begun = time.monotonic()
    for seed in range(FIRST, FIRST + count):
        case = random_case(seed)
        start = time.process_time()
        first, second = released(case)
        totals["milliseconds to suppress"] += round((time.process_time() - start) * 1000)
        start = time.process_time()
        verdict = judge(first, second)
        totals["milliseconds to attack"] += round((time.process_time() - start) * 1000)
        totals["cells"] += verdict.cells
        totals["held back"] += verdict.hidden
        totals["of them small, or a small change"] += verdict.small
        totals["pinned"] += len(verdict.pinned)
        totals["small and narrower than 1 to the threshold"] += len(verdict.narrow)
        totals["intervals without the truth"] += len(verdict.wrong)
        totals["releases refused"] += bool(first.exposed or second.exposed)
        if seed % NAIVE_EACH == 0:
            bare = judge(naive(case.first), naive(case.second))
            totals["tables attacked without partners"] += 1
            totals["pinned without partners"] += len(bare.pinned)
    print(f"{count} tables, two releases each, in {time.monotonic() - begun:.0f} s")
    for name, number in totals.items():
        print(f"{number:>10,}  {name}")
    bad = ("pinned", "small and narrower than 1 to the threshold", "intervals without the truth")
    return int(any(totals[name] for name in bad))


if __name__ == "__main__":
    sys.exit(main())
