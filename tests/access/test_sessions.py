"""B83: sessions begin anew at sign-in, end at once when they should, and tell nobody anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import time_machine
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from takeroot.accounts.enums import STAFF_ROLES, Role
from takeroot.accounts.models import Centre, Membership, User
from takeroot.config.database import with_name
from tests.cast import PASSWORD, member

pytestmark = pytest.mark.django_db
COOKIE = django_settings.SESSION_COOKIE_NAME
_CHANGES = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|[\w.+-]+@[\w.-]+\.example')


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def sign_in(client: Client, email: str, password: str = PASSWORD) -> HttpResponse:
    return client.post("/accounts/login/", {"login": email, "password": password})


def opens(client: Client) -> bool:
    return client.get("/people/").status_code == 200


def sent_to_sign_in(client: Client) -> bool:
    answer = client.get("/people/")
    return answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


def test_b83_signing_in_gives_a_new_session(coordinator: User) -> None:
    client = Client()
    session = client.session
    session["before"] = "a stranger's"
    session.save()
    client.cookies[COOKIE] = session.session_key
    assert sign_in(client, coordinator.email).status_code == 302
    assert client.cookies[COOKIE].value != session.session_key
    assert opens(client)
    stranger = Client()
    stranger.cookies[COOKIE] = session.session_key
    assert sent_to_sign_in(stranger)


def test_b83_a_disabled_account_is_out_at_the_next_request(coordinator: User) -> None:
    client = Client()
    sign_in(client, coordinator.email)
    assert opens(client)
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    assert sent_to_sign_in(client)
    sign_in(client, coordinator.email)
    assert sent_to_sign_in(client)


def test_b83_another_role_counts_from_the_next_request(coordinator: User) -> None:
    client = Client()
    sign_in(client, coordinator.email)
    assert opens(client)
    Membership.objects.filter(user=coordinator).update(role=Role.ANALYST)
    assert client.get("/people/").status_code == 404
    Membership.objects.filter(user=coordinator).update(role=Role.WORKER)
    assert opens(client)
    Membership.objects.filter(user=coordinator).delete()
    assert client.get("/people/").status_code == 404


def test_b83_a_new_password_ends_the_sessions_of_the_old_one(coordinator: User) -> None:
    one, other = Client(), Client()
    sign_in(one, coordinator.email)
    sign_in(other, coordinator.email)
    coordinator.set_password("another-long-password")
    coordinator.save()
    assert sent_to_sign_in(one)
    assert sent_to_sign_in(other)


def test_b83_half_an_hour_without_a_click_ends_the_session(coordinator: User) -> None:
    client = Client()
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        sign_in(client, coordinator.email)
        for _click in range(3):
            clock.shift(timedelta(minutes=29))
            assert opens(client)
        clock.shift(timedelta(minutes=31))
        assert sent_to_sign_in(client)


def minutes_open(client: Client, clock: Any, most: int) -> None:
    """Open while somebody clicks every `most` minutes or sooner, closed a minute after."""
    for _click in range(4):
        clock.shift(timedelta(minutes=most - 1))
        assert opens(client)
    clock.shift(timedelta(minutes=most + 1))
    assert sent_to_sign_in(client)


@pytest.mark.parametrize("role", sorted(STAFF_ROLES & {"coordinator", "supervisor", "worker"}))
@pytest.mark.parametrize(("shared", "most"), [("", 30), ("on", 10)])
def test_g14_thirty_minutes_idle_and_ten_on_a_shared_computer(
    centre: Centre, role: str, shared: str, most: int
) -> None:
    client, user = Client(), member(centre, role)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        typed = {"login": user.email, "password": PASSWORD, "shared": shared}
        assert client.post("/accounts/login/", typed).status_code == 302
        # Both end with the browser, whatever the clock says.
        assert not client.cookies[COOKIE]["max-age"]
        minutes_open(client, clock, most)


def test_g14_a_shared_computer_is_remembered_over_the_second_step(
    coordinator: User, settings: Any
) -> None:
    settings.SECOND_FACTOR_FOR_STAFF = True
    secret = generate_totp_secret()
    TOTP.activate(coordinator, secret)
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        typed = {"login": coordinator.email, "password": PASSWORD, "shared": "on"}
        client.post("/accounts/login/", typed)
        client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
        minutes_open(client, clock, 10)


def test_g14_the_next_person_at_the_computer_chooses_anew(coordinator: User) -> None:
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        typed = {"login": coordinator.email, "password": PASSWORD}
        client.post("/accounts/login/", {**typed, "shared": "on"})
        client.post("/accounts/logout/")
        client.post("/accounts/login/", typed)
        minutes_open(client, clock, 30)


def test_g14_a_step_up_gives_a_new_session(coordinator: User) -> None:
    client = Client()
    sign_in(client, coordinator.email)
    before = client.cookies[COOKIE].value
    assert client.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code == 200
    assert client.cookies[COOKIE].value == before
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    assert client.cookies[COOKIE].value != before
    assert opens(client)
    thief = Client()
    thief.cookies[COOKIE] = before
    assert sent_to_sign_in(thief)


def test_b83_the_session_cookie_is_kept_from_scripts_and_other_sites(
    coordinator: User, settings: Any
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    sign_in(client, coordinator.email)
    cookie = client.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["secure"]
    # It ends with the browser: on a shared computer nobody stays signed in.
    assert not cookie["max-age"]
    assert not cookie["expires"]


def test_b83_looking_at_the_sign_out_page_signs_nobody_out(coordinator: User) -> None:
    client = Client()
    sign_in(client, coordinator.email)
    for method in (client.get, client.head, client.options):
        method("/accounts/logout/")
        assert opens(client)
    key = client.cookies[COOKIE].value
    assert client.post("/accounts/logout/").status_code == 302
    thief = Client()
    thief.cookies[COOKIE] = key
    assert sent_to_sign_in(thief)


def code_of(secret: str, *, ago: int = 0) -> str:
    counter = next(iter(yield_hotp_counters_from_time())) - ago
    return format_hotp_value(hotp_value(secret, counter))


@pytest.mark.parametrize("role", sorted({"coordinator", "supervisor", "worker", "privacy_officer"}))
def test_b83_staff_see_no_file_before_their_second_factor(
    centre: Centre, settings: Any, role: str
) -> None:
    settings.SECOND_FACTOR_FOR_STAFF = True
    client = Client()
    client.force_login(member(centre, role))
    for where in ("/people/", "/today/", "/connectors/"):
        if (answer := client.get(where)).status_code != 404:
            assert answer["Location"] == "/accounts/2fa/totp/activate/"
            assert client.post(where)["Location"] == "/accounts/2fa/totp/activate/"
    settings.SECOND_FACTOR_FOR_STAFF = False
    assert client.get("/today/").status_code == 200


def test_b83_somebody_with_own_things_alone_needs_no_second_factor(
    centre: Centre, settings: Any
) -> None:
    settings.SECOND_FACTOR_FOR_STAFF = True
    client = Client()
    client.force_login(member(centre, Role.NEWCOMER))
    assert client.get("/today/").status_code == 200


def test_b83_with_a_second_factor_the_password_alone_opens_nothing(
    coordinator: User, settings: Any
) -> None:
    settings.SECOND_FACTOR_FOR_STAFF = True
    secret = generate_totp_secret()
    TOTP.activate(coordinator, secret)
    client = Client()
    answer = sign_in(client, coordinator.email)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert sent_to_sign_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert sent_to_sign_in(client)
    code = code_of(secret)
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert opens(client)
    # The same code once more opens nothing: somebody may have looked over the shoulder.
    again = Client()
    sign_in(again, coordinator.email)
    again.post("/accounts/2fa/authenticate/", {"code": code})
    assert sent_to_sign_in(again)


def shown(answer: HttpResponse) -> tuple[int, str, str]:
    text = _CHANGES.sub("…", answer.content.decode())
    return answer.status_code, answer.headers.get("Location", ""), text


def test_b83_sign_in_does_not_tell_whether_an_account_exists(coordinator: User) -> None:
    wrong = shown(sign_in(Client(), coordinator.email, "not-the-password-at-all"))
    unknown = shown(sign_in(Client(), "nobody@truro.example", "not-the-password-at-all"))
    assert wrong == unknown
    assert wrong[0] == 200


def test_b83_a_forgotten_password_does_not_tell_whether_an_account_exists(
    coordinator: User,
) -> None:
    answers = []
    for email in (coordinator.email, "nobody@truro.example"):
        client = Client()
        first = client.post("/accounts/password/reset/", {"email": email})
        answers.append((shown(first), shown(client.get(first["Location"]))))
    assert answers[0] == answers[1]
    assert [m.to for m in mail.outbox if "/password/reset/key/" in m.body] == [[coordinator.email]]


@pytest.fixture
def real_cache(database_urls: Any, settings: Any, db: None) -> None:
    """The shared cache of production: a table of the database."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    with psycopg.connect(with_name(database_urls.owner, name), autocommit=True) as owner:
        owner.execute(
            "CREATE TABLE IF NOT EXISTS takeroot_cache (cache_key varchar(255) PRIMARY KEY,"
            " value text NOT NULL, expires timestamptz NOT NULL)"
        )
        owner.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON takeroot_cache TO takeroot_app")
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "takeroot_cache",
        }
    }
    cache.clear()


def test_b83_guessing_passwords_is_slowed_down_and_the_right_one_waits_too(
    coordinator: User, real_cache: None
) -> None:
    for _try in range(5):
        answer = sign_in(Client(), coordinator.email, "not-the-password-at-all")
        assert answer.status_code == 200
    slowed = Client()
    sign_in(slowed, coordinator.email)
    assert sent_to_sign_in(slowed)
    # Five minutes later the door opens again.
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        later = Client()
        sign_in(later, coordinator.email)
        assert opens(later)


def test_b83_one_address_may_not_try_many_accounts(coordinator: User, real_cache: None) -> None:
    seen = [
        sign_in(Client(), f"somebody{n}@truro.example", "a-wrong-password-here").status_code
        for n in range(40)
    ]
    assert 429 in seen or sent_after(coordinator)


def sent_after(user: User) -> bool:
    client = Client()
    sign_in(client, user.email)
    return sent_to_sign_in(client)
