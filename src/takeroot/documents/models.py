"""Files and texts that people hand in: what is known of them, and the sealed content apart.

The content lies in the database, so that a backup carries it, a restore brings it back, and
deleting the row removes it; and apart from the row that lists read, so that no list loads it.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.models import CentreOwned, Party
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.walls import Wall
from takeroot.documents.arriving import newest_last, sealed_anew
from takeroot.documents.enums import document_kinds, file_types


class Document(CentreOwned):
    """One version of a résumé or an introduction. Versions are never changed."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_("what it is"), max_length=30, choices=document_kinds)
    version = models.PositiveIntegerField(_("version"))
    # As its owner called it, without folders; never part of an address or a header.
    name = models.CharField(_("name of the file"), max_length=120, blank=True)
    type = models.CharField(_("type"), max_length=10, choices=file_types)
    size = models.PositiveIntegerField(_("size in bytes"))
    # Keyed, so that the same file again is recognized and nothing is told by it.
    digest = models.CharField(max_length=64)
    given_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")

    # The person themselves; whoever holds a grant reads through the house, which asks what the
    # grant shares: a wall cannot tell a résumé from a name.
    wall = Wall(own=("party_id",))
    keeps = Keeps(
        label=_("résumé and introduction"),
        travels=Travels.GOES,
        arrives=newest_last,
        about={"party": ("kind", "version", "name", "type", "size", "created_at")},
        forget={"name": "", "digest": ""},
        goes=True,
        moves=False,
    )

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind", "version"], name="document_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"


class Content(CentreOwned):
    """The sealed bytes of one document. Not audited: the trace would keep a second copy."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="content")
    sealed = models.BinaryField()

    wall = Wall(audited=False)
    keeps = Keeps(
        label=_("contents of résumé and introduction"),
        travels=Travels.GOES,
        arrives=sealed_anew,
        about={"document__party": ()},
        goes=True,
        moves=False,
    )

    def __str__(self) -> str:
        return str(self.document_id)
