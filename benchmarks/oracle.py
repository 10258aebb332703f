"""Does the time of an answer tell whether a foreign object exists? (G4)

    python benchmarks/oracle.py [--each 2000] [--kind WORD]

Every page whose address takes an object's key is asked, as somebody who may open it, for objects of
another centre and for keys that never existed, in random order, through the whole middleware stack
against a real PostgreSQL. For each kind of object: the chance that a foreign one took longer than a
missing one (AUC; 0.50 says nothing, and it must stand within 0.03 of it). Beside it two controls
that must be told apart: objects of one's own, and a foreign object that costs one more query, as a
page would that looks first and checks afterwards.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scratch import load, product

if TYPE_CHECKING:
    from tests.matrix.cells import Page
    from tests.matrix.shared import World

EACH, NEAR = 2_000, 0.03
FOREIGN, MISSING = "foreign", "missing"


@dataclass
class Question:
    """One page, how it is asked, and how long each answer took."""

    page: Page
    kind: str
    method: str
    role: str
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def auc(one: list[float], other: list[float]) -> float:
    """The chance that a value of `one` is greater than a value of `other`."""
    from scipy.stats import mannwhitneyu

    return float(mannwhitneyu(one, other).statistic) / (len(one) * len(other))


def questions(world: World) -> list[Question]:
    """Every page with a key in its address that somebody of our centre may open."""
    from tests.matrix.cells import OWN, WORDS, pages

    from takeroot.accounts.enums import Role

    found = []
    for page in pages():
        last = page.blanks[-1] if page.blanks else ""
        if not last or last in WORDS or {"token", "uidb36"} & set(page.blanks):
            continue
        able = [role for role in (Role.COORDINATOR, *Role.values) if role in page.policy.roles]
        own = page.path(tuple(OWN for _blank in page.blanks), world.mine, world.theirs)
        for role in able[:1]:
            seen = world.askers[role].try_out("GET", own).status_code
            method = "POST" if seen == 405 else "GET"
            found.append(Question(page, page.object_kind(last).split(":")[0], method, role))
    return found


def path_of(question: Question, world: World, which: str) -> str:
    """The address with its last key foreign, or never given; what stands before is our own."""
    from django.urls import reverse
    from tests.matrix.cells import OTHER, OWN

    page = question.page
    state = (*(OWN for _blank in page.blanks[1:]), OTHER)
    filled = page._kwargs(state, world.mine, world.theirs)
    if which == MISSING:
        filled[page.blanks[-1]] = uuid4()
    return reverse(page.name, kwargs=filled)


def ask(question: Question, world: World, path: str, *, more: Callable[[], Any] | None) -> float:
    """Milliseconds; an answer that is not the refusal ends the run."""
    asker = world.askers[question.role]
    begun = time.perf_counter()
    answer = asker.ask(question.method, path)
    if more is not None:
        more()
    spent = (time.perf_counter() - begun) * 1000
    if answer.status_code != 404:
        raise SystemExit(f"{question.page.name}: {path} answers {answer.status_code}")
    return spent


def measure(
    mine: list[Question], world: World, each: int, *, more: Callable[[], Any] | None = None
) -> float:
    """The AUC of one kind of object: the mean over its pages."""
    turns = [(q, which) for q in mine for which in (FOREIGN, MISSING)] * -(-each // len(mine))
    random.Random(each).shuffle(turns)
    for question in mine:
        question.times.clear()
        for which in (FOREIGN, MISSING) * 3:
            ask(question, world, path_of(question, world, which), more=None)
    for question, which in turns:
        path = path_of(question, world, which)
        spent = ask(question, world, path, more=more if which == FOREIGN else None)
        question.times[which].append(spent)
    return sum(auc(q.times[FOREIGN], q.times[MISSING]) for q in mine) / len(mine)


def controls(some: Question, world: World, each: int) -> bool:
    """Whether the measure tells apart what can be told apart."""
    from django.db import connection
    from tests.matrix.cells import OWN

    def one_more() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM accounts_party WHERE id = %s", [uuid4()])
            cursor.fetchall()

    own = some.page.path(tuple(OWN for _blank in some.page.blanks), world.mine, world.theirs)
    looked_first = measure([some], world, each, more=one_more)
    asker, missing, taken = world.askers[some.role], [], []
    for _turn in range(200):
        missing.append(ask(some, world, path_of(some, world, MISSING), more=None))
        begun = time.perf_counter()
        asker.ask(some.method, own)
        taken.append((time.perf_counter() - begun) * 1000)
    exists = auc(taken, missing)
    print(f"control, one more query for a foreign one: {looked_first:.3f}", flush=True)
    print(f"control, an object of one's own:           {exists:.3f}", flush=True)
    return min(looked_first, exists) > 0.5 + NEAR


def main() -> int:
    """Returns 1 when anything can be told apart that must not, or a control is not told apart."""
    parser = argparse.ArgumentParser(description="Time foreign objects against missing ones.")
    parser.add_argument("--each", type=int, default=EACH, help="answers of each sort, for a kind")
    parser.add_argument("--kind", default="", help="one kind of object alone")
    options = parser.parse_args()
    with product(EMAIL_BACKEND="takeroot.messaging.backends.MailboxBackend"):
        from tests.matrix.shared import make_world

        world = make_world()
        by_kind: dict[str, list[Question]] = defaultdict(list)
        for question in questions(world):
            by_kind[question.kind].append(question)
        pages = sum(len(mine) for mine in by_kind.values())
        print(f"{pages} pages of {len(by_kind)} kinds of object, {load()}", flush=True)
        gc.collect()
        gc.disable()
        good = controls(by_kind["connectee"][0], world, min(options.each, 1_000))
        for kind, mine in sorted(by_kind.items(), key=lambda item: -len(item[1])):
            if options.kind not in ("", kind):
                continue
            figure = measure(mine, world, options.each)
            apart = abs(figure - 0.5) > NEAR
            good &= not apart
            middle = sorted(t for q in mine for t in q.times[MISSING])
            print(
                f"{kind:<14} {len(mine):>3} pages  AUC {figure:.3f}  "
                f"p50 {middle[len(middle) // 2]:.1f} ms{'  APART' if apart else ''}",
                flush=True,
            )
            gc.collect()
        print(load())
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
