"""From files to the answer and back: tiny problems of every shape against trying everything."""

from __future__ import annotations

import random
from itertools import product

import pytest

from takeroot.engine.files.earlier import read_earlier
from takeroot.engine.placement import check
from tests.engine.files.makers import Desk

Table = dict[tuple[int, int], float]


class Tiny:
    """Up to four agents and three places: half units, nothing, no limit, costs, every scale."""

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed)
        self.n, self.m = draw.randint(1, 4), draw.randint(1, 3)
        self.resources = ["x", "y"][: draw.choice([1, 1, 2])]
        self.plain = len(self.resources) == 1 and draw.random() < 0.5
        self.scale = draw.choice([1, 1, 1e-9, 1e9, 0.1])
        sizes: list[float | None] = [0, 0.5, 1, 1.5, 2, 3, None]
        self.has = [[draw.choice(sizes) for _ in self.resources] for _ in range(self.m)]
        needs = [[draw.choice([0, 0.5, 1, 2]) for _ in self.resources] for _ in range(self.n)]
        self.needs: list[list[float]] = [[1.0]] * self.n if self.plain else needs
        self.pairs: Table = {(0, 0): self.scale}
        for pair in product(range(self.n), range(self.m)):
            if draw.random() < 0.8:
                worth = draw.choice([draw.randint(-3, 9), 0, draw.random()])
                self.pairs[pair] = worth * self.scale
        self.minimize, self.must = draw.random() < 0.3, draw.random() < 0.3
        self.cost = draw.choice([0, 0, 5, -2]) * self.scale

    def files(self) -> dict[str, str]:
        columns = [] if self.plain else self.resources
        agents = [["agent", *columns]]
        for i, row in enumerate(self.needs):
            agents.append([f"a{i}", *([] if self.plain else map(str, row))])
        places = [["place", *self.resources]]
        for j, room in enumerate(self.has):
            places.append([f"p{j}", *("" if x is None else str(x) for x in room)])
        pairs = [["agent", "place", "score"]]
        pairs += [[f"a{i}", f"p{j}", repr(score)] for (i, j), score in self.pairs.items()]
        tables = {"A": agents, "P": places, "S": pairs}
        return {
            name: "".join(",".join(row) + "\n" for row in rows) for name, rows in tables.items()
        }

    def options(self) -> list[str]:
        more = ["--minimize"] * self.minimize + ["--must-place"] * self.must
        return [*more, f"--unplaced-cost={self.cost!r}", "--gap", "0"]

    def best(self) -> float | None:
        """The best value there is, None where no answer keeps all limits."""
        values = [
            self._value(choice)
            for choice in product([None, *range(self.m)], repeat=self.n)
            if self._allowed(choice)
        ]
        if not values:
            return None
        return min(values) if self.minimize else max(values)

    def _allowed(self, choice: tuple[int | None, ...]) -> bool:
        chosen = [(i, j) for i, j in enumerate(choice) if j is not None]
        if any(pair not in self.pairs for pair in chosen) or (self.must and None in choice):
            return False
        for j, room in enumerate(self.has):
            for r, has in enumerate(room):
                takes = sum(self.needs[i][r] for i, place in chosen if place == j)
                if has is not None and takes > has:
                    return False
        return True

    def _value(self, choice: tuple[int | None, ...]) -> float:
        total = sum(self.pairs[i, j] for i, j in enumerate(choice) if j is not None)
        left = self.cost * choice.count(None)
        return total + left if self.minimize else total - left


@pytest.mark.parametrize("seed", range(80))
def test_the_answer_of_the_files_is_the_best_one_and_its_report_proves_it(
    desk: Desk, seed: int
) -> None:
    tiny = Tiny(seed)
    best = tiny.best()
    ran = desk.assign(*tiny.options(), **tiny.files())
    if best is None:
        assert ran.code == 1
        return
    assert ran.code == 0
    assert ran.report["value"] == pytest.approx(best, rel=1e-7, abs=1e-7 * tiny.scale)
    earlier = read_earlier(desk.folder / "REPORT.json")
    assert check(earlier.problem, earlier.result) == []
