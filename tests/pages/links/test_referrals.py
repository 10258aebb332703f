"""Naming people, and the page of those who are named."""

from __future__ import annotations

import pytest
from django.core import mail

from takeroot.accounts.models import Centre
from takeroot.connections.enums import ReferralState
from takeroot.connections.models import Referral
from takeroot.messaging.models import Letter
from takeroot.promises.models import Promise
from tests.cast import deliver, house_of
from tests.pages.links import stage

pytestmark = pytest.mark.django_db


def people(*names: str) -> dict[str, str]:
    """The form's rows, as a browser sends them: three, some empty."""
    rows = {}
    for n in range(1, 4):
        name = names[n - 1] if n <= len(names) else ""
        address = f"{name.lower().replace(' ', '.')}@contacts.example" if name else ""
        rows |= {f"p-name_{n}": name, f"p-email_{n}": address, f"p-language_{n}": "en"}
    return rows


def test_e13_the_page_counts_doors_and_says_that_each_person_is_asked_first(
    centre: Centre,
) -> None:
    _pair, page = stage.referring(centre)
    text = page.text()
    assert "Whom should Amina Example meet?" in text
    assert "0 of 3" in text
    assert "asks whether an introduction is welcome" in text


def test_e13_one_person_now_others_later_and_a_second_click_asks_nobody_twice(
    centre: Centre,
) -> None:
    _pair, page = stage.referring(centre)
    for _ in range(2):
        assert page.post("people/", **people("Ana One")).status_code == 303
    with house_of(centre):
        assert Referral.objects.count() == 1
        assert Letter.objects.filter(kind="may_we_introduce").count() == 1
    text = page.text()
    assert "Ana One" in text
    assert "asked, has not answered yet" in text
    assert "Person 2" in text
    assert "Person 3" not in text
    assert page.post("people/", **people("Ben Two", "Cy Three")).status_code == 303
    assert "everybody you named" in page.text()
    with house_of(centre):
        assert not Promise.objects.filter(kind="refer", state="open").exists()


def test_e13_one_wrong_row_loses_nothing_of_the_others(centre: Centre) -> None:
    _pair, page = stage.referring(centre)
    rows = people("Ana One", "Ben Two") | {"p-email_2": "ben", "p-why_1": "You hire in spring."}
    answer = page.post("people/", **rows)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "“ben” is not an e-mail address" in text
    for kept in ("Ana One", "ana.one@contacts.example", "You hire in spring.", "Ben Two"):
        assert kept in text
    with house_of(centre):
        assert not Referral.objects.exists()


def test_e13_who_was_asked_before_is_named_in_words_and_the_form_stays(centre: Centre) -> None:
    contact = stage.asked(centre, "Ana One")[0]
    contact.post("no/")
    with house_of(centre):
        referral = Referral.objects.get()
    page = stage.reader(centre, referral.referrer_id, "referring", referral.match_id)
    answer = page.post("people/", **people("Ana One", "Ben Two"))
    assert answer.status_code == 422
    assert "Ana One has been asked already" in answer.content.decode()
    assert "ben.two@contacts.example" in answer.content.decode()


def test_e13_a_no_is_shown_without_blame_and_frees_the_place(centre: Centre) -> None:
    contacts = stage.asked(centre, "Ana One", "Ben Two", "Cy Three")
    contacts[0].post("no/")
    contacts[1].post("yes/")
    with house_of(centre):
        referral = Referral.objects.first()
    page = stage.reader(centre, referral.referrer_id, "referring", referral.match_id)
    text = page.text()
    assert "not this time" in text
    assert "1 of 3" in text
    assert "Person 1" in text
    assert "Person 2" not in text


@pytest.mark.parametrize("reason", ["nobody", "no_time", "rather_not"])
def test_e13_who_cannot_name_more_says_so_once_and_is_left_in_peace(
    centre: Centre, reason: str
) -> None:
    _pair, page = stage.referring(centre)
    assert page.post("cannot/").status_code == 422
    assert page.post("cannot/", reason="because").status_code == 422
    for _ in range(2):
        assert page.post("cannot/", reason=reason).status_code == 303
    with house_of(centre):
        promise = Promise.objects.get(kind="refer")
        assert (promise.state, promise.reason) == ("closed", reason)
    text = page.text()
    assert "we shall not ask again" in text
    assert "Person 1" in text, "they may still name somebody"


def test_e14_before_yes_the_page_tells_an_occupation_and_no_more(centre: Centre) -> None:
    (contact,) = stage.asked(centre, why="You hire every spring.")
    answer = contact.get()
    page = answer.content.decode()
    assert "Paul Sample would like to introduce somebody to you" in page
    assert "You hire every spring." in page
    assert "Registered nurses" in page
    for canary in ("Amina", "amina.example@people.example", "people.example"):
        assert canary not in page + str(answer.headers) + str(answer.cookies)
    # Control: after yes, both are there.
    contact.post("yes/")
    page = contact.text()
    assert "Amina Example" in page
    assert "amina.example@people.example" in page


