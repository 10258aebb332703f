"""What an erasure and the move of a file to another centre have in common: rights end, texts go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, Model, Q, Value

from takeroot.access.models import Consent, Grant
from takeroot.common.keeping import Keeps
from takeroot.keeping.models import Merge
from takeroot.keeping.tables import kept_tables
from takeroot.messaging.models import SignedLink
from takeroot.promises.enums import CloseReason, PromiseState
from takeroot.promises.models import Promise


def end_rights(keys: list[UUID], at: datetime, reason: CloseReason) -> None:
    """What was owed, opened and agreed ends now."""
    both = Q(debtor_id__in=keys) | Q(creditor_id__in=keys) | Q(subject_id__in=keys)
    Promise.objects.filter(both, state=PromiseState.OPEN).update(
        state=PromiseState.CLOSED, reason=reason, settled_at=at, next_at=None, held=""
    )
    Grant.objects.filter(
        Q(subject_id__in=keys) | Q(holder_id__in=keys), revoked_at__isnull=True
    ).update(revoked_at=at)
    Consent.objects.filter(party_id__in=keys, withdrawn_at__isnull=True).update(withdrawn_at=at)
    SignedLink.objects.filter(party_id__in=keys, revoked_at__isnull=True).update(revoked_at=at)


def empty_tables(keys: list[UUID]) -> set[UUID]:
    """Empty every row about a person. Returns their keys, for the trace."""
    emptied: set[UUID] = set()
    for model, keeps in kept_tables():
        emptied.update(_empty(model, keeps, keys))
    Merge.objects.filter(Q(stays_id__in=keys) | Q(gone_id__in=keys)).update(moved={})
    return emptied


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


def tables_with_rows(keys: list[UUID]) -> list[tuple[type[Model], Keeps, int]]:
    """Every table that holds something on a person, with how many rows; one query."""
    tables = kept_tables()
    parts = [
        model._base_manager.filter(rows_of(keeps, keys))
        .order_by()
        .values(table=Value(number, output_field=IntegerField()))
        .annotate(rows=Count("pk", distinct=True))
        .values_list("table", "rows")
        for number, (model, keeps) in enumerate(tables)
    ]
    counts = dict(parts[0].union(*parts[1:], all=True))
    return [
        (model, keeps, counts[number])
        for number, (model, keeps) in enumerate(tables)
        if counts.get(number)
    ]
