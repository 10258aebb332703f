"""Documents that move to another centre are sealed anew: a seal is good for one centre alone."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from takeroot.common.errors import Refused
from takeroot.common.keeping import Arrival
from takeroot.documents.sealing import CannotOpen, digest_of, seal, unseal


def newest_last(row: Any, arrival: Arrival) -> dict[str, Any]:
    """The next free number under the new key, and a digest that recognizes the same file there."""
    rows = type(row).objects.filter(party_id=arrival.key, kind=row.kind)
    number = (rows.aggregate(most=Max("version"))["most"] or 0) + 1
    content = getattr(row, "content", None)
    digest = digest_of(_open(content), party=arrival.key) if content else ""
    return {"version": number, "digest": digest}


def sealed_anew(row: Any, arrival: Arrival) -> dict[str, Any]:
    return {"sealed": seal(_open(row), document=row.document_id, centre=arrival.centre)}


def _open(content: Any) -> bytes:
    try:
        return unseal(bytes(content.sealed), document=content.document_id, centre=content.centre_id)
    except CannotOpen as problem:
        raise Refused(
            _(
                "A document of this file was sealed with another key of this installation and "
                "cannot be opened, so the file cannot move. Put the former SECRET_KEY back, or "
                "remove the document."
            )
        ) from problem
