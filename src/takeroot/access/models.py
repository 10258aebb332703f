"""Grants open, consents say why, and every change leaves a trace."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from takeroot.access.enums import (
    fingerprint_kinds,
    given_hows,
    grant_bases,
    purposes,
    shares,
)
from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.walls import Wall


class Consent(CentreOwned):
    """A person's yes: what, with whom, for what, until when, how it was given. Withdrawn, never
    deleted."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(_("for what"), max_length=30, choices=purposes)
    shares = ArrayField(
        models.CharField(max_length=30, choices=shares), verbose_name=_("what may be shared")
    )
    audience = models.CharField(_("with whom"), max_length=200)
    given_on = models.DateField(_("given on"))
    until = models.DateField(_("until"))
    how = models.CharField(_("how it was given"), max_length=30, choices=given_hows)
    interpreter_language = models.CharField(max_length=40, blank=True)
    recorded_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    wall = Wall(own=("party_id",))
    keeps = Keeps(
        label=_("consents"),
        travels=Travels.STAYS,
        about={
            "party": (
                "purpose",
                "shares",
                "audience",
                "given_on",
                "until",
                "how",
                "interpreter_language",
                "withdrawn_at",
            )
        },
        forget={"audience": "—", "interpreter_language": ""},
    )

    class Meta:
        ordering = ["-given_on", "-created_at"]
        indexes = [models.Index(fields=["party", "purpose"], name="consent_by_party")]

    def __str__(self) -> str:
        return self.get_purpose_display()


class Grant(CentreOwned):
    """Opens parts of one party's file to another, from and until a moment."""

    subject = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="grants_on")
    holder = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="grants_held")
    shares = ArrayField(models.CharField(max_length=30, choices=shares))
    purpose = models.CharField(max_length=30, choices=purposes)
    basis = models.CharField(max_length=30, choices=grant_bases)
    # What made it true (a match, an assignment): kind and id, so that undoing that closes this.
    because_kind = models.CharField(max_length=20, blank=True)
    because_id = models.UUIDField(null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    wall = Wall(own=("holder_id", "subject_id"))
    keeps = Keeps(
        label=_("what was opened to others"),
        travels=Travels.STAYS,
        about={"subject": ("shares", "purpose", "starts_at", "ends_at", "revoked_at")},
        stays=("because_kind", "because_id"),
    )

    class Meta:
        indexes = [
            models.Index(fields=["holder", "subject"], name="grant_by_holder"),
            models.Index(fields=["because_id"], name="grant_because"),
        ]

    def __str__(self) -> str:
        return f"{self.basis}: {', '.join(self.shares)}"


class Fingerprint(CentreOwned):
    """A keyed hash of what must not come back: it recognizes an address or a number when somebody
    names it again, and tells nobody what it was."""

    kind = models.CharField(max_length=30, choices=fingerprint_kinds)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "kind", "digest"], name="fingerprint_once")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Change(models.Model):
    """One write, recorded by the database itself. Rows are made by a trigger, never by code."""

    id = models.BigAutoField(primary_key=True)
    centre_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    role = models.CharField(max_length=20)
    purpose = models.CharField(max_length=60)
    table = models.CharField(max_length=60, db_column="table_name")
    row_id = models.UUIDField(null=True)
    operation = models.CharField(max_length=6)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    wall = Wall(append_only=True, audited=False)

    class Meta:
        indexes = [
            models.Index(fields=["centre_id", "-at"], name="change_by_centre"),
            models.Index(fields=["row_id", "-at"], name="change_by_row"),
            # What people did (not the house by itself), latest first: the page of the trace.
            models.Index(
                fields=["centre_id", "-id"],
                name="change_by_people",
                condition=models.Q(actor_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.table}"


class Read(models.Model):
    """Somebody opened a file: who, whose, when, on which page."""

    id = models.BigAutoField(primary_key=True)
    centre_id = models.UUIDField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    actor_id = models.UUIDField(null=True)
    role = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    page = models.CharField(max_length=60)

    wall = Wall(append_only=True, audited=False, own=("subject_id",))

    class Meta:
        indexes = [
            models.Index(fields=["centre_id", "-at"], name="read_by_centre"),
            models.Index(fields=["subject_id", "-at"], name="read_by_subject"),
        ]

    def __str__(self) -> str:
        return self.page
