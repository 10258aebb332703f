"""People in words: languages with their level, occupations, next steps, what happened."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from babel import Locale
from django.db.models import Count, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.access.enums import Purpose
from takeroot.access.models import Consent
from takeroot.access.selectors import consents_visible_to
from takeroot.accounts.models import Centre
from takeroot.common.templatetags.parts import moment
from takeroot.connections.enums import (
    SEATED,
    ConnecteeState,
    MatchState,
    MeetingState,
    ReferralState,
)
from takeroot.connections.models import Connectee, Match, Meeting, Qualification
from takeroot.connections.selectors import matches_visible_to, referrals_visible_to
from takeroot.facts import noc
from takeroot.people.models import Person

# Both consents that the programme cannot do without.
NEEDED = (Purpose.INTRODUCTION, Purpose.REFERRAL)
OVER = (
    ConnecteeState.COMPLETE,
    ConnecteeState.EMPLOYED,
    ConnecteeState.CLOSED,
    ConnecteeState.NOT_ELIGIBLE,
)


def maybe(name: str, *args: object) -> str:
    """Address of a page that may not be there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@cache
def _locale(language: str) -> Locale:
    return Locale("fr" if language.startswith("fr") else "en")


def language_name(code: str) -> str:
    """Name of a language by its ISO 639 code; the code itself where none is known."""
    name = _locale(get_language() or "en").languages.get(code, code)
    return f"{name[:1].upper()}{name[1:]}"


