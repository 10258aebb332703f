"""Connectees, Connectors, rounds, matches, introductions, meetings, referrals."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.models import Versioned
from takeroot.common.walls import Wall
from takeroot.connections.arriving import looked_at_again, not_signed, own_list
from takeroot.connections.enums import (
    SEATED,
    TOGETHER,
    Circle,
    ConnecteeState,
    ConnectorState,
    MatchState,
    MeetingState,
    ReferralState,
    RoundState,
    Topic,
    connectee_states,
    connector_states,
    contact_types,
    match_states,
    meeting_states,
    referral_outcomes,
    referral_states,
    refusal_reasons,
)
from takeroot.connections.enums_applying import connector_kinds
from takeroot.connections.joined import another_place, further
from takeroot.connections.kinds import CONNECTOR, kind_choices
from takeroot.organizations.models import Organization
from takeroot.people.enums import MeetingMode
from takeroot.people.models import Person


class Participant(CentreOwned, Versioned):
    """Somebody's part in the programme. Its key is the person's (and the Party's) key."""

    # The id somebody gave the row in a spreadsheet: the same file again finds the same person.
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    # References of people this person is never to be matched with.
    not_with = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    # Takes part in no round until a coordinator decides.
    held_back = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True


class Connectee(Participant):
    """A newcomer in the programme."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="connectee")
    state = models.CharField(
        max_length=30, choices=connectee_states, default=ConnecteeState.APPLIED
    )
    waiting_since = models.DateField(_("waiting since"))
    target_organizations = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        verbose_name=_("organizations they would like to meet"),
    )
    prefers_lived = models.BooleanField(
        _("would rather meet somebody who has settled here themselves"), default=False
    )

    wall = Wall(own=("person_id",), opened=("person_id",))
    keeps = Keeps(
        label=_("part in the programme as a newcomer"),
        travels=Travels.WITH_FILE,
        key=True,
        about={
            "person": (
                "state",
                "waiting_since",
                "target_organizations",
                "prefers_lived",
                "reference",
            )
        },
        forget={"reference": "", "not_with": [], "target_organizations": []},
        arrives=looked_at_again,
        joined={"state": further, "waiting_since": min},
    )

    class Meta:
        indexes = [
            models.Index(fields=["centre", "state", "waiting_since"], name="connectee_by_state"),
            models.Index(fields=["centre", "waiting_since", "id"], name="connectee_by_wait"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(id=F("person")), name="connectee_key"),
            models.UniqueConstraint(
                fields=["centre", "reference"],
                condition=~Q(reference=""),
                name="connectee_reference",
            ),
        ]

    def __str__(self) -> str:
        return self.person.party.name


def in_the_programme() -> list[str]:
    return [CONNECTOR]


class Connector(Participant):
    """Somebody local who opens doors."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="connector")
    state = models.CharField(max_length=30, choices=connector_states, default=ConnectorState.ACTIVE)
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="connectors"
    )
    capacity = models.PositiveSmallIntegerField(
        _("people they can meet in each period"), default=2, validators=[MaxValueValidator(50)]
    )
    circles = ArrayField(models.CharField(max_length=12, choices=Circle), default=list, blank=True)
    lived_experience = models.BooleanField(_("has settled here themselves"), default=False)
    # In which kinds of pairings they take part.
    kinds = ArrayField(
        models.CharField(max_length=30, choices=kind_choices), default=in_the_programme, blank=True
    )
    town_roles = ArrayField(
        models.CharField(max_length=30, choices=connector_kinds),
        default=list,
        blank=True,
        verbose_name=_("what they are in town"),
    )
    also_hiring = models.BooleanField(_("is also hiring now"), default=False)
    # A rest that ends by itself; without a day a pause lasts until somebody ends it.
    paused_until = models.DateField(_("rests until"), null=True, blank=True)

    wall = Wall(own=("person_id",), opened=("person_id",))
    keeps = Keeps(
        label=_("part in the programme as somebody who opens doors"),
        travels=Travels.STAYS,
        key=True,
        about={
            "person": (
                "state",
                "organization",
                "capacity",
                "circles",
                "lived_experience",
                "town_roles",
                "also_hiring",
                "paused_until",
                "reference",
            )
        },
        forget={
            "reference": "",
            "not_with": [],
            "organization": None,
            "circles": [],
            "lived_experience": False,
            "town_roles": [],
            "also_hiring": False,
        },
    )

    class Meta:
        indexes = [models.Index(fields=["centre", "state"], name="connector_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(id=F("person")), name="connector_key"),
            models.UniqueConstraint(
                fields=["centre", "reference"],
                condition=~Q(reference=""),
                name="connector_reference",
            ),
        ]

    def __str__(self) -> str:
        return self.person.party.name


class Qualification(CentreOwned):
    """The checklist behind «ready»: the coordinator signs it."""

    connectee = models.OneToOneField(
        Connectee, on_delete=models.PROTECT, related_name="qualification"
    )
    meets_criteria = models.BooleanField(_("meets the programme's criteria"), default=False)
    job_ready = models.BooleanField(_("is ready to look for work"), default=False)
    language_for_field = models.BooleanField(_("speaks well enough for the field"), default=False)
    resume = models.BooleanField(_("has a résumé ready to show"), default=False)
    pitch = models.BooleanField(_("can introduce themselves in two minutes"), default=False)
    signed_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    wall = Wall(own=("connectee_id",))
    keeps = Keeps(
        label=_("readiness list"),
        travels=Travels.GOES,
        goes_along=own_list,
        arrives=not_signed,
        about={
            "connectee": (
                "meets_criteria",
                "job_ready",
                "language_for_field",
                "resume",
                "pitch",
                "signed_at",
            )
        },
    )

    POINTS = ("meets_criteria", "job_ready", "language_for_field", "resume", "pitch")

    def __str__(self) -> str:
        return str(self.connectee_id)

    @property
    def complete(self) -> bool:
        return all(getattr(self, point) for point in self.POINTS)


class Round(CentreOwned, Versioned):
    """The whole pool considered at once, and what came of it."""

    name = models.CharField(_("name of the round"), max_length=120)
    kind = models.CharField(max_length=30, choices=kind_choices, default=CONNECTOR)
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.PROPOSED)
    least_quality = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField(default=0)
    connectors = models.PositiveIntegerField(default=0)
    value = models.PositiveBigIntegerField(default=0)
    bound = models.PositiveBigIntegerField(default=0)
    solved_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # What the engine said besides the matches: who is left without and why, what is scarce.
    # Codes and ids only.
    findings = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class Match(CentreOwned, Versioned):
    """One Connectee and one Connector, with the parts of the score."""

    round = models.ForeignKey(
        Round, null=True, blank=True, on_delete=models.PROTECT, related_name="matches"
    )
    connectee = models.ForeignKey(Connectee, on_delete=models.PROTECT, related_name="matches")
    connector = models.ForeignKey(Connector, on_delete=models.PROTECT, related_name="matches")
    kind = models.CharField(max_length=30, choices=kind_choices, default=CONNECTOR)
    state = models.CharField(max_length=30, choices=match_states, default=MatchState.PROPOSED)
    score = models.PositiveSmallIntegerField(validators=[MaxValueValidator(1000)])
    parts = models.JSONField(default=dict)
    locked = models.BooleanField(default=False)
    by_hand = models.BooleanField(default=False)
    refusal = models.CharField(max_length=30, choices=refusal_reasons, blank=True)
    note = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    # The Connector's place that this match takes, and the first day of the period it counts in:
    # the database refuses to give one place twice.
    period = models.DateField(null=True, blank=True)
    seat = models.PositiveSmallIntegerField(null=True, blank=True)
    # The day on which the Connector was asked, which is the day of the yes to the proposal.
    asked_on = models.DateField(null=True, blank=True)

    wall = Wall(own=("connectee_id", "connector_id"))
    # The note of the staff speaks of both; the parts of the score are codes and places in a list.
    keeps = Keeps(
        label=_("matches"),
        travels=Travels.STAYS,
        about={"connectee": ("state", "created_at"), "connector": ("state", "created_at")},
        forget={"note": ""},
        stays=("parts",),
        clash=another_place,
    )

    class Meta:
        ordering = ["-score", "id"]
        indexes = [
            models.Index(fields=["round", "state"], name="match_by_round"),
            models.Index(fields=["round", "-locked", "-score", "id"], name="match_by_score"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["connectee", "connector", "kind"],
                condition=Q(state__in=TOGETHER),
                name="pair_once",
            ),
            models.UniqueConstraint(
                fields=["connector", "period", "seat"],
                condition=Q(state__in=SEATED),
                name="place_once",
            ),
            models.UniqueConstraint(
                fields=["round", "connectee"],
                condition=Q(state__in=(MatchState.PROPOSED, *SEATED)),
                name="one_proposal_each",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SEATED) | Q(seat__isnull=False, period__isnull=False),
                name="seated_has_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.connectee_id} – {self.connector_id}"


class Introduction(CentreOwned, Versioned):
    """The two letters that bring a match together; the coordinator may edit both."""

    match = models.OneToOneField(Match, on_delete=models.PROTECT, related_name="introduction")
    connectee_subject = models.CharField(max_length=200)
    connectee_body = models.TextField()
    connector_subject = models.CharField(max_length=200)
    connector_body = models.TextField()
    sent_at = models.DateTimeField(null=True, blank=True)
    # Once sent, the letters stand among the letters of each.
    keeps = Keeps(
        label=_("texts of introductions"),
        travels=Travels.STAYS,
        about={"match__connectee": (), "match__connector": ()},
        forget={
            "connectee_subject": "—",
            "connectee_body": "—",
            "connector_subject": "—",
            "connector_body": "—",
        },
    )

    def __str__(self) -> str:
        return self.connectee_subject


class Meeting(CentreOwned, Versioned):
    """The conversation of a match: three times proposed, one chosen, held or not."""

    match = models.OneToOneField(Match, on_delete=models.PROTECT, related_name="meeting")
    connectee_party = models.UUIDField(editable=False)
    connector_party = models.UUIDField(editable=False)
    state = models.CharField(max_length=30, choices=meeting_states, default=MeetingState.TO_BOOK)
    proposed_times = ArrayField(models.DateTimeField(), default=list, blank=True)
    proposed_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=30)
    mode = models.CharField(max_length=10, choices=MeetingMode, default=MeetingMode.EITHER)
    where = models.CharField(_("where"), max_length=200, blank=True)
    held_on = models.DateField(null=True, blank=True)
    times_missed = models.PositiveSmallIntegerField(default=0)
    # RFC 5545: updates and cancellations keep the UID and count the sequence up.
    sequence = models.PositiveSmallIntegerField(default=0)

    wall = Wall(own=("connectee_party", "connector_party"))
    keeps = Keeps(
        label=_("meetings"),
        travels=Travels.STAYS,
        about={
            "connectee_party": ("state", "starts_at", "minutes", "mode", "where", "held_on"),
            "connector_party": ("state", "starts_at", "minutes", "mode", "where", "held_on"),
        },
        forget={"where": "", "proposed_times": []},
        keys=("connectee_party", "connector_party"),
    )

    def __str__(self) -> str:
        return str(self.match_id)


