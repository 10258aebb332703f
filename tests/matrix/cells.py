"""Every cell of the matrix: URL pattern x role x state of its objects x method x htmx or not.

Nothing is listed by hand but how a URL's blanks are filled: a new pattern whose blanks are
unknown here, or that has no policy, fails with a sentence that names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from takeroot.access.policies import Policy, policy_for
from takeroot.accounts.enums import Role
from takeroot.messaging.models import LinkPurpose
from tests.matrix.world import HOME, House, forged, reset_key

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
# htmx asks for fragments by these two alone.
WAYS = (*((method, False) for method in METHODS), ("GET", True), ("POST", True))
ANONYMOUS, DISABLED, EXPIRED = "anonymous", "disabled", "expired session"
SIGNED_OUT = {ANONYMOUS, DISABLED, EXPIRED}
ROLES = (ANONYMOUS, *Role.values, DISABLED, EXPIRED)
IN_EVERY_WAY, PLAIN = (ANONYMOUS, Role.NEWCOMER, Role.COORDINATOR), ("GET", "POST")
OWN, OTHER, MISSING = "own", "other centre's", "never existed"
STATES = (OWN, OTHER, MISSING)
VALID, FORGED, SPENT, TAKEN, NEXT_DOOR = (
    "valid",
    "forged",
    "expired",
    "revoked",
    "valid, of another centre",
)
TOKEN_STATES = (VALID, FORGED, SPENT, TAKEN, NEXT_DOOR)
GOOD, BAD, UNKNOWN = "good", "forged", "of nobody"
KEY_STATES = (GOOD, BAD, UNKNOWN)
NOWHERE = UUID("00000000-0000-4000-8000-000000000000")

# Which object stands in a URL: by the name of the page, else by the first part of its address.
OBJECTS = {
    "coordinator:match_lock": "proposed",
    "coordinator:match_refuse": "proposed",
    "coordinator:introduction": "match:Accepted",
    "coordinator:meeting_log": "match:Introduced",
    "coordinator:match_end": "match:Introduced",
    "coordinator:referral_met": "referral:agreed",
    "coordinator:thanks": "match:Met",
    "coordinator:connector_offer": "connector:Offered",
    "people": "connectee:Met",
    "connectors": "connector:Met",
    "rounds": "open_round",
    "promises": "promise",
    "coordinator:promise_reached": "call",
    "handover": "handover",
    "import": "draft",
    "mailbox": "letter",
    "replies": "reply",
    "file": "connectee:Proposed",
    "coordinator:concern_new": "match:Booked",
    "coordinator:told": "match:Introduced",
    "coordinator:told_times": "match:Introduced",
    "coordinator:told_choice": "match:Booked",
    "coordinator:told_met": "match:Booked",
    "coordinator:told_people": "match:Met",
    "coordinator:told_cannot": "match:Met",
    "coordinator:told_answer": "referral:asked",
    "coordinator:told_contact": "referral:agreed",
    "reports": "concern",
    "duplicates": "pair",
    "merges": "merge",
    "jobs": "job",
    "stays": "stay",
    "testimonials": "testimonial",
    "coordinator:sharing_ask": "offer",
    "coordinator:testimonial_ask": "connectee:Met",
    "leads": "lead",
    "transfers": "transfer",
    "coordinator:across": "across",
    "coordinator:transfer_decide": "transfer:in",
    "recognition": "recognition",
}
# Blanks that name no object but one of a few words.
WORDS = {
    "kind": "connectees",
    "lang": "en",
    "slug": HOME,
    "edition": "1",
    "centre": HOME,
    "step": "you",
}
BLANKS = {
    "side": "concern_side",
    "draft": "application",
    "document": "document",
    "connectee": "connectee:Proposed",
    "consent": "consent",
    "screening": "screening",
    "nominee": "nominee",
    "juror": "juror",
}
# What a form must say for the page to find the object that its body names.
BODIES: dict[str, Callable[[House], dict[str, Any]]] = {
    "coordinator:round_choose": lambda house: {"connector": str(house.keys["free_connector"])},
    "coordinator:choose_centre": lambda house: {"centre": str(house.centre.pk)},
}
# The purpose a link must have for a page behind it, from the name of the page.
_REFERRING = ("people", "cannot")
_REFERRAL = ("yes", "no", "contact_concern")
# Pages named as the purpose of their link.
_NAMED = {"profile": LinkPurpose.PROFILE, "hours": LinkPurpose.HOURS, "stay": LinkPurpose.STAY}
_NAMED["shared_ask"] = LinkPurpose.SHARED_ASK
_NAMED |= dict.fromkeys(("testimonial", "testimonial_back"), LinkPurpose.TESTIMONIAL)
_NAMED["across"] = LinkPurpose.ACROSS
_NAMED["transfer"] = LinkPurpose.TRANSFER
_NAMED |= dict.fromkeys(("recognition", "certificate"), LinkPurpose.RECOGNITION)
_NAMED |= dict.fromkeys(("jury", "jury_aside"), LinkPurpose.JURY)
_NAMED["lead"] = LinkPurpose.REFERRING
_OF_CONNECTEE = ("rate", "thank", "files", "pitch", "file", "join", "agree")
_NAMED |= dict.fromkeys(_OF_CONNECTEE, LinkPurpose.CONNECTEE_PAGE)
_NAMED |= dict.fromkeys(("suit", "organization", "stop"), LinkPurpose.CONNECTOR_PAGE)


@dataclass(frozen=True)
class Page:
    """One URL pattern."""

    name: str
    route: str
    blanks: tuple[str, ...]

    @property
    def policy(self) -> Policy:
        policy = policy_for(self.name)
        if policy is None:
            raise LookupError(
                f"The page «{self.name}» at /{self.route} has no policy: give it one with "
                "page(address, view, name, POLICY), or it stays closed to everybody."
            )
        return policy

    def is_open_to(self, role: str) -> bool:
        """Whether the policy opens this page to a role (signed out counts as nobody)."""
        known = ANONYMOUS if role in SIGNED_OUT else role
        return self.policy.public or known in self.policy.roles

    @property
    def states(self) -> list[tuple[str, ...]]:
        """The states of its objects, one for each blank (a link or a key is one thing)."""
        if "token" in self.blanks:
            return [(state,) for state in TOKEN_STATES]
        if "uidb36" in self.blanks:
            return [(state,) for state in KEY_STATES]
        return list(
            product(*((OWN, MISSING) if blank in WORDS else STATES for blank in self.blanks))
        )

    @property
    def purpose(self) -> str:
        last = self.name.split(":")[-1]
        if last in _REFERRING:
            return LinkPurpose.REFERRING
        if last == "copy":
            return LinkPurpose.OWN_FILE
        if last in _NAMED:
            return _NAMED[last]
        return LinkPurpose.REFERRAL if last in _REFERRAL else LinkPurpose.MEETING

    def object_kind(self, blank: str) -> str:
        """The key in `House.keys` for a blank; raises LookupError with a sentence."""
        if blank in BLANKS:
            return BLANKS[blank]
        kind = OBJECTS.get(self.name) or OBJECTS.get(self.route.split("/")[0])
        if kind is None:
            raise LookupError(
                f"The matrix cannot fill «{blank}» of the page «{self.name}» at /{self.route}: "
                "say in tests/matrix/cells.py (OBJECTS or BLANKS) which object stands there."
            )
        return kind

    def path(self, state: tuple[str, ...], mine: House, theirs: House) -> str:
        return reverse(self.name, kwargs=self._kwargs(state, mine, theirs))

    def _kwargs(self, state: tuple[str, ...], mine: House, theirs: House) -> dict[str, Any]:
        if "token" in self.blanks:
            return {"token": self._token(state[0], mine, theirs)}
        if "uidb36" in self.blanks:
            good = reset_key(mine.users[Role.FAMILY])
            wrong = {GOOD: {}, BAD: {"key": "d5abcd-" + "0" * 32}, UNKNOWN: {"uidb36": "zzz"}}
            return {**good, **wrong[state[0]]}
        pairs = zip(self.blanks, state, strict=True)
        return {blank: self._filling(blank, one, mine, theirs) for blank, one in pairs}

    def _filling(self, blank: str, state: str, mine: House, theirs: House) -> Any:
        if blank in WORDS:
            return WORDS[blank] if state == OWN else "nothing"
        if state == MISSING:
            return NOWHERE
        return (mine if state == OWN else theirs).keys[self.object_kind(blank)]

    def _token(self, state: str, mine: House, theirs: House) -> str:
        live = "booked" if self.name == "links:calendar" else self.purpose
        if state == NEXT_DOOR:
            return theirs.token(live)
        if state == FORGED:
            return forged(mine.token(live))
        return mine.token(live if state == VALID else f"{self.purpose}:{state}")


@dataclass(frozen=True)
class Cell:
    page: Page
    role: str
    state: tuple[str, ...]
    method: str
    htmx: bool

    def __str__(self) -> str:
        state = ", ".join(self.state) or "no object"
        return (
            f"{self.method} {self.page.name} as {self.role} ({state})"
            f"{' with HX-Request' if self.htmx else ''}"
        )


@cache
def pages() -> tuple[Page, ...]:
    """Every URL pattern of the resolver."""
    return tuple(_walk(get_resolver().url_patterns, (), ""))


def _walk(patterns: Any, spaces: tuple[str, ...], route: str) -> Iterator[Page]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, inner, here)
        elif isinstance(pattern, URLPattern):
            if not pattern.name:
                raise LookupError(f"The address /{here} has no name: no policy can stand for it.")
            blanks = tuple(re.findall(r"<(?:\w+:)?(\w+)>", here))
            yield Page(":".join((*spaces, pattern.name)), here, blanks)


def cells_of(page: Page) -> Iterator[Cell]:
    for role, state, (method, htmx) in product(ROLES, page.states, WAYS):
        if _tells_more(page, role, state, method, htmx):
            yield Cell(page, role, state, method, htmx)


def _tells_more(page: Page, role: str, state: tuple[str, ...], method: str, htmx: bool) -> bool:
    """Whether a cell can tell more than its neighbours do.

    Every role asks by GET and POST. The rarer ways (HEAD, PUT, htmx ...) are left out where they
    repeat: a link speaks for itself whoever is signed in beside it, so a visitor tries them; a
    closed page is closed before its method or its object are looked at; and what an open page
    shows by HEAD or htmx is what GET showed, so three roles try that.
    """
    at_home = all(one in (OWN, GOOD) for one in state)
    plain = method in PLAIN and not htmx
    if "token" in page.blanks:
        every_role = method == "GET" or state[0] == VALID
        return role == ANONYMOUS or (plain and (every_role or role in IN_EVERY_WAY))
    if plain:
        return True
    if role in IN_EVERY_WAY:
        return at_home or page.is_open_to(role)
    return at_home and page.is_open_to(role) and method not in ("HEAD", *PLAIN)


def share_of(number: int, shares: int) -> list[Page]:
    """The pages of one share: the matrix is split so that workers can do it side by side."""
    by_size = sorted(pages(), key=lambda page: (-len(page.states), page.name))
    return by_size[number::shares]
