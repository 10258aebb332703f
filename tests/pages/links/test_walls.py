"""A link opens one thing to one person, changes nothing by being opened, and dies quietly."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from takeroot.access.actor import acting
from takeroot.accounts.models import Centre, Party
from takeroot.connections.models import Contact, Match, Meeting, MeetingNote, Referral
from takeroot.messaging.models import Letter, LinkPurpose, SignedLink
from takeroot.messaging.services import open_link
from takeroot.pages.links import visit
from tests.cast import house_of
from tests.pages.links import stage
from tests.pages.links.stage import Reader

pytestmark = pytest.mark.django_db

MOMENTS: dict[str, Callable[[Centre], Reader]] = {
    "no time yet": lambda centre: stage.a_pair(centre).connectee,
    "waiting": lambda centre: stage.proposed(centre).connectee,
    "to choose": lambda centre: stage.proposed(centre).connector,
    "booked": lambda centre: stage.booked(centre).connector,
    "after": lambda centre: stage.passed(centre).connectee,
    "held": lambda centre: stage.held(centre).connector,
    "referring": lambda centre: stage.referring(centre)[1],
    "asked": lambda centre: stage.asked(centre)[0],
}
PAGES = {
    LinkPurpose.MEETING: (
        "",
        "propose/",
        "choose/",
        "cancel/",
        "met/",
        "notes/",
        "leave/",
        "meeting.ics",
        "zone/",
    ),
    LinkPurpose.REFERRING: ("", "people/", "cannot/"),
    LinkPurpose.REFERRAL: ("", "yes/", "no/"),
}


def _contents(centre: Centre) -> dict[str, str]:
    """A hash of every table but the trace of reads."""
    found = {}
    with house_of(centre), connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table == "access_read" or not model._meta.managed:
                continue
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


@pytest.mark.parametrize("moment", MOMENTS)
def test_opening_pages_changes_nothing_but_the_trace_of_reads(centre: Centre, moment: str) -> None:
    somebody = MOMENTS[moment](centre)
    before = _contents(centre)
    for page in PAGES[LinkPurpose(somebody.link.purpose)]:
        for method in (somebody.client.get, somebody.client.head):
            assert method(somebody.url(page)).status_code in (200, 303, 404, 405)
    assert _contents(centre) == before


def test_control_a_button_changes_the_contents_and_marks_the_link_as_used(centre: Centre) -> None:
    (contact,) = stage.asked(centre)
    before = _contents(centre)
    contact.post("yes/")
    after = _contents(centre)
    assert before["connections_referral"] != after["connections_referral"]
    with house_of(centre):
        assert SignedLink.objects.get(pk=contact.link.pk).first_opened_at is not None


def test_a_forged_link_is_404_and_a_spent_one_410_with_the_same_words(centre: Centre) -> None:
    pair = stage.a_pair(centre)
    good = pair.connectee.token
    bodies = set()
    for token in (good[:-4] + "AAAA", "x", "é", good[4:], good + good):
        answer = Client().get(f"/l/{token}/")
        assert answer.status_code == 404
        bodies.add(_words(answer))
    with house_of(centre):
        SignedLink.objects.filter(pk=pair.connectee.link.pk).update(
            expires_at=timezone.now() - timedelta(seconds=1)
        )
        SignedLink.objects.filter(pk=pair.connector.link.pk).update(revoked_at=timezone.now())
    for spent in (pair.connectee, pair.connector):
        for page in ("", "propose/", "meeting.ics"):
            answer = Client().get(spent.url(page))
            assert answer.status_code == 410
            bodies.add(_words(answer))
    assert len(bodies) == 1
    assert "This link no longer works" in bodies.pop()


def _words(answer: object) -> str:
    page = answer.content.decode()  # type: ignore[attr-defined]
    return page[page.index("<main") : page.index("</main>")]


def test_a_link_does_only_what_it_is_for(centre: Centre) -> None:
    pair, referring = stage.referring(centre)
    assert referring.get("met/").status_code == 404
    assert pair.connector.post("people/").status_code == 404
    assert pair.connector.post("yes/").status_code == 404


def test_the_walls_alone_keep_a_link_to_its_own_rows(centre: Centre) -> None:
    """No filter of the application here: only what the database lets the link's actor read."""
    contacts = stage.asked(centre, "Ana One", "Ben Two")
    ana = contacts[0]
    with transaction.atomic():
        actor, _link = open_link(ana.token)
        with acting(actor):
            names = set(Party.objects.values_list("name", flat=True))
            assert names == {"Ana One", "Paul Sample"}
            assert [r.contact_party for r in Referral.objects.all()] == [ana.party.pk]
            assert {row.pk for row in Contact.objects.all()} == {ana.party.pk}
            for model in (Match, Meeting, MeetingNote):
                assert not model.objects.exists()
            assert {link.party_id for link in SignedLink.objects.all()} == {ana.party.pk}
            assert {row.party_id for row in Letter.objects.all()} == {ana.party.pk}
    with house_of(centre):
        assert Party.objects.count() > 2, "control: there is more to see"