def test_e14_a_reason_that_names_the_newcomer_is_sent_back(centre: Centre) -> None:
    _pair, page = stage.referring(centre)
    for why in ("Amina would like it at yours.", "Write to amina.example@people.example"):
        answer = page.post("people/", **people("Ana One"), **{"p-why_1": why})
        assert answer.status_code == 422
        assert "Leave the name of Amina Example out" in answer.content.decode()
    with house_of(centre):
        assert not Referral.objects.exists()


def test_e14_yes_twice_introduces_once(centre: Centre) -> None:
    (contact,) = stage.asked(centre)
    for _ in range(2):
        assert contact.post("yes/").status_code == 303
    assert stage.referral_of(contact, centre).state == ReferralState.AGREED
    with house_of(centre):
        assert Letter.objects.filter(kind="contact_said_yes").count() == 1
        assert Letter.objects.filter(kind="thanks_for_yes").count() == 1


def test_e14_who_said_yes_is_led_to_three_more_doors_without_an_account(centre: Centre) -> None:
    (contact,) = stage.asked(centre)
    contact.post("yes/")
    referral = stage.referral_of(contact, centre)
    more = stage.reader(centre, referral.contact_party, "referring", referral.pk)
    assert more.url() in contact.text()
    assert more.post("people/", **people("Second A", "Second B", "Second C")).status_code == 303
    with house_of(centre):
        assert Referral.objects.filter(hop=2, parent=referral).count() == 3
        second = Referral.objects.filter(hop=2).first()
    # The chain ends after the centre's hops: the second contact is asked for nobody.
    last = stage.reader(centre, second.contact_party, "referral", second.pk)
    last.post("yes/")
    assert "Amina Example" in last.text()
    assert "Name people" not in last.text()


def test_e14_no_tells_nothing_and_never_again_is_kept(centre: Centre) -> None:
    (contact,) = stage.asked(centre)
    for _ in range(2):
        assert contact.post("no/").status_code == 303
    referral = stage.referral_of(contact, centre)
    assert (referral.state, referral.contact.no_more_mail_at) == (ReferralState.DECLINED, None)
    assert "Never write to me again" in contact.text()
    for _ in range(2):
        assert contact.post("no/", never="1").status_code == 303
    assert stage.referral_of(contact, centre).contact.no_more_mail_at is not None
    assert "We shall not write to you again" in contact.text()
    deliver()
    assert not [m for m in mail.outbox if "@contacts.example" in m.to[0] and "Thank" in m.subject]


def test_e14_yes_after_no_is_answered_in_words(centre: Centre) -> None:
    (contact,) = stage.asked(centre)
    contact.post("no/")
    answer = contact.post("yes/")
    assert answer.status_code == 422
    assert stage.referral_of(contact, centre).state == ReferralState.DECLINED


def test_e14_the_connectee_sees_who_said_yes_and_not_who_said_no(centre: Centre) -> None:
    contacts = stage.asked(centre, "Ana One", "Ben Two")
    contacts[0].post("yes/")
    contacts[1].post("no/")
    with house_of(centre):
        referral = Referral.objects.select_related("match__meeting").first()
    page = stage.reader(centre, referral.connectee_id, "meeting", referral.match.meeting.pk)
    text = page.text()
    assert "ana.one@contacts.example" in text
    assert "Ben Two" not in text


def test_e14_the_connectee_tells_that_they_met_a_contact_once(centre: Centre) -> None:
    contacts = stage.asked(centre, "Ana One", "Ben Two")
    contacts[0].post("yes/")
    day = f"{stage.yesterday(centre)}"
    with house_of(centre):
        rows = Referral.objects.select_related("match__meeting")
        yes, not_yet = rows.get(state=ReferralState.AGREED), rows.get(state=ReferralState.ASKED)
    page = stage.reader(centre, yes.connectee_id, "meeting", yes.match.meeting.pk)
    assert page.post("door/", door=str(not_yet.pk), on=day).status_code == 404
    for _ in range(2):
        assert page.post("door/", door=str(yes.pk), on=day).status_code == 303
    assert "You met on" in page.text()
    connector = stage.reader(centre, yes.referrer_id, "meeting", yes.match.meeting.pk)
    assert connector.post("door/", door=str(yes.pk), on=day).status_code == 404
    assert page.post("door/", door=str(yes.pk), on="soon").status_code == 303


def test_e14_the_connectee_says_what_came_of_a_meeting_at_once_or_later(centre: Centre) -> None:
    (contact,) = stage.asked(centre, "Ana One")
    contact.post("yes/")
    with house_of(centre):
        door = Referral.objects.select_related("match__meeting").get()
    page = stage.reader(centre, door.connectee_id, "meeting", door.match.meeting.pk)

    def told(outcome: str) -> tuple[str, str]:
        day = f"{stage.yesterday(centre)}"
        assert page.post("door/", door=str(door.pk), on=day, outcome=outcome).status_code == 303
        row = stage.referral_of(contact, centre)
        return row.state, row.outcome

    assert told("a fortune") == ("agreed", "")
    assert told("") == ("met", "")
    assert "What came of it with Ana One?" in page.text()
    assert told("interview") == ("met", "interview")
    assert "an interview" in page.text()
    # Said once, it stays: a page left open since does not change it.
    assert told("job") == ("met", "interview")
