"""Erasure by request: identity is severed, counts stay true, and no backup brings it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor, acting, system_actor
from takeroot.access.enums import FingerprintKind
from takeroot.access.fingerprints import digests_of, keep_digest
from takeroot.access.models import Consent, Grant
from takeroot.access.services import scrub_trace
from takeroot.accounts.enums import STAFF_ROLES, PartyKind
from takeroot.accounts.models import Centre, Membership, Party, User
from takeroot.common.errors import Refused
from takeroot.common.keeping import Keeps, endings
from takeroot.connections.models import Connectee, Connector, Contact
from takeroot.connections.models_import import ImportDraft
from takeroot.keeping.enums import ErasureState
from takeroot.keeping.models import Erasure, Merge
from takeroot.keeping.selectors import keys_of_person
from takeroot.keeping.tables import kept_tables
from takeroot.keeping.tombstones import FILE, Tombstone, read_tombstones, write_tombstones
from takeroot.messaging.models import SignedLink
from takeroot.promises.enums import CloseReason, PromiseState
from takeroot.promises.models import Promise


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
    transaction.on_commit(partial(write_tombstones, Path(settings.HOME), [stone_of(row, keys)]))
    return row


def _fingerprints(centre: UUID, keys: list[UUID]) -> list[list[str]]:
    """(kind, digest) of what must not come back: addresses that asked for silence, and the
    numbers under which the centre's own lists would bring the person again."""
    found: list[tuple[FingerprintKind, str]] = []
    silent = Contact.objects.filter(pk__in=keys, no_more_mail_at__isnull=False)
    found += [
        (FingerprintKind.ADDRESS, email)
        for email in silent.values_list("party__email", flat=True)
        if email
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
    _end_rights(keys, at)
    for model, keeps in kept_tables():
        emptied.update(_empty(model, keeps, keys))
    Merge.objects.filter(Q(stays_id__in=keys) | Q(gone_id__in=keys)).update(moved={})
    # A list that waits to be loaded may name the person; nobody can say, so all of them go.
    drafts = ImportDraft.objects.filter(centre_id=centre, loaded_at__isnull=True)
    drafts.delete()
    _close_sign_in(keys)
    for kind, digest in prints:
        keep_digest(centre=centre, kind=kind, digest=digest)
    Party.objects.filter(pk__in=keys).update(severed_at=at)
    scrub_trace(row_ids=sorted(emptied, key=str))


def _end_rights(keys: list[UUID], at: datetime) -> None:
    """What was owed, opened and agreed ends now."""
    both = Q(debtor_id__in=keys) | Q(creditor_id__in=keys) | Q(subject_id__in=keys)
    Promise.objects.filter(both, state=PromiseState.OPEN).update(
        state=PromiseState.CLOSED, reason=CloseReason.ERASED, settled_at=at
    )
    Grant.objects.filter(
        Q(subject_id__in=keys) | Q(holder_id__in=keys), revoked_at__isnull=True
    ).update(revoked_at=at)
    Consent.objects.filter(party_id__in=keys, withdrawn_at__isnull=True).update(withdrawn_at=at)
    SignedLink.objects.filter(party_id__in=keys, revoked_at__isnull=True).update(revoked_at=at)


def _empty(model: type[Model], keeps: Keeps, keys: list[UUID]) -> Iterable[UUID]:
    """Empty the person's rows of one table. Returns their keys, for the trace."""
    rows = model._base_manager.filter(rows_of(keeps, keys))
    found: list[Any] = list(rows.order_by().values_list("pk", flat=True).distinct())
    theirs = model._base_manager.filter(pk__in=found)
    if keeps.goes:
        theirs.delete()
    elif keeps.forget:
        theirs.update(**keeps.forget)
    return found


def rows_of(keeps: Keeps, keys: list[UUID]) -> Q:
    """Which rows of a table are about a person."""
    named = Q()
    for look_up in keeps.about:
        named |= Q(**{f"{look_up}__in": keys})
    return named


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


def write_missing(home: Path) -> int:
    """Bring the list outside the database up to what the database knows: the moment between an
    erasure and its line may have been that of a power failure. Returns how many were missing."""
    stones = []
    for centre in Centre.objects.all():
        with transaction.atomic(), acting(system_actor(centre.pk, purpose="keeping")):
            done = Erasure.objects.filter(centre=centre, state=ErasureState.DONE)
            stones += [stone_of(row, keys_of_person(row.party_id)) for row in done]
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
    "rows_of",
    "take_wish_back",
    "write_missing",
]
