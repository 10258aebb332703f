"""Erasure by request: identity is severed, counts stay true, and no backup brings it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4, uuid5

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.access.enums import FingerprintKind
from takeroot.access.fingerprints import digests_of, keep_digest
from takeroot.access.services import scrub_trace
from takeroot.accounts.enums import STAFF_ROLES, PartyKind
from takeroot.accounts.models import Centre, Membership, Party, User
from takeroot.common.errors import Refused
from takeroot.common.keeping import endings
from takeroot.connections.models import Connectee, Connector, Contact
from takeroot.connections.models_import import ImportDraft
from takeroot.connections.services.doors import reach_of
from takeroot.keeping.enums import ErasureState
from takeroot.keeping.models import Erasure
from takeroot.keeping.selectors import earlier_homes, keys_of_person
from takeroot.keeping.services.emptying import empty_tables, end_rights
from takeroot.keeping.tombstones import FILE, Tombstone, read_tombstones, write_tombstones
from takeroot.promises.enums import CloseReason


@transaction.atomic
def record_wish(
    *, party: Party, asked_by: str, verified: str, asked_on: date, by: Actor
) -> Erasure:
    """Write down that somebody asked to be forgotten, and how it was made sure that it is them.
    The same wish twice is one. Raises Refused."""
    row = Party.objects.select_for_update(of=("self",)).get(pk=party.pk)
    _check(row)
    if asked_on > timezone.localdate(timezone=row.centre.zone):
        raise Refused(_("The day they asked is in the future."))
    found = Erasure.objects.filter(party=row, state=ErasureState.ASKED).first()
    if found is not None:
        return found
    wish = Erasure(
        centre_id=row.centre_id,
        party=row,
        asked_by=asked_by,
        verified=verified,
        asked_on=asked_on,
        recorded_by_id=by.party,
    )
    wish.full_clean(exclude=["centre", "party", "recorded_by", "done_by"])
    wish.save(force_insert=True)
    return wish


def _check(party: Party) -> None:
    if party.kind == PartyKind.ORGANIZATION:
        raise Refused(_("This is an organization, not a person."))
    if party.severed_at is not None:
        raise Refused(_("This person has been erased already."))
    if party.merged_into_id is not None:
        raise Refused(_("This file was merged with another. Open that one."))
    if Membership.objects.filter(user__party=party, role__in=STAFF_ROLES).exists():
        raise Refused(
            _("%(name)s works here and signs in. Close their sign-in first; nothing was erased.")
            % {"name": party.name}
        )


@transaction.atomic
def take_wish_back(*, erasure: Erasure, by: Actor) -> None:
    """The person changed their mind before anything was erased. Raises Refused."""
    row = Erasure.objects.select_for_update(of=("self",)).get(pk=erasure.pk)
    if row.state != ErasureState.ASKED:
        raise Refused(_("This wish was seen to already."))
    row.state = ErasureState.WITHDRAWN
    row.save(update_fields=["state"])


@transaction.atomic
def erase(*, erasure: Erasure, by: Actor) -> Erasure:
    """Forget somebody for good: names, addresses, texts, letters and notes are emptied, what lies
    ahead is cancelled and the other side told, sign-in, links, consents and grants end. Counts and
    days stay. Raises Refused."""
    Party.objects.select_for_update(of=("self",)).get(pk=erasure.party_id)
    row = (
        Erasure.objects.select_for_update(of=("self",))
        .select_related("party__centre")
        .get(pk=erasure.pk)
    )
    if row.state != ErasureState.ASKED:
        raise Refused(_("This wish was seen to already."))
    _check(row.party)
    keys = keys_of_person(row.party_id)
    row.prints = _fingerprints(row.party.centre_id, keys)
    row.done_by_id, row.done_at, row.state = by.party, timezone.now(), ErasureState.DONE
    row.save()
    _forget(row.party.centre_id, keys, row.done_at, row.prints, tell=True)
    transaction.on_commit(partial(write_tombstones, Path(settings.HOME), stones_of(row, keys)))
    return row


def _fingerprints(centre: UUID, keys: list[UUID]) -> list[list[str]]:
    """(kind, digest) of what must not come back: addresses that asked for silence, and the
    numbers under which the centre's own lists would bring the person again."""
    found: list[tuple[FingerprintKind, str]] = []
    silent = Contact.objects.filter(pk__in=keys, no_more_mail_at__isnull=False)
    found += [
        (FingerprintKind.ADDRESS, reach)
        for email, phone in silent.values_list("party__email", "party__phone")
        if (reach := reach_of(email, phone))
    ]
    for model in (Connectee, Connector):
        numbers = model.objects.filter(pk__in=keys).exclude(reference="")
        found += [
            (FingerprintKind.REFERENCE, reference)
            for reference in numbers.values_list("reference", flat=True)
        ]
    return [
        [kind.value, digests_of(centre=centre, kind=kind, text=text)[0]] for kind, text in found
    ]


