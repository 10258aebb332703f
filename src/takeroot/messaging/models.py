"""Letters and the links in them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.walls import Wall


class LinkPurpose(models.TextChoices):
    """What a signed link lets its holder do, and nothing else."""

    MEETING = "meeting", _("find a time and tell how the meeting went")
    REFERRING = "referring", _("introduce people")
    PROFILE = "profile", _("look at one's own file")
    REFERRAL = "referral", _("answer whether an introduction is welcome")
    STAY = "stay", _("say whether they stayed")
    HOURS = "hours", _("write down the hours they give")
    SHARED_ASK = "shared_ask", _("answer another centre's request")
    ACROSS = "across", _("say how a conversation across centres went")
    TRANSFER = "transfer", _("say whether the file may move to another centre")
    TESTIMONIAL = "testimonial", _("say a few words for others, or take them back")
    RECOGNITION = "recognition", _("say whether a recognition is welcome, or take that back")
    JURY = "jury", _("decide in a jury")
    OWN_FILE = "own_file", _("take a copy of everything that is held on them")
    CONNECTEE_PAGE = "connectee_page", _("your own page as a newcomer")
    CONNECTOR_PAGE = "connector_page", _("your own page as a Connector")


def link_purposes() -> list[tuple[Any, Any]]:
    """A new word needs no migration: the column asks this function."""
    return LinkPurpose.choices


class SignedLink(CentreOwned):
    """A link bound to one party and one thing. The address holds a signature, never stored."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=30, choices=link_purposes)
    subject_id = models.UUIDField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    first_opened_at = models.DateTimeField(null=True, blank=True)

    wall = Wall(own=("party_id",))
    # A link in a letter names its party in its signature: it stays with the file it was sent to.
    keeps = Keeps(
        label=_("links in letters"),
        travels=Travels.STAYS,
        about={"party": ("purpose", "created_at", "expires_at", "first_opened_at", "revoked_at")},
        stays=("subject_id",),
        moves=False,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "purpose", "subject_id"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_live_link",
            )
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()


class Outcome(models.TextChoices):
    """What became of a letter that came in."""

    WAITING = "waiting", _("waits for somebody to read it")
    UNDERSTOOD = "understood", _("its answer was clear")
    READ = "read", _("read by the centre")
    AUTOMATIC = "automatic", _("written by a machine, not an answer")
    BOUNCED = "bounced", _("the mailbox refuses letters")
    DELAYED = "delayed", _("not delivered yet")


def outcomes() -> list[tuple[Any, Any]]:
    return Outcome.choices


class LetterState(models.TextChoices):
    WAITING = "waiting", _("waiting to be sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("could not be sent")
    PAPER = "paper", _("to be told by telephone, or printed")


class Letter(CentreOwned):
    """One e-mail to one party. Links stand in the text as `{link:ID}` and are written out only
    at the moment of sending."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    calendar = models.TextField(blank=True)
    calendar_method = models.CharField(max_length=10, blank=True)
    about_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=LetterState, default=LetterState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    wall = Wall(own=("party_id",))
    keeps = Keeps(
        label=_("letters"),
        travels=Travels.STAYS,
        about={"party": ("created_at", "sent_at", "subject", "body")},
        forget={"subject": "—", "body": "—", "calendar": ""},
        stays=("kind", "language", "calendar_method", "about_id"),
        given={"sent_at__isnull": False},
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["about_id"], name="letter_about")]

    def __str__(self) -> str:
        return self.subject


class IncomingLetter(CentreOwned):
    """A letter that answers one of ours. Its writer is who ours was sent to, whatever address it
    came from. Only what was newly written is kept, and that for a limited time."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="answers")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="letters_written")
    # Names the letter for good: read twice, it is stored once.
    message_id = models.CharField(max_length=250)
    written_at = models.DateTimeField()
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    # All of its plain text, quotes included: for whoever has to read it.
    whole = models.TextField(blank=True)
    dropped = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=30, choices=outcomes, default=Outcome.WAITING)
    # A code: what it was understood to say, or what a person said it means.
    meaning = models.CharField(max_length=30, blank=True)
    read_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    wall = Wall(own=("party_id",))
    keeps = Keeps(
        label=_("answers to letters"),
        travels=Travels.STAYS,
        about={"party": ("written_at", "subject", "text", "outcome")},
        forget={"subject": "—", "text": "", "whole": ""},
        stays=("message_id", "meaning"),
    )

    class Meta:
        ordering = ["-written_at"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "message_id"], name="incoming_once")
        ]

    def __str__(self) -> str:
        return self.subject
