"""Lists in and out of the house: dry run, load, the same again, round trips."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.common.spreadsheets import neutral
from takeroot.connections.models import Connectee, Connector, Qualification
from takeroot.connections.models_import import ImportDraft
from takeroot.connections.selectors import connectees_visible_to, connectors_visible_to
from takeroot.connections.services.enrolment import Details, edit_connectee, enrol_connectee
from takeroot.connections.services.import_plan import MOST_ROWS, bare
from takeroot.connections.services.importing import (
    choose_columns,
    export_csv,
    forget_old_drafts,
    load_draft,
    plan_of,
    start_import,
    template_csv,
)
from takeroot.ledger.models import Event
from takeroot.promises.models import Promise
from tests.cast import house_of

pytestmark = pytest.mark.django_db
PEOPLE_COLUMNS = (
    "id,name,occupation,languages,interests,target_organizations,community,mode,waiting_since,"
    "email,phone,letter_language\n"
)
PEOPLE = (
    PEOPLE_COLUMNS
    + 'C-1,Amina Example,registered nurse,en:8;fr:5;ar,hiking;choir,Regional Hospital,"Truro, NS",'
    "either,2026-01-05,amina@people.example,+1 902 555 0101,en\n"
    "C-2,Luc Échantillon,72106,fr:9,,,Moncton NB,video,2026-02-01,,,\n"
)
LOCALS = (
    "id,name,occupation,organization,capacity,languages,interests,community,mode,"
    "lived_experience\n"
    'K-1,Paul Sample,31301,Regional Hospital,2,en:12,choir,"Truro, NS",in_person,yes\n'
    'K-2,Rose Example,welder,REGIONAL hospital,1,en:11;fr:8,,"Truro, NS",either,no\n'
)


def bring(centre: Centre, text: str | bytes, kind: str = "connectee", **mapping: int) -> Any:
    """Upload and load; returns (draft, plan of before)."""
    data = text.encode() if isinstance(text, str) else text
    with house_of(centre) as house:
        draft = start_import(centre=centre, kind=kind, name="list.csv", data=data, by=house)
        if mapping:
            choose_columns(draft=draft, mapping=mapping, by=house)
        plan = plan_of(draft)
        return load_draft(draft=draft, by=house), plan


def dry(centre: Centre, text: str | bytes, kind: str = "connectee") -> Any:
    data = text.encode() if isinstance(text, str) else text
    with house_of(centre) as house:
        return plan_of(start_import(centre=centre, kind=kind, name="list.csv", data=data, by=house))


def exported(centre: Centre, kind: str = "connectee", lang: str = "en") -> bytes:
    with house_of(centre) as house:
        rows = (connectees_visible_to if kind == "connectee" else connectors_visible_to)(house)
        return export_csv(rows.order_by("pk"), kind=kind, lang=lang)


def test_b80_a_list_brings_people_as_the_forms_would(centre: Centre) -> None:
    draft, plan = bring(centre, PEOPLE)
    assert (len(plan.new), plan.unreadable, plan.problems) == (2, 0, ())
    assert draft.result == {"new": 2, "changed": 0, "unchanged": 0, "unreadable": 0}
    assert bytes(draft.data) == b""
    with house_of(centre):
        row = Connectee.objects.select_related("person__party").get(reference="C-1")
        person, party = row.person, row.person.party
        assert (person.occupation_code, person.occupation_text) == ("31301", "registered nurse")
        assert person.languages == {"en": 8, "fr": 5, "ar": None}
        assert person.interests == ["hiking", "choir"]
        assert person.place_id is not None
        assert (party.email, party.phone) == ("amina@people.example", "+1 902 555 0101")
        assert party.search_key.startswith("amina example")
        assert Connectee.objects.get(reference="C-2").person.party.language == "fr"
        assert Qualification.objects.count() == 2
        assert Event.objects.filter(kind="applied").count() == 2
        assert Promise.objects.filter(kind="sign_readiness").count() == 2


def test_b80_the_same_list_again_changes_nothing(centre: Centre) -> None:
    for text, kind in ((PEOPLE, "connectee"), (LOCALS, "connector")):
        bring(centre, text, kind)
        draft, plan = bring(centre, text, kind)
        assert (len(plan.new), len(plan.changed), plan.unchanged) == (0, 0, 2)
        assert draft.result["unchanged"] == 2
    with house_of(centre):
        assert (Connectee.objects.count(), Connector.objects.count()) == (2, 2)
        assert Party.objects.filter(kind="organization").count() == 1


def test_a_changed_row_shows_old_and_new_and_counts_the_version_up(centre: Centre) -> None:
    bring(centre, PEOPLE)
    changed = PEOPLE.replace("en:8;fr:5;ar", "en:9;fr:5;ar").replace("hiking;choir", "choir")
    _draft, plan = bring(centre, changed)
    (one,) = plan.changed
    assert one.differences == {
        "languages": ({"en": 8, "fr": 5, "ar": None}, {"en": 9, "fr": 5, "ar": None}),
        "interests": (["hiking", "choir"], ["choir"]),
    }
    with house_of(centre):
        row = Connectee.objects.select_related("person").get(reference="C-1")
        assert row.version == 2
        assert row.person.languages["en"] == 9
        assert row.person.interests == ["choir"]


def test_an_empty_cell_or_a_missing_column_empties_nothing(centre: Centre) -> None:
    bring(centre, PEOPLE)
    short = "id,name,languages,mode,email\nC-1,Amina Example,en:8;fr:5;ar,either,\n"
    plan = dry(centre, short)
    assert (len(plan.changed), plan.unchanged) == (0, 1)


def test_an_editor_is_told_when_a_list_was_loaded_meanwhile(centre: Centre) -> None:
    bring(centre, PEOPLE)
    with house_of(centre) as house:
        before = Connectee.objects.select_related("person__party").get(reference="C-1")
        old = before.version
        changed = PEOPLE.replace("hiking;choir", "choir")
    bring(centre, changed)
    with house_of(centre) as house:
        row = Connectee.objects.select_related("person__party").get(reference="C-1")
        with pytest.raises(Refused, match="Somebody else changed this record"):
            edit_connectee(connectee=row, expected=old, details=Details({}, {}), by=house)


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(centre: Centre) -> None:
    bad = PEOPLE + (
        "C-3,,nurse,en:8,,,,either,,,,\n"
        "C-4,Bea Example,zzqqxx,en:8,,,Nowhereville,either,2099-01-01,not-an-address,,\n"
        "C-5,Cy Example,nurse,en:99,,,,either,,,,\n"
        "C-2,Twice Example,nurse,en:8,,,,either,,,,\n"
        f"C-6,{'x' * 201},nurse,en:8,,,,either,,,,\n"
    )
    draft, plan = bring(centre, bad)
    where = {(p.row, p.column, p.lost) for p in plan.problems}
    assert {
        (4, "name", "row"),
        (5, "occupation", "field"),
        (5, "community", "field"),
        (5, "waiting_since", "field"),
        (5, "email", "field"),
        (6, "languages", "row"),
        (7, "id", "row"),
        (8, "name", "row"),
    } == where
    assert draft.result == {"new": 3, "changed": 0, "unchanged": 0, "unreadable": 4}
    with house_of(centre):
        kept = Connectee.objects.select_related("person").get(reference="C-4").person
        assert (kept.occupation_code, kept.occupation_text) == ("", "zzqqxx")


def test_unknown_headings_wait_for_a_person_to_say_what_they_are(centre: Centre) -> None:
    odd = "Kennung,Wer,Sprachen,Wie\nC-9,Amina Example,en:8,video\n"
    plan = dry(centre, odd)
    assert set(plan.missing) == {"id", "languages", "mode"}
    with house_of(centre) as house:
        draft = start_import(
            centre=centre, kind="connectee", name="odd.csv", data=odd.encode(), by=house
        )
        with pytest.raises(Refused, match="which column holds"):
            load_draft(draft=draft, by=house)
    draft, plan = bring(centre, odd, id=0, name=1, languages=2, mode=3)
    assert draft.result["new"] == 1
    with house_of(centre) as house, pytest.raises(Refused, match="two fields"):
        choose_columns(draft=draft, mapping={"id": 0, "name": 0}, by=house)


def test_g17_loading_twice_is_loading_once(centre: Centre) -> None:
    with house_of(centre) as house:
        draft = start_import(
            centre=centre, kind="connectee", name="l.csv", data=PEOPLE.encode(), by=house
        )
        for _click in range(3):
            load_draft(draft=draft, by=house)
        assert Connectee.objects.count() == 2


def test_what_is_not_a_list_is_refused_in_words(centre: Centre) -> None:
    with house_of(centre) as house:
        for data in (b"", b"%PDF-1.7 nothing", b"\x89PNG\r\n"):
            with pytest.raises(Refused):
                start_import(centre=centre, kind="connectee", name="x", data=data, by=house)
        assert not ImportDraft.objects.exists()


def test_an_upload_is_forgotten_after_a_day(centre: Centre) -> None:
    with house_of(centre) as house:
        draft = start_import(
            centre=centre, kind="connectee", name="l.csv", data=PEOPLE.encode(), by=house
        )
        ImportDraft.objects.filter(pk=draft.pk).update(
            created_at=timezone.now() - timedelta(hours=25)
        )
        assert forget_old_drafts(centre=centre) == 1


def test_an_upload_of_one_centre_is_not_there_for_another(
    centre: Centre, other_centre: Centre
) -> None:
    with house_of(centre) as house:
        start_import(centre=centre, kind="connectee", name="l", data=PEOPLE.encode(), by=house)
        assert ImportDraft.objects.count() == 1
    with house_of(other_centre):
        assert ImportDraft.objects.count() == 0


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("kind", ["connectee", "connector"])
def test_b80_a_round_trip_loses_nothing(
    centre: Centre, other_centre: Centre, kind: str, lang: str
) -> None:
    bring(centre, PEOPLE if kind == "connectee" else LOCALS, kind)
    first = exported(centre, kind, lang)
    plan = dry(centre, first, kind)
    assert (len(plan.new), len(plan.changed), plan.problems) == (0, 0, ())
    bring(other_centre, first, kind)
    second = exported(other_centre, kind, lang)
    assert sorted(second.splitlines()) == sorted(first.splitlines())


def test_b80_people_added_by_hand_come_back_as_themselves(centre: Centre) -> None:
    with house_of(centre) as house:
        party = {"name": "-Dash Example", "phone": "+1 902 555 0101", "email": "d@people.example"}
        person = {
            "languages": {"en": 7},
            "occupation_text": "=1+1 of my own",
            "place_id": "lawrencetown-ns-2",
            "interests": ["@home"],
        }
        enrol_connectee(centre=centre, details=Details(party, person), by=house)
    plan = dry(centre, exported(centre))
    assert (len(plan.new), len(plan.changed), plan.unchanged) == (0, 0, 1)


@pytest.mark.parametrize("kind", ["connectee", "connector"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_template_is_read_back_without_a_problem(centre: Centre, kind: str, lang: str) -> None:
    _name, data = template_csv(kind=kind, lang=lang)
    plan = dry(centre, data, kind)
    assert (len(plan.new), plan.problems, plan.table.notes) == (1, (), ())
    assert len(plan.mapping) == len(plan.table.headers)


PAYLOADS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "|calc", "%0A=1", "＝1+1",
    '=HYPERLINK("http://x")', "  =cmd|' /C calc'!A0",
)  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("kind", ["connectee", "connector"])
def test_g10_no_cell_of_an_export_runs_as_a_formula(
    centre: Centre, kind: str, payload: str
) -> None:
    bring(centre, PEOPLE if kind == "connectee" else LOCALS, kind)
    with house_of(centre):
        model: Any = Connectee if kind == "connectee" else Connector
        row = model.objects.select_related("person__party").first()
        row.reference, row.not_with = payload[:60], [payload]
        person, party = row.person, row.person.party
        person.occupation_text, person.interests, person.occupation_code = payload, [payload], ""
        party.name, party.phone, party.email = payload, payload[:40], payload
        if kind == "connectee":
            row.target_organizations = [payload]
        else:
            row.organization.party.name = payload
            row.organization.party.save()
        for one in (row, person, party):
            one.save()
    text = exported(centre, kind).decode("utf-8-sig")
    for cells in csv.reader(io.StringIO(text)):
        for cell in cells:
            assert neutral(cell) == cell, cell
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "\t", "|", "%", "＝"))


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=40))
def test_the_apostrophe_of_an_export_is_taken_off_again(text: str) -> None:
    assert text.startswith("'") or bare(neutral(text)) == text


def test_a_list_takes_as_many_queries_for_forty_people_as_for_four(centre: Centre) -> None:
    def rows(start: int, count: int) -> str:
        lines = [f"Q-{n},Person {n} Example,nurse,en:8,either" for n in range(start, start + count)]
        return "\n".join(["id,name,occupation,languages,mode", *lines])

    def queries(text: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            bring(centre, text)
        return len(seen)

    assert queries(rows(0, 4)) == queries(rows(100, 40))


def test_a_key_used_twice_is_one_upload(centre: Centre) -> None:
    key = uuid.uuid4()
    with house_of(centre) as house:
        for _click in range(2):
            start_import(
                centre=centre, kind="connectee", name="l", data=PEOPLE.encode(), by=house, key=key
            )
        assert ImportDraft.objects.count() == 1


def test_a_list_that_one_request_cannot_load_is_refused_with_the_way_out(centre: Centre) -> None:
    rows = "\n".join(f"R-{n},Person {n},en:8,either" for n in range(MOST_ROWS + 1))
    with pytest.raises(Refused, match=r"more than 5000 rows\. Split it"):
        dry(centre, f"id,name,languages,mode\n{rows}\n")