class MeetingNote(CentreOwned):
    """What somebody wants to remember of one topic; theirs, and the centre's."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=10, choices=Topic)
    text = models.TextField(max_length=2000)

    wall = Wall(own=("author_id",))
    # What a Connector wrote down in the conversation is about the Connectee: it goes with them.
    keeps = Keeps(
        label=_("notes of meetings"),
        travels=Travels.STAYS,
        about={"author": ("topic", "text", "created_at"), "meeting__connectee_party": ()},
        forget={"text": ""},
        goes=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "author", "topic"], name="note_once")
        ]

    def __str__(self) -> str:
        return self.get_topic_display()


class Contact(CentreOwned):
    """Somebody a Connector knows: a Party without an account, asked before anything moves."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="contact")
    organization_name = models.CharField(_("organization"), max_length=160, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    # Said by whoever named them, if at all.
    type = models.CharField(_("type"), max_length=30, choices=contact_types, blank=True)
    circle = models.CharField(_("circle"), max_length=12, choices=Circle, blank=True)
    # «Please do not write to me again», remembered for good.
    no_more_mail_at = models.DateTimeField(null=True, blank=True)
    # Address and name deleted because no answer ever came.
    forgotten_at = models.DateTimeField(null=True, blank=True)

    wall = Wall(own=("party_id",), opened=("party_id",))
    keeps = Keeps(
        label=_("what a referrer said of them"),
        travels=Travels.STAYS,
        key=True,
        about={"party": ("organization_name", "position", "type", "circle", "no_more_mail_at")},
        forget={"organization_name": "", "position": ""},
    )

    def __str__(self) -> str:
        return self.party.name


class Referral(CentreOwned, Versioned):
    """One introduction of a Connectee to a contact: asked, then yes or no."""

    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="referrals")
    connectee = models.ForeignKey(Connectee, on_delete=models.PROTECT, related_name="referrals")
    referrer = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="referrals_made")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="referrals")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    hop = models.PositiveSmallIntegerField()
    why = models.CharField(_("why they should meet"), max_length=300, blank=True)
    # All that is told of the Connectee before the contact says yes: an occupation, no name.
    introduced_as = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=30, choices=referral_states, default=ReferralState.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    met_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=30, choices=referral_outcomes, blank=True)
    contact_party = models.UUIDField(editable=False)

    wall = Wall(own=("connectee_id", "referrer_id", "contact_party"))
    keeps = Keeps(
        label=_("introductions to contacts"),
        travels=Travels.STAYS,
        about={
            "connectee": ("state", "hop", "asked_at", "answered_at", "met_on", "outcome"),
            "referrer": ("state", "hop", "asked_at", "why"),
            "contact_party": ("state", "asked_at", "answered_at", "introduced_as", "why"),
        },
        forget={"why": "", "introduced_as": ""},
        keys=("contact_party",),
    )

    class Meta:
        ordering = ["hop", "asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["connectee", "contact"], name="contact_once")
        ]

    def __str__(self) -> str:
        return f"{self.connectee_id} – {self.contact_id}"


from takeroot.connections.models_applying import (  # noqa: E402, F401
    Application,
    Onward,
    SelfRating,
    Thanks,
)
from takeroot.connections.models_concern import (  # noqa: E402, F401
    Concern,
    ConcernSide,
    Decision,
)
from takeroot.connections.models_import import ImportDraft, ImportKind  # noqa: E402, F401
from takeroot.connections.models_recognition import (  # noqa: E402, F401
    Juror,
    Nominee,
    Recognition,
    Recusal,
    Vote,
)
from takeroot.connections.models_shared import (  # noqa: E402, F401
    ExtraRequest,
    Offer,
    SharedAnswer,
    SharedAsk,
    SharedPlace,
    SharingSide,
)
from takeroot.connections.models_told import Testimonial  # noqa: E402, F401
