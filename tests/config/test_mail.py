"""MAIL_URL becomes the settings of the mail server, or a sentence that never shows the password."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeroot.config.mail import MailServer, read_mail_url
from takeroot.config.problems import EnvironmentProblem


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 587)),
        (
            "smtp://jo%40town.example:p%2Fw@mail.example:2525",
            MailServer("mail.example", 2525, "jo@town.example", "p/w"),
        ),
        (
            "smtps://jo:pw@mail.example",
            MailServer("mail.example", 465, "jo", "pw", starttls=False, tls=True),
        ),
        (
            "smtp://mail.example?tls=implicit&timeout=60",
            MailServer("mail.example", 465, starttls=False, tls=True, timeout=60),
        ),
        ("smtp://localhost", MailServer("localhost", 25, starttls=False)),
        ("smtp://relay.example?tls=none", MailServer("relay.example", 25, starttls=False)),
    ],
)
def test_an_address_becomes_a_server(url: str, server: MailServer) -> None:
    assert read_mail_url(url) == server


def test_no_address_means_the_mailbox_of_the_demonstration() -> None:
    assert read_mail_url("") is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mail.example", "begins with «»"),
        ("http://mail.example", "begins with «http»"),
        ("smtp://", "names no host"),
        ("smtp://jo:pw@mail.example:many", "port is not a number"),
        ("smtp://mail.example?tls=maybe", "tls is «maybe»; expected one of starttls"),
        ("smtp://mail.example?timeout=soon", "expected seconds from 1 to 300"),
        ("smtp://mail.example?ssl=1", "«ssl» is not known"),
        ("smtp://jo:secret-word@mail.example?tls=none", "unencrypted"),
    ],
)
def test_what_cannot_be_used_is_said(url: str, said: str) -> None:
    with pytest.raises(EnvironmentProblem, match=said) as problem:
        read_mail_url(url)
    assert "secret-word" not in str(problem.value)


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_any_user_and_password_survive_the_address(user: str, password: str) -> None:
    url = f"smtp://{quote(user, safe='')}:{quote(password, safe='')}@mail.example"
    server = read_mail_url(url)
    assert server is not None
    assert (server.user, server.password) == (user, password)
    assert password not in repr(server) or password in repr(MailServer("mail.example", 587, user))
