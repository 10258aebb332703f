"""What is owed, in words: each open promise as a sentence with its next step.

Whoever registers a kind of promise also says how it reads on Today, and how its subject is found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.promises.enums import Act, Hold, PromiseState
from takeroot.promises.ladder import next_rung
from takeroot.promises.models import Promise
from takeroot.promises.policies import policy_for
from takeroot.promises.selectors import days_for

LATE, SOON, NORMAL = "late", "soon", "normal"


@dataclass(frozen=True)
class Line:
    """What is owed and where it is done: `page` and `key` name the page."""

    what: str
    detail: str
    action: str
    page: str
    key: UUID | None


@dataclass(frozen=True)
class Owed:
    """One line of Today. `by_itself`: what the house will do next, and when."""

    promise: UUID
    what: str
    detail: str
    when: str
    urgency: str
    action: str
    page: str
    key: UUID | None
    by_itself: str = ""


# Subjects of one kind, by id, as far as these centres see them: one query for each kind.
Finder = Callable[[set[UUID], tuple[UUID, ...]], dict[UUID, Any]]
Words = Callable[[Promise, Any], Line]

_finders: dict[str, Finder] = {}
_words: dict[str, Words] = {}


def register_subject(kind: str, finder: Finder) -> None:
    _finders[kind] = finder


def register_words(kind: str, words: Words) -> None:
    _words[kind] = words


def kinds_in_words() -> frozenset[str]:
    """Every kind that can be said."""
    return frozenset(_words)


def _subjects(actor: Actor, promises: Iterable[Promise]) -> dict[tuple[str, UUID], Any]:
    """By kind and id: a party, its file and its part in the programme share one id."""
    ids: dict[str, set[UUID]] = defaultdict(set)
    for promise in promises:
        ids[promise.subject_kind].add(promise.subject_id)
    found: dict[tuple[str, UUID], Any] = {}
    for kind, keys in ids.items():
        if finder := _finders.get(kind):
            rows = finder(keys, actor.file_centres)
            found |= {(kind, key): row for key, row in rows.items()}
    return found


def when_in_words(due_on: date, today: date) -> tuple[str, str]:
    """How far away a day is, and how urgent that makes it."""
    left = (due_on - today).days
    if left < 0:
        late = ngettext("%(days)d day late", "%(days)d days late", -left) % {"days": -left}
        return late, LATE
    if left == 0:
        return _("Today"), SOON
    if left == 1:
        return _("Tomorrow"), SOON
    return ngettext("In %(days)d day", "In %(days)d days", left) % {"days": left}, NORMAL


def by_itself(promise: Promise) -> str:
    """What the house does next of its own accord, and when; empty when it does nothing."""
    if promise.held:
        return _("The ladder stands still: %(why)s.") % {"why": Hold(promise.held).label}
    rung = next_rung(promise)
    if rung is None or promise.next_at is None:
        return ""
    return act_in_words(rung.act, promise.next_at)


def act_in_words(act: str, at: datetime) -> str:
    """One rung to come, with its day."""
    day = {"day": date_format(timezone.localtime(at), "DATE_FORMAT")}
    if act == Act.REMIND:
        return _("A reminder goes out on %(day)s.") % day
    if act == Act.OTHER_WAY:
        return _("On %(day)s another way is offered, and a call is put on your list.") % day
    if act == Act.REASSIGN:
        return _("On %(day)s somebody else is asked.") % day
    return _("On %(day)s it is closed: nobody answered.") % day


def owed_in_words(*, actor: Actor, promises: Sequence[Promise], today: date) -> dict[UUID, Owed]:
    """A line for each promise, by its key; where the actor may not see the subject, none."""
    subjects = _subjects(actor, promises)
    lines = {}
    for promise in promises:
        subject = subjects.get((promise.subject_kind, promise.subject_id))
        words = _words.get(promise.kind)
        if subject is None or words is None:
            continue
        line = words(promise, subject)
        when, urgency = when_in_words(promise.due_on, today)
        lines[promise.pk] = Owed(
            promise.pk,
            line.what,
            line.detail,
            when,
            urgency,
            line.action,
            line.page,
            line.key,
            by_itself(promise),
        )
    return lines


def told_beforehand(*, centre: Centre, kind: str, days: int | None = None) -> str:
    """«What happens if nobody answers», in the language of now, with these days until due, or the
    centre's own."""
    policy = policy_for(kind)
    days = days or days_for(centre, kind)
    last = days + (policy.ladder[-1].after if policy.ladder else 0)
    return str(policy.otherwise) % {"days": days, "last": last}


def rungs_in_words(promise: Promise) -> list[tuple[str, bool]]:
    """The ladder of one promise: each rung with its day, and whether it was climbed."""
    done = [(_done_in_words(step.act, step.done_at), True) for step in promise.steps.all()]
    if promise.state != PromiseState.OPEN:
        return done
    ladder = policy_for(promise.kind).ladder[promise.next_rung :]
    if not ladder or promise.next_at is None:
        return done
    first = promise.next_at
    to_come = [
        (act_in_words(rung.act, first + timedelta(days=rung.after - ladder[0].after)), False)
        for rung in ladder
    ]
    return done + to_come


def _done_in_words(act: str, at: datetime) -> str:
    day = {"day": date_format(timezone.localtime(at), "DATE_FORMAT")}
    if act == Act.REMIND:
        return _("A reminder went out on %(day)s.") % day
    if act == Act.OTHER_WAY:
        return _("Another way was offered on %(day)s.") % day
    if act == Act.REASSIGN:
        return _("Somebody else was asked on %(day)s.") % day
    return _("Closed on %(day)s: nobody answered.") % day
