"""How often the title search finds the right occupation, and how fast.

    python benchmarks/title_search.py [--misses]

Reads the frozen lists in ``benchmarks/titles``. «Only by search» leaves out queries that are, word
for word, a title of the official index or of our synonym tables: it tells what the search itself
adds. «Without our synonyms» searches the official titles alone.
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from takeroot.facts import title_index, titles  # noqa: E402
from takeroot.facts.title_words import stems, typed_words  # noqa: E402

Row = tuple[str, set[str]]


def rows(name: str) -> list[Row]:
    with (ROOT / "benchmarks" / "titles" / name).open(encoding="utf-8", newline="") as handle:
        return [(r["query"], set(r["codes"].split(";"))) for r in csv.DictReader(handle)]


def shares(found: list[tuple[list[str], set[str]]]) -> str:
    first = sum(bool(codes[:1]) and codes[0] in right for codes, right in found)
    five = sum(bool(right & set(codes[:5])) for codes, right in found)
    n = max(len(found), 1)
    return (
        f"{five:3d}/{len(found):3d} = {100 * five / n:5.1f} % in first five, "
        f"{100 * first / n:5.1f} % first"
    )


def report(name: str, show: bool) -> None:
    queries = rows(name)
    known = {tuple(stems(t.text)) for t in title_index.all_titles()}
    own = title_index.index(synonyms=False)
    found, alone, hard, times = [], [], [], []
    for text, right in queries:
        titles.search.cache_clear()
        begin = time.perf_counter()
        codes = [h.code for h in titles.search(text)]
        times.append(1000 * (time.perf_counter() - begin))
        found.append((codes, right))
        alone.append(([c for c, _, _ in own.best(typed_words(text), 5)], right))
        if tuple(stems(text)) not in known:
            hard.append((codes, right))
        if show and not right & set(codes):
            print("  miss:", text, sorted(right), codes)
    times.sort()
    print(name)
    print("  all                 ", shares(found))
    print("  only by search      ", shares(hard))
    print("  without our synonyms", shares(alone))
    print(
        f"  p50 {times[len(times) // 2]:.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms, "
        f"max {times[-1]:.1f} ms (first time each word is seen)"
    )


def main() -> None:
    begin = time.perf_counter()
    titles.warm()
    print(f"index built in {time.perf_counter() - begin:.2f} s")
    for name in ("en.csv", "fr.csv"):
        report(name, "--misses" in sys.argv)


if __name__ == "__main__":
    main()
