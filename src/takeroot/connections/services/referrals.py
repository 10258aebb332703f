"""Three doors, then nine: contacts are named, asked once, and say yes before anything moves."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.enums import FingerprintKind, GrantBasis, Purpose, Share
from takeroot.access.fingerprints import is_remembered, keep_fingerprint
from takeroot.access.services import live_consent, open_grant, scrub_trace
from takeroot.accounts.enums import PartyKind
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.common.text import tidy
from takeroot.connections import letters
from takeroot.connections.enums import ConnecteeState, MatchState, ReferralState
from takeroot.connections.kinds import kind_of
from takeroot.connections.letters import occupation_words
from takeroot.connections.models import Connectee, Contact, Match, Referral
from takeroot.connections.services.doors import (
    CannotRefer,
    Door,
    cannot_refer,
    check_door,
    learn,
    reach_of,
    told_of,
)
from takeroot.connections.services.phone_contacts import known_by_phone, owe_the_question
from takeroot.ledger.enums import EventKind
from takeroot.ledger.services import record
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, revoke_links, write_letter
from takeroot.promises.enums import CloseReason, PromiseKind
from takeroot.promises.services import close_promises, keep_promises, open_promise

GRANT_DAYS = 365
MOST_AT_ONCE = 9


def asked_of(match: Match) -> int:
    """How many people each helper of this match is asked to name."""
    return kind_of(match.kind).asked(match.centre.referrals_asked)


def referrals_left(*, match: Match, referrer: Party) -> int:
    """How many referrals this person is still asked for."""
    given = Referral.objects.filter(match=match, referrer=referrer).exclude(
        state__in=(ReferralState.DECLINED, ReferralState.NO_ANSWER)
    )
    return max(0, asked_of(match) - given.count())


def _contact(centre: Centre, door: Door) -> Contact:
    """The contact of that address, or a new one. One address is one contact in a centre."""
    if door.email:
        found = (
            Contact.objects.filter(
                centre=centre, party__email__iexact=door.email, forgotten_at__isnull=True
            )
            .order_by("party__merged_into")
            .select_related("party")
            .first()
        )
    else:
        found = known_by_phone(centre, door)
    if found:
        into = found.party.merged_into_id
        known = Contact.objects.select_related("party").get(pk=into) if into else found
        learn(known, door)
        return known
    party = Party(
        centre=centre,
        kind=PartyKind.CONTACT,
        name=door.name[:200],
        email=door.email,
        phone=tidy(door.phone)[:40],
        language=door.language,
        timezone=centre.timezone,
    )
    party.save(force_insert=True)
    contact = Contact(
        id=party.pk,
        centre=centre,
        party=party,
        organization_name=tidy(door.organization)[:160],
        position=tidy(door.position)[:120],
        **told_of(door),
    )
    contact.save(force_insert=True)
    return contact


@transaction.atomic
def refer(
    *,
    match: Match,
    referrer: Party,
    doors: list[Door],
    parent: Referral | None = None,
) -> list[Referral]:
    """Ask each person named whether an introduction is welcome: one letter each, nothing about
    the Connectee but an occupation. Raises Refused; either all are asked or none."""
    match = (
        Match.objects.select_for_update(of=("self",))
        .select_related("centre", "connectee__person__party")
        .get(pk=match.pk)
    )
    hop = (parent.hop if parent else 0) + 1
    _may_refer(match, parent, hop)
    if not doors or len(doors) > MOST_AT_ONCE:
        raise Refused(_("Name at least one person."))
    connectee = match.connectee
    made = []
    doors = _without_repeats(match, referrer, doors)
    for door in doors:
        check_door(door, connectee=connectee.person.party, referrer=referrer)
        made.append(_ask(match, referrer, door, parent=parent, hop=hop))
    _count_referrals(match, referrer, parent, connectee)
    return made


def _without_repeats(match: Match, referrer: Party, doors: list[Door]) -> list[Door]:
    """The same form sent twice asks once: who was asked by this person, and has not said no, is
    passed over."""
    asked = {
        reach_of(email, phone)
        for email, phone in Referral.objects.filter(match=match, referrer=referrer)
        .exclude(state=ReferralState.DECLINED)
        .exclude(contact__no_more_mail_at__isnull=False)
        .values_list("contact__party__email", "contact__party__phone")
    }
    return [door for door in doors if reach_of(door.email, door.phone) not in asked]


def _may_refer(match: Match, parent: Referral | None, hop: int) -> None:
    if match.state != MatchState.INTRODUCED:
        raise Refused(_("This introduction has ended; nobody was asked."))
    if hop > match.centre.hops:
        raise Refused(_("The chain of introductions ends here. Thank you!"))
    if parent is not None and parent.state not in (ReferralState.AGREED, ReferralState.MET):
        raise Refused(_("Say yes to the introduction first; then you can name people."))
    if live_consent(party_id=match.connectee_id, purpose=Purpose.REFERRAL) is None:
        raise Refused(
            _(
                "%(name)s has not agreed to be introduced to more people. The centre has to ask "
                "first; nobody was written to."
            )
            % {"name": match.connectee.person.party.name}
        )


def _ask(
    match: Match, referrer: Party, door: Door, *, parent: Referral | None, hop: int
) -> Referral:
    centre, connectee = match.centre, match.connectee
    reach = reach_of(door.email, door.phone)
    if is_remembered(centre=centre.pk, kind=FingerprintKind.ADDRESS, text=reach):
        raise Refused(
            _("%(name)s has asked not to be written to. Name somebody else; nobody was asked.")
            % {"name": door.name}
        )
    contact = _contact(centre, door)
    party = contact.party
    if contact.no_more_mail_at is not None:
        raise Refused(
            _("%(name)s has asked not to be written to. Name somebody else; nobody was asked.")
            % {"name": door.name}
        )
    if Referral.objects.filter(connectee=connectee, contact=contact).exists():
        raise Refused(
            _("%(name)s has been asked already. Name somebody else; nobody was asked.")
            % {"name": door.name}
        )
    person = connectee.person
    said = occupation_words(person.occupation_code, person.occupation_text, party.language)
    referral = Referral(
        centre=centre,
        match=match,
        connectee=connectee,
        referrer=referrer,
        contact=contact,
        contact_party=party.pk,
        parent=parent,
        hop=hop,
        why=tidy(door.why)[:300],
        introduced_as=said[:160],
        asked_at=timezone.now(),
    )
    referral.save(force_insert=True)
    # The contact may know who named them; of the Connectee nothing is open yet.
    open_grant(
        subject=referrer,
        holder=party,
        shares=[Share.NAME],
        purpose=Purpose.REFERRAL,
        basis=GrantBasis.MATCH,
        because_kind="referral",
        because_id=referral.pk,
        until=timezone.localdate() + timedelta(days=GRANT_DAYS),
    )
    open_grant(
        subject=party,
        holder=referrer,
        shares=[Share.NAME],
        purpose=Purpose.REFERRAL,
        basis=GrantBasis.MATCH,
        because_kind="referral",
        because_id=referral.pk,
        until=timezone.localdate() + timedelta(days=GRANT_DAYS),
    )
    if party.email:
        _write_once(referral, party, referrer)
    else:
        owe_the_question(referral)
    record(
        party=person.party,
        kind=EventKind.REFERRAL_ASKED,
        other=party,
        about_kind="referral",
        about_id=referral.pk,
    )
    open_promise(
        centre=centre,
        kind=PromiseKind.ANSWER_REFERRAL,
        subject_kind="referral",
        subject_id=referral.pk,
        debtor=party,
        creditor=person.party,
    )
    return referral


def _write_once(referral: Referral, contact: Party, referrer: Party) -> None:
    link = issue_link(party=contact, purpose=LinkPurpose.REFERRAL, subject_id=referral.pk)
    text = letters.may_we_introduce(
        centre=referral.centre,
        contact=contact,
        referrer=referrer,
        introduced_as=referral.introduced_as,
        why=referral.why,
        link=f"{{link:{link.pk}}}",
    )
    write_letter(
        party=contact,
        kind="may_we_introduce",
        subject=text.subject,
        body=text.body,
        about_id=referral.pk,
    )


def _count_referrals(
    match: Match, referrer: Party, parent: Referral | None, connectee: Connectee
) -> None:
    if connectee.state == ConnecteeState.MET:
        connectee.state = ConnecteeState.REFERRING
        connectee.save(update_fields=["state"])
    if referrals_left(match=match, referrer=referrer) == 0:
        subject, kind = (
            (parent.pk, PromiseKind.REFER_ON) if parent else (match.pk, PromiseKind.REFER)
        )
        keep_promises(subject_id=subject, kind=kind, debtor=referrer)


def _locked(referral: Referral) -> Referral:
    return (
        Referral.objects.select_for_update(of=("self",))
        .select_related(
            "centre", "match__centre", "connectee__person__party", "contact__party", "referrer"
        )
        .get(pk=referral.pk)
    )


@transaction.atomic
def say_yes(*, referral: Referral) -> Referral:
    """The contact welcomes the introduction: now, and only now, details move both ways."""
    row = _locked(referral)
    if row.state in (ReferralState.AGREED, ReferralState.MET):
        return row
    if row.state == ReferralState.DECLINED:
        raise Refused(_("You answered no before. If you changed your mind, write to the centre."))
    if live_consent(party_id=row.connectee_id, purpose=Purpose.REFERRAL) is None:
        raise Refused(_("This introduction is no longer possible. Thank you for your willingness."))
    row.state = ReferralState.AGREED
    row.answered_at = timezone.now()
    row.version += 1
    row.save()
    connectee, contact = row.connectee.person.party, row.contact.party.whole
    until = timezone.localdate() + timedelta(days=GRANT_DAYS)
    for subject, holder in ((connectee, contact), (contact, connectee)):
        open_grant(
            subject=subject,
            holder=holder,
            shares=[Share.NAME, Share.PROFILE, Share.CONTACT],
            purpose=Purpose.REFERRAL,
            basis=GrantBasis.CONSENT,
            because_kind="referral",
            because_id=row.pk,
            until=until,
        )
    record(
        party=connectee,
        kind=EventKind.REFERRAL_AGREED,
        other=contact,
        about_kind="referral",
        about_id=row.pk,
    )
    for kind in (PromiseKind.ANSWER_REFERRAL, PromiseKind.ASK_BY_PHONE):
        keep_promises(subject_id=row.pk, kind=kind)
    _introduce(row)
    return row


def _introduce(row: Referral) -> None:
    connectee, contact = row.connectee.person.party, row.contact.party.whole
    work = ", ".join(text for text in (row.contact.position, row.contact.organization_name) if text)
    text = letters.contact_said_yes(
        connectee=connectee, contact=contact, contact_work=work, referrer=row.referrer
    )
    write_letter(
        party=connectee,
        kind="contact_said_yes",
        subject=text.subject,
        body=text.body,
        about_id=row.pk,
    )
    count, link = 0, ""
    if contact.email and row.hop < row.centre.hops and row.match.state == MatchState.INTRODUCED:
        count = asked_of(row.match)
        asked = issue_link(party=contact, purpose=LinkPurpose.REFERRING, subject_id=row.pk)
        link = f"{{link:{asked.pk}}}"
        open_promise(
            centre=row.centre,
            kind=PromiseKind.REFER_ON,
            subject_kind="referral",
            subject_id=row.pk,
            debtor=contact,
            creditor=connectee,
        )
    thanks = letters.thanks_for_yes(contact=contact, connectee=connectee, count=count, link=link)
    write_letter(
        party=contact,
        kind="thanks_for_yes",
        subject=thanks.subject,
        body=thanks.body,
        about_id=row.pk,
    )


@transaction.atomic
def say_no(*, referral: Referral, never_again: bool = False) -> Referral:
    """The contact declines; with `never_again` the house never writes to them again."""
    row = _locked(referral)
    if never_again and row.contact.no_more_mail_at is None:
        row.contact.no_more_mail_at = timezone.now()
        row.contact.save(update_fields=["no_more_mail_at"])
    if row.state != ReferralState.ASKED:
        return row
    row.state = ReferralState.DECLINED
    row.answered_at = timezone.now()
    row.version += 1
    row.save()
    record(
        party=row.connectee.person.party,
        kind=EventKind.REFERRAL_DECLINED,
        other=row.contact.party,
        about_kind="referral",
        about_id=row.pk,
    )
    keep_promises(subject_id=row.pk, kind=PromiseKind.ASK_BY_PHONE)
    close_promises(subject_id=row.pk, reason=CloseReason.DECLINED)
    return row


@transaction.atomic
def log_referral_meeting(*, referral: Referral, on: date, outcome: str = "") -> Referral:
    """The Connectee met the contact. What came of it may be said later, once."""
    row = _locked(referral)
    if row.state == ReferralState.MET:
        if outcome and not row.outcome:
            row.outcome = outcome
            row.version += 1
            row.save()
        return row
    if row.state != ReferralState.AGREED:
        raise Refused(_("This contact has not said yes yet."))
    if on > timezone.localdate(timezone=row.centre.zone):
        raise Refused(_("The day of the meeting is in the future: say so once you have met."))
    row.state, row.met_on, row.outcome = ReferralState.MET, on, outcome
    row.version += 1
    row.save()
    record(
        party=row.connectee.person.party,
        kind=EventKind.REFERRAL_MET,
        on=on,
        other=row.contact.party,
        about_kind="referral",
        about_id=row.pk,
    )
    return row


@transaction.atomic
def forget_silent_contacts(*, centre: Centre) -> int:
    """Delete name and address of contacts who never answered within the centre's set time; the
    count of the question stays. Returns how many were forgotten."""
    limit = timezone.now() - timedelta(days=centre.contact_days)
    silent = (
        Contact.objects.select_for_update(of=("self",))
        .select_related("party")
        .filter(centre=centre, forgotten_at__isnull=True)
        .exclude(referrals__state__in=(ReferralState.AGREED, ReferralState.MET))
        .exclude(referrals__asked_at__gt=limit)
        .filter(referrals__isnull=False)
    )
    count = 0
    for contact in silent:
        Referral.objects.filter(contact=contact, state=ReferralState.ASKED).update(
            state=ReferralState.NO_ANSWER, answered_at=timezone.now()
        )
        for referral in contact.referrals.all():
            close_promises(subject_id=referral.pk, reason=CloseReason.NO_ANSWER)
            revoke_links(subject_id=referral.pk)
        _sever(contact)
        count += 1
    return count


def _sever(contact: Contact) -> None:
    party = contact.party
    # Who asked never to be written to again is recognized by a keyed hash, not by the address.
    reach = reach_of(party.email, party.phone)
    if contact.no_more_mail_at is not None and reach:
        keep_fingerprint(centre=contact.centre_id, kind=FingerprintKind.ADDRESS, text=reach)
    party.email = ""
    party.name = "—"
    party.phone = ""
    party.severed_at = timezone.now()
    party.save()
    party.letters.update(subject="—", body="—", calendar="")
    contact.organization_name = ""
    contact.position = ""
    contact.forgotten_at = timezone.now()
    contact.save()
    letter_ids = list(party.letters.values_list("pk", flat=True))
    scrub_trace(row_ids=[party.pk, contact.pk, *letter_ids])


__all__ = [
    "CannotRefer",
    "Door",
    "cannot_refer",
    "forget_silent_contacts",
    "log_referral_meeting",
    "refer",
    "referrals_left",
    "say_no",
    "say_yes",
]
