"""One policy for each kind of promise: how long it may take, what happens when it is late, and
what people are told of that beforehand. Higher apps register theirs when the house starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from takeroot.promises.enums import Act

if TYPE_CHECKING:
    from takeroot.promises.models import Promise


@dataclass(frozen=True)
class Rung:
    """One step of a ladder. `after`: days from the day the promise is due (negative: before)."""

    after: int
    act: Act


@dataclass(frozen=True)
class Policy:
    """What is owed, by when, and the ladder of what the house does when nothing comes.

    kind: the promise's code. what: what is owed, as a phrase. who: who owes it, in words. days:
    until it is due (a centre may choose otherwise). setting: the field of the centre that holds
    the days instead, where they are told to the public too. otherwise: «what happens if nobody
    answers», one sentence told beforehand; `%(days)d` stands for the days until due and `%(last)d`
    for the days until the last rung.
    """

    kind: str
    what: Any
    who: Any
    days: int
    ladder: tuple[Rung, ...] = ()
    otherwise: Any = ""
    setting: str = ""

    def __post_init__(self) -> None:
        days = [rung.after for rung in self.ladder]
        if self.days < 1 or days != sorted(set(days)):
            raise ValueError(f"the ladder of {self.kind} does not climb from day to day")
        if days and self.days + days[0] < 1:
            raise ValueError(f"the ladder of {self.kind} begins before the promise is made")
        if any(rung.act == Act.CLOSE for rung in self.ladder[:-1]):
            raise ValueError(f"the ladder of {self.kind} goes on after it has closed")


# What a rung does: it gets the promise, locked, in the transaction that marks the rung as done.
Handler = Callable[["Promise"], None]

_policies: dict[str, Policy] = {}
_handlers: dict[tuple[str, str], Handler] = {}


def register(policy: Policy, handlers: Mapping[Act, Handler] | None = None) -> None:
    """Add a policy and what its rungs do. A kind is registered once; a rung without a handler
    fails here, at start, rather than at night."""
    handlers = handlers or {}
    if policy.kind in _policies:
        raise ValueError(f"a policy for {policy.kind} stands already")
    missing = {rung.act for rung in policy.ladder} - set(handlers)
    if missing:
        raise ValueError(f"nothing says what {sorted(missing)} does for {policy.kind}")
    _policies[policy.kind] = policy
    _handlers.update({(policy.kind, act): handler for act, handler in handlers.items()})


def policy_for(kind: str) -> Policy:
    """The policy of a kind; raises LookupError when none is registered."""
    try:
        return _policies[kind]
    except KeyError as problem:
        raise LookupError(f"no policy for the promise “{kind}”") from problem


def policies() -> tuple[Policy, ...]:
    """Every policy, in the order of registration."""
    return tuple(_policies.values())


def handler_for(kind: str, act: str) -> Handler:
    return _handlers[kind, act]
