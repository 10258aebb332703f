"""Two files of one person become one, and two again when that was a mistake."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import ForeignKey, Model, ProtectedError, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.enums import PartyKind
from takeroot.accounts.models import Party, User
from takeroot.common.errors import Refused
from takeroot.common.keeping import Keeps, objections
from takeroot.common.models import Versioned
from takeroot.common.text import search_key
from takeroot.connections.models import Qualification
from takeroot.keeping.cells import Hand, model_of, put_back
from takeroot.keeping.enums import ErasureState, PairState
from takeroot.keeping.models import Erasure, Merge, Pair
from takeroot.keeping.selectors import UNDO_DAYS
from takeroot.keeping.tables import kept_tables, person_columns, person_keyed
from takeroot.ledger.models import Event
from takeroot.promises.enums import PromiseKind, PromiseState
from takeroot.promises.models import Promise

# A row that no constraint lets stand beside another is tried so often with other values.
_TRIES = 4
_NEVER_FILLED = {"id", "centre_id", "created_at", "version", "kind", "name", "sort_key"}
_NEVER_FILLED |= {"search_key", "merged_into_id", "severed_at"}


@transaction.atomic
def merge_files(*, stays: UUID, goes: UUID, by: Actor) -> Merge:
    """Make two files one: what hangs on `goes` moves to `stays`, what `stays` lacks is filled in,
    what cannot stand twice stays where it is and is read through. Raises Refused."""
    staying, going = _two(stays, goes)
    _check(staying, going)
    hand = Hand()
    for model, keeps in kept_tables():
        if keeps.key:
            _fold(hand, model, keeps, staying.pk, going.pk)
    for model, keeps in kept_tables():
        _fill_single(hand, model, keeps, staying.pk, going.pk)
        if keeps.moves:
            _move(hand, model, keeps, staying.pk, going.pk)
    _settle_readiness(hand, staying.pk)
    hand.write(Party, going.pk, {"merged_into_id": staying.pk})
    _decide(hand, staying.pk, going.pk, by)
    _count_up(staying.pk, going.pk)
    merge = Merge(
        centre_id=staying.centre_id,
        stays=staying,
        gone=going,
        by_id=by.party,
        moved=hand.kept(),
        rows=hand.rows,
    )
    merge.save(force_insert=True)
    return merge


def _two(stays: UUID, goes: UUID) -> tuple[Party, Party]:
    """Both files, locked in one order whoever asks. Raises Refused."""
    rows = {
        row.pk: row
        for row in Party.objects.select_for_update(of=("self",))
        .filter(pk__in=(stays, goes))
        .order_by("pk")
    }
    if len(rows) < 2:
        raise Refused(_("Choose two files."))
    return rows[stays], rows[goes]


def _check(staying: Party, going: Party) -> None:
    for party in (staying, going):
        if party.merged_into_id is not None:
            raise Refused(
                _("The file of %(name)s has just been merged with another. Nothing was changed.")
                % {"name": party.name}
            )
    if staying.centre_id != going.centre_id or staying.kind != going.kind:
        raise Refused(_("Only two files of the same kind in the same centre can be merged."))
    if staying.kind == PartyKind.ORGANIZATION or staying.severed_at or going.severed_at:
        raise Refused(_("Only files of people can be merged, and none that was erased."))
    if User.objects.filter(party=going).exists():
        raise Refused(
            _("%(name)s signs in with the other file. Let that file be the one that stays.")
            % {"name": going.name}
        )
    both = (staying.pk, going.pk)
    if Erasure.objects.filter(party_id__in=both, state=ErasureState.ASKED).exists():
        raise Refused(
            _("One of the two asked to be forgotten. See to that first; nothing was merged.")
        )
    for objection in objections():
        if sentence := objection(staying.pk, going.pk):
            raise Refused(sentence)


def _unique_names(model: type[Model]) -> set[str]:
    """Columns of which no two rows of a centre may hold the same."""
    names = {
        name
        for one in model._meta.constraints
        if isinstance(one, UniqueConstraint)
        for name in one.fields
    }
    return names - {"centre"}


def _key_columns(model: type[Model]) -> list[str]:
    """Columns that hold the row's own key once more (`person_id` of a Connectee)."""
    return [
        field.attname
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey) and field.one_to_one
    ]