def test_the_walls_alone_keep_one_pair_from_another(centre: Centre, other_centre: Centre) -> None:
    mine, theirs = stage.a_pair(centre), stage.a_pair(other_centre)
    with transaction.atomic():
        actor, _link = open_link(mine.connectee.token)
        with acting(actor):
            assert [m.pk for m in Meeting.objects.all()] == [mine.meeting_id]
            assert not Party.objects.filter(centre=other_centre).exists()
    assert theirs.connectee.get().status_code == 200


def test_another_persons_link_cannot_act_for_the_other(centre: Centre) -> None:
    pair = stage.proposed(centre)
    outsider = stage.reader(centre, pair.connectee.party.pk, LinkPurpose.REFERRAL, pair.meeting_id)
    assert outsider.post("yes/").status_code == 410
    # A link about somebody else's meeting, issued by mistake, opens nothing.
    with house_of(centre):
        stranger = Party(centre=centre, kind="contact", name="Stranger")
        stranger.save()
    wrong = stage.reader(centre, stranger.pk, LinkPurpose.MEETING, pair.meeting_id)
    time = pair.meeting.proposed_times[0].isoformat()
    assert wrong.get().status_code == 410
    assert wrong.post("choose/", time=time, where="x").status_code == 410
    assert pair.meeting.starts_at is None


def test_pages_behind_links_go_to_no_cache_no_search_engine_and_no_other_site(
    centre: Centre,
) -> None:
    answer = stage.a_pair(centre).connectee.get()
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    # Not «no-referrer»: browsers then send `Origin: null` with the page's own forms.
    assert answer["Referrer-Policy"] == "same-origin"


def test_buttons_need_the_pages_own_token_against_forged_requests(centre: Centre) -> None:
    (contact,) = stage.asked(centre)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(contact.url("yes/")).status_code == 403


def test_too_many_answers_are_told_to_wait_and_nothing_is_saved(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    (contact,) = stage.asked(centre)
    monkeypatch.setattr(visit, "MOST_BY_LINK", 0)
    answer = contact.post("yes/")
    assert (answer.status_code, answer["Retry-After"]) == (429, "600")
    assert "too many answers came at once" in answer.content.decode()
    assert stage.referral_of(contact, centre).state == "asked"
    assert contact.get().status_code == 200


def test_forged_links_are_counted_by_address(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(visit, "MOST_BY_ADDRESS", 1)
    statuses = [Client().post("/l/forged/yes/").status_code for _ in range(3)]
    assert statuses == [404, 429, 429]


def test_the_page_speaks_the_persons_language_until_they_choose(centre: Centre) -> None:
    pair = stage.a_pair(centre)
    with house_of(centre):
        Party.objects.filter(pk=pair.connectee.party.pk).update(language="fr")
    assert pair.connectee.get()["Content-Language"] == "fr"
    assert pair.connector.get()["Content-Language"] == "en"
    pair.connectee.client.cookies["django_language"] = "en"
    assert pair.connectee.get()["Content-Language"] == "en"


def test_switching_the_language_keeps_typed_rows_and_saves_nothing(centre: Centre) -> None:
    _pair, page = stage.referring(centre)
    before = _contents(centre)
    answer = page.post(
        "people/", _language="fr", **{"p-name_1": "Ana One", "p-email_1": "ana", "p-name_3": "Cy"}
    )
    text = answer.content.decode()
    assert (answer.status_code, answer["Content-Language"]) == (200, "fr")
    for kept in ("Ana One", 'value="ana"', 'value="Cy"'):
        assert kept in text
    assert _contents(centre) == before


def _queries(somebody: Reader) -> int:
    """Statements of a page, without savepoints and the actor's context."""
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        assert somebody.get().status_code == 200
    fixed = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT set_config", 'INSERT INTO "access_read"')
    return sum(not q["sql"].startswith(fixed) for q in caught.captured_queries)


@pytest.mark.parametrize("moment", MOMENTS)
def test_each_page_takes_at_most_ten_queries(centre: Centre, moment: str) -> None:
    assert _queries(MOMENTS[moment](centre)) <= 10


def test_the_number_of_queries_does_not_grow_with_the_people_named(centre: Centre) -> None:
    stage.asked(centre, "Ana One")
    with house_of(centre):
        one = Referral.objects.get()
    page = stage.reader(centre, one.referrer_id, LinkPurpose.REFERRING, one.match_id)
    first = _queries(page)
    rows = {
        f"p-{k}_{n}": v
        for n in (1, 2)
        for k, v in (
            ("name", f"Person {n}x"),
            ("email", f"p{n}@contacts.example"),
            ("language", "en"),
        )
    }
    assert page.post("people/", **rows).status_code == 303
    assert _queries(page) <= first
