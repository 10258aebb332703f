"""Whatever holds people says so: the copy of one's own file, erasure and merges miss no table."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Field, Model
from django.utils.functional import Promise

from takeroot.access.models import Change, Fingerprint, Read
from takeroot.accounts.models import Membership, Party, User
from takeroot.common.keeping import keeps_of
from takeroot.keeping.tables import kept_tables, person_columns, person_keyed
from takeroot.keeping.words import FIELDS
from tests.architecture.test_models import keys_of, ours

# Tables that point at people and declare nothing, with what sees to them instead.
BY_HAND = {
    User: "keeping.services.erasing closes the sign-in",
    Membership: "deleted with the sign-in",
    Change: "emptied by takeroot_scrub",
    Read: "keys and moments only; the copy of a file lists them",
    Fingerprint: "keyed hashes",
}
_TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, ArrayField)


def reaching_people() -> set[type[Model]]:
    """Party, and every table from which a chain of keys leads to it."""
    found: set[type[Model]] = {Party}
    while True:
        more = {
            model
            for model in ours()
            if model not in found and any(key.related_model in found for key in keys_of(model))
        }
        if not more:
            return found
        found |= more


def test_every_table_that_reaches_a_person_says_how_it_keeps_them() -> None:
    silent = {
        model._meta.label
        for model in reaching_people()
        if keeps_of(model) is None and model not in BY_HAND
    }
    assert silent == set(), "declare `keeps` beside the wall (CONTRIBUTING.md, «A table»)"


def _is_text(field: Field) -> bool:
    """Whether a field could name or describe somebody: no code of a list of ours."""
    if isinstance(field, ArrayField):
        return not field.base_field.choices
    bare_key = isinstance(field, models.UUIDField) and not field.primary_key
    return (isinstance(field, _TEXTS) and not field.choices) or bare_key


def test_every_text_of_such_a_table_is_forgotten_or_said_to_hold_nobody() -> None:
    unsaid = {
        f"{model._meta.label}.{field.name}"
        for model, keeps in kept_tables()
        if not keeps.goes
        for field in model._meta.local_fields
        if _is_text(field)
        and not field.is_relation
        and field.name not in {*keeps.forget, *keeps.stays, *keeps.keys}
    }
    assert unsaid == set()


def test_a_declaration_names_fields_that_exist() -> None:
    wrong = []
    for model, keeps in kept_tables():
        names = {name for fields in keeps.about.values() for name in fields}
        for name in {*names, *keeps.forget, *keeps.stays, *keeps.keys, *keeps.joined}:
            try:
                model._meta.get_field(name)
            except FieldDoesNotExist:
                wrong.append(f"{model._meta.label}.{name}")
        for look_up in keeps.about:
            model._default_manager.filter(**{f"{look_up}__in": []})
    assert wrong == []


def test_a_table_that_is_kept_says_whose_its_rows_are_and_has_a_name() -> None:
    nameless = [
        model._meta.label
        for model, keeps in kept_tables()
        if not keeps.about or not isinstance(keeps.label, Promise)
    ]
    assert nameless == []


def test_every_field_of_a_copy_has_its_words_in_both_languages() -> None:
    wordless = {
        f"{model._meta.label}.{name}"
        for model, keeps in kept_tables()
        for fields in keeps.about.values()
        for name in fields
        if name not in FIELDS
        and not isinstance(getattr(model._meta.get_field(name), "verbose_name", ""), Promise)
    }
    assert wordless == set(), "give the field a translated name, or words in keeping/words.py"


def test_the_walk_finds_who_is_keyed_by_the_person_and_who_points_at_them() -> None:
    from takeroot.connections.models import Connectee, Meeting, Referral

    assert {Party, Connectee} < person_keyed()
    columns = {model: person_columns(model, keeps) for model, keeps in kept_tables()}
    assert set(columns[Referral]) == {"connectee_id", "referrer_id", "contact_id", "contact_party"}
    assert set(columns[Meeting]) == {"proposed_by_id", "connectee_party", "connector_party"}
    # The key that makes a Connectee the person is no reference that a merge could move.
    assert columns[Connectee] == []
