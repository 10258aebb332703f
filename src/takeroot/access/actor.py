"""Who is acting: set for one transaction, read by selectors and by the database's own walls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from takeroot.accounts.enums import FILE_ROLES, STAFF_ROLES, Role

ANONYMOUS = "anonymous"
LINK = "link"
SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Somebody in a role, in some centres, for a purpose.

    `party` is who they are (None: nobody known). `centres` are the centres they work for; files
    open only to roles that may read files. `behalf` names the person for whom the house acts.
    """

    role: str = ANONYMOUS
    party: UUID | None = None
    user: int | None = None
    centres: tuple[UUID, ...] = ()
    purpose: str = ""
    behalf: UUID | None = None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF_ROLES

    @property
    def reads_files(self) -> bool:
        """May read the files of their centres (the pages narrow this further)."""
        return self.role in FILE_ROLES or self.role == SYSTEM

    @property
    def file_centres(self) -> tuple[UUID, ...]:
        return self.centres if self.reads_files else ()

    @property
    def centre_id(self) -> UUID:
        """The one centre of this request; raises LookupError when there is none."""
        if not self.centres:
            raise LookupError("this actor belongs to no centre")
        return self.centres[0]

    @property
    def party_id(self) -> UUID:
        """Who acts; raises LookupError when nobody is known."""
        if self.party is None:
            raise LookupError("nobody is known behind this actor")
        return self.party


NOBODY = Actor()


def system_actor(centre: UUID, *, purpose: str, behalf: UUID | None = None) -> Actor:
    """The house itself at work in one centre: timers, and answers given through a link."""
    return Actor(role=SYSTEM, party=behalf, centres=(centre,), purpose=purpose, behalf=behalf)


_current: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


def current_actor() -> Actor:
    return _current.get()


def _tell_database(actor: Actor) -> None:
    centres = "{" + ",".join(str(centre) for centre in actor.file_centres) + "}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.centres', %s, true), set_config('app.party', %s, true),"
            " set_config('app.role', %s, true), set_config('app.purpose', %s, true)",
            [centres, str(actor.party or ""), actor.role, actor.purpose],
        )


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Run a block as `actor`. Must stand inside a transaction: the database forgets the actor
    with it, so a pooled connection can never keep somebody else's rights."""
    if not connection.in_atomic_block:
        raise RuntimeError("acting() needs a transaction: wrap the block in transaction.atomic()")
    before = _current.get()
    token = _current.set(actor)
    try:
        _tell_database(actor)
        yield actor
    finally:
        _current.reset(token)
        if not connection.needs_rollback:
            _tell_database(before)


__all__ = [
    "ANONYMOUS",
    "LINK",
    "NOBODY",
    "SYSTEM",
    "Actor",
    "Role",
    "acting",
    "current_actor",
    "system_actor",
]
