"""Tables follow the order of the house, and everything about a person stands behind a wall."""

from __future__ import annotations

import tomllib

import pytest
from django.apps import apps
from django.db.models import Field, ForeignKey, Model

from takeroot.access.walls import walled_models
from takeroot.accounts.models import Centre, Party
from takeroot.common.walls import Wall
from takeroot.people.models import Person
from tests.architecture.tools import ROOT

# Why each of these has no wall although a centre or a person stands in it.
OPEN = {
    "accounts.Membership": "read before anybody is known: who works where, nothing more",
    "accounts.User": "sign-in itself: one account may work for several centres",
}


def ours() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("takeroot.")]


def keys_of(model: type[Model]) -> list[ForeignKey]:
    return [field for field in model._meta.local_fields if isinstance(field, ForeignKey)]


def order() -> list[str]:
    """App packages, highest first, as the import contract has them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = settings["tool"]["importlinter"]["contracts"][0]
    return [name.strip() for layer in contract["layers"] for name in layer.split("|")]


def test_foreign_keys_point_at_the_same_app_or_below() -> None:
    height = {name: -place for place, name in enumerate(order())}
    upward = [
        f"{model._meta.label}.{key.name} -> {key.related_model._meta.label}"
        for model in ours()
        for key in keys_of(model)
        if key.related_model.__module__.startswith("takeroot.")
        and height[key.related_model._meta.app_label] > height[model._meta.app_label]
    ]
    assert upward == []


def test_the_order_names_every_app_that_has_tables() -> None:
    assert {model._meta.app_label for model in ours()} <= set(order())


def _needs_a_centre(model: type[Model]) -> bool:
    targets = {key.related_model for key in keys_of(model)}
    return bool(targets & ({Party, Person, Centre} | {walled for walled, _wall in walled_models()}))


def test_every_table_about_a_person_or_a_centre_carries_the_centres_key() -> None:
    without = {
        model._meta.label
        for model in ours()
        if _needs_a_centre(model)
        and "centre_id" not in {field.attname for field in model._meta.local_fields}
    }
    assert without == {"accounts.User"}, "give the table a centre, or say in OPEN why it has none"


def test_every_table_with_a_centres_key_declares_its_wall() -> None:
    open_tables = {
        model._meta.label
        for model in ours()
        if not isinstance(getattr(model, "wall", None), Wall)
        and (
            _needs_a_centre(model)
            or "centre_id" in {field.attname for field in model._meta.local_fields}
        )
    }
    assert open_tables == set(OPEN)


@pytest.mark.parametrize(
    ("model", "wall"), walled_models(), ids=lambda value: getattr(value, "__name__", "")
)
def test_a_wall_names_columns_that_exist_and_hold_what_it_says(
    model: type[Model], wall: Wall
) -> None:
    columns: dict[str, Field] = {field.attname: field for field in model._meta.local_fields}
    assert wall.centre in columns
    for name in wall.shared:
        assert columns[name].related_model is Centre, f"{name} holds no centre"
    for name in (*wall.own, *wall.opened):
        assert name in columns, f"{model._meta.label} has no column {name}"
        kind = columns[name].target_field if columns[name].is_relation else columns[name]
        assert kind.get_internal_type() == "UUIDField", f"{name} cannot hold a Party's key"


def test_keys_that_addresses_show_are_random() -> None:
    counted = {
        model._meta.label for model in ours() if model._meta.pk.get_internal_type() != "UUIDField"
    }
    assert counted <= {"accounts.User", "access.Change", "access.Read", "places.Place"}, (
        "addresses show this key: make it a random UUID"
    )
