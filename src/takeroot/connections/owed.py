"""How the programme's promises read on Today."""

from __future__ import annotations

from textwrap import shorten as cut
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from takeroot.accounts.models import Party
from takeroot.connections.models import Connectee, Connector, Match, Referral, Round
from takeroot.connections.models_concern import ConcernSide
from takeroot.connections.models_shared import SharedAsk
from takeroot.connections.models_told import Testimonial
from takeroot.messaging.models import IncomingLetter
from takeroot.promises.enums import PromiseKind
from takeroot.promises.models import Promise
from takeroot.promises.selectors import hide_unless
from takeroot.promises.words import Line, register_subject, register_words

Centres = tuple[UUID, ...]
EXCERPT = 120


def _connectees(keys: set[UUID], centres: Centres) -> dict[UUID, Any]:
    rows = Connectee.objects.filter(pk__in=keys, centre_id__in=centres)
    return {row.pk: row for row in rows.select_related("person__party", "qualification")}


def _connectors(keys: set[UUID], centres: Centres) -> dict[UUID, Any]:
    rows = Connector.objects.filter(pk__in=keys, centre_id__in=centres)
    return {row.pk: row for row in rows.select_related("person__party")}


def _rounds(keys: set[UUID], centres: Centres) -> dict[UUID, Any]:
    return {row.pk: row for row in Round.objects.filter(pk__in=keys, centre_id__in=centres)}


def _matches(keys: set[UUID], centres: Centres) -> dict[UUID, Any]:
    rows = Match.objects.filter(pk__in=keys, centre_id__in=centres).select_related(
        "connectee__person__party", "connector__person__party", "meeting"
    )
    return {row.pk: row for row in rows}


def _referrals(keys: set[UUID], centres: Centres) -> dict[UUID, Any]:
    rows = Referral.objects.filter(pk__in=keys, centre_id__in=centres).select_related(
        "contact__party", "referrer", "connectee__person__party"
    )
    return {row.pk: row for row in rows}


def _parties(keys: set[UUID], centres: Centres) -> dict[UUID, Any]:
    rows = Party.objects.filter(pk__in=keys, centre_id__in=centres)
    return {row.pk: row for row in rows.select_related("person__connector", "person__connectee")}


def _replies(keys: set[UUID], centres: Centres) -> dict[UUID, Any]:
    rows = IncomingLetter.objects.filter(pk__in=keys, centre_id__in=centres)
    return {row.pk: row for row in rows.select_related("party")}


def _testimonials(keys: set[UUID], centres: Centres) -> dict[UUID, Any]:
    rows = Testimonial.objects.filter(pk__in=keys, centre_id__in=centres)
    return {row.pk: row for row in rows.select_related("party")}


def _read_words(promise: Promise, row: Testimonial) -> Line:
    return Line(
        _("Read what %(name)s wrote for others") % {"name": row.party.name},
        _("Nothing is shown before somebody of the staff has read it."),
        _("Read it"),
        "coordinator:testimonials",
        None,
    )


def _concern_sides(keys: set[UUID], centres: Centres) -> dict[UUID, Any]:
    rows = ConcernSide.objects.filter(pk__in=keys, centre_id__in=centres)
    return {row.pk: row for row in rows.select_related("party")}


def _asks(keys: set[UUID], centres: Centres) -> dict[UUID, Any]:
    rows = SharedAsk.objects.filter(pk__in=keys).select_related("centre", "to")
    return {row.pk: row for row in rows if {row.centre_id, row.to_id} & {*centres}}


def _meet_across(promise: Promise, row: SharedAsk) -> Line:
    name = promise.debtor.name if promise.debtor else ""
    return Line(
        _("Has %(name)s met the Connector of %(centre)s?") % {"name": name, "centre": row.to.name},
        _("Their link asks them; you can also say it for them."),
        _("Say how it went"),
        "coordinator:across",
        row.pk,
    )


def _rate_after(promise: Promise, row: Connectee) -> Line:
    return Line(
        _("%(name)s was asked whether it changed anything") % {"name": row.person.party.name},
        _("Four questions behind their own link; asked twice at most."),
        _("Open the file"),
        "coordinator:connectee",
        row.pk,
    )


def _refer_across(promise: Promise, row: SharedAsk) -> Line:
    name = promise.debtor.name if promise.debtor else ""
    return Line(
        _("%(name)s was asked to open doors for a newcomer of %(centre)s")
        % {"name": name, "centre": row.centre.name},
        _("They bring people together themselves, and say how many there were."),
        _("Say how many"),
        "coordinator:across",
        row.pk,
    )