def _forget(
    centre: UUID, keys: list[UUID], at: datetime, prints: list[list[str]], *, tell: bool
) -> None:
    emptied: set[UUID] = {*keys}
    for ending in endings():
        emptied.update(ending(keys, tell))
    end_rights(keys, at, CloseReason.ERASED)
    emptied.update(empty_tables(keys))
    # A list that waits to be loaded may name the person; nobody can say, so all of them go.
    drafts = ImportDraft.objects.filter(centre_id=centre, loaded_at__isnull=True)
    drafts.delete()
    _close_sign_in(keys)
    for kind, digest in prints:
        keep_digest(centre=centre, kind=kind, digest=digest)
    Party.objects.filter(pk__in=keys).update(severed_at=at)
    scrub_trace(row_ids=sorted(emptied, key=str))


def _close_sign_in(keys: list[UUID]) -> None:
    for user in User.objects.filter(party_id__in=keys):
        user.memberships.all().delete()
        EmailAddress.objects.filter(user=user).delete()
        Authenticator.objects.filter(user=user).delete()
        user.email = f"erased-{uuid4()}@invalid"
        user.is_active, user.last_login = False, None
        user.set_unusable_password()
        user.save()


def stone_of(row: Erasure, keys: list[UUID]) -> Tombstone:
    """The line of an erasure in the list outside the database."""
    assert row.done_at is not None
    return Tombstone(
        erasure=str(row.pk),
        centre=str(row.centre_id),
        party=str(row.party_id),
        keys=[str(key) for key in keys],
        asked_by=row.asked_by,
        verified=row.verified,
        asked_on=row.asked_on.isoformat(),
        done_at=row.done_at.isoformat(),
        prints=row.prints,
    )


def stones_of(row: Erasure, keys: list[UUID]) -> list[Tombstone]:
    """Its line, and one for each centre in which the file was before: a backup of those days would
    bring the person back there."""
    own = stone_of(row, keys)
    before = [
        replace(
            own,
            erasure=str(uuid5(row.pk, str(key))),
            centre=str(centre),
            party=str(key),
            keys=[str(key)],
            prints=[],
        )
        for centre, key in earlier_homes(row.party.centre_id, keys)
    ]
    return [own, *before]


def write_missing(home: Path) -> int:
    """Bring the list outside the database up to what the database knows: the moment between an
    erasure and its line may have been that of a power failure. Returns how many were missing."""
    stones: list[Tombstone] = []
    for centre in Centre.objects.all():
        with transaction.atomic(), acting(system_actor(centre.pk, purpose="keeping")):
            done = Erasure.objects.filter(centre=centre, state=ErasureState.DONE)
            for row in done:
                stones += stones_of(row, keys_of_person(row.party_id))
    return write_tombstones(home, stones) if stones else 0


def repeat_erasures(path: Path) -> int:
    """Erase again whoever an older backup brought back. Nobody is written to a second time; safe
    to repeat. Returns how many people were erased again. Raises ListDamaged."""
    centres = {str(centre.pk): centre for centre in Centre.objects.all()}
    return sum(
        _repeat(centres[stone.centre], stone)
        for stone in read_tombstones(path)
        if stone.centre in centres
    )


def _repeat(centre: Centre, stone: Tombstone) -> bool:
    keys = [UUID(key) for key in stone.keys]
    at = datetime.fromisoformat(stone.done_at)
    with transaction.atomic(), acting(system_actor(centre.pk, purpose="restore")):
        for kind, digest in stone.prints:
            keep_digest(centre=centre.pk, kind=kind, digest=digest)
        here = Party.objects.filter(pk__in=keys)
        if not here.filter(severed_at__isnull=True).exists():
            return False
        known = list(here.values_list("pk", flat=True))
        _forget(centre.pk, known, at, stone.prints, tell=False)
        _remember(centre, stone, at)
        return True


def _remember(centre: Centre, stone: Tombstone, at: datetime) -> None:
    Erasure.objects.filter(party_id=stone.party).exclude(pk=stone.erasure).delete()
    values = {
        "centre": centre,
        "party_id": stone.party,
        "asked_by": stone.asked_by,
        "verified": stone.verified,
        "asked_on": date.fromisoformat(stone.asked_on),
        "state": ErasureState.DONE,
        "done_at": at,
        "prints": stone.prints,
    }
    Erasure.objects.update_or_create(pk=stone.erasure, defaults=values)


__all__ = [
    "FILE",
    "erase",
    "record_wish",
    "repeat_erasures",
    "take_wish_back",
    "write_missing",
]
