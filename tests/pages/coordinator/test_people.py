"""The people pages: list, file, forms, readiness and consent."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from takeroot.access.models import Read
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.connections.enums import ConnecteeState
from takeroot.connections.models import Connectee, Qualification
from takeroot.ledger.models import Event
from takeroot.messaging.services import mark_bounced
from takeroot.promises.models import Promise
from tests.cast import house_of
from tests.connections.people import a_connectee, a_connector, an_introduced_pair

pytestmark = pytest.mark.django_db
FIXED_QUERIES = 5  # session, user, membership, actor and audit


def filled(**changes: Any) -> dict[str, Any]:
    """A form about somebody, as a browser sends it."""
    return {
        "key": str(uuid.uuid4()),
        "name": "Amina Example",
        "email": "amina@people.example",
        "phone": "902 555 0101",
        "language": "en",
        "occupation": "registered nurse",
        "english": "8",
        "french": "5",
        "other_languages": "Arabic; Tagalog 9",
        "interests": "hiking, choir",
        "community": "Truro, NS",
        "mode": "either",
        "target_organizations": "Regional Hospital; ACME",
        "not_with": "",
        "status": "permanent",
        "arrived_on": "2025-03-05",
        "waiting_since": "2026-01-02",
        **changes,
    }


def post(client: Client, page: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"coordinator:{page}", args=args), data)


def only(centre: Centre) -> Connectee:
    with house_of(centre):
        return Connectee.objects.select_related("person__party", "person__place").get()


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    settings = [q for q in seen if "set_config" in q["sql"] or "SAVEPOINT" in q["sql"]]
    return len(seen) - len(settings)


def test_e02_an_empty_list_says_how_to_begin(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    page = signed_in(centre).get(reverse("coordinator:people")).content.decode()
    assert "Your first Connectees will stand here" in page
    assert reverse("coordinator:connectee_new") in page


def test_a_form_makes_a_connectee_with_all_that_was_typed(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    answer = post(client, "connectee_new", **filled())
    row = only(centre)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("coordinator:connectee", args=[row.pk])
    person = row.person
    assert person.occupation_code == "31301"
    assert person.occupation_text == "registered nurse"
    assert person.languages == {"ar": None, "tl": 9, "en": 8, "fr": 5}
    assert person.interests == ["hiking", "choir"]
    assert person.place is not None
    assert person.place.name_en == "Truro"
    assert row.target_organizations == ["Regional Hospital", "ACME"]
    page = client.get(answer["Location"]).content.decode()
    for words in (
        "Amina Example",
        "NOC 31301",
        "CLB 8, intermediate",
        "NCLC 5, intermediate",
        "Tagalog",
        "Truro",
        "Go through the readiness list together",
    ):
        assert words in page
    with house_of(centre):
        assert Promise.objects.filter(subject_id=row.pk).count() == 1


def test_g17_the_same_form_sent_three_times_makes_one_person(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client, data = signed_in(centre), filled()
    places = {post(client, "connectee_new", **data)["Location"] for _time in range(3)}
    assert len(places) == 1
    with house_of(centre):
        assert Connectee.objects.count() == 1
        assert Event.objects.count() == 1


def test_a_key_of_another_centre_makes_nobody_and_shows_nobody(
    centre: Centre, other_centre: Centre, signed_in: Callable[..., Client]
) -> None:
    theirs = a_connectee(other_centre, "Foreign Person")
    answer = post(signed_in(centre), "connectee_new", **filled(key=str(theirs.pk)))
    assert answer.status_code == 422
    assert "Foreign Person" not in answer.content.decode()
    with house_of(centre):
        assert Connectee.objects.count() == 0


def test_words_that_mean_several_occupations_are_asked_about(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    data = filled(occupation="teacher")
    answer = post(client, "connectee_new", **data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Several occupations fit these words" in page
    assert "41221" in page
    assert 'value="teacher"' in page
    chosen = post(client, "connectee_new", **data, meant_occupation="41221")
    assert chosen.status_code == 302
    person = only(centre).person
    assert (person.occupation_code, person.occupation_text) == ("41221", "teacher")


def test_words_that_mean_no_occupation_are_kept_as_words(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    data = filled(occupation="zzzzqq", meant_occupation="none:zzzzqq")
    assert post(client, "connectee_new", **data).status_code == 302
    person = only(centre).person
    assert (person.occupation_code, person.occupation_text) == ("", "zzzzqq")


def test_a_community_that_could_be_two_places_is_asked_about(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    data = filled(community="Lawrencetown, NS")
    answer = post(client, "connectee_new", **data)
    page = answer.content.decode()
    if answer.status_code == 302:
        pytest.skip("this name means one place in the shipped table")
    assert "No single place is called so" in page
    post(client, "connectee_new", **data, meant_community="lawrencetown-ns-2")
    place = only(centre).person.place
    assert place is not None
    assert place.code == "lawrencetown-ns-2"


def test_editing_without_a_change_changes_nothing(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    post(client, "connectee_new", **filled(occupation="31301"))
    row = only(centre)
    url = reverse("coordinator:connectee_edit", args=[row.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    assert client.post(url, data).status_code == 302
    again = only(centre)
    for name in (
        "occupation_code",
        "occupation_text",
        "languages",
        "interests",
        "place_id",
        "mode",
        "status",
        "arrived_on",
    ):
        assert getattr(again.person, name) == getattr(row.person, name), name
    for name in ("waiting_since", "target_organizations", "not_with"):
        assert getattr(again, name) == getattr(row, name), name
    assert again.version == row.version + 1


def test_g16_the_second_of_two_editors_is_told_and_keeps_what_they_typed(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(centre)
    post(client, "connectee_new", **filled())
    row = only(centre)
    first = filled(version="1", phone="902 555 0199")
    second = filled(version="1", phone="902 555 0777", name="Amina B. Example")
    assert post(client, "connectee_edit", row.pk, **first).status_code == 302
    answer = post(client, "connectee_edit", row.pk, **second)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else changed this record" in page
    assert 'value="Amina B. Example"' in page
    assert 'value="902 555 0777"' in page
    assert "The record as it is now" in page
    assert "902 555 0199" in page
    assert only(centre).person.party.phone == "902 555 0199"
    version = answer.context["form"]["version"].value()
    again = post(client, "connectee_edit", row.pk, **{**second, "version": version})
    assert again.status_code == 302
    assert only(centre).person.party.phone == "902 555 0777"


def test_b24_switching_the_language_keeps_what_is_typed_and_saves_nothing(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    data = filled(name="Amélie Tapée", _language="fr")
    answer = post(signed_in(centre), "connectee_new", **data)
    assert 'value="Amélie Tapée"' in answer.content.decode()
    with house_of(centre):
        assert Connectee.objects.count() == 0


def test_e04_the_list_signed_by_the_coordinator_makes_ready_and_can_be_taken_back(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row = a_connectee(centre, ready=False, consents=False)
    client = signed_in(centre)
    some = dict.fromkeys(Qualification.POINTS[:3], "on")
    post(client, "readiness", row.pk, **some)
    assert only(centre).state == ConnecteeState.APPLIED
    page = client.get(reverse("coordinator:connectee", args=[row.pk])).content.decode()
    assert "3 of 5 points stand" in page
    every = dict.fromkeys(Qualification.POINTS, "on")
    post(client, "readiness", row.pk, **every)
    assert only(centre).state == ConnecteeState.READY
    page = client.get(reverse("coordinator:connectee", args=[row.pk])).content.decode()
    assert "Signed by Coordinator Sample on" in page
    assert "Record the consent to be introduced to a Connector" in page
    post(client, "readiness", row.pk, **some)
    assert only(centre).state == ConnecteeState.WAITING_DOCUMENTS


def test_e04_a_worker_may_not_sign_while_a_coordinator_may(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row = a_connectee(centre, ready=False)
    every = dict.fromkeys(Qualification.POINTS, "on")
    assert post(signed_in(centre, Role.WORKER), "readiness", row.pk, **every).status_code == 404
    assert only(centre).state == ConnecteeState.APPLIED
    assert post(signed_in(centre), "readiness", row.pk, **every).status_code == 302
    assert only(centre).state == ConnecteeState.READY


def test_e20_a_file_of_another_centre_is_the_same_404_as_a_missing_one(
    centre: Centre, other_centre: Centre, signed_in: Callable[..., Client]
) -> None:
    theirs, ours = a_connectee(other_centre, "Foreign Person"), a_connectee(centre)
    client = signed_in(centre)
    for page in ("connectee", "connectee_edit", "consent_new"):
        foreign = client.get(reverse(f"coordinator:{page}", args=[theirs.pk]))
        missing = client.get(reverse(f"coordinator:{page}", args=[uuid.uuid4()]))
        assert (foreign.status_code, missing.status_code) == (404, 404)
        told = foreign.content.decode().replace(str(theirs.pk), "")
        assert "Foreign Person" not in told
        assert client.get(reverse(f"coordinator:{page}", args=[ours.pk])).status_code == 200
    listed = client.get(reverse("coordinator:people"), {"q": "Foreign"}).content.decode()
    assert "Foreign Person" not in listed
    assert "Amina" in client.get(reverse("coordinator:people")).content.decode()


def test_b83_opening_a_file_leaves_a_trace_that_the_file_shows(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row = a_connectee(centre)
    url = reverse("coordinator:connectee", args=[row.pk])
    signed_in(centre, Role.WORKER).get(url)
    page = signed_in(centre).get(url).content.decode()
    assert "Who opened this file" in page
    assert "Worker Sample" in page
    assert "Who opened this file" not in signed_in(centre, Role.WORKER).get(url).content.decode()
    with house_of(centre):
        assert Read.objects.filter(subject_id=row.pk, page="connectee").count() == 3


@pytest.mark.parametrize(
    "typed", ["jose", "JOSÉ", "José", "Nunez", "josé núñ", "Jose Nunes", "nunez@"]
)
def test_a_name_is_found_as_people_type_it(
    centre: Centre, signed_in: Callable[..., Client], typed: str
) -> None:
    client = signed_in(centre)
    post(client, "connectee_new", **filled(name="José Núñez", email="nunez@people.example"))
    a_connectee(centre, "Wei Sample")
    page = client.get(reverse("coordinator:people"), {"q": typed}).content.decode()
    assert "José Núñez" in page
    assert "Wei Sample" not in page


def test_the_list_filters_by_state_and_says_the_next_step(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    a_connectee(centre, "Ready Sample")
    a_connectee(centre, "New Example", ready=False)
    client = signed_in(centre)
    ready = client.get(reverse("coordinator:people"), {"state": "ready"}).content.decode()
    assert "Ready Sample" in ready
    assert "takes part in the next round" in ready
    assert "New Example" not in ready


def test_the_page_tells_the_journey_in_whole_sentences(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    meeting = an_introduced_pair(centre)
    url = reverse("coordinator:connectee", args=[meeting.connectee_party])
    page = signed_in(centre).get(url).content.decode()
    for sentence in (
        "Amina Example joined the programme.",
        "The readiness list was signed: Amina Example is ready.",
        "Amina Example was matched with Paul Sample.",
        "The letters that introduce Amina Example and Paul Sample were sent.",
        "Wait: Amina Example proposes times to Paul Sample.",
    ):
        assert sentence in page, sentence


@pytest.mark.parametrize("page", ["people", "connectee"])
def test_a_page_asks_the_database_as_often_for_three_people_as_for_one(
    centre: Centre, signed_in: Callable[..., Client], page: str
) -> None:
    client = signed_in(centre)
    meeting = an_introduced_pair(centre)
    args = [] if page == "people" else [meeting.connectee_party]
    one = queries(client, reverse(f"coordinator:{page}", args=args))
    for name in ("Bea Sample", "Cy Example"):
        a_connectee(centre, name)
        a_connector(centre, f"{name} Two")
    assert queries(client, reverse(f"coordinator:{page}", args=args)) == one
    assert one <= 10 + FIXED_QUERIES


def test_page_of_somebody_whose_letters_come_back_says_so_and_how_to_mend_it(
    centre: Centre, signed_in: Any
) -> None:
    row = a_connectee(centre)
    with house_of(centre):
        mark_bounced(party=row.person.party)
    client = signed_in(centre)
    url = reverse("coordinator:connectee", args=[row.pk])
    assert "Letters come back" in client.get(url).content.decode()
    assert client.post(reverse("coordinator:address_works", args=[row.pk])).status_code == 302
    assert "Letters come back" not in client.get(url).content.decode()
