"""«Not now»: a reason, an onward step, a kind letter; taken up again later."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.connections.models import Connectee
from takeroot.connections.models_applying import Onward
from takeroot.connections.services.onward import send_onward, suggested_steps, take_up_again
from takeroot.connections.services.rounds import propose_round
from takeroot.ledger.models import Event
from takeroot.promises.models import Promise
from tests.cast import deliver, house_of
from tests.connections.people import a_connectee, a_connector, an_introduced_pair

pytestmark = pytest.mark.django_db
STEP = "Language school, evening course: https://school.example"


def told(centre: Centre, row: Connectee, state: str = "not_eligible") -> Onward:
    with house_of(centre) as house:
        return send_onward(connectee=row, state=state, reason="language", step=STEP, by=house)


def kinds(row: Connectee) -> list[str]:
    return list(
        Event.objects.filter(party_id=row.pk).order_by("created_at").values_list("kind", flat=True)
    )


def test_e04_not_qualified_gets_a_kind_letter_in_their_language_with_the_next_step(
    centre: Centre,
) -> None:
    row = a_connectee(centre, ready=False, consents=False)
    with house_of(centre):
        party = row.person.party
        party.language = "fr"
        party.save()
    told(centre, row)
    told(centre, row)
    assert deliver() == 1
    (letter,) = mail.outbox
    assert STEP in letter.body
    assert "Bonjour Amina" in letter.body
    assert "/l/" in letter.body


def test_e04_not_qualified_cannot_be_matched_and_state_and_ledger_agree(centre: Centre) -> None:
    row = a_connectee(centre)
    a_connector(centre)
    told(centre, row)
    with house_of(centre) as house:
        assert Connectee.objects.get().state == "not_eligible"
        assert kinds(row) == ["applied", "ready", "not_eligible"]
        with pytest.raises(Refused, match="Nobody is ready"):
            propose_round(centre=centre, name="Round", by=house)


def test_e04_what_was_owed_is_closed_with_the_reason(centre: Centre) -> None:
    row = a_connectee(centre, ready=False)
    told(centre, row)
    with house_of(centre):
        promise = Promise.objects.get(kind="sign_readiness")
        assert (promise.state, promise.reason) == ("closed", "sent_onward")


def test_e04_somebody_who_lacks_one_thing_stays_on_the_list_for_a_later_day(
    centre: Centre,
) -> None:
    row = a_connectee(centre, ready=False)
    with house_of(centre):
        before = Promise.objects.get(kind="sign_readiness").due_on
    told(centre, row, "waiting_documents")
    with house_of(centre):
        promise = Promise.objects.get(kind="sign_readiness", state="open")
        assert promise.due_on > before
        assert kinds(row) == ["applied", "asked_for_more"]


def test_e04_a_file_is_taken_up_again_from_where_it_was(centre: Centre) -> None:
    row = a_connectee(centre, ready=False)
    told(centre, row)
    with house_of(centre) as house:
        take_up_again(connectee=row, by=house)
        take_up_again(connectee=row, by=house)
        assert Connectee.objects.get().state == "applied"
        assert kinds(row) == ["applied", "not_eligible", "taken_up"]
        assert Promise.objects.filter(kind="sign_readiness", state="open").count() == 1
        assert Onward.objects.get().ended_on is not None
    # A second answer later is possible, and is a new one.
    told(centre, row)
    with house_of(centre):
        assert Onward.objects.count() == 2


def test_e04_nobody_is_sent_onward_without_a_next_step_or_after_a_match(centre: Centre) -> None:
    row = a_connectee(centre, "Ngozi Specimen", ready=False)
    with house_of(centre) as house, pytest.raises(Refused, match="nobody is left alone"):
        send_onward(connectee=row, state="not_eligible", reason="other", step=" ", by=house)
    meeting = an_introduced_pair(centre)
    with house_of(centre) as house:
        introduced = Connectee.objects.get(pk=meeting.connectee_party)
        with pytest.raises(EditedMeanwhile, match="has gone on"):
            send_onward(
                connectee=introduced, state="not_eligible", reason="other", step=STEP, by=house
            )


def test_e04_the_centres_own_list_is_offered_in_the_persons_language(centre: Centre) -> None:
    centre.onward_steps_en = "Library\n\nLanguage school"
    assert suggested_steps(centre, "en") == ["Library", "Language school"]
    assert suggested_steps(centre, "fr") == ["Library", "Language school"]
    centre.onward_steps_fr = "Bibliothèque"
    assert suggested_steps(centre, "fr") == ["Bibliothèque"]


def test_e04_the_coordinator_answers_from_the_page_and_a_worker_may_not(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row = a_connectee(centre, ready=False)
    staff = signed_in(centre, Role.COORDINATOR)
    settings = staff.get("/settings/").content.decode()
    assert "onward_steps_en" in settings
    empty = staff.post(f"/people/{row.pk}/onward/", {"state": "not_eligible", "reason": "other"})
    assert empty.status_code == 422
    sent = {"state": "not_eligible", "reason": "language", "step": STEP}
    assert staff.post(f"/people/{row.pk}/onward/", sent).status_code == 302
    page = staff.get(f"/people/{row.pk}/application/").content.decode()
    assert "not now (the language is not yet enough for the field)" in page
    assert "Take the file up again" in page
    assert staff.post(f"/people/{row.pk}/again/").status_code == 302
    assert signed_in(centre, Role.WORKER).get(f"/people/{row.pk}/onward/").status_code == 404
