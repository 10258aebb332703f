"""A centre begins from the command line, and its coordinator gets in by one link."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client

from takeroot.accounts.models import Centre, Membership, Party, User
from takeroot.config.centres import begin_centre, close_account, invite
from takeroot.config.problems import CentreProblem

pytestmark = pytest.mark.django_db


def begin(**more: str) -> str:
    words = {
        "name_en": "Gander centre",
        "name_fr": "Centre de Gander",
        "place": "Gander, NL",
        "email": "jo@centre.example",
    }
    return begin_centre(**{**words, **more})


def path_in(said: str) -> str:
    return urlsplit(said.splitlines()[-1]).path


def test_the_link_sets_a_password_once_and_the_coordinator_signs_in() -> None:
    path = path_in(begin())
    client = Client()
    form = client.get(path, follow=True)
    assert b'type="password"' in form.content
    typed = {"password1": "moss on the north side", "password2": "moss on the north side"}
    done = client.post(form.redirect_chain[-1][0], typed)
    assert done.status_code == 302
    signed_in = Client()
    signed_in.post(
        "/accounts/login/", {"login": "jo@centre.example", "password": typed["password1"]}
    )
    assert signed_in.get("/today/").status_code == 200
    # The same link a second time sets nothing.
    assert b'type="password"' not in Client().get(path, follow=True).content


def test_the_centre_keeps_the_time_of_its_place() -> None:
    begin()
    centre = Centre.objects.get()
    assert (centre.slug, centre.timezone) == ("gander-centre", "America/St_Johns")
    assert Membership.objects.get().role == "coordinator"


def test_somebody_who_signs_in_already_gets_a_second_centre() -> None:
    begin()
    user = User.objects.get()
    user.set_password("moss on the north side")
    user.save()
    said = begin(name_en="Truro centre", place="Truro, NS")
    assert "signs in as before" in said
    assert "/accounts/" not in said
    assert user.memberships.count() == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"place": "Nowhere At All"}, "no such community"),
        ({"email": "jo at centre"}, "is not an e-mail address"),
        ({"name_fr": "x" * 121}, "Nothing was made"),
    ],
)
def test_what_cannot_be_right_is_said_and_nothing_is_made(given: dict[str, str], said: str) -> None:
    with pytest.raises(CentreProblem, match=said):
        begin(**given)
    assert not Centre.objects.exists()
    assert not User.objects.exists()
    assert not Party.objects.exists()


def test_the_same_name_twice_is_refused() -> None:
    begin()
    with pytest.raises(CentreProblem, match="There is a centre"):
        begin(email="other@centre.example")


def test_staff_are_invited_into_a_centre_with_a_role() -> None:
    begin()
    said = invite(
        slug="gander-centre", email="Sam@centre.example", role="worker", name="Sam Sample"
    )
    assert "/accounts/password/reset/key/" in said
    assert Membership.objects.get(user__email="sam@centre.example").role == "worker"
    with pytest.raises(CentreProblem, match="has a role"):
        invite(slug="gander-centre", email="sam@centre.example", role="worker")


@pytest.mark.parametrize(
    ("given", "said"),
    [({"slug": "nowhere"}, "There are: gander-centre"), ({"role": "king"}, "one of analyst")],
)
def test_an_invitation_that_cannot_be_is_said(given: dict[str, str], said: str) -> None:
    begin()
    words = {"slug": "gander-centre", "email": "sam@centre.example", "role": "worker", **given}
    with pytest.raises(CentreProblem, match=said):
        invite(**words)


def test_g14_somebody_who_left_is_out_at_the_next_request() -> None:
    begin()
    user = User.objects.get()
    client = Client()
    client.force_login(user)
    assert client.get("/today/").status_code == 200
    assert "can no longer sign in" in close_account(email="jo@centre.example")
    assert client.get("/today/").status_code == 302
    with pytest.raises(CentreProblem, match="Nobody signs in"):
        close_account(email="nobody@centre.example")
