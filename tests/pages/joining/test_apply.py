"""The application: four steps on a phone, kept at each, sent once, deleted when never sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from takeroot.access.models import Consent
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Connectee
from takeroot.connections.models_applying import Application, SelfRating
from takeroot.connections.services.applying import draft_token, forget_old_applications
from takeroot.connections.tasks import send_draft_link
from takeroot.ledger.models import Event
from takeroot.messaging.models import SignedLink
from takeroot.messaging.services import token_for
from takeroot.pages.joining import desk
from takeroot.pages.joining.apply import FORMS
from takeroot.promises.models import Promise
from tests.cast import deliver, house_of
from tests.connections.people import a_connectee
from tests.pages.joining.stage import STEPS, YOU, answer_step, apply_online, begin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def test_e04_twelve_questions_at_most_in_four_steps_at_most() -> None:
    asked = [name for form in FORMS.values() for name in form.base_fields if name != "website"]
    assert len(FORMS) <= 4
    assert len(set(asked)) == len(asked) <= 12


def test_e04_an_application_becomes_a_file_with_its_consents_and_a_promise_to_answer(
    centre: Centre, client: Client
) -> None:
    draft = apply_online(client, centre)
    page = client.get(draft).content.decode()
    with house_of(centre):
        row = Connectee.objects.select_related("person__party").get()
        person = row.person
        assert (person.party.name, person.party.email) == ("Amina Example", YOU["email"])
        assert (person.occupation_code, person.mode, row.prefers_lived) == (
            "31301",
            "in_person",
            True,
        )
        assert person.languages == {"en": 5, "ar": None}
        assert person.place_id == "truro-ns"
        assert sorted(Consent.objects.values_list("purpose", flat=True)) == [
            "introduction",
            "outcome",
            "referral",
        ]
        assert not any("resume" in one.shares for one in Consent.objects.all())
        kinds = set(Event.objects.values_list("kind", flat=True))
        assert kinds == {"applied", "consented"}
        due = Promise.objects.get(kind="sign_readiness", subject_id=row.pk).due_on
        assert due == timezone.localdate(timezone=centre.zone) + timedelta(days=centre.answer_days)
        # What was typed is in the file now, and kept nowhere else.
        assert Application.objects.get().answers == {}
    assert "No job is promised" in page
    assert "answers you by" in page
    assert deliver() == 1
    assert mail.outbox[0].to == [YOU["email"]]
    assert "No job is promised" in mail.outbox[0].body


def test_e04_nothing_is_agreed_to_without_a_tick_and_one_may_apply_all_the_same(
    centre: Centre, client: Client
) -> None:
    apply_online(client, centre, agreed=[])
    with house_of(centre):
        assert Connectee.objects.count() == 1
        assert not Consent.objects.exists()


def test_e04_the_resume_is_shared_only_when_ticked(centre: Centre, client: Client) -> None:
    draft = begin(client, centre)
    for step in ("you", "work", "languages"):
        answer_step(client, draft, step)
    alone = answer_step(client, draft, "agreement", agreed=["resume"])
    assert alone.status_code == 422
    assert answer_step(client, draft, "agreement", agreed=["introduction", "resume"]).status_code
    with house_of(centre):
        assert "resume" in Consent.objects.get(purpose="introduction").shares


def test_e04_sent_twice_it_is_sent_once(centre: Centre, client: Client) -> None:
    draft = begin(client, centre)
    for step in STEPS:
        answer_step(client, draft, step)
    assert answer_step(client, draft, "agreement").status_code == 303
    assert answer_step(client, draft, "you", name="Somebody Else").status_code == 303
    with house_of(centre):
        assert Connectee.objects.count() == 1
        assert Party.objects.filter(name="Somebody Else").count() == 0
    assert deliver() == 1


def test_e04_what_was_kept_is_there_on_another_phone(centre: Centre, client: Client) -> None:
    draft = begin(client, centre)
    answer_step(client, draft, "you")
    other = Client()
    answer = other.get(draft)
    assert answer.headers["Location"].endswith("/work/")
    assert 'value="Amina Example"' in other.get(f"{draft}you/").content.decode()
    # A step that was skipped by its address is asked before anything is sent.
    skipped = answer_step(other, draft, "agreement")
    assert skipped.headers["Location"].endswith("/work/")
    with house_of(centre):
        assert Connectee.objects.count() == 0


def test_e04_switching_the_language_keeps_what_was_typed_and_saves_nothing(
    centre: Centre, client: Client
) -> None:
    draft = begin(client, centre)
    answer = client.post(f"{draft}you/", {**YOU, "name": "Élodie Exemple", "_language": "fr"})
    text = answer.content.decode()
    assert 'value="Élodie Exemple"' in text
    assert '<html lang="fr"' in text
    with house_of(centre):
        assert Application.objects.get().answers == {}


def test_e04_without_e_mail_and_telephone_nobody_could_answer(
    centre: Centre, client: Client
) -> None:
    draft = begin(client, centre)
    answer = answer_step(client, draft, "you", email="")
    assert answer.status_code == 422
    assert "we cannot answer" in answer.content.decode()
    assert answer_step(client, draft, "you", email="", phone="902 555 0100").status_code == 303


def test_e04_a_machine_that_fills_everything_is_asked_again_and_nothing_is_kept(
    centre: Centre, client: Client
) -> None:
    draft = begin(client, centre)
    answer = answer_step(client, draft, "you", website="http://spam.example")
    assert answer.status_code == 422
    assert "press the button once more" in answer.content.decode()
    assert "spam.example" not in answer.content.decode()
    with house_of(centre):
        assert Application.objects.get().answers == {}


def test_e04_a_flood_from_one_address_is_slowed_and_others_are_not(
    centre: Centre, client: Client, monkeypatch: Any
) -> None:
    monkeypatch.setattr(desk, "MOST_BEGUN", 2)
    begin(client, centre)
    begin(client, centre)
    page = client.get(f"/apply/{centre.slug}/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]  # type: ignore[index]
    slowed = client.post(f"/apply/{centre.slug}/", {"key": key})
    assert slowed.status_code == 429
    begin(Client(REMOTE_ADDR="203.0.113.9"), centre)
    with house_of(centre):
        assert Application.objects.count() == 3


def test_e04_the_private_address_goes_by_mail_to_whoever_typed_it_and_not_again_at_once(
    centre: Centre, client: Client
) -> None:
    draft = begin(client, centre)
    answer_step(client, draft, "you")
    assert client.post(f"{draft}link/").status_code == 303
    with house_of(centre):
        row = Application.objects.get()
        first = row.link_sent_at
        assert first is not None
    client.post(f"{draft}link/")
    with house_of(centre):
        assert Application.objects.get().link_sent_at == first
        # Nobody is made of somebody who has not applied yet.
        assert not Party.objects.filter(email=YOU["email"]).exists()
    send_draft_link(application=str(row.pk), centre=str(centre.pk))
    (letter,) = mail.outbox
    assert letter.to == [YOU["email"]]
    assert draft in letter.body


def test_e04_an_address_of_another_centre_or_a_forged_one_is_not_here(
    centre: Centre, other_centre: Centre, client: Client
) -> None:
    draft = begin(client, centre)
    assert client.get(f"{draft}you/").status_code == 200
    assert client.get(draft.replace(centre.slug, other_centre.slug)).status_code == 404
    assert client.get(f"{draft[:-3]}AA/").status_code == 404
    assert client.get("/apply/nowhere/").status_code == 404


def test_e04_drafts_that_were_never_sent_are_deleted_after_the_centres_time(
    centre: Centre, client: Client
) -> None:
    draft = begin(client, centre)
    answer_step(client, draft, "you")
    begin(client, centre)
    old = timezone.now() - timedelta(days=centre.draft_days, hours=1)
    with house_of(centre):
        Application.objects.exclude(answers={}).update(saved_at=old)
        assert forget_old_applications(centre=centre) == 1
        assert Application.objects.count() == 1
        assert forget_old_applications(centre=centre) == 0
    assert client.get(draft).status_code == 404


def test_e04_somebody_may_delete_what_they_typed(centre: Centre, client: Client) -> None:
    draft = begin(client, centre)
    answer_step(client, draft, "you")
    assert client.get(f"{draft}delete/").status_code == 200
    assert client.post(f"{draft}delete/").status_code == 303
    with house_of(centre):
        assert not Application.objects.exists()


def test_e04_the_same_e_mail_again_goes_to_the_same_file_and_the_public_is_told_nothing(
    centre: Centre, client: Client, signed_in: Callable[..., Client]
) -> None:
    row = a_connectee(centre, "Amina Example", consents=False)
    with house_of(centre):
        known = row.person.party.email
    again = apply_online(client, centre, email=known.upper(), name="Amina Other")
    first = apply_online(Client(), centre, email="nobody.yet@people.example")
    pages = [re.sub(r"[\w-]{40,}", "", client.get(one).content.decode()) for one in (again, first)]
    assert pages[0] == pages[1]
    with house_of(centre):
        assert Connectee.objects.count() == 2
        assert not Party.objects.filter(name="Amina Other").exists()
        # A stranger who types an address agrees to nothing in that person's name.
        assert not Consent.objects.filter(party_id=row.pk).exists()
        assert Promise.objects.filter(kind="look_again", subject_id=row.pk).count() == 1
    staff = signed_in(centre, Role.COORDINATOR)
    assert "has applied again" in staff.get("/today/").content.decode()
    page = staff.get(f"/people/{row.pk}/application/").content.decode()
    assert "Amina Other" in page
    assert staff.post(f"/people/{row.pk}/looked/").status_code == 302
    assert "Amina Other" not in staff.get(f"/people/{row.pk}/application/").content.decode()
    with house_of(centre):
        assert Promise.objects.get(kind="look_again").state == "kept"


def test_e18_the_rating_of_a_known_address_is_not_a_strangers_to_give(
    centre: Centre, client: Client
) -> None:
    row = a_connectee(centre, "Amina Example")
    with house_of(centre):
        known = row.person.party.email
    draft = apply_online(client, centre, email=known)
    four = {"market": 1, "networking": 2, "contacts": 1, "confidence": 3}
    assert client.post(f"{draft}rating/", four).status_code == 303
    with house_of(centre):
        assert not SelfRating.objects.exists()


def test_e18_four_questions_after_sending_are_kept_once(centre: Centre, client: Client) -> None:
    draft = apply_online(client, centre)
    missing = client.post(f"{draft}rating/", {"market": 1})
    assert missing.status_code == 422
    four = {"market": 1, "networking": 2, "contacts": 1, "confidence": 3}
    client.post(f"{draft}rating/", four)
    client.post(f"{draft}rating/", {**four, "market": 5})
    with house_of(centre):
        row = SelfRating.objects.get()
        assert (row.moment, row.market, row.confidence) == ("before", 1, 3)


def test_e04_pages_with_a_private_address_are_kept_from_caches_and_search(
    centre: Centre, client: Client
) -> None:
    answer = client.get(f"{begin(client, centre)}you/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_e04_one_centre_is_gone_to_at_once_and_several_are_offered(
    centre: Centre, client: Client
) -> None:
    assert client.get("/apply/").headers["Location"] == f"/apply/{centre.slug}/"
    from tests.cast import make_centre

    make_centre("gander")
    text = client.get("/apply/").content.decode()
    assert "/apply/gander/" in text
    assert f"/apply/{centre.slug}/" in text


def test_e04_staff_take_an_application_by_telephone_in_the_persons_name(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    staff = signed_in(centre, Role.WORKER)
    page = staff.get("/people/application/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]  # type: ignore[index]
    answers = {name: value for step in STEPS.values() for name, value in step.items()}
    sent = {"key": key, "taken_how": "phone", **answers, "email": "", "phone": "902 555 0100"}
    answer = staff.post("/people/application/", sent)
    assert (
        staff.post("/people/application/", sent).headers["Location"] == answer.headers["Location"]
    )
    with house_of(centre):
        row = Connectee.objects.get()
        how = Application.objects.get()
        assert answer.headers["Location"] == f"/people/{row.pk}/"
        assert (how.taken_how, how.taken_by.name) == ("phone", "Worker Sample")
        assert set(Consent.objects.values_list("how", flat=True)) == {"phone"}
    shown = staff.get(f"/people/{row.pk}/application/").content.decode()
    assert "by telephone; written down by Worker Sample" in shown
    # Positive control of the policy: an analyst has no business here.
    assert signed_in(centre, Role.ANALYST).get("/people/application/").status_code == 404


def test_e04_the_token_of_a_draft_is_computed_and_stored_nowhere(
    centre: Centre, client: Client
) -> None:
    draft = begin(client, centre)
    with house_of(centre):
        row = Application.objects.get()
        assert draft_token(row) in draft
        assert draft_token(row) not in str(row.__dict__)


def test_e04_an_applicants_own_page_opens_by_the_letter(centre: Centre, client: Client) -> None:
    apply_online(client, centre)
    with house_of(centre):
        link = SignedLink.objects.get(purpose="connectee_page")
    page = client.get(f"/l/{token_for(link)}/").content.decode()
    assert "this is your own page" in page
    assert "reads your application" in page
