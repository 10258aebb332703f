"""Two centres with one of everything, made through the services that the screens use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.utils import timezone

from takeroot.access.enums import FingerprintKind
from takeroot.access.fingerprints import keep_fingerprint
from takeroot.access.models import Consent
from takeroot.access.services import record_read
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Membership, Party, User
from takeroot.connections.enums import ReferralState
from takeroot.connections.models import Connectee, Connector, Match, Meeting, Referral
from takeroot.connections.models_concern import Concern, ConcernSide
from takeroot.connections.models_shared import ExtraRequest
from takeroot.connections.recognition import Rule
from takeroot.connections.services.applying import draft_token, save_step
from takeroot.connections.services.calls import owe_a_call
from takeroot.connections.services.deciding import decide
from takeroot.connections.services.enrolment import edit_connectee
from takeroot.connections.services.importing import start_import
from takeroot.connections.services.introductions import send_introduction
from takeroot.connections.services.joining import offer_help, part_of
from takeroot.connections.services.jury import ask_the_jury, name_juror, vote
from takeroot.connections.services.meetings import (
    choose_time,
    log_meeting,
    propose_times,
    save_notes,
)
from takeroot.connections.services.onward import send_onward
from takeroot.connections.services.ratings import rate
from takeroot.connections.services.recognition import answer_nomination, set_rules
from takeroot.connections.services.recusals import stand_aside
from takeroot.connections.services.referrals import Door, refer, say_yes
from takeroot.connections.services.rounds import accept_match, propose_round, set_aside
from takeroot.connections.services.testimonials import ask_for_words, give_words
from takeroot.connections.services.thanks import say_thanks
from takeroot.documents.services import keep_file
from takeroot.keeping.models import Erasure, Merge, Pair
from takeroot.messaging.backends import MailboxBackend, letters_of
from takeroot.messaging.incoming import take_in
from takeroot.messaging.mime import read_mail
from takeroot.messaging.models import Letter, LinkPurpose, SignedLink
from takeroot.messaging.services import issue_link, token_for
from takeroot.messaging.tasks import message_for
from takeroot.outcomes.models_stay import StayCheck
from takeroot.outcomes.selectors import last_full_month
from takeroot.outcomes.services.jobs import Work, report_job
from takeroot.outcomes.services.leads import Opening, leave_lead
from takeroot.outcomes.services.releases import make_release, publish_release
from takeroot.outcomes.services.stays import choose_rule
from takeroot.promises.models import Promise, PromiseStep
from takeroot.promises.services import choose_days, hand_over
from takeroot.volunteers.services.hours import log_hours
from takeroot.volunteers.services.screening import choose_plan, record_screening
from tests.cast import actor_for, house_of, make_centre, member
from tests.connections.people import a_connectee, a_connector, details
from tests.connections.sharing import a_guest, a_shared_connector, answer, ask, offers, shares
from tests.keeping.moving import agreed as agreed_to_move
from tests.keeping.moving import proposed
from tests.messaging.mails import answer_to

HOME, AWAY = "truro", "gander"


@dataclass
class House:
    """One centre with somebody in each role and one object of each kind that a URL can name."""

    centre: Centre
    users: dict[str, User] = field(default_factory=dict)
    keys: dict[str, UUID | str] = field(default_factory=dict)
    links: dict[str, SignedLink] = field(default_factory=dict)

    def token(self, purpose: str) -> str:
        return token_for(self.links[purpose])

    def link_party(self, purpose: str) -> Party:
        with house_of(self.centre):
            return Party.objects.get(pk=self.links[purpose].party_id)


def build(centre: Centre) -> House:
    """Three pairs at different points of the path, and an open round with a proposal."""
    house = House(centre)
    for role in Role.values:
        house.users[role] = member(centre, role)
    # The names say the centre, so that nobody is taken for their namesake next door.
    mark = centre.slug.title()
    _pair(house, mark, "Met", organization=f"{mark} Hospital")
    _pair(house, mark, "Introduced", occupation="72106")
    _pair(house, mark, "Accepted", occupation="21231")
    _pair(house, mark, "Booked", occupation="73300")
    _first_round(house)
    _pair(house, mark, "Proposed", occupation="33102")
    with house_of(centre) as actor:
        round_ = propose_round(centre=centre, name=f"{mark} second round", by=actor)
        house.keys["open_round"] = round_.pk
        house.keys["proposed"] = Match.objects.get(
            round=round_, connectee_id=house.keys["connectee:Proposed"], state="proposed"
        ).pk
        house.keys["free_connector"] = house.keys["connector:Proposed"]
        table = f"id,name,occupation\n{mark}1,{mark} Upload,31301\n".encode()
        draft = start_import(
            centre=centre, kind="connectee", name=f"{mark}.csv", data=table, by=actor
        )
        house.keys["draft"] = draft.pk
    _volunteers(house)
    _shared(house)
    _moving(house)
    _owed(house)
    _outcomes(house)
    _joining(house, mark)
    _recognised(house)
    _links(house)
    _mailbox(house)
    _release(house)
    _kept(house)
    _answered(house)
    _reported(house)
    return house


def _volunteers(house: House) -> None:
    """What a centre asks for, what it has seen, and hours that were given."""
    today = timezone.localdate()
    with house_of(house.centre) as actor:
        choose_plan(centre=house.centre, needed=[], renew_days=60, grace_days=30, by=actor)
        person = Connector.objects.get(pk=house.keys["connector:Met"]).person
        house.keys["screening"] = record_screening(
            person=person, kind="police", received_on=today, valid_until=None, by=actor
        ).pk
        log_hours(person=person, on=today, minutes=90, work="event", by=actor)
        met = Connectee.objects.get(pk=house.keys["connectee:Met"]).person.party
        told = ask_for_words(party=met, by=actor)
        house.keys["testimonial"] = told.pk
        give_words(
            testimonial=told,
            text=f"Words of {house.centre.slug}",
            places=["public"],
            shown_name="first",
            until=today + timedelta(days=90),
            by=actor,
        )


def _shared(house: House) -> None:
    """A place that a partner offers, and a request that a partner made to one of ours."""
    mark = house.centre.slug.title()
    partner = make_centre(f"{house.centre.slug}-partner")
    a_shared_connector(partner, f"{mark} Partner Connector")
    shares(house.centre, partner)
    house.keys["offer"] = offers(house.centre)[0].pk
    ours = a_shared_connector(house.centre, f"{mark} Shared Connector")
    house.keys["connector:Shared"] = ours.pk
    guest = a_guest(partner, f"{mark} Partner Guest")
    house.keys["shared_ask"] = ask(guest, offers(partner)[0]).pk
    # One request is answered, one is ours; and one Connector was asked in spite of a rest.
    other = a_shared_connector(house.centre, f"{mark} Answering Connector")
    second = a_guest(partner, f"{mark} Second Guest")
    with house_of(house.centre):
        place = other.shared_place.place
        ExtraRequest(
            centre=house.centre, connector=other, on=timezone.localdate(), reason="Offered it."
        ).save(force_insert=True)
    made = ask(second, next(offer for offer in offers(partner) if offer.place == place))
    answer(other, made, yes=False)
    ask(a_guest(house.centre, f"{mark} Guest"), offers(house.centre)[0])
    # And one that led to an introduction.
    known = a_shared_connector(house.centre, f"{mark} Known Connector")
    third = a_guest(partner, f"{mark} Third Guest")
    with house_of(house.centre):
        place = known.shared_place.place
    made = ask(third, next(offer for offer in offers(partner) if offer.place == place))
    answer(known, made)
    house.keys["connector:Known"], house.keys["across"] = known.pk, made.pk
    house.keys["offer"] = offers(house.centre)[0].pk


def _moving(house: House) -> None:
    """Two files that may move to a partner, one asked and one agreed; and one that a partner would
    give us."""
    mark, partner = house.centre.slug.title(), make_centre(f"{house.centre.slug}-neighbour")
    stays = a_connectee(house.centre, f"{mark} Mover", occupation="21231")
    house.keys["mover"] = stays.pk
    house.keys["transfer"] = proposed(stays, partner).pk
    agreed_to_move(a_connectee(house.centre, f"{mark} Leaver"), partner)
    comes = agreed_to_move(a_connectee(partner, f"{mark} Arriver"), house.centre)
    house.keys["transfer:in"] = comes.pk


def _kept(house: House) -> None:
    """A pair that may be one person, a merge, a wish to be forgotten, a remembered address."""
    centre, keys = house.centre, house.keys
    mark = centre.slug.title()
    twins = sorted(
        (a_connectee(centre, f"{mark} Twin", ready=False, consents=False).pk for _n in "ab"),
        key=str,
    )
    with house_of(centre):
        pair = Pair(centre=centre, one_id=twins[0], other_id=twins[1], reasons=["name"])
        pair.save(force_insert=True)
        merge = Merge(centre=centre, stays_id=twins[0], gone_id=twins[1])
        merge.save(force_insert=True)
        wish = Erasure(
            centre=centre,
            party_id=keys["connectee:Proposed"],
            asked_by="person",
            verified="known",
            asked_on=timezone.localdate(),
        )
        wish.save(force_insert=True)
        kind = FingerprintKind.ADDRESS
        keep_fingerprint(centre=centre.pk, kind=kind, text=f"never@{centre.slug}.example")
        keys["pair"], keys["merge"], keys["erasure"] = pair.pk, merge.pk, wish.pk


def _outcomes(house: House) -> None:
    """A job that was told, and a question whether somebody stayed."""
    centre, keys = house.centre, house.keys
    mark = centre.slug.title()
    with house_of(centre) as actor:
        met = Connectee.objects.get(pk=keys["connectee:Met"])
        today = timezone.localdate(timezone=centre.zone)
        work = Work(f"{mark} Employer", today, occupation_text=f"{mark} cook", in_field="no")
        keys["job"] = report_job(connectee=met, work=work, by=actor).pk
        check = StayCheck(centre=centre, connectee=met, months=3, due_on=today)
        check.save(force_insert=True)
        keys["stay"] = check.pk
        match = Match.objects.select_related("connector__centre").get(pk=keys["match:Met"])
        opening = Opening(f"{mark} Quiet Shop", f"a {mark} baker", "Ask for Jo", today)
        keys["lead"] = leave_lead(connector=match.connector, opening=opening, by=actor)[0].pk
        choose_rule(centre=centre, full_time_hours=30, count_from="introduced", by=actor)


def _recognised(house: House) -> None:
    """A year that a jury has decided: somebody recognized, one vote, one juror who stood aside."""
    centre, keys = house.centre, house.keys
    mark = centre.slug.title()
    year = timezone.localdate(timezone=centre.zone).year
    rule = Rule("connector", {"met": 1}, ("met",), 1)
    with house_of(centre) as actor:
        row = set_rules(centre=centre, year=year, rules=[rule], least_votes=1, by=actor)
        jurors = [
            name_juror(
                recognition=row,
                name=f"{mark} {name} Juror",
                email=f"{name}@{centre.slug}.example",
                language="en",
                by=actor,
            )
            for name in ("first", "second")
        ]
        ask_the_jury(recognition=row, by=actor)
        nominee = row.nominees.get(party_id=keys["connector:Met"])
        answer_nomination(nominee=nominee, answer="public", by=actor)
        stand_aside(juror=jurors[1], nominee=nominee, by=actor)
        vote(juror=jurors[0], nominee=nominee, yes=True, reason="", by=actor)
        decide(recognition=row, by=actor)
        keys["recognition"], keys["nominee"] = row.pk, nominee.pk
        keys["juror"], keys["juror:party"] = jurors[0].pk, jurors[0].party_id


def _release(house: House) -> None:
    """Figures of every centre there is so far, open to everybody."""
    secretariat = actor_for(house.users[Role.SECRETARIAT])
    months = last_full_month()
    release = make_release(year=months.year, through=months.through, by=secretariat)
    publish_release(release=release, by=secretariat)


def _answered(house: House) -> None:
    """An answer by letter that nobody can understand but a person."""
    with house_of(house.centre):
        letter = Letter.objects.filter(party_id=house.keys["connectee:Introduced"]).first()
        assert letter is not None
    mark = house.centre.slug.title()
    row = take_in(read_mail(answer_to(letter, f"{mark} Answer, perhaps")))
    assert row is not None
    house.keys["reply"] = row.pk


def _reported(house: House) -> None:
    """A report that something was not right, and one of the two who are looked after."""
    centre = house.centre
    mark = f"{centre.slug.title()} report"
    with house_of(centre):
        match = Match.objects.get(pk=house.keys["match:Met"])
        concern = Concern(centre=centre, match=match, about_id=match.connector_id, text=mark)
        concern.save(force_insert=True)
        side = ConcernSide(centre=centre, concern=concern, party_id=match.connectee_id)
        side.save(force_insert=True)
        house.keys["concern"], house.keys["concern_side"] = concern.pk, side.pk


def _owed(house: House) -> None:
    """Something owed, a call that the centre owes, and somebody who stands in for another."""
    today = timezone.localdate()
    with house_of(house.centre) as actor:
        match = Match.objects.get(pk=house.keys["match:Introduced"])
        owe_a_call(match.connector.person.party)
        rows = Promise.objects.filter(state="open")
        house.keys["promise"] = rows.get(kind="book_meeting", subject_id=match.pk).pk
        house.keys["call"] = rows.get(kind="call").pk
        # One rung climbed, and one number of days of the centre's own.
        now = timezone.now()
        step = PromiseStep(number=0, act="remind", planned_at=now, done_at=now, centre=house.centre)
        step.promise_id = house.keys["promise"]
        step.save(force_insert=True)
        choose_days(centre=house.centre, kind="call", days=5, by=actor)
        house.keys["handover"] = hand_over(
            centre=house.centre,
            away=house.users[Role.COORDINATOR].party,
            deputy=house.users[Role.WORKER].party,
            starts_on=today,
            ends_on=today,
            by=actor,
        ).pk


def _joining(house: House, mark: str) -> None:
    """An application that was begun, a résumé, and somebody who offers to open doors."""
    with house_of(house.centre) as actor:
        row = save_step(
            centre=house.centre,
            key=uuid4(),
            step=1,
            answers={"name": f"{mark} Applicant", "email": f"new@{mark}.example"},
            language="en",
        )
        house.keys["application"] = draft_token(row)
        house.keys["document"] = keep_file(
            party=Party.objects.get(pk=house.keys["connectee:Met"]),
            kind="resume",
            name=f"{mark}.txt",
            data=f"The résumé of {mark}".encode(),
            by=actor,
        ).pk
        met = Match.objects.get(pk=house.keys["match:Met"])
        say_thanks(match=met, text=f"Thank you, {mark}", by=Party.objects.get(pk=met.connectee_id))
        four = dict.fromkeys(("market", "networking", "contacts", "confidence"), 2)
        rate(connectee_id=met.connectee_id, centre=house.centre, moment="before", values=four)
        later = a_connectee(house.centre, f"{mark} Later", ready=False, consents=False)
        send_onward(
            connectee=later,
            state="not_eligible",
            reason="elsewhere",
            step=f"The agency of {mark}",
            by=actor,
        )
        house.keys["connector:Offered"] = offer_help(
            centre=house.centre,
            key=uuid4(),
            details=details(f"{mark} Offered", part=part_of(["employer"])),
        ).pk


def _mailbox(house: House) -> None:
    """A letter of this centre in the mailbox that stands in for a mail server."""
    with house_of(house.centre):
        letter = Letter.objects.select_related("party", "centre").first()
        assert letter is not None
        MailboxBackend().send_messages([message_for(letter)])
        house.keys["letter"] = letters_of(house.centre.pk)[0][0]


def _pair(house: House, mark: str, name: str, **more: Any) -> None:
    organization = more.pop("organization", None)
    connectee = a_connectee(house.centre, f"{mark} {name} Connectee", **more)
    connector = a_connector(
        house.centre,
        f"{mark} {name} Connector",
        capacity=1,
        organization=organization,
        **more,
    )
    house.keys[f"connectee:{name}"] = connectee.pk
    house.keys[f"connector:{name}"] = connector.pk


def _first_round(house: House) -> None:
    centre, keys = house.centre, house.keys
    with house_of(centre) as actor:
        round_ = propose_round(centre=centre, name=f"{centre.slug} first round", by=actor)
        for match in Match.objects.filter(round=round_, state="proposed").order_by("pk"):
            accept_match(match=match, by=actor)
        set_aside(round_=round_, by=actor)
        keys["old_round"] = round_.pk
        for name in ("Met", "Introduced", "Accepted", "Booked"):
            match = Match.objects.get(connectee_id=keys[f"connectee:{name}"], state="accepted")
            keys[f"match:{name}"] = match.pk
            if name != "Accepted":
                send_introduction(introduction=match.introduction, by=actor)
        _met(house, Meeting.objects.get(match_id=keys["match:Met"]))
        _booked(Meeting.objects.get(match_id=keys["match:Booked"]))
        _edited(house)


def _met(house: House, meeting: Meeting) -> None:
    centre, keys = house.centre, house.keys
    connector = Party.objects.get(pk=meeting.connector_party)
    save_notes(meeting=meeting, author=connector, notes={"industry": f"Notes of {centre.slug}"})
    today = timezone.localdate(timezone=centre.zone)
    log_meeting(meeting=meeting, held=True, on=today, by=connector)
    match = Match.objects.get(pk=meeting.match_id)
    doors = [
        Door(f"{centre.slug.title()} Contact {n}", f"{n}@{centre.slug}.contacts.example", "Inn")
        for n in ("yes", "asked")
    ]
    agreed, asked = refer(match=match, referrer=connector, doors=doors)
    say_yes(referral=agreed)
    keys["referral:agreed"], keys["referral:asked"] = agreed.pk, asked.pk


def _booked(meeting: Meeting) -> None:
    """Two of them have found a time: there is a calendar file to take away."""
    one = Party.objects.get(pk=meeting.connectee_party)
    other = Party.objects.get(pk=meeting.connector_party)
    times = [timezone.now() + timedelta(days=2)]
    propose_times(meeting=meeting, times=times, by=one)
    choose_time(meeting=meeting, time=times[0], where="Library", by=other)


def _edited(house: House) -> None:
    """An edit and a reading, so that the trace holds both."""
    row = Connectee.objects.get(pk=house.keys["connectee:Met"])
    with house_of(house.centre) as actor:
        changed = details(row.person.party.name, interests=["choir"])
        edit_connectee(connectee=row, expected=row.version, details=changed, by=actor)
        record_read(by=actor, subject_id=row.pk, centre_id=row.centre_id, page="connectee")
        house.keys["consent"] = Consent.objects.filter(party_id=row.pk).first().pk  # type: ignore[union-attr]


def _links(house: House) -> None:
    """A live link for each purpose, and one that has expired and one taken back for each."""
    keys = house.keys
    with house_of(house.centre):
        meeting = Meeting.objects.get(match_id=keys["match:Introduced"])
        held = Meeting.objects.get(match_id=keys["match:Met"])
        booked = Meeting.objects.get(match_id=keys["match:Booked"])
        asked = Referral.objects.get(pk=keys["referral:asked"])
        agreed = Referral.objects.get(pk=keys["referral:agreed"], state=ReferralState.AGREED)
        live = {
            LinkPurpose.OWN_FILE: (meeting.connectee_party, meeting.connectee_party),
            LinkPurpose.MEETING: (meeting.connectee_party, meeting.pk),
            LinkPurpose.REFERRING: (held.connector_party, held.match_id),
            LinkPurpose.REFERRAL: (asked.contact_party, asked.pk),
            LinkPurpose.PROFILE: (meeting.connectee_party, meeting.connectee_party),
            LinkPurpose.STAY: (held.connectee_party, keys["stay"]),
            LinkPurpose.CONNECTEE_PAGE: (held.connectee_party, held.connectee_party),
            LinkPurpose.CONNECTOR_PAGE: (held.connector_party, held.connector_party),
            LinkPurpose.HOURS: (held.connector_party, held.connector_party),
            LinkPurpose.TESTIMONIAL: (held.connectee_party, keys["testimonial"]),
            LinkPurpose.SHARED_ASK: (keys["connector:Shared"], keys["shared_ask"]),
            LinkPurpose.TRANSFER: (keys["mover"], keys["transfer"]),
            LinkPurpose.ACROSS: (keys["connector:Known"], keys["across"]),
            LinkPurpose.RECOGNITION: (keys["connector:Met"], keys["nominee"]),
            LinkPurpose.JURY: (keys["juror:party"], keys["juror"]),
        }
        others = {
            LinkPurpose.OWN_FILE: (held.connectee_party, held.connector_party, held.pk),
            LinkPurpose.MEETING: (meeting.connector_party, held.connector_party, meeting.pk),
            LinkPurpose.REFERRING: (held.connectee_party, agreed.contact_party, held.pk),
            LinkPurpose.REFERRAL: (agreed.contact_party, held.connectee_party, agreed.pk),
            LinkPurpose.PROFILE: (held.connectee_party, held.connector_party, held.pk),
            LinkPurpose.STAY: (meeting.connectee_party, booked.connectee_party, keys["stay"]),
            LinkPurpose.CONNECTEE_PAGE: (
                meeting.connectee_party,
                booked.connectee_party,
                meeting.connectee_party,
            ),
            LinkPurpose.CONNECTOR_PAGE: (
                meeting.connector_party,
                booked.connector_party,
                meeting.connector_party,
            ),
            LinkPurpose.HOURS: (meeting.connector_party, asked.contact_party, held.pk),
            LinkPurpose.TESTIMONIAL: (held.connector_party, meeting.connector_party, held.pk),
            LinkPurpose.SHARED_ASK: (held.connectee_party, meeting.connectee_party, held.pk),
            LinkPurpose.TRANSFER: (held.connectee_party, meeting.connectee_party, held.pk),
            LinkPurpose.ACROSS: (held.connectee_party, meeting.connectee_party, held.pk),
            LinkPurpose.RECOGNITION: (held.connectee_party, meeting.connectee_party, held.pk),
            LinkPurpose.JURY: (held.connectee_party, meeting.connectee_party, held.pk),
        }
        now = timezone.now()
        house.links["booked"] = _link(booked.connectee_party, LinkPurpose.MEETING, booked.pk)
        for purpose, (party, subject) in live.items():
            house.links[purpose] = _link(party, purpose, subject)
            old, taken, about = others[purpose]
            house.links[f"{purpose}:expired"] = _link(old, purpose, about, expires_at=now)
            house.links[f"{purpose}:revoked"] = _link(taken, purpose, about, revoked_at=now)


def _link(party: UUID, purpose: LinkPurpose, subject: UUID, **changes: Any) -> SignedLink:
    link = issue_link(party=Party.objects.get(pk=party), purpose=purpose, subject_id=subject)
    SignedLink.objects.filter(pk=link.pk).update(**changes) if changes else None
    return link


def forged(token: str) -> str:
    """The same address with another signature."""
    return token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")


def reset_key(user: User) -> dict[str, str]:
    """The two parts of a password reset link."""
    return {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}


def disabled(centre: Centre) -> User:
    """A coordinator whose account was switched off while they were signed in."""
    with house_of(centre):
        party = Party(id=uuid4(), centre=centre, kind="person", name="Former Sample")
        party.save(force_insert=True)
        user = User.objects.create_user(
            email=f"former@{centre.slug}.example", password=None, party=party
        )
        Membership.objects.create(user=user, centre=centre, role=Role.COORDINATOR)
    return user
