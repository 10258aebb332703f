"""The tables that hold people, as their models declare it."""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.db.models import Field, ForeignKey, Model

from takeroot.common.keeping import Keeps, keeps_of


@cache
def kept_tables() -> tuple[tuple[type[Model], Keeps], ...]:
    """Every model that holds people, with its declaration; what others point at comes first."""
    found = []
    for model in apps.get_models():
        keeps = keeps_of(model)
        if keeps is not None and not keeps.nobody:
            found.append((model, keeps))
    return tuple(found)


@cache
def person_keyed() -> frozenset[type[Model]]:
    """Models whose own key is the person's."""
    return frozenset(model for model, keeps in kept_tables() if keeps.key)


def person_columns(model: type[Model], keeps: Keeps) -> list[str]:
    """The columns of a row that hold a person's key, its own aside."""
    columns = [
        field.attname
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey)
        and field.related_model in person_keyed()
        and not (keeps.key and field.one_to_one)
    ]
    return [*columns, *keeps.keys]


def field_of(model: type[Model], name: str) -> Field:  # type: ignore[type-arg]
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    return field