def _fold(hand: Hand, model: type[Model], keeps: Keeps, stays: UUID, goes: UUID) -> None:
    """Rows whose key is the person's: filled from the other, or made anew under this key."""
    old = model._base_manager.filter(pk=goes).first()
    if old is None:
        return
    new = model._base_manager.filter(pk=stays).first()
    if new is not None:
        _fill(hand, keeps, new, old)
        return
    values = {f.attname: getattr(old, f.attname) for f in model._meta.local_concrete_fields}
    values |= dict.fromkeys(["id", *_key_columns(model)], stays)
    for name in _unique_names(model):
        if getattr(old, name):
            hand.write(model, goes, {name: ""})
    hand.make(model(**values))


def _fill(hand: Hand, keeps: Keeps, new: Model, old: Model) -> None:
    """What the staying row lacks, from the other; where the model says how, the better of both."""
    model, values = type(new), {}
    never = _NEVER_FILLED | set(_key_columns(model))
    for field in model._meta.local_concrete_fields:
        name = field.attname
        mine, theirs = getattr(new, name), getattr(old, name)
        if name in keeps.joined:
            values[name] = keeps.joined[name](mine, theirs)
        elif name not in never and not mine and theirs:
            values[name] = theirs
    for name in _unique_names(model) & set(values):
        hand.write(model, old.pk, {name: ""})
    if isinstance(new, Party) and "email" in values:
        values["search_key"] = search_key(f"{new.name} {values['email']}")[:460]
    if values:
        hand.write(model, new.pk, values)


def _fill_single(hand: Hand, model: type[Model], keeps: Keeps, stays: UUID, goes: UUID) -> None:
    """Tables that hold one row for a person (the readiness list): both are read into one."""
    if keeps.key:
        return
    for field in model._meta.local_fields:
        if isinstance(field, ForeignKey) and field.one_to_one:
            if field.related_model not in person_keyed():
                continue
            rows = {
                getattr(row, field.attname): row
                for row in model._base_manager.filter(**{f"{field.attname}__in": (stays, goes)})
            }
            if len(rows) == 2:
                _fill(hand, keeps, rows[stays], rows[goes])


def _move(hand: Hand, model: type[Model], keeps: Keeps, stays: UUID, goes: UUID) -> None:
    columns = person_columns(model, keeps)
    if not columns:
        return
    named = Q()
    for column in columns:
        named |= Q(**{column: goes})
    for row in model._base_manager.filter(named).order_by("pk"):
        values = {column: stays for column in columns if getattr(row, column) == goes}
        _fit(hand, keeps, row, values, stays)


def _fit(hand: Hand, keeps: Keeps, row: Model, values: dict[str, Any], stays: UUID) -> None:
    """Move one row; if a constraint says no, with what lets it stand, or only the columns that
    the constraint does not protect."""
    model = type(row)
    for _try in range(_TRIES):
        try:
            with transaction.atomic():
                hand.write(model, row.pk, values)
            return
        except IntegrityError as problem:
            name = getattr(getattr(problem.__cause__, "diag", None), "constraint_name", "") or ""
            extra = keeps.clash(row, stays, name) if keeps.clash else None
            if extra is not None and not extra.keys() <= values.keys():
                values = {**values, **extra}
                continue
            values = {key: values[key] for key in values.keys() - _protected(model, name)}
            hand.left.append([model._meta.label, str(row.pk)])
            if not values:
                return
    raise Refused(_("These two files cannot be merged: something stands in both. Ask for help."))


def _protected(model: type[Model], constraint: str) -> set[str]:
    """The columns of a constraint; of a key that stands once, its own."""
    for one in model._meta.constraints:
        if isinstance(one, UniqueConstraint) and one.name == constraint:
            return {model._meta.get_field(name).attname for name in one.fields}  # type: ignore[union-attr]
    return set(_key_columns(model))