def _answer_shared(promise: Promise, row: SharedAsk) -> Line:
    name = promise.debtor.name if promise.debtor else ""
    return Line(
        _("%(name)s was asked by %(centre)s") % {"name": name, "centre": row.centre.name},
        _("They answer by their link; no name moves before their yes."),
        _("See what is shared"),
        "coordinator:sharing",
        None,
    )


def _page_of(party: Party) -> str:
    person = getattr(party, "person", None)
    connector = getattr(person, "connector", None) if person else None
    connectee = getattr(person, "connectee", None) if person else None
    return "coordinator:connector" if connector and not connectee else "coordinator:connectee"


def _sign_readiness(promise: Promise, row: Connectee) -> Line:
    points = sum(getattr(row.qualification, p) for p in row.qualification.POINTS)
    return Line(
        _("Sign the readiness list of %(name)s") % {"name": row.person.party.name},
        _("%(done)d of 5 points are there.") % {"done": points},
        _("Open the list"),
        "coordinator:connectee",
        row.pk,
    )


def _decide_round(promise: Promise, row: Round) -> Line:
    return Line(
        _("Decide the round “%(name)s”") % {"name": row.name},
        _("Lock what suits you, replace the rest, then accept."),
        _("Open the round"),
        "coordinator:round",
        row.pk,
    )


def _choose_another(promise: Promise, row: Connectee) -> Line:
    return Line(
        _("Choose another Connector for %(name)s") % {"name": row.person.party.name},
        _("The first one did not answer. A new round takes %(name)s in by itself.")
        % {"name": row.person.party.first_name},
        _("Start a round"),
        "coordinator:rounds",
        None,
    )


def _fix_address(promise: Promise, row: Party) -> Line:
    return Line(
        _("Find an address of %(name)s that works") % {"name": row.name},
        _("Letters come back. Nothing is held against them; what they owe stands still."),
        _("Open the file"),
        _page_of(row),
        row.pk,
    )


def _update_profile(promise: Promise, row: Connectee | Connector) -> Line:
    return Line(
        _("%(name)s was asked whether the file is still right") % {"name": row.person.party.name},
        _("It is half a year since anybody looked at it."),
        _("Open the file"),
        "coordinator:connector" if isinstance(row, Connector) else "coordinator:connectee",
        row.pk,
    )


def _names(match: Match) -> dict[str, str]:
    return {
        "connectee": match.connectee.person.party.name,
        "connector": match.connector.person.party.name,
    }


def _to_the_network(match: Match, what: str, detail: str, action: str) -> Line:
    return Line(what % _names(match), detail, action, "coordinator:network", match.connectee_id)


def _send_introduction(promise: Promise, match: Match) -> Line:
    return Line(
        _("Introduce %(connectee)s and %(connector)s") % _names(match),
        _("Both letters are written, each in its reader's language; read them once."),
        _("Read and send"),
        "coordinator:introduction",
        match.pk,
    )


def _book_meeting(promise: Promise, match: Match) -> Line:
    what = _("%(connectee)s and %(connector)s have not found a time")
    return _to_the_network(match, what, _("No time has been proposed yet."), _("See both"))


def _answer_times(promise: Promise, match: Match) -> Line:
    by_connectee = promise.debtor_id == match.connectee_id
    what = (
        _("%(connectee)s was offered times by %(connector)s")
        if by_connectee
        else _("%(connector)s was offered times by %(connectee)s")
    )
    detail = _("Times have been proposed; one has to be chosen.")
    return _to_the_network(match, what, detail, _("See both"))


def _log_meeting(promise: Promise, match: Match) -> Line:
    what = _("Did %(connectee)s and %(connector)s meet?")
    detail = _("Their links ask them; you can also say it for them.")
    return _to_the_network(match, what, detail, _("Say how it went"))


def _still_meet(promise: Promise, match: Match) -> Line:
    what = _("%(connectee)s has found work: still meet %(connector)s?")
    return _to_the_network(match, what, _("They were asked by letter."), _("See both"))


def _refer(promise: Promise, match: Match) -> Line:
    what = _("%(connector)s was asked to open doors for %(connectee)s")
    detail = _("Each person named is asked first.")
    return _to_the_network(match, what, detail, _("See the network"))


def _about_referral(referral: Referral, what: str, detail: str) -> Line:
    words = {
        "contact": referral.contact.party.name,
        "referrer": referral.referrer.name,
        "connectee": referral.connectee.person.party.name,
    }
    page, key = "coordinator:network", referral.connectee_id
    return Line(what % words, detail % words, _("See the network"), page, key)


def _answer_referral(promise: Promise, row: Referral) -> Line:
    return _about_referral(
        row,
        _("%(contact)s was asked whether to meet %(connectee)s"),
        _("%(referrer)s opened this door. One letter only; no answer means no."),
    )


