"""Letters that come in: whose they are, what is kept of them, and that each is read once."""

from __future__ import annotations

import asyncio
import smtplib
import threading
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.lmtp import LMTP
from django.utils import timezone

from takeroot.accounts.models import Centre
from takeroot.messaging import incoming, tasks
from takeroot.messaging.inbox import ASIDE, open_inbox, put_in
from takeroot.messaging.incoming import forget_old_texts, reply_address, take_in
from takeroot.messaging.lmtp import Keeper, NotHere, on_loopback
from takeroot.messaging.mime import newly_written, plain_of_html, read_mail
from takeroot.messaging.models import IncomingLetter, Outcome
from tests.cast import house_of
from tests.messaging.mails import a_letter, answer_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail(settings: Any, tmp_path: Path) -> None:
    settings.REPLY_TO = "answers@takeroot.example"
    settings.INBOX = tmp_path / "inbox"


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the reader of answers to notes was handed."""
    texts: list[str] = []
    reader = lambda row: texts.append(row.text)  # noqa: E731
    monkeypatch.setitem(incoming._readers, "note", reader)
    return texts


def stored(centre: Centre) -> list[IncomingLetter]:
    with house_of(centre):
        return list(IncomingLetter.objects.order_by("created_at"))


def test_answer_to_the_letters_own_address_is_matched_whoever_it_comes_from(
    centre: Centre, heard: list[str]
) -> None:
    letter = a_letter(centre)
    mail = answer_to(
        letter,
        "Gladly.",
        to=reply_address(letter).upper(),
        From="Somebody Else <other@elsewhere.example>",
        In_Reply_To="",
    )
    row = take_in(read_mail(mail))
    assert row is not None
    assert (row.party_id, row.text, heard) == (letter.party_id, "Gladly.", ["Gladly."])


def test_address_of_a_letter_holds_no_name_and_fits_in_an_address(centre: Centre) -> None:
    address = reply_address(a_letter(centre))
    assert "amina" not in address
    assert len(address.split("@")[0]) <= 64


def test_a_forged_address_is_nobodys(centre: Centre) -> None:
    letter = a_letter(centre)
    name, domain = reply_address(letter).split("@")
    start, mark = name.split("+")
    for at in (30, len(mark) - 1):
        for other in "abcdefghijklmnopqrstuvwxyz234567".replace(mark[at], ""):
            wrong = f"{start}+{mark[:at]}{other}{mark[at + 1 :]}@{domain}"
            mail = answer_to(letter, "Yes", to=wrong, In_Reply_To="")
            assert take_in(read_mail(mail)) is None
    assert stored(centre) == []


def test_without_the_address_the_message_it_answers_counts_and_the_sender_never_does(
    centre: Centre, heard: list[str]
) -> None:
    letter = a_letter(centre)
    assert take_in(read_mail(answer_to(letter, "By thread."))) is not None
    lost = answer_to(letter, "By address alone.", In_Reply_To="")
    assert take_in(read_mail(lost)) is None
    assert heard == ["By thread."]


def test_the_same_letter_read_many_times_counts_once(centre: Centre, heard: list[str]) -> None:
    letter = a_letter(centre)
    mail = answer_to(letter, "Once.")
    for _time in range(50):
        take_in(read_mail(mail))
    assert heard == ["Once."]
    assert len(stored(centre)) == 1


def test_task_that_dies_after_storing_reads_the_letter_again_and_does_nothing_twice(
    centre: Centre, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = a_letter(centre)
    put_in(answer_to(letter, "Once."))

    class Killed(BaseException):
        pass

    def die(*_given: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("takeroot.messaging.inbox.done_with", die)
        for _time in range(50):
            with pytest.raises(Killed):
                tasks.read_inbox(timestamp=0)
    tasks.read_inbox(timestamp=0)
    assert heard == ["Once."]
    assert len(open_inbox()) == 0


def test_letter_that_answers_nothing_is_put_aside_and_later_deleted(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in(b"From: stranger@elsewhere.example\nSubject: Hello\n\nBuy now\n")
    put_in(b"\x00\xff\xfe no letter at all")
    tasks.read_inbox(timestamp=0)
    box = open_inbox()
    assert (len(box), len(box.get_folder(ASIDE))) == (0, 2)
    later = timezone.now() + timedelta(days=15)
    monkeypatch.setattr("takeroot.messaging.inbox.timezone.now", lambda: later)
    tasks.forget_texts(timestamp=0)
    assert len(open_inbox().get_folder(ASIDE)) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; by=vacation"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<news.people.example>"},
        {"Return_Path": "<>"},
        {"Subject": "Automatic reply: A question"},
        {"Subject": "Out of office: until Monday"},
        {"Subject": "Réponse automatique : absence"},
        {"Subject": "Absence du bureau"},
    ],
)
def test_what_a_machine_wrote_is_no_answer_and_is_not_kept(
    centre: Centre, heard: list[str], headers: dict[str, str]
) -> None:
    take_in(read_mail(answer_to(a_letter(centre), "Yes, we met.", **headers)))
    (row,) = stored(centre)
    assert (row.outcome, row.text, row.whole, heard) == (Outcome.AUTOMATIC, "", "", [])


def test_a_calendars_accepted_is_no_answer(centre: Centre, heard: list[str]) -> None:
    letter = a_letter(centre)
    mail = EmailMessage()
    mail["In-Reply-To"] = f"<{letter.pk}@takeroot>"
    mail["Subject"] = "Accepted: Conversation"
    mail.set_content("Yes")
    mail.add_alternative("BEGIN:VCALENDAR\nEND:VCALENDAR\n", subtype="calendar")
    mail.get_payload()[1].set_param("method", "REPLY")  # type: ignore[union-attr,index]
    take_in(read_mail(mail.as_bytes()))
    assert (stored(centre)[0].outcome, heard) == (Outcome.AUTOMATIC, [])


def test_our_own_letter_that_comes_back_is_left_alone(centre: Centre, heard: list[str]) -> None:
    letter = a_letter(centre)
    loop = answer_to(letter, "Hello?", X_Takeroot_Centre=str(centre.pk))
    assert take_in(read_mail(loop)) is None
    assert heard == []


def test_html_alone_is_made_plain_without_running_or_loading_anything() -> None:
    mail = EmailMessage()
    mail["Subject"] = "Re"
    mail.set_content(
        "<html><head><title>x</title><style>p{}</style></head><body><p>Yes, we <b>met</b>"
        " yesterday.</p><script>alert(1)</script><img src='https://spy.example/1.gif'>"
        "<blockquote>Did you meet?</blockquote></body></html>",
        subtype="html",
    )
    assert read_mail(mail.as_bytes()).text == "Yes, we met yesterday."
    assert plain_of_html("a<br>b<p>c &amp; d") == "a\nb\nc & d"


def test_attached_files_are_dropped_and_counted() -> None:
    mail = EmailMessage()
    mail["Subject"] = "Re"
    mail.set_content("Here it is.")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="cv.pdf")
    mail.add_attachment("x", filename="yes.txt")
    read = read_mail(mail.as_bytes())
    assert (read.text, read.dropped) == ("Here it is.", 2)


@pytest.mark.parametrize(
    "text",
    [
        "Yes we met.\n\nOn Mon, Mar 2, 2026 at 9:00 AM Takeroot <a@b.example> wrote:\n> No?\n",
        "Yes we met.\n\nLe lun. 2 mars 2026 à 09:00, Takeroot <a@b.example> a écrit :\n> Non ?\n",
        "Yes we met.\n\nSent from my iPhone",
        "Yes we met.\n\nEnvoyé de mon iPhone\n\n> Le 2 mars 2026 à 09:00, X a écrit :\n> Non",
        "Yes we met.\n\n-- \nAmina Example\nNurse\nNot for publication",
        "Yes we met.\n\n________________________________\nFrom: Takeroot <a@b.example>\n"
        "Sent: Monday, March 2, 2026 9:00 AM\nTo: Amina\nSubject: Did you meet?\n\nNo?\n",
        "Yes we met.\n\n-----Message d'origine-----\nDe : Takeroot <a@b.example>\n"
        "Envoyé : lundi 2 mars 2026 09:00\nÀ : Amina\nObjet : Question\n\nNon ?\n",
    ],
)
def test_quoted_text_and_signatures_are_cut_in_both_languages(text: str) -> None:
    assert newly_written(text) == "Yes we met."


def test_text_is_kept_a_limited_time_and_what_waits_is_kept_until_it_is_read(
    centre: Centre, heard: list[str]
) -> None:
    letter = a_letter(centre)
    take_in(read_mail(answer_to(letter, "Read.")))
    take_in(read_mail(answer_to(letter, "Waits.")))
    with house_of(centre):
        IncomingLetter.objects.filter(text="Read.").update(outcome=Outcome.READ)
        IncomingLetter.objects.update(written_at=timezone.now() - timedelta(days=40))
        forget_old_texts()
    assert [(row.text, bool(row.whole)) for row in stored(centre)] == [
        ("Read.", False),
        ("Waits.", True),
    ]
    with house_of(centre):
        IncomingLetter.objects.update(written_at=timezone.now() - timedelta(days=400))
        forget_old_texts()
    assert [row.text for row in stored(centre)] == ["", "Waits."]


def test_answer_is_seen_by_its_own_centre_alone(centre: Centre, other_centre: Centre) -> None:
    take_in(read_mail(answer_to(a_letter(centre), "Ours.")))
    assert len(stored(centre)) == 1
    assert stored(other_centre) == []


def test_each_letter_asks_for_answers_at_its_own_address(centre: Centre) -> None:
    letter = a_letter(centre)
    message = tasks.message_for(letter)
    assert message.reply_to == [reply_address(letter)]
    assert message.from_email == reply_address(letter)
    assert message.message()["From"] == "Takeroot <takeroot@localhost>"


def test_lmtp_lays_what_it_accepts_into_the_inbox(centre: Centre, heard: list[str]) -> None:
    letter = a_letter(centre)
    ready, ports, loop = threading.Event(), [], asyncio.new_event_loop()

    async def serve() -> None:
        server = await loop.create_server(lambda: LMTP(Keeper()), "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(30)
    with smtplib.LMTP("127.0.0.1", ports[0]) as client:
        client.sendmail(
            "amina@people.example",
            [reply_address(letter)],
            answer_to(letter, "Handed over.", to="forwarder@people.example", In_Reply_To=""),
        )
    loop.call_soon_threadsafe(loop.stop)
    thread.join(30)
    loop.close()
    tasks.read_inbox(timestamp=0)
    assert heard == ["Handed over."]


def test_lmtp_listens_on_this_machine_alone() -> None:
    assert on_loopback("127.0.0.1") == "127.0.0.1"
    assert on_loopback("::1") == "::1"
    for host in ("0.0.0.0", "192.0.2.7", "mail.example.org"):
        with pytest.raises(NotHere):
            on_loopback(host)
