"""Occupations while one types: five unit groups at most, for people who are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.pages import occupations
from takeroot.pages.coordinator.people_forms import ConnecteeForm, ConnectorForm
from tests.pages.coordinator.test_people import filled

pytestmark = pytest.mark.django_db
NURSES, DENTAL = "31301", "32111"


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def ask(client: Client, text: str, **more: Any) -> Any:
    return client.get(reverse("public:occupations"), {"q": text}, **more)


def test_five_unit_groups_fit_what_is_typed_even_misspelt(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    answer = ask(signed_in(centre), "nurze").json()
    assert len(answer["options"]) == 5
    first = answer["options"][0]
    assert (first["code"], first["words"]) == (NURSES, "Nurse")
    assert first["title"].startswith("Registered nurses")
    assert answer["said"] == "5 occupations fit."


def test_suggestions_speak_the_language_of_the_page(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    answer = ask(signed_in(centre, HTTP_ACCEPT_LANGUAGE="fr-CA"), "infirmière").json()
    first = answer["options"][0]
    # The words stay hers: the title that matched says «infirmier».
    assert (first["code"], first["words"]) == (NURSES, "infirmière")
    assert first["counts"].startswith("Compte comme\u00a0: Infirmiers autorisés")
    assert answer["said"] == "5 professions correspondent."


@pytest.mark.parametrize("text", ["", " ", "x", "<script>", "\u0000", "0" * 5000, "سباك"])
def test_whatever_is_typed_gets_an_answer(
    centre: Centre, signed_in: Callable[..., Client], text: str
) -> None:
    answer = ask(signed_in(centre), text)
    assert answer.status_code == 200
    assert len(answer.json()["options"]) <= 5


def test_only_people_who_are_signed_in_are_answered(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    assert ask(Client(), "nurse").status_code == 302
    for role in Role.values:
        assert ask(signed_in(centre, role), "nurse").status_code == 200


def test_asking_without_end_is_slowed_down(
    centre: Centre, signed_in: Callable[..., Client], monkeypatch: Any
) -> None:
    monkeypatch.setattr(occupations, "ASKED_A_MINUTE", 3)
    client = signed_in(centre)
    assert [ask(client, "nurse").status_code for _turn in range(4)] == [200, 200, 200, 429]
    assert ask(signed_in(centre, Role.WORKER), "nurse").status_code == 200


@pytest.mark.parametrize("form_class", [ConnecteeForm, ConnectorForm])
def test_the_group_chosen_while_typing_counts_and_the_words_stay(
    centre: Centre, form_class: type[ConnecteeForm] | type[ConnectorForm]
) -> None:
    typed = filled(occupation="nurse", meant_occupation=DENTAL, capacity="2")
    form = form_class(typed, centre=centre)
    assert form.is_valid(), form.errors
    person = form.details().person
    assert (person["occupation_code"], person["occupation_text"]) == (DENTAL, "nurse")


def test_a_group_that_does_not_exist_is_not_taken(centre: Centre) -> None:
    form = ConnecteeForm(filled(occupation="nurse", meant_occupation="99999"), centre=centre)
    assert form.is_valid()
    assert form.details().person["occupation_code"] == NURSES


def test_every_form_with_an_occupation_suggests(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    for name in ("connectee_new", "connector_new"):
        page = client.get(reverse(f"coordinator:{name}")).content.decode()
        assert 'data-suggest="/occupations/"' in page
        assert 'data-meant="meant_occupation"' in page