def _settle_readiness(hand: Hand, stays: UUID) -> None:
    """A list that is signed in the joined file is owed no more."""
    if not Qualification.objects.filter(connectee_id=stays, signed_at__isnull=False).exists():
        return
    for promise in Promise.objects.filter(
        subject_id=stays, kind=PromiseKind.SIGN_READINESS, state=PromiseState.OPEN
    ):
        kept = {"state": PromiseState.KEPT, "settled_at": timezone.now()}
        hand.write(Promise, promise.pk, kept)


def _decide(hand: Hand, stays: UUID, goes: UUID, by: Actor) -> None:
    pair = Pair.objects.filter(one_id=min(stays, goes), other_id=max(stays, goes)).first()
    if pair is not None:
        said = {"decided_by_id": by.party, "decided_at": timezone.now()}
        hand.write(Pair, pair.pk, {"state": PairState.SAME, **said})


def _count_up(stays: UUID, goes: UUID) -> None:
    """Whoever has either file open in a form is told when they save: no version that either page
    showed is left."""
    for model, keeps in kept_tables():
        if keeps.key and issubclass(model, Versioned):
            rows = model._base_manager.filter(pk__in=(stays, goes))
            last = max(rows.values_list("version", flat=True), default=0)
            rows.update(version=last + 1)


@transaction.atomic
def undo_merge(*, merge: Merge, by: Actor) -> Merge:
    """Put back exactly what was, if nothing has happened since that only one of the two could
    have done. Raises Refused with what stands against it."""
    row = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    _two(row.stays_id, row.gone_id)
    _check_undo(row)
    try:
        with transaction.atomic():
            _take_apart(row.moved)
    except (IntegrityError, ProtectedError) as problem:
        raise Refused(
            _(
                "This merge can no longer be undone: something was added to the joined file since. "
                "Nothing was put back; the two files stay one."
            )
        ) from problem
    _count_up(row.stays_id, row.gone_id)
    row.moved, row.undone_at, row.undone_by_id = {}, timezone.now(), by.party
    row.save()
    return row


def _take_apart(moved: dict[str, Any]) -> None:
    made = [(model_of(label), key) for label, key in moved["made"]]
    for model, key in made:
        model._base_manager.filter(pk=key).update(**dict.fromkeys(_unique_names(model), ""))
    if table := put_back(moved["writes"]):
        raise Refused(
            _(
                "This merge can no longer be undone: %(what)s changed since. Nothing was put back; "
                "the two files stay one."
            )
            % {"what": _words_of(table)}
        )
    for model, key in reversed(made):
        model._base_manager.filter(pk=key).delete()


def _words_of(label: str) -> str:
    keeps = getattr(model_of(label), "keeps", None)
    return str(keeps.label) if isinstance(keeps, Keeps) else label


def _check_undo(row: Merge) -> None:
    if row.undone_at is not None:
        raise Refused(_("This merge was undone already."))
    if not row.moved or timezone.now() > row.created_at + timedelta(days=UNDO_DAYS):
        raise Refused(
            _("A merge can be undone for %(days)d days; these are over.") % {"days": UNDO_DAYS}
        )
    if row.stays.severed_at is not None:
        raise Refused(_("The person has been erased since; there is nothing to put back."))
    if row.stays.merged_into_id is not None:
        raise Refused(
            _("The joined file was merged with another since. Undo that merge first, then this.")
        )
    lately = Event.objects.filter(
        Q(party_id=row.stays_id) | Q(other_id=row.stays_id), created_at__gt=row.created_at
    )
    if event := lately.order_by("-created_at").first():
        raise Refused(
            _(
                "Since the merge something happened to the joined person: %(what)s. Nobody can say "
                "to which of the two files it belongs, so the merge stays."
            )
            % {"what": event.get_kind_display()}
        )


@transaction.atomic
def forget_old_merges(*, now: Any = None) -> int:
    """What merges had moved is kept for as long as they can be undone. Returns how many were
    emptied."""
    limit = (now or timezone.now()) - timedelta(days=UNDO_DAYS + 1)
    return Merge.objects.filter(created_at__lt=limit).exclude(moved={}).update(moved={})


__all__ = ["UNDO_DAYS", "forget_old_merges", "merge_files", "undo_merge"]