def _ask_by_phone(promise: Promise, row: Referral) -> Line:
    words = {"contact": row.contact.party.name, "referrer": row.referrer.name}
    return Line(
        _("Call %(contact)s: is an introduction welcome?") % words,
        _("%(referrer)s named them with a telephone number alone. One call; no name before a yes.")
        % words,
        _("Note the answer"),
        "coordinator:told_answer",
        row.pk,
    )


def _refer_on(promise: Promise, row: Referral) -> Line:
    return _about_referral(
        row,
        _("%(contact)s was asked to open doors for %(connectee)s"),
        _("Second hop, through %(referrer)s."),
    )


def _call(promise: Promise, row: Party) -> Line:
    """Somebody who did not answer."""
    return Line(
        _("Call %(name)s") % {"name": row.name},
        _("No answer to our letters. What they say by telephone, you write down for them.")
        if row.email
        else _("They have no e-mail. Tell them what the letters say; write down what they answer."),
        _("Open the file"),
        _page_of(row),
        row.pk,
    )


def _read_reply(promise: Promise, row: IncomingLetter) -> Line:
    return Line(
        _("Read what %(name)s has answered") % {"name": row.party.name},
        f"“{cut(row.text, EXCERPT, placeholder=' …')}”" if row.text else row.subject,
        _("Read and decide"),
        "coordinator:reply",
        row.pk,
    )


def _look_after(promise: Promise, row: ConcernSide) -> Line:
    return Line(
        _("Look after %(name)s") % {"name": row.party.name},
        _("A contact was reported as not right. All contact is stopped; both sides need a word."),
        _("Open the report"),
        "coordinator:concern",
        row.concern_id,
    )


def _look_again(promise: Promise, row: Connectee) -> Line:
    return Line(
        _("%(name)s has applied again") % {"name": row.person.party.name},
        _("What was typed stands beside the file, to compare. Nothing was changed by it."),
        _("Compare"),
        "coordinator:application",
        row.pk,
    )


def _answer_connector(promise: Promise, row: Connector) -> Line:
    return Line(
        _("%(name)s offers to open doors") % {"name": row.person.party.name},
        _("No round uses them before you have said yes."),
        _("Read and answer"),
        "coordinator:connector",
        row.pk,
    )


def _read_thanks(promise: Promise, match: Match) -> Line:
    return Line(
        _("%(connectee)s thanks %(connector)s") % _names(match),
        _("Read the words, then pass them on."),
        _("Read"),
        "coordinator:thanks",
        match.pk,
    )


def register_all() -> None:
    """Called once, when the house starts."""
    # Whoever may not read a report does not learn of it from what is owed because of it either.
    seen = ConcernSide.objects.values("pk")
    hide_unless(~Q(subject_kind="concern_side") | Q(subject_id__in=seen))
    for subject, finder in (
        ("connectee", _connectees),
        ("connector", _connectors),
        ("round", _rounds),
        ("match", _matches),
        ("referral", _referrals),
        ("party", _parties),
        ("reply", _replies),
        ("testimonial", _testimonials),
        ("concern_side", _concern_sides),
        ("shared_ask", _asks),
    ):
        register_subject(subject, finder)
    for kind, words in (
        (PromiseKind.SIGN_READINESS, _sign_readiness),
        (PromiseKind.DECIDE_ROUND, _decide_round),
        (PromiseKind.SEND_INTRODUCTION, _send_introduction),
        (PromiseKind.BOOK_MEETING, _book_meeting),
        (PromiseKind.ANSWER_TIMES, _answer_times),
        (PromiseKind.LOG_MEETING, _log_meeting),
        (PromiseKind.STILL_MEET, _still_meet),
        (PromiseKind.REFER, _refer),
        (PromiseKind.REFER_ON, _refer_on),
        (PromiseKind.ASK_BY_PHONE, _ask_by_phone),
        (PromiseKind.ANSWER_REFERRAL, _answer_referral),
        (PromiseKind.UPDATE_PROFILE, _update_profile),
        (PromiseKind.CALL, _call),
        (PromiseKind.CHOOSE_ANOTHER, _choose_another),
        (PromiseKind.FIX_ADDRESS, _fix_address),
        (PromiseKind.READ_REPLY, _read_reply),
        (PromiseKind.LOOK_AFTER, _look_after),
        (PromiseKind.LOOK_AGAIN, _look_again),
        (PromiseKind.ANSWER_CONNECTOR, _answer_connector),
        (PromiseKind.READ_THANKS, _read_thanks),
        (PromiseKind.READ_WORDS, _read_words),
        (PromiseKind.ANSWER_SHARED, _answer_shared),
        (PromiseKind.MEET_ACROSS, _meet_across),
        (PromiseKind.RATE_AFTER, _rate_after),
        (PromiseKind.REFER_ACROSS, _refer_across),
    ):
        register_words(kind, words)
