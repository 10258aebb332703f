"""Reading what is known of documents; their contents are opened by the services."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from takeroot.access.actor import Actor
from takeroot.documents.models import Document


def documents_visible_to(actor: Actor) -> QuerySet[Document]:
    """Every version, of people in the actor's centre."""
    return Document.objects.filter(centre_id__in=actor.file_centres).select_related("given_by")


def own_documents(actor: Actor) -> QuerySet[Document]:
    """Every version that the actor handed in, or somebody in their name."""
    return Document.objects.filter(party_id=actor.party_id)


def latest(documents: QuerySet[Document], *, party_id: UUID, kind: str) -> Document | None:
    """The newest version of one kind."""
    return documents.filter(party_id=party_id, kind=kind).order_by("-version").first()
