"""Résumé and introduction: sealed, in versions, shown to whom she agrees and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from takeroot.access.models import Change, Consent, Read
from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre, Party
from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee
from takeroot.connections.services.enrolment import give_consent, take_consent_back
from takeroot.documents import services
from takeroot.documents.models import Content, Document
from takeroot.documents.sealing import CannotOpen, seal, unseal
from takeroot.messaging.models import LinkPurpose
from tests.cast import house_of
from tests.connections.people import a_connectee
from tests.documents.makers import docx, hostile, pdf
from tests.pages.links.stage import Pair, Reader, a_pair, reader

pytestmark = pytest.mark.django_db
MARK = b"%UNIQUE-WORDS-OF-A-RESUME\n"


def resume(mark: bytes = MARK) -> bytes:
    return pdf(tail=mark + b"%%EOF")


def kept(centre: Centre, party: Party, data: bytes | None = None, name: str = "cv.pdf") -> Document:
    with house_of(centre) as house:
        return services.keep_file(
            party=party, kind="resume", name=name, data=data or resume(), by=house
        )


def own_page(centre: Centre, party: Party) -> Reader:
    return reader(centre, party.pk, LinkPurpose.CONNECTEE_PAGE, party.pk)


def agree(pair: Pair, *shares: str) -> Consent:
    with house_of(pair.centre) as house:
        return give_consent(
            connectee=Connectee.objects.get(pk=pair.connectee.party.pk),
            purpose="introduction",
            shares=["name", "profile", "contact", *shares],
            audience="Connectors",
            given_on=timezone.localdate(),
            until=timezone.localdate() + timedelta(days=30),
            how="in_person",
            by=house,
        )


def upload(page: Reader, data: bytes, name: str = "cv.pdf") -> Any:
    return page.post("files/", file=SimpleUploadedFile(name, data))


def test_e04_a_connector_sees_the_resume_if_and_only_if_the_consent_shares_it(
    centre: Centre,
) -> None:
    pair = a_pair(centre)
    kept(centre, pair.connectee.party)
    assert "Take the résumé" not in pair.connector.text()
    assert pair.connector.get("resume/").status_code == 303
    consent = agree(pair, "resume")
    assert "Take the résumé" in pair.connector.text()
    answer = pair.connector.get("resume/")
    assert (answer.status_code, answer.content) == (200, resume())
    # Who read it is known to the centre and to her.
    with house_of(centre):
        assert Read.objects.filter(page="links:resume").count() == 1
    # Her own link is no way round.
    assert pair.connectee.get("resume/").status_code == 303
    with house_of(centre) as house:
        take_consent_back(consent=consent, by=house)
    # Withdrawn is withdrawn at the next look.
    assert pair.connector.get("resume/").status_code == 303
    assert "Take the résumé" not in pair.connector.text()


def test_e04_a_resume_consent_that_ran_out_shows_nothing(centre: Centre) -> None:
    pair = a_pair(centre)
    kept(centre, pair.connectee.party)
    agree(pair, "resume")
    assert pair.connector.get("resume/").status_code == 200
    with house_of(centre):
        Consent.objects.filter(shares__contains=["resume"]).update(
            until=timezone.localdate() - timedelta(days=1)
        )
    assert pair.connector.get("resume/").status_code == 303
    assert "Take the résumé" not in pair.connector.text()


def test_e04_the_introduction_in_words_is_shown_with_the_same_consent(centre: Centre) -> None:
    pair = a_pair(centre)
    page = own_page(centre, pair.connectee.party)
    assert page.post("pitch/", text="I am a nurse of ten years.").status_code == 303
    assert "nurse of ten years" not in pair.connector.text()
    assert page.post("agree/", resume="yes").status_code == 303
    assert "nurse of ten years" in pair.connector.text()


def test_e04_the_walls_show_a_connector_no_row_even_with_a_grant(centre: Centre) -> None:
    from django.db import transaction

    from takeroot.access.actor import LINK, Actor, acting

    pair = a_pair(centre)
    kept(centre, pair.connectee.party)
    agree(pair, "resume")
    for party, seen in ((pair.connector.party, 0), (pair.connectee.party, 1)):
        actor = Actor(role=LINK, party=party.pk, centres=(centre.pk,), purpose="link")
        with transaction.atomic(), acting(actor):
            assert Document.objects.count() == seen
            assert Content.objects.count() == 0


def test_e04_versions_are_kept_the_newest_counts_and_the_same_file_is_no_new_one(
    centre: Centre,
) -> None:
    row = a_connectee(centre)
    page = own_page(centre, row.person.party)
    first, second = resume(b"%first\n"), resume(b"%second\n")
    for data in (first, second, second):
        assert upload(page, data).status_code == 303
    with house_of(centre):
        assert list(Document.objects.values_list("version", flat=True)) == [2, 1]
    assert page.get("file/?kind=resume").content == second
    assert page.get("file/?kind=resume&version=1").content == first
    for strange in ("9", "x", "-1", "99999999999"):
        assert page.get(f"file/?kind=resume&version={strange}").status_code in (200, 303)
    assert "Version 2" in page.text("files/")


def test_e04_of_many_versions_the_latest_are_kept(centre: Centre, monkeypatch: Any) -> None:
    monkeypatch.setattr(services, "MOST_VERSIONS", 3)
    row = a_connectee(centre)
    for number in range(5):
        kept(centre, row.person.party, resume(b"%%%d\n" % number))
    with house_of(centre):
        assert list(Document.objects.values_list("version", flat=True)) == [5, 4, 3]
        assert Content.objects.count() == 3


def test_e04_hostile_files_are_refused_by_the_page_and_nothing_is_kept(centre: Centre) -> None:
    row = a_connectee(centre)
    page = own_page(centre, row.person.party)
    some = ("PDF with a script", "DOCX with macros", "DOCX that is a bomb", "a program", "empty")
    files = hostile()
    for name in (*some, "too large", "HTML as text"):
        assert upload(page, files[name]).status_code == 422, name
    with house_of(centre):
        assert not Document.objects.exists()
    assert page.post("files/").status_code == 422


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\windows\\system32\\cv.pdf",
        'cv"; filename="evil.html.pdf',
        "cv\r\nSet-Cookie: x=1.pdf",
        "<img src=x onerror=alert(1)>.pdf",
        "résumé d’Élodie 履歴書.pdf",
        "a" * 180 + ".pdf",
    ],
)
def test_e04_the_name_of_a_file_decides_and_breaks_nothing(centre: Centre, name: str) -> None:
    row = a_connectee(centre)
    document = kept(centre, row.person.party, name=name)
    assert "/" not in document.name
    assert "\\" not in document.name
    assert len(document.name) <= 120
    page = own_page(centre, row.person.party)
    assert "<img" not in page.text("files/")
    answer = page.get("file/?kind=resume")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="resume-1.pdf"'
    assert "Set-Cookie" not in answer.headers or "x=1" not in answer.headers["Set-Cookie"]


def test_e04_a_file_goes_out_as_an_attachment_that_no_browser_runs(centre: Centre) -> None:
    row = a_connectee(centre)
    kept(centre, row.person.party, docx(), name="cv.pdf")
    answer = own_page(centre, row.person.party).get("file/?kind=resume")
    assert answer.headers["Content-Type"].endswith("wordprocessingml.document")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer.headers["Cache-Control"]


def test_e04_the_database_and_its_trace_hold_no_word_of_a_file(centre: Centre) -> None:
    row = a_connectee(centre)
    kept(centre, row.person.party)
    needle = MARK.strip()
    with house_of(centre), connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM documents_content")
        (sealed,) = cursor.fetchone()
        assert needle not in bytes(sealed)
        trace = str(list(Change.objects.filter(table__startswith="documents").values()))
        assert needle.decode() not in trace
        assert needle.hex() not in trace
        assert Change.objects.filter(table="documents_document").exists()
        assert not Change.objects.filter(table="documents_content").exists()


def test_e04_sealed_bytes_open_for_their_document_and_their_key_alone(settings: Any) -> None:
    document, other, centre = uuid4(), uuid4(), uuid4()
    sealed = seal(b"hello", document=document, centre=centre)
    assert unseal(sealed, document=document, centre=centre) == b"hello"
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for data, key, place in (
        (sealed, other, centre),
        (sealed, document, other),
        (changed, document, centre),
    ):
        with pytest.raises(CannotOpen):
            unseal(data, document=key, centre=place)
    settings.FORMER_KEYS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-this-installation-and-long-enough"
    assert unseal(sealed, document=document, centre=centre) == b"hello"
    settings.FORMER_KEYS = []
    with pytest.raises(CannotOpen):
        unseal(sealed, document=document, centre=centre)


def test_e04_with_another_key_the_page_says_so_and_does_not_break(
    centre: Centre, settings: Any
) -> None:
    row = a_connectee(centre)
    document = kept(centre, row.person.party)
    settings.SECRET_KEY = "another-key-of-this-installation-and-long-enough"
    with house_of(centre), pytest.raises(Refused, match="another key"):
        services.content_of(document)


def test_e04_staff_look_take_and_add_and_other_centres_do_not(
    centre: Centre, other_centre: Centre, signed_in: Callable[..., Client]
) -> None:
    row = a_connectee(centre)
    staff = signed_in(centre, Role.WORKER)
    answer = staff.post(
        f"/people/{row.pk}/documents/", {"file": SimpleUploadedFile("cv.pdf", resume())}
    )
    assert answer.status_code == 302
    assert staff.post(f"/people/{row.pk}/documents/pitch/", {"text": "A nurse."}).status_code == 302
    page = staff.get(f"/people/{row.pk}/documents/").content.decode()
    assert "added by Worker Sample" in page
    assert "No Connector sees this" in page
    with house_of(centre):
        document = Document.objects.get(kind="resume")
    assert staff.get(f"/people/{row.pk}/documents/{document.pk}/").content == resume()
    stranger = signed_in(other_centre, Role.WORKER)
    assert stranger.get(f"/people/{row.pk}/documents/").status_code == 404
    assert stranger.get(f"/people/{row.pk}/documents/{document.pk}/").status_code == 404
    elsewhere = a_connectee(centre, "Ngozi Specimen")
    assert staff.get(f"/people/{elsewhere.pk}/documents/{document.pk}/").status_code == 404
