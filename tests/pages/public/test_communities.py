"""The public page of a community: released figures, with what must stand beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from takeroot.accounts.models import Centre
from tests.connections.people import a_connectee
from tests.outcomes.makers import YEAR, happened, released

pytestmark = pytest.mark.django_db
PAGE = "/c/truro/"


def text(address: str = PAGE, **more: Any) -> str:
    answer = Client(**more).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_e19_everybody_sees_what_a_community_does_with_definition_source_and_period(
    centre: Centre, other_centre: Centre
) -> None:
    Centre.objects.filter(pk=centre.pk).update(email="hello@truro.example")
    happened(centre, "introduced", 24, month=2)
    happened(other_centre, "introduced", 33, month=2)
    released()
    page = text()
    assert 'Introductions</dt><dd class="value">24' in page
    assert f"What people here did: {YEAR}" in page
    assert "Letters of introduction between a newcomer and a Connector" in page
    assert "Release 1 of" in page
    assert "mailto:hello@truro.example" in page


def test_e19_a_small_figure_is_not_shown_and_the_page_says_why(centre: Centre) -> None:
    happened(centre, "introduced", 24, month=2)
    happened(centre, "met", 3, month=2)
    released()
    page = text()
    assert "Some figures are still too small to be shown without naming people." in page
    assert "Figures from 1 to 9 are not shown" in page
    assert '<dd class="value">3' not in page


def test_e19_a_draft_of_figures_is_not_public(centre: Centre) -> None:
    happened(centre, "introduced", 24, month=2)
    released(publish=False)
    page = text()
    assert "24" not in page.split("<main")[1].split("</main")[0]
    assert "Figures will stand here once the first ones are published." in page


def test_e19_nobody_signed_in_changes_what_the_page_says(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    """Staff who may see exact figures elsewhere see the released ones here, like everybody."""
    a_connectee(centre)
    happened(centre, "met", 3, month=2)
    released()
    inside = signed_in(centre).get(PAGE).content.decode()
    assert '<dd class="value">3' not in inside
    assert "Amina" not in inside


def test_e19_the_page_speaks_french_and_says_the_centres_own_word(centre: Centre) -> None:
    Centre.objects.filter(pk=centre.pk).update(connector_word_fr="Jumeleuse")
    happened(centre, "introduced", 24, month=2)
    released()
    page = text(HTTP_ACCEPT_LANGUAGE="fr")
    assert "Centre de Truro" in page
    assert "Jumeleuse" in page
    assert "Premières rencontres" in page


def test_every_community_is_listed_and_an_unknown_one_is_not_found(
    centre: Centre, other_centre: Centre
) -> None:
    page = text("/c/")
    assert "/c/truro/" in page
    assert "/c/gander/" in page
    assert Client().get("/c/nowhere/").status_code == 404


def test_a_community_that_joined_after_the_last_release_has_no_figures_yet(centre: Centre) -> None:
    happened(centre, "introduced", 24, month=2)
    released()
    from tests.cast import make_centre

    make_centre("late")
    assert "Figures will stand here" in text("/c/late/")


def test_the_public_page_asks_few_queries(
    centre: Centre, django_assert_max_num_queries: Any
) -> None:
    released()
    # The release, its figures, and the words that people let stand here, each behind its wall.
    with django_assert_max_num_queries(14):
        text()
