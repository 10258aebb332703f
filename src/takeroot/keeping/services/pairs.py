"""Looking for files that may be one person's, and deciding on them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.keeping.enums import PairState
from takeroot.keeping.likeness import Found, pairs_alike
from takeroot.keeping.models import Merge, Pair
from takeroot.keeping.selectors import cards_of_contacts, cards_of_people
from takeroot.keeping.services.merging import merge_files

_BATCH = 1000


@transaction.atomic
def look_for_pairs(*, centre: Centre) -> int:
    """Compare everybody of a centre and write down what is alike. A pair that somebody decided on
    is never proposed again; one that is alike no more is dropped. Returns how many wait."""
    # Two at once would write the same pairs.
    Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
    found = {
        (pair.one, pair.other): pair
        for cards in (cards_of_people(centre), cards_of_contacts(centre))
        for pair in pairs_alike(cards)
    }
    known = {(row.one_id, row.other_id): row for row in Pair.objects.filter(centre=centre)}
    _add(centre, [pair for key, pair in found.items() if key not in known])
    waiting = [row for row in known.values() if row.state == PairState.PROPOSED]
    gone = [row.pk for row in waiting if (row.one_id, row.other_id) not in found]
    Pair.objects.filter(pk__in=gone).delete()
    _say_anew([row for row in waiting if row.pk not in set(gone)], found)
    return Pair.objects.filter(centre=centre, state=PairState.PROPOSED).count()


def _add(centre: Centre, pairs: list[Found]) -> None:
    Pair.objects.bulk_create(
        [
            Pair(
                centre=centre,
                one_id=pair.one,
                other_id=pair.other,
                reasons=list(pair.reasons),
                strength=pair.strength,
            )
            for pair in pairs
        ],
        batch_size=_BATCH,
    )


def _say_anew(rows: list[Pair], found: dict[tuple[UUID, UUID], Found]) -> None:
    changed = []
    for row in rows:
        now = found[row.one_id, row.other_id]
        if list(row.reasons) != list(now.reasons):
            row.reasons, row.strength = list(now.reasons), now.strength
            changed.append(row)
    Pair.objects.bulk_update(changed, ["reasons", "strength"], batch_size=_BATCH)


def _open(pair: Pair) -> Pair:
    """The pair, locked, if nobody decided on it meanwhile. Raises Refused."""
    row = Pair.objects.select_for_update(of=("self",)).filter(pk=pair.pk).first()
    if row is None:
        raise Refused(_("These two files are no longer alike; nothing was changed."))
    if row.state == PairState.SAME:
        raise Refused(_("Somebody else has just said that these two are the same person."))
    if row.state == PairState.DIFFERENT:
        raise Refused(_("Somebody else has just said that these are two different people."))
    return row


@transaction.atomic
def say_different(*, pair: Pair, by: Actor) -> Pair:
    """Two different people: remembered, never proposed again. Raises Refused."""
    row = _open(pair)
    row.state, row.decided_by_id, row.decided_at = PairState.DIFFERENT, by.party, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    return row


@transaction.atomic
def say_same(*, pair: Pair, stays: UUID, by: Actor) -> Merge:
    """The same person: the file `stays` takes the other in. Raises Refused."""
    row = _open(pair)
    both = {row.one_id, row.other_id}
    if stays not in both:
        raise Refused(_("Choose which of the two files stays."))
    (goes,) = both - {stays}
    return merge_files(stays=stays, goes=goes, by=by)
