"""`takeroot engine explain`: why somebody got this place or none, from the report of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..placement.explain import Explanation, Limit, Option, explain
from ..words import Words, words
from .cells import known_id
from .earlier import read_earlier
from .faults import FilesError


@dataclass(frozen=True)
class Why:
    """Who is asked about; ``exact`` follows each change to say what it truly costs."""

    report: Path
    agents: tuple[str, ...]
    exact: bool = False


def why(question: Why) -> tuple[Words, ...]:
    """The reasons in words. Raises FilesError."""
    earlier = read_earlier(question.report)
    said: list[Words] = []
    for name in question.agents:
        at = known_id(name, earlier.problem.agent_index)
        if at < 0:
            raise FilesError(
                words("“%(agent)s” is no agent of %(file)s.", agent=name, file=str(question.report))
            )
        agent = earlier.problem.agents[at]
        found = explain(earlier.problem, earlier.result, agent, exact=question.exact)
        said += _told(found)
    return tuple(said)


def _told(found: Explanation) -> Iterator[Words]:
    yield _head(found)
    for option in found.here:
        yield from (_worth(found.agent, option.place, limit) for limit in option.limits)
    seen = {option.place for option in found.here}
    for option in (*found.better, *found.next_):
        if option.place not in seen:
            seen.add(option.place)
            yield _option(option)


def _head(found: Explanation) -> Words:
    values = {
        "agent": found.agent,
        "places": ", ".join(f"{one.place} ({one.score:g})" for one in found.here),
    }
    heads = {
        "locked": words("%(agent)s is locked to %(places)s.", **values),
        "best_place": words("%(agent)s has the best of its places: %(places)s.", **values),
        "better_places_worth_more_to_others": words(
            "%(agent)s has %(places)s; better places are worth more to others.", **values
        ),
        "no_allowed_pair": words("%(agent)s has no place: no pair is allowed.", **values),
        "none_fits": words(
            "%(agent)s has no place: none that is allowed is large enough, even if it were empty.",
            **values,
        ),
        "worth_less_than_staying": words(
            "%(agent)s has no place: each one allowed is worth less than staying without.",
            **values,
        ),
        "places_worth_more_to_others": words(
            "%(agent)s has no place: each one allowed is full of others to whom it is worth more.",
            **values,
        ),
    }
    return heads[found.code]


def _worth(agent: str, place: str, limit: Limit) -> Words:
    return words(
        "One more of %(resource)s at %(place)s would be worth %(price)s; %(agent)s takes "
        "%(takes)s.",
        resource=limit.resource, place=place, price=f"{limit.price:.6g}", agent=agent,
        takes=f"{limit.takes:g}",
    )  # fmt: skip


def _option(option: Option) -> Words:
    cost = option.cost if option.cost is not None else option.cost_at_least
    values = {
        "place": option.place,
        "score": f"{option.score:g}",
        "cost": f"{cost or 0.0:.6g}",
        "held": option.held_by,
    }
    if option.cost is not None:
        return words(
            "%(place)s (%(score)s) instead would cost %(cost)s of the value; people there now: "
            "%(held)d.",
            **values,
        )
    if option.cost_at_least is None:
        return words(
            "%(place)s (%(score)s) instead: --exact tells what it would cost; people there now: "
            "%(held)d.",
            **values,
        )
    return words(
        "%(place)s (%(score)s) instead would cost at least %(cost)s of the value; people there "
        "now: %(held)d.",
        **values,
    )
