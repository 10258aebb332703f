"""D08: a file moves to another centre with the person's consent, whole, and leaves only counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from takeroot.access.actor import system_actor
from takeroot.access.models import Consent, Grant
from takeroot.accounts.models import Centre, Party, User
from takeroot.accounts.services import create_account
from takeroot.common.errors import EditedMeanwhile, Refused
from takeroot.common.keeping import Travels
from takeroot.connections.figures import period_figures
from takeroot.connections.models import Connectee, Connector, Match, Qualification, SelfRating
from takeroot.connections.models_shared import SharedAnswer
from takeroot.connections.services.meetings import choose_time, propose_times
from takeroot.connections.services.ratings import rate
from takeroot.documents.models import Document
from takeroot.documents.services import content_of, keep_pitch
from takeroot.keeping.models import Pair, Transfer
from takeroot.keeping.selectors import earlier_homes, transfers_visible_to
from takeroot.keeping.services.erasing import erase, record_wish, repeat_erasures
from takeroot.keeping.services.merging import merge_files
from takeroot.keeping.services.moving import what_becomes
from takeroot.keeping.services.transferring import (
    answer_transfer,
    decide_transfer,
    take_transfer_back,
)
from takeroot.keeping.tables import kept_tables
from takeroot.keeping.tombstones import FILE
from takeroot.ledger.models import Event
from takeroot.ledger.services import record
from takeroot.messaging.models import Letter, SignedLink
from takeroot.messaging.services import SpentLink, open_link, token_for
from takeroot.outcomes.indicators import counts_by_month
from takeroot.outcomes.models_stay import StayCheck
from takeroot.outcomes.services.stays import ask_who_stayed
from takeroot.promises.climbing import climb_all
from takeroot.promises.models import Promise
from tests.cast import deliver, house_of, make_centre
from tests.connections.chain import a_network
from tests.connections.people import a_connectee, a_connector, an_introduced_pair
from tests.connections.sharing import a_guest, a_shared_connector, ask, offers, shares
from tests.keeping.moving import agreed, moved, proposed
from tests.keeping.rows import everything, traces_of

pytestmark = pytest.mark.django_db
RATING = {"market": 2, "networking": 2, "contacts": 1, "confidence": 3}


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False) as clock:
        yield clock


def test_every_table_that_holds_people_says_what_becomes_of_it_when_a_file_moves() -> None:
    silent = [model._meta.label for model, keeps in kept_tables() if keeps.travels is None]
    assert silent == [], "say `travels` in `keeps` (CONTRIBUTING.md, «A table»)"
    parts = {model for model, keeps in kept_tables() if keeps.travels == Travels.WITH_FILE}
    assert parts == {Party, Party.person.related.related_model, Connectee}  # type: ignore[attr-defined]


def test_d08_the_file_moves_whole_and_the_other_centre_owes_it_a_look(
    centre: Centre, other_centre: Centre
) -> None:
    row = a_connectee(centre, part={"reference": "T-1"}, interests=["choirs"])
    with house_of(centre) as house:
        keep_pitch(party=row.person.party, text="I mend hearts.", by=house)
        rate(connectee_id=row.pk, centre=centre, moment="before", values=RATING)
        waiting = Connectee.objects.get(pk=row.pk).waiting_since
    there = moved(row, other_centre)
    with house_of(other_centre):
        party = there.person.party
        assert (party.name, party.email) == ("Amina Example", "amina.example@people.example")
        assert there.person.interests == ["choirs"]
        assert (there.state, there.waiting_since, there.reference) == ("applied", waiting, "")
        assert Qualification.objects.get(connectee=there).complete
        assert Qualification.objects.get(connectee=there).signed_at is None
        assert SelfRating.objects.get(connectee=there).contacts == 1
        (pitch,) = Document.objects.filter(party=party)
        assert content_of(pitch) == b"I mend hearts."
        assert Promise.objects.get(kind="sign_readiness", state="open").creditor_id == party.pk
        assert "Your file is now with" in Letter.objects.get(party=party).subject
        assert [event.kind for event in Event.objects.all()] == ["transferred_in"]
        assert not Consent.objects.exists()
    with house_of(centre):
        assert Event.objects.filter(kind="transferred_out", party_id=row.pk).count() == 1


def test_d08_the_old_centre_keeps_counts_and_where_they_went_and_nothing_else(
    centre: Centre, other_centre: Centre
) -> None:
    match = a_network(centre)
    with house_of(centre):
        Connectee.objects.filter(pk=match.connectee_id).update(reference="C-77-amina")
        row = match.connectee
    deliver()
    words = ("Amina", "amina.example@people.example", "C-77-amina")
    assert traces_of(centre, *words)  # the control: it stood there
    since = timezone.localdate() - timedelta(days=5)
    with house_of(centre) as house:
        before = period_figures(actor=house, centre=centre, since=since)
        counted = counts_by_month(actor=house, centre=centre, year=since.year)
    moved(row, other_centre)
    assert traces_of(centre, *words) == []
    with house_of(centre) as house:
        assert period_figures(actor=house, centre=centre, since=since) == before
        assert counts_by_month(actor=house, centre=centre, year=since.year) == counted
        stub = Party.objects.get(pk=row.pk)
        assert (stub.name, stub.moved_to_id) == ("—", other_centre.pk)
        assert Connectee.objects.get(pk=row.pk).state == "closed"
        told = Transfer.objects.get()
        assert (told.state, told.reason, told.languages) == ("moved", "", [])
        open_ = Promise.objects.filter(state="open")
        assert not open_.filter(creditor_id=row.pk).exists()
        assert not open_.filter(debtor_id=row.pk).exists()
    with house_of(other_centre) as house:
        # Nobody is counted a second time in the totals of both.
        there = counts_by_month(actor=house, centre=other_centre, year=since.year)
        assert not any(any(months) for months in there.values())


def met_there(centre: Centre, row: Connectee) -> None:
    """Somebody meets a Connector of a centre today."""
    with house_of(centre):
        party = Party.objects.select_related("centre").get(pk=row.pk)
        record(party=party, kind="met")


def networks(centre: Centre) -> list[int]:
    with house_of(centre) as house:
        year = timezone.localdate(timezone=centre.zone).year
        return list(counts_by_month(actor=house, centre=centre, year=year)["networks"])


def test_d08_nobody_is_counted_twice_in_a_year_in_the_totals_of_all_centres(
    centre: Centre, other_centre: Centre, clock: Any
) -> None:
    third = make_centre("moncton", timezone="America/Moncton")
    row = a_connectee(centre)
    met_there(centre, row)
    clock.shift(timedelta(days=30))
    there = moved(row, other_centre)
    met_there(other_centre, there)
    clock.shift(timedelta(days=30))
    further = moved(there, third)
    met_there(third, further)
    clock.shift(timedelta(days=30))
    back = moved(further, centre)
    met_there(centre, back)
    assert networks(centre)[2] == 1
    assert [sum(networks(one)) for one in (centre, other_centre, third)] == [1, 0, 0]
    # The control: in another year they count where they are.
    clock.shift(timedelta(days=300))
    met_there(centre, back)
    assert sum(networks(centre)) == 1


def test_d08_whether_they_stayed_is_asked_by_one_centre_for_each_moment(
    centre: Centre, other_centre: Centre, clock: Any
) -> None:
    row = a_connectee(centre)
    with house_of(centre):
        party = Party.objects.select_related("centre").get(pk=row.pk)
        record(party=party, kind="stay_3_here")
    there = moved(row, other_centre)
    other = a_connectee(other_centre, "Olga Other")
    with house_of(other_centre):
        for key in (there.pk, other.pk):
            party = Party.objects.select_related("centre").get(pk=key)
            record(party=party, kind="introduced")
        for _half in range(2):
            clock.shift(timedelta(days=95))
            ask_who_stayed(centre=other_centre)
        asked = StayCheck.objects.values_list("connectee_id", "months")
        assert {*asked} == {(other.pk, 3), (other.pk, 6), (there.pk, 6)}


def test_d08_there_and_back_leaves_nothing_behind_and_moves_nobody_elses_rows(
    centre: Centre, other_centre: Centre
) -> None:
    others = {}
    for place in (centre, other_centre):
        a_connectee(place, f"{place.slug} Neighbour")
        a_connector(place, f"{place.slug} Host")
    for place in (centre, other_centre):
        others[place.pk] = everything(place)
    row = a_connectee(centre, interests=["choirs"])
    with house_of(centre) as house:
        keep_pitch(party=row.person.party, text="I mend hearts.", by=house)
        rate(connectee_id=row.pk, centre=centre, moment="before", values=RATING)
    there = moved(row, other_centre)
    back = moved(there, centre)
    assert back.pk == row.pk
    assert traces_of(other_centre, "Amina", "amina.example", "choirs") == []
    for place in (centre, other_centre):
        after = everything(place)
        for table, rows in others[place.pk].items():
            for key, values in rows.items():
                assert after[table].get(key) == values, table
    with house_of(centre):
        party = Party.objects.get(pk=row.pk)
        assert (party.name, party.moved_to, party.severed_at) == ("Amina Example", None, None)
        assert back.person.interests == ["choirs"]
        assert content_of(Document.objects.get()) == b"I mend hearts."
        assert SelfRating.objects.get().connectee_id == row.pk
        kinds = list(Event.objects.filter(party_id=row.pk).values_list("kind", flat=True))
        for kind in ("applied", "transferred_out", "transferred_in"):
            assert kinds.count(kind) == 1, kind
    # And once more: the same two files, no third.
    assert moved(back, other_centre).pk == there.pk


def test_d08_the_other_centre_reads_nothing_before_the_yes_and_no_name_before_it_takes_over(
    centre: Centre, other_centre: Centre
) -> None:
    made = proposed(a_connectee(centre), other_centre)
    with house_of(other_centre) as house:
        assert not Transfer.objects.exists()
    with house_of(centre) as house:
        answer_transfer(transfer=made, yes=True, how="phone", by=house)
    with house_of(other_centre) as house:
        (seen,) = transfers_visible_to(house)
        assert (seen.occupation_code, seen.languages) == ("31301", ["en"])
        assert not Party.objects.filter(pk=seen.party_id).exists()
        assert Promise.objects.get().kind == "decide_transfer"
    with house_of(centre) as house:
        with pytest.raises(Refused, match="not for your centre"):
            decide_transfer(transfer=Transfer.objects.get(), take=True, by=house)
        # They may change their mind until the file has moved; then nobody there reads it any more.
        answer_transfer(transfer=made, yes=False, how="phone", by=house)
        assert not Consent.objects.filter(purpose="transfer", withdrawn_at=None).exists()
    with house_of(other_centre):
        assert not Transfer.objects.exists()
        assert Promise.objects.get().state == "closed"


def test_d08_a_no_changes_nothing_and_the_proposer_reads_so(
    centre: Centre, other_centre: Centre, coordinator: User
) -> None:
    row = a_connectee(centre)
    made = proposed(row, other_centre)
    with house_of(centre) as house:
        Transfer.objects.update(asked_by=coordinator.party)
        answer_transfer(transfer=made, yes=False, how="in_person", by=house)
        assert Connectee.objects.get(pk=row.pk).state == "ready"
        assert Promise.objects.get(kind="answer_transfer").state == "kept"
        letter = Letter.objects.get(kind="transfer_result")
        assert "would rather stay" in letter.body
        assert "Amina" not in letter.body
        with pytest.raises(EditedMeanwhile):
            answer_transfer(transfer=made, yes=True, how="in_person", by=house)


def test_d08_no_answer_of_the_person_is_no_after_a_reminder_and_a_call(
    centre: Centre, other_centre: Centre, clock: Any
) -> None:
    row = a_connectee(centre)
    proposed(row, other_centre)
    for _day in range(40):
        clock.shift(timedelta(days=1))
        climb_all(centre)
        climb_all(other_centre)
    with house_of(centre):
        assert Letter.objects.filter(kind="transfer_ask").count() == 2
        assert Promise.objects.filter(kind="call", subject_id=row.pk).count() == 1
        assert Transfer.objects.get().state == "silent"
        assert Promise.objects.get(kind="answer_transfer").reason == "no_answer"
        assert not SignedLink.objects.filter(purpose="transfer", revoked_at=None).exists()


def test_d08_no_answer_of_the_centre_is_no_and_the_person_is_told(
    centre: Centre, other_centre: Centre, clock: Any
) -> None:
    row = a_connectee(centre)
    agreed(row, other_centre)
    for _day in range(40):
        clock.shift(timedelta(days=1))
        climb_all(centre)
        climb_all(other_centre)
    with house_of(centre):
        assert Transfer.objects.get().state == "unanswered"
        letter = Letter.objects.get(kind="transfer_not")
        assert (letter.party_id, "has not answered in time" in letter.body) == (row.pk, True)
    with house_of(other_centre):
        assert Promise.objects.get().reason == "no_answer"


def test_d08_a_centre_that_cannot_take_it_says_so_and_nothing_moves(
    centre: Centre, other_centre: Centre
) -> None:
    row = a_connectee(centre)
    made = agreed(row, other_centre)
    with house_of(other_centre) as house:
        seen = Transfer.objects.get(pk=made.pk)
        assert decide_transfer(transfer=seen, take=False, by=house) is None
        with pytest.raises(EditedMeanwhile):
            decide_transfer(transfer=seen, take=True, by=house)
    with house_of(centre):
        assert Connectee.objects.get(pk=row.pk).state == "ready"
        assert "cannot take over" in Letter.objects.get(kind="transfer_not").body


def test_d08_connectors_under_way_are_told_and_a_booked_time_leaves_their_calendar(
    centre: Centre, other_centre: Centre
) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        one = Party.objects.get(pk=meeting.connectee_party)
        other = Party.objects.get(pk=meeting.connector_party)
        at = timezone.now() + timedelta(days=3)
        propose_times(meeting=meeting, times=[at], by=one)
        choose_time(meeting=meeting, time=at, where="Inn", by=other)
        row = Connectee.objects.select_related("centre").get(pk=one.pk)
    moved(row, other_centre)
    with house_of(centre):
        letter = Letter.objects.get(kind="moved_away")
        assert letter.party_id == other.pk
        assert "will not take place" in letter.body
        assert "METHOD:CANCEL" in letter.calendar
        assert "Amina" not in letter.body + letter.subject + letter.calendar
        assert Match.objects.get().state == "ended"
        assert not Promise.objects.filter(state="open", subject_id=Match.objects.get().pk).exists()


def test_d08_with_the_persons_wish_the_two_keep_each_others_address(
    centre: Centre, other_centre: Centre
) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre):
        row = Connectee.objects.select_related("centre").get(pk=meeting.connectee_party)
    there = moved(row, other_centre, keep_in_touch=True)
    with house_of(centre):
        letter = Letter.objects.get(kind="still_in_touch")
        assert letter.party_id == meeting.connector_party
        assert "amina.example@people.example" in letter.body
        assert not Letter.objects.filter(kind="moved_away").exists()
        assert Grant.objects.get(revoked_at=None).holder_id == there.pk
    with house_of(other_centre):
        assert "paul.sample@people.example" in Letter.objects.get(kind="still_in_touch").body
        assert Grant.objects.get(revoked_at=None).holder_id == meeting.connector_party


def test_d08_an_outstanding_request_to_another_centre_is_closed_and_said(
    centre: Centre, other_centre: Centre
) -> None:
    third = make_centre("moncton", timezone="America/Moncton")
    a_shared_connector(third)
    shares(centre, third)
    guest = a_guest(centre)
    ask(guest, offers(centre)[0])
    moved(guest, other_centre)
    with house_of(third):
        assert SharedAnswer.objects.get().state == "withdrawn"
        assert Promise.objects.get(kind="answer_shared").reason == "moved"
        assert "no longer needed" in Letter.objects.get(kind="shared_over").body


def test_d08_links_in_old_letters_are_spent_and_say_where_the_person_is_now(
    centre: Centre, other_centre: Centre, client: Any
) -> None:
    row = a_connectee(centre)
    made = proposed(row, other_centre)
    with house_of(centre):
        token = token_for(SignedLink.objects.get(purpose="transfer"))
    page = client.get(f"/l/{token}/").content.decode()
    assert "What moves" in page
    with house_of(centre) as house:
        answer_transfer(transfer=made, yes=True, how="in_person", by=house)
    with house_of(other_centre) as house:
        decide_transfer(transfer=Transfer.objects.get(), take=True, by=house)
    with pytest.raises(SpentLink):
        open_link(token)
    answer = client.get(f"/l/{token}/")
    assert answer.status_code == 410
    assert "Gander centre" in answer.content.decode()


def refusal(row: Connectee, to: Centre) -> str:
    with pytest.raises(Refused) as caught:
        proposed(row, to)
    return str(caught.value)


def test_d08_what_stands_against_a_move_is_said_in_whole_sentences(
    centre: Centre, other_centre: Centre
) -> None:
    row, twin = a_connectee(centre), a_connectee(centre, "Amina Exampel")
    assert "another centre than your own" in refusal(row, centre)
    one, other = sorted((row.pk, twin.pk), key=str)
    with house_of(centre):
        pair = Pair(centre=centre, one_id=one, other_id=other, reasons=["spelling"])
        pair.save(force_insert=True)
    assert "second file" in refusal(row, other_centre)
    with house_of(centre) as house:
        merge_files(stays=row.pk, goes=twin.pk, by=house)
    assert "no longer a file of its own" in refusal(twin, other_centre)
    made = proposed(row, other_centre)
    assert "proposed already" in refusal(row, other_centre)
    with house_of(centre) as house:
        take_transfer_back(transfer=made, by=house)
        today = timezone.localdate(timezone=centre.zone)
        record_wish(
            party=row.person.party, asked_by="person", verified="known", asked_on=today, by=house
        )
    assert "asked to be forgotten" in refusal(row, other_centre)
    helper = a_connectee(centre, "Hana Helper")
    with house_of(centre):
        connector = Connector(id=helper.pk, centre=centre, person=helper.person)
        connector.save(force_insert=True)
    assert "opens doors here" in refusal(helper, other_centre)


def test_d08_what_comes_up_after_the_yes_stops_the_move_without_telling_the_other_centre_why(
    centre: Centre, other_centre: Centre
) -> None:
    row = a_connectee(centre)
    agreed(row, other_centre)
    with house_of(centre) as house:
        today = timezone.localdate(timezone=centre.zone)
        wish = record_wish(
            party=row.person.party, asked_by="person", verified="known", asked_on=today, by=house
        )
    with house_of(other_centre) as house:
        seen = Transfer.objects.get()
        with pytest.raises(Refused, match="has to settle something first"):
            decide_transfer(transfer=seen, take=True, by=house)
    with house_of(centre) as house:
        erase(erasure=wish, by=house)
        assert Transfer.objects.get().state == "withdrawn"
    with house_of(other_centre):
        assert Promise.objects.get().reason == "erased"


def test_d08_files_with_a_proposed_move_are_not_merged(
    centre: Centre, other_centre: Centre
) -> None:
    row, twin = a_connectee(centre), a_connectee(centre, "Mina Example")
    proposed(row, other_centre)
    with house_of(centre) as house, pytest.raises(Refused, match="move to another centre"):
        merge_files(stays=row.pk, goes=twin.pk, by=house)


def test_d08_what_hung_on_a_merged_file_moves_with_the_whole(
    centre: Centre, other_centre: Centre
) -> None:
    row, twin = a_connectee(centre), a_connectee(centre, "Mina Example")
    with house_of(centre) as house:
        for one in (row, twin):
            keep_pitch(party=one.person.party, text=f"I am {one.person.party.name}.", by=house)
        merge_files(stays=row.pk, goes=twin.pk, by=house)
    there = moved(row, other_centre)
    with house_of(other_centre):
        versions = Document.objects.filter(party=there.person.party).order_by("version")
        assert [one.version for one in versions] == [1, 2]
    assert traces_of(centre, "Mina Example") == []


def test_d08_a_pair_of_ratings_stays_where_it_was_counted(
    centre: Centre, other_centre: Centre
) -> None:
    row = a_connectee(centre)
    with house_of(centre):
        for moment in ("before", "after"):
            rate(connectee_id=row.pk, centre=centre, moment=moment, values=RATING)
        assert "how they see themselves" in what_becomes(row)["stays"]
    moved(row, other_centre)
    with house_of(centre):
        assert SelfRating.objects.count() == 2


def test_d08_whoever_signs_in_signs_in_at_the_new_centre(
    centre: Centre, other_centre: Centre
) -> None:
    row = a_connectee(centre)
    with house_of(centre):
        party = row.person.party
        user = create_account(
            centre=centre, name="", email=party.email, password=None, role="newcomer", party=party
        )
    there = moved(row, other_centre)
    user = User.objects.get(pk=user.pk)
    assert (user.party_id, user.memberships.get().centre_id) == (there.pk, other_centre.pk)


def test_g24_an_erasure_after_a_move_reaches_backups_of_the_days_before_it(
    centre: Centre,
    other_centre: Centre,
    settings: Any,
    tmp_path: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.HOME = tmp_path
    row = a_connectee(centre)
    there = moved(row, other_centre)
    with house_of(other_centre) as house:
        assert earlier_homes(other_centre.pk, [there.pk]) == [(centre.pk, row.pk)]
        today = timezone.localdate(timezone=other_centre.zone)
        wish = record_wish(
            party=there.person.party, asked_by="person", verified="known", asked_on=today, by=house
        )
        with django_capture_on_commit_callbacks(execute=True):
            erase(erasure=wish, by=house)
    # A backup of the days before the move brings the name back to the old centre.
    with house_of(centre):
        Party.objects.filter(pk=row.pk).update(name="Amina Example", severed_at=None, moved_to=None)
    assert repeat_erasures(tmp_path / FILE) == 1
    with house_of(centre):
        assert Party.objects.get(pk=row.pk).name == "—"


def test_the_house_of_one_centre_cannot_move_a_row_into_another(
    centre: Centre, other_centre: Centre
) -> None:
    row = a_connectee(centre)
    assert system_actor(centre.pk, purpose="x").centres == (centre.pk,)
    with house_of(other_centre):
        assert Connectee.objects.filter(pk=row.pk).update(centre=other_centre) == 0
