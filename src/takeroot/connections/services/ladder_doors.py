"""The rungs about doors: how many are open, another way, and thanks."""

from __future__ import annotations

from takeroot.connections import reminders
from takeroot.connections.enums import MatchState
from takeroot.connections.models import Match, Referral
from takeroot.connections.services.house_letters import own_link, write_out
from takeroot.connections.services.ladder_meetings import call_them
from takeroot.connections.services.referrals import asked_of, referrals_left
from takeroot.messaging.models import LinkPurpose
from takeroot.promises.models import Promise
from takeroot.promises.services import close_for_nobody


def _match_of(promise: Promise) -> tuple[Match, Referral | None] | None:
    """The match a promise about doors belongs to, and the referral it hangs on (second hop)."""
    referral = None
    key = promise.subject_id
    if promise.subject_kind == "referral":
        referral = Referral.objects.filter(pk=key).first()
        if referral is None:
            return None
        key = referral.match_id
    match = (
        Match.objects.select_related("centre", "connectee__person__party__centre")
        .filter(pk=key, state=MatchState.INTRODUCED)
        .first()
    )
    return (match, referral) if match else None


def remind_of_doors(promise: Promise) -> None:
    found = _match_of(promise)
    if found is None or promise.debtor is None:
        return
    match, _referral = found
    left = referrals_left(match=match, referrer=promise.debtor)
    if left == 0:
        return
    text = reminders.name_people(
        reader=promise.debtor,
        connectee=match.connectee.person.party,
        left=left,
        asked=asked_of(match),
        link=own_link(promise.debtor, LinkPurpose.REFERRING, promise.subject_id),
    )
    write_out(promise.debtor, "remind_doors", text, match.pk)


def call_about_doors(promise: Promise) -> None:
    found = _match_of(promise)
    if found is None or promise.debtor is None:
        return
    text = reminders.another_way(
        reader=promise.debtor,
        centre=promise.centre,
        link=own_link(promise.debtor, LinkPurpose.REFERRING, promise.subject_id),
    )
    write_out(promise.debtor, "another_way", text, found[0].pk)
    call_them(promise)


def stop_asking_for_doors(promise: Promise) -> None:
    found = _match_of(promise)
    close_for_nobody(promise)
    if found is None or promise.debtor is None:
        return
    connectee = found[0].connectee.person.party
    text = reminders.thanks_anyway(reader=promise.debtor, connectee=connectee)
    write_out(promise.debtor, "thanks_anyway", text, found[0].pk)


def remind_shared(promise: Promise) -> None:
    """Another centre's request waits for an answer."""
    if promise.debtor is not None:
        link = own_link(promise.debtor, LinkPurpose.SHARED_ASK, promise.subject_id)
        text = reminders.another_way(reader=promise.debtor, centre=promise.centre, link=link)
        write_out(promise.debtor, "remind_shared", text, promise.subject_id)
