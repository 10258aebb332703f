"""Documents are taken in after a look, sealed, kept in versions, opened for who may."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Party
from takeroot.common.errors import Refused
from takeroot.common.text import tidy
from takeroot.documents.enums import DocumentKind, FileType
from takeroot.documents.inspection import inspect
from takeroot.documents.models import Content, Document
from takeroot.documents.sealing import CannotOpen, digest_of, seal, unseal

# Of each kind the latest versions are kept; an older one goes when the next comes.
MOST_VERSIONS = 20
LONGEST_PITCH = 3000


@transaction.atomic
def keep_file(*, party: Party, kind: str, name: str, data: bytes, by: Actor) -> Document:
    """Take a file in as the newest version. The same file again is the version that is there.
    Raises Refused for what we do not take."""
    kind_of_file = inspect(data)
    return _keep(party, kind, name=_plain(name), type_=kind_of_file, data=data, by=by)


@transaction.atomic
def keep_pitch(*, party: Party, text: str, by: Actor) -> Document:
    """Take an introduction in words in as the newest version."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Refused(_("Write a few sentences first."))
    if len(text) > LONGEST_PITCH:
        raise Refused(
            _("At most %(most)d letters: it is said in two minutes.") % {"most": LONGEST_PITCH}
        )
    return _keep(party, DocumentKind.PITCH, name="", type_=FileType.TXT, data=text.encode(), by=by)


def _plain(name: str) -> str:
    """The name without folders, control characters and length; for showing only."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return tidy(last)[:120]


def _keep(
    party: Party, kind: str, *, name: str, type_: FileType, data: bytes, by: Actor
) -> Document:
    # The lock makes two uploads of one person wait for each other.
    Party.objects.select_for_update(no_key=True, of=("self",)).get(pk=party.pk)
    rows = Document.objects.filter(party=party, kind=kind)
    newest = rows.order_by("-version").first()
    digest = digest_of(data, party=party.pk)
    if newest is not None and newest.digest == digest:
        return newest
    number = (rows.aggregate(most=Max("version"))["most"] or 0) + 1
    document = Document(
        centre_id=party.centre_id,
        party=party,
        kind=kind,
        version=number,
        name=name,
        type=type_,
        size=len(data),
        digest=digest,
        given_by_id=by.party,
    )
    document.save(force_insert=True)
    Content(
        centre_id=party.centre_id,
        document=document,
        sealed=seal(data, document=document.pk, centre=party.centre_id),
    ).save(force_insert=True)
    rows.filter(version__lte=number - MOST_VERSIONS).delete()
    return document


def content_of(document: Document) -> bytes:
    """The bytes of a document. Who may read them is decided before this is called."""
    row = Content.objects.get(document_id=document.pk)
    try:
        return unseal(bytes(row.sealed), document=document.pk, centre=document.centre_id)
    except CannotOpen as problem:
        raise Refused(
            _(
                "This file was sealed with another key of this installation and cannot be opened. "
                "Ask for it again, or put the former SECRET_KEY back."
            )
        ) from problem


def pitch_text(document: Document | None) -> str:
    """The words of an introduction."""
    return content_of(document).decode() if document else ""
