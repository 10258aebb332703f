"""Letters that come back: for good, the mailbox is dead; for now, nothing happens."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest

from takeroot.accounts.models import Centre, Party
from takeroot.messaging.incoming import take_in
from takeroot.messaging.mime import read_mail
from takeroot.messaging.models import IncomingLetter, Letter, LetterState, Outcome
from takeroot.messaging.tasks import send_letter
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.messaging.mails import a_letter, exchange, gmail, postfix

pytestmark = pytest.mark.django_db
TO = "amina@people.example"


def bounced(centre: Centre, letter: Letter) -> bool:
    with house_of(centre):
        return Party.objects.get(pk=letter.party_id).mail_bounced_at is not None


@pytest.mark.parametrize("report", [postfix, exchange, gmail])
def test_report_of_a_dead_mailbox_marks_the_address_and_the_centre_owes_another(
    centre: Centre, report: Any
) -> None:
    letter = a_letter(centre, email=TO)
    take_in(read_mail(report(letter, to=TO)))
    assert bounced(centre, letter)
    with house_of(centre):
        assert IncomingLetter.objects.get().outcome == Outcome.BOUNCED
        assert [row.kind for row in Promise.objects.all()] == ["fix_address"]


@pytest.mark.parametrize(
    ("report", "status", "action"),
    [(postfix, "4.4.1", "delayed"), (gmail, "4.2.2", "failed"), (postfix, "2.0.0", "delivered")],
)
def test_a_delay_or_a_receipt_is_no_dead_mailbox(
    centre: Centre, report: Any, status: str, action: str
) -> None:
    letter = a_letter(centre, email=TO)
    take_in(read_mail(report(letter, to=TO, status=status, action=action)))
    assert not bounced(centre, letter)
    with house_of(centre):
        assert not Promise.objects.exists()


def test_report_about_an_address_they_no_longer_have_changes_nothing(centre: Centre) -> None:
    letter = a_letter(centre, email=TO)
    with house_of(centre):
        Party.objects.filter(pk=letter.party_id).update(email="new@people.example")
    take_in(read_mail(postfix(letter, to=TO)))
    assert not bounced(centre, letter)


def test_report_about_a_letter_that_is_not_ours_is_put_aside(centre: Centre) -> None:
    letter = a_letter(centre, email=TO)
    stranger = Letter(pk=None)
    stranger.pk = type(letter.pk)(int=7)
    assert take_in(read_mail(postfix(stranger, to=TO))) is None
    assert not bounced(centre, letter)


class Refusing:
    """Stands for a mail server that refuses one recipient."""

    code = 550

    def __init__(self, *_given: object, **_named: object) -> None: ...

    def send_messages(self, messages: list[Any]) -> int:
        refused = {messages[0].to[0]: (self.code, b"no such user here")}
        raise smtplib.SMTPRecipientsRefused(refused)


class Busy(Refusing):
    code = 450


def test_mail_server_that_refuses_the_recipient_for_good_marks_the_address(
    centre: Centre, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.messaging.test_bounces.Refusing"
    letter = a_letter(centre, email=TO)
    send_letter(letter=str(letter.pk), centre=str(centre.pk))
    assert bounced(centre, letter)
    with house_of(centre):
        assert Letter.objects.get().state == LetterState.FAILED


def test_mail_server_that_is_busy_is_tried_again(centre: Centre, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.messaging.test_bounces.Busy"
    letter = a_letter(centre, email=TO)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send_letter(letter=str(letter.pk), centre=str(centre.pk))
    assert not bounced(centre, letter)
    with house_of(centre):
        assert Letter.objects.get().state == LetterState.WAITING
