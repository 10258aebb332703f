"""Demands that cannot all be met, as the smallest set of them, in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from ..words import Words, words
from .dual import Dual
from .instance import Instance, IntArray, make_instance
from .problem import Pair, PlacementProblem, Rule
from .programme import Part, relax, solve_part, solve_whole
from .result import Conflict

# Households up to which a smallest set is looked for one by one: split, and whole.
FEW, FEWER = 400, 60


def find_conflicts(problem: PlacementProblem) -> tuple[Conflict, ...]:
    """Smallest sets of locks that contradict one another, a ban or a capacity."""
    found: list[Conflict] = []
    by_agent: dict[str, list[Pair]] = defaultdict(list)
    by_place: dict[str, list[Pair]] = defaultdict(list)
    for pair in sorted(problem.locked):
        by_agent[pair[0]].append(pair)
        by_place[pair[1]].append(pair)
        if pair in problem.forbidden:
            said = words(
                "%(agent)s with %(place)s is both locked and forbidden.",
                agent=pair[0], place=pair[1],
            )  # fmt: skip
            found.append(Conflict(said, (pair,)))
    for agent, pairs in by_agent.items():
        if len(pairs) > problem.most:
            few = tuple(pairs[: problem.most + 1])
            said = words(
                "%(agent)s may have %(most)d place(s) and is locked to %(places)s.",
                agent=agent, most=problem.most, places=", ".join(place for _, place in few),
            )  # fmt: skip
            found.append(Conflict(said, few))
    for place, pairs in by_place.items():
        found.extend(_over_capacity(problem, place, pairs))
    return tuple(found)


def _over_capacity(problem: PlacementProblem, place: str, pairs: list[Pair]) -> list[Conflict]:
    needs = [_need(problem, pair) for pair in pairs]
    found = []
    for r, resource in enumerate(problem.resources):
        has = float(problem.capacity[problem.place_index[place], r])
        order = sorted(range(len(pairs)), key=lambda k: (-needs[k][r], pairs[k]))
        total, few = 0.0, []
        for k in order:
            total += needs[k][r]
            few.append(pairs[k])
            if total > has:
                said = words(
                    "%(place)s has %(has)g %(resource)s; those locked there need %(total)g: "
                    "%(agents)s.",
                    place=place, has=has, resource=resource, total=total,
                    agents=", ".join(agent for agent, _ in few),
                )  # fmt: skip
                found.append(Conflict(said, tuple(few), places=(place,)))
                break
    return found


def _need(problem: PlacementProblem, pair: Pair) -> list[float]:
    i, j = problem.agent_index[pair[0]], problem.place_index[pair[1]]
    if problem.pairs.demand is not None:
        span = problem.pairs.of_agent(i)
        hit = np.flatnonzero(problem.pairs.place[span] == j)
        if len(hit):
            return [float(x) for x in problem.pairs.demand[span][hit[0]]]
    return [float(x) for x in problem.needs()[i]]


def why_not_everybody(
    problem: PlacementProblem, instance: Instance, arc: IntArray
) -> tuple[tuple[Conflict, ...], bool]:
    """Where everybody must have a place and some have none: why, and whether that is proved.

    arc  (agents,) the arc of each agent in the best answer found, -1 for none
    """
    names = [problem.agents[i] for i in instance.order_agents]
    alone = np.flatnonzero((np.diff(instance.start) == 0) & (instance.most > 0))
    if len(alone):
        return tuple(_too_large(names[i]) for i in alone), True
    left = np.flatnonzero((arc < 0) & (instance.most > 0))
    if instance.unit:
        return (_rivals(problem, instance, arc, int(left[0])),), True
    return _too_many(problem, instance, names, left)


def _too_large(agent: str) -> Conflict:
    said = words(
        "No allowed place is large enough for %(agent)s, even if it were empty.", agent=agent
    )
    return Conflict(said, agents=(agent,))


def _rivals(problem: PlacementProblem, instance: Instance, arc: IntArray, first: int) -> Conflict:
    """The agents that compete with one left out, and all the places open to any of them.

    Reached from it by its places, those who sit there, their places, and so on (Hall, 1935). One
    seat is missing among them; without any one of them there would be enough.
    """
    sitting: dict[int, list[int]] = defaultdict(list)
    for agent in np.flatnonzero(arc >= 0).tolist():
        sitting[int(instance.place[arc[agent]])].append(agent)
    agents, places, queue = {first}, set(), [first]
    while queue:
        agent = queue.pop()
        for place in instance.place[instance.start[agent] : instance.start[agent + 1]].tolist():
            if place not in places:
                places.add(place)
                fresh = [one for one in sitting[place] if one not in agents]
                agents.update(fresh)
                queue.extend(fresh)
    who = tuple(sorted(problem.agents[instance.order_agents[i]] for i in agents))
    where = tuple(sorted(problem.places[instance.order_places[j]] for j in places))
    seats = int(sum(instance.capacity[j, 0] for j in places))
    said = words(
        "%(count)d people can only go to %(places)d place(s) with %(seats)d seat(s) left: "
        "%(who)s to %(where)s.",
        count=len(who), places=len(where), seats=seats, who=_few(who), where=_few(where),
    )  # fmt: skip
    return Conflict(said, agents=who, places=where)


def _few(names: tuple[str, ...], most: int = 8) -> Words | str:
    shown = ", ".join(names[:most])
    if len(names) <= most:
        return shown
    return words("%(names)s and %(count)d more", names=shown, count=len(names) - most)


def _too_many(
    problem: PlacementProblem, instance: Instance, names: list[str], left: IntArray
) -> tuple[tuple[Conflict, ...], bool]:
    everyone = np.flatnonzero(instance.most > 0)
    if len(everyone) > FEW:
        said = words(
            "No way was found to give everybody a place: %(left)d of %(all)d have none.",
            left=len(left), all=len(names),
        )  # fmt: skip
        return (Conflict(said, agents=tuple(names[i] for i in left)),), False
    dual = Dual(instance)
    whole = _all_fit(dual, everyone, whole=False)
    if whole and (len(everyone) > FEWER or _all_fit(dual, everyone, whole=True)):
        said = words(
            "No way to place everybody was found: %(who)s would be left. Split households would "
            "fit.",
            who=_few(tuple(names[i] for i in left)),
        )
        return (Conflict(said, agents=tuple(names[i] for i in left)),), False
    kept = everyone
    for agent in everyone.tolist():
        fewer = kept[kept != agent]
        if not _all_fit(dual, fewer, whole=whole):
            kept = fewer
    who = tuple(sorted(names[i] for i in kept))
    ends = np.unique(dual.place[np.isin(dual.agent, kept)])
    where = tuple(sorted(problem.places[instance.order_places[j]] for j in ends))
    values = {"count": len(who), "who": _few(who), "where": _few(where)}
    if whole:
        said = words(
            "%(count)d household(s) do not all fit in the places allowed to them while each stays "
            "whole: %(who)s in %(where)s. Without any one of them the rest would.",
            **values,
        )
    else:
        said = words(
            "%(count)d household(s) do not all fit in the places allowed to them: %(who)s in "
            "%(where)s. Without any one of them the rest would.",
            **values,
        )
    return (Conflict(said, agents=who, places=where),), True


def _all_fit(dual: Dual, agents: IntArray, *, whole: bool) -> bool:
    """Whether all of these find a place: each in one, or (not ``whole``) split over several."""
    arcs = np.flatnonzero(np.isin(dual.agent, agents))
    part = Part(
        agent=np.searchsorted(agents, dual.agent[arcs]),
        place=dual.place[arcs],
        weight=np.ones(len(arcs)),
        need=np.stack([take[arcs] for take in dual.take], 1),
        most=np.ones(len(agents), np.int64),
        capacity=dual.instance.capacity,
        rows=np.zeros((0, len(arcs))),
        limit=np.zeros(0),
    )
    placed = solve_part(part).value if whole else relax(part)[1]
    return placed > len(agents) - 1e-6


def rules_in_conflict(problem: PlacementProblem) -> tuple[Conflict, ...]:
    """A smallest set of rules that no answer can keep together."""
    kept = list(problem.rules)
    for rule in problem.rules:
        fewer = [one for one in kept if one != rule]
        instance = make_instance(replace(problem, rules=tuple(fewer)))
        if fewer and solve_whole(instance, gap=1.0, deadline=np.inf)[0].none:
            kept = fewer
    said = _rule_in_words(kept[0])
    for rule in kept[1:]:
        said = words("%(one)s; %(other)s", one=said, other=_rule_in_words(rule))
    return (Conflict(words("No answer keeps: %(rules)s.", rules=said)),)


def _rule_in_words(rule: Rule) -> Words:
    if rule.measure == "most_at":
        return words(
            "at most %(value)g of %(group)s at %(place)s",
            value=rule.value, group=rule.group, place=rule.place,
        )  # fmt: skip
    if rule.measure == "placed":
        share = f"{100 * rule.value:g}"
        return words("a place for at least %(share)s%% of %(group)s", share=share, group=rule.group)
    return words("a mean score of %(value)g for %(group)s", value=rule.value, group=rule.group)