def level_words(code: str, level: int | None) -> str:
    """« CLB 8, intermediate »: the scale's name and its stage; levels run from 1 to 12."""
    if level is None:
        return _("level not stated")
    stage = (_("basic"), _("intermediate"), _("advanced"))[(level - 1) // 4]
    if code == "fr":
        return _("NCLC %(level)d, %(stage)s") % {"level": level, "stage": stage}
    if code == "en":
        return _("CLB %(level)d, %(stage)s") % {"level": level, "stage": stage}
    return _("level %(level)d, %(stage)s") % {"level": level, "stage": stage}


def address(email: str) -> SafeString:
    """An e-mail address to write to; it may break after «@» and before a point."""
    if not email:
        return SafeString("")
    pieces = re.split(r"(?<=@)|(?=\.)", email)
    shown = format_html_join(mark_safe("<wbr>"), "{}", ((piece,) for piece in pieces))
    return format_html('<a href="mailto:{}">{}</a>', email, shown)


def languages_in_words(languages: dict[str, int | None]) -> list[str]:
    """One phrase for each language, the official ones first."""
    order = sorted(languages, key=lambda code: (code not in ("en", "fr"), language_name(code)))
    return [
        _("%(language)s (%(level)s)")
        % {"language": language_name(code), "level": level_words(code, languages[code])}
        if languages[code] is not None or code in ("en", "fr")
        else language_name(code)
        for code in order
    ]


def occupation_title(person: Person) -> str:
    """As the person put it, else the title of the unit group; empty when neither is known."""
    return person.occupation_text or group_title(person.occupation_code)


def group_title(code: str) -> str:
    return (noc.group_title(code, get_language() or "en") or "") if code else ""


def occupation_in_full(person: Person) -> str:
    """« welder: NOC 72106, Welders and related machine operators »."""
    code = person.occupation_code
    if not code:
        return person.occupation_text
    group = _("NOC %(code)s, %(title)s") % {"code": code, "title": group_title(code)}
    return f"{person.occupation_text} ({group})" if person.occupation_text else group


@dataclass(frozen=True)
class Step:
    """What to do next for somebody: a sentence, and the button that does it, if one does."""

    text: str
    url: str = ""
    action: str = ""
    waiting: bool = False  # it is somebody else's turn


@dataclass(frozen=True)
class Situation:
    """What the next step depends on, gathered for many people at once."""

    consents: frozenset[str]
    match: Match | None
    referrals: Counter[str]


def situations(actor: Actor, people: Sequence[Connectee], *, today: date) -> dict[UUID, Situation]:
    """Three queries, however many people there are."""
    ids = [one.pk for one in people]
    live: dict[UUID, set[str]] = {}
    for party, purpose in (
        consents_visible_to(actor)
        .filter(party_id__in=ids, withdrawn_at__isnull=True, until__gte=today)
        .values_list("party_id", "purpose")
    ):
        live.setdefault(party, set()).add(purpose)
    rows = matches_in_short(actor).filter(connectee_id__in=ids, state__in=SEATED)
    matches = {row.connectee_id: row for row in rows.order_by("created_at", "pk")}
    counts = _referral_counts(actor, ids)
    return {
        pk: Situation(frozenset(live.get(pk, ())), matches.get(pk), counts.get(pk, Counter()))
        for pk in ids
    }


def situation_of(
    actor: Actor, one: Connectee, *, consents: Iterable[Consent], matches: Iterable[Match]
) -> Situation:
    """The same for one person whose consents and matches (the latest first) are at hand."""
    today = timezone.localdate()
    live = {yes.purpose for yes in consents if yes.withdrawn_at is None and yes.until >= today}
    seated = next((match for match in matches if match.state in SEATED), None)
    counts = _referral_counts(actor, [one.pk])
    return Situation(frozenset(live), seated, counts.get(one.pk, Counter()))


def matches_in_short(actor: Actor) -> QuerySet[Match]:
    """Only what is said of a match on its Connectee's side: with whom, and how far they are."""
    return (
        matches_visible_to(actor)
        .select_related(None)
        .select_related("connector__person__party", "introduction", "meeting")
        .only(
            "connectee_id",
            "state",
            "connector__person__party__name",
            "introduction__match",
            "meeting__match",
            "meeting__state",
            "meeting__starts_at",
            "meeting__held_on",
        )
    )


def _referral_counts(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Counter[str]]:
    counts: dict[UUID, Counter[str]] = {}
    for party, state, count in (
        referrals_visible_to(actor)
        .filter(connectee_id__in=ids)
        .order_by()
        .values_list("connectee_id", "state")
        .annotate(n=Count("pk"))
    ):
        counts.setdefault(party, Counter())[state] += count
    return counts


def with_list_columns(rows: QuerySet[Connectee]) -> QuerySet[Connectee]:
    """Only what a line of a list shows, and what its next step is made of."""
    return (
        rows.select_related(None)
        .select_related("person__party", "qualification")
        .only(
            "state",
            "waiting_since",
            "person__occupation_code",
            "person__occupation_text",
            "person__party__name",
            *(f"qualification__{point}" for point in Qualification.POINTS),
        )
    )


def next_step(row: Connectee, now: Situation, centre: Centre) -> Step:
    """The one thing that moves this person on, or whose turn it is."""
    state = row.state
    page = reverse("coordinator:connectee", args=[row.pk])
    if state in (ConnecteeState.APPLIED, ConnecteeState.WAITING_DOCUMENTS):
        return _readiness(row.qualification, page)
    missing = [purpose for purpose in NEEDED if purpose not in now.consents]
    if missing and state not in OVER:
        asks = {
            Purpose.INTRODUCTION: _("Record the consent to be introduced to a Connector."),
            Purpose.REFERRAL: _("Record the consent to be introduced to further people."),
        }
        url = f"{reverse('coordinator:consent_new', args=[row.pk])}?purpose={missing[0]}"
        return Step(asks[missing[0]], url, _("Record a consent"))
    if state == ConnecteeState.READY:
        return Step(
            _("Ready: takes part in the next round."),
            maybe("coordinator:rounds"),
            _("Go to the rounds"),
        )
    if state in (ConnecteeState.MATCHED, ConnecteeState.INTRODUCED) and now.match:
        return _introduction(row, now.match)
    if state in (ConnecteeState.MET, ConnecteeState.REFERRING):
        return _referring(row, now, centre)
    if state == ConnecteeState.EMPLOYED:
        return Step(
            _("At work in their field. We ask after 3, 6 and 12 months whether they stayed."),
            waiting=True,
        )
    if state == ConnecteeState.COMPLETE:
        return Step(_("Everything that was promised is done."), waiting=True)
    return Step(_("Nothing waits: the file is closed."), waiting=True)


def _readiness(list_: Qualification, page: str) -> Step:
    done = sum(getattr(list_, point) for point in Qualification.POINTS)
    total = len(Qualification.POINTS)
    if not done:
        text = _("Go through the readiness list together.")
    else:
        text = ngettext(
            "Complete the readiness list: %(done)d of %(total)d points stands.",
            "Complete the readiness list: %(done)d of %(total)d points stand.",
            done,
        ) % {"done": done, "total": total}
    return Step(text, f"{page}#readiness", _("Open the readiness list"))


def _introduction(row: Connectee, match: Match) -> Step:
    other = match.connector.person.party.name
    if match.state == MatchState.ACCEPTED:
        url = (
            maybe("coordinator:introduction", match.introduction.pk)
            if hasattr(match, "introduction")
            else ""
        )
        return Step(
            _("Send the introduction to %(connector)s.") % {"connector": other},
            url,
            _("Read and send the letters") if url else "",
        )
    meeting: Meeting | None = getattr(match, "meeting", None)
    if meeting is None or meeting.state in (MeetingState.TO_BOOK, MeetingState.CANCELLED):
        return Step(
            _("Wait: %(name)s proposes times to %(connector)s.")
            % {"name": row.person.party.name, "connector": other},
            waiting=True,
        )
    if meeting.state == MeetingState.PROPOSED:
        return Step(_("Wait: times are proposed, and one of them has to choose."), waiting=True)
    if meeting.state == MeetingState.BOOKED and meeting.starts_at:
        if meeting.starts_at > timezone.now():
            return Step(
                _("Meets %(connector)s on %(when)s.")
                % {"connector": other, "when": moment(meeting.starts_at)},
                waiting=True,
            )
        return Step(
            _("Wait: ask whether the meeting with %(connector)s took place.")
            % {"connector": other},
            waiting=True,
        )
    return Step(
        _("The meeting with %(connector)s did not take place: help them find another time.")
        % {"connector": other}
    )


def _referring(row: Connectee, now: Situation, centre: Centre) -> Step:
    asked = centre.referrals_asked
    total = sum(now.referrals.values())
    yes = now.referrals[ReferralState.AGREED] + now.referrals[ReferralState.MET]
    url = maybe("coordinator:network", row.pk)
    action = _("See the network") if url else ""
    if not total and now.match:
        return Step(
            _("Wait: %(connector)s was asked to introduce %(count)d people.")
            % {"connector": now.match.connector.person.party.name, "count": asked},
            url,
            action,
            waiting=True,
        )
    return Step(
        ngettext(
            "%(yes)d contact said yes, of %(total)d asked so far.",
            "%(yes)d contacts said yes, of %(total)d asked so far.",
            yes,
        )
        % {"yes": yes, "total": total},
        url,
        action,
        waiting=True,
    )


def state_kind(state: str) -> str:
    """How the chip of a state looks."""
    if state in (ConnecteeState.APPLIED, ConnecteeState.WAITING_DOCUMENTS):
        return "soon"
    return "quiet" if state in OVER else "normal"


def waiting_words(since: date, today: date) -> str:
    """How long somebody has waited, in words."""
    days = (today - since).days
    if days <= 0:
        return _("since today")
    if days < 14:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if days < 60:
        weeks = days // 7
        return ngettext("%(count)d week", "%(count)d weeks", weeks) % {"count": weeks}
    months = days // 30
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
