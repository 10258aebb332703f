"""Letters that the house writes of its own accord, and the reader's own link in them."""

from __future__ import annotations

from uuid import UUID

from takeroot.accounts.models import Party
from takeroot.connections.letters import Text
from takeroot.messaging.models import LinkPurpose
from takeroot.messaging.services import issue_link, write_letter


def write_out(party: Party, kind: str, text: Text, about: UUID) -> None:
    write_letter(party=party, kind=kind, subject=text.subject, body=text.body, about_id=about)


def own_link(party: Party, purpose: LinkPurpose, subject: UUID) -> str:
    """Where the reader's own link stands in a letter."""
    return f"{{link:{issue_link(party=party, purpose=purpose, subject_id=subject).pk}}}"
