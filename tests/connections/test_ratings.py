"""Before and after: the change of those who answered both times, with n."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from takeroot.accounts.enums import Role
from takeroot.accounts.models import Centre
from takeroot.common.errors import Refused
from takeroot.connections.models import Connectee
from takeroot.connections.rating_figures import rating_changes
from takeroot.connections.services.meetings import log_meeting
from takeroot.connections.services.ratings import ask_how_it_was, rate
from takeroot.messaging.models import LinkPurpose
from tests.cast import deliver, house_of
from tests.connections.people import a_connectee, an_introduced_pair
from tests.pages.links.stage import reader

pytestmark = pytest.mark.django_db
LOW = {"market": 1, "networking": 2, "contacts": 1, "confidence": 2}
HIGH = {"market": 4, "networking": 4, "contacts": 5, "confidence": 3}


def answered(centre: Centre, row: Connectee, moment: str, values: dict[str, int]) -> None:
    with house_of(centre):
        rate(connectee_id=row.pk, centre=centre, moment=moment, values=values)


def test_e18_only_those_who_answered_both_times_are_compared_and_n_says_how_many(
    centre: Centre, other_centre: Centre
) -> None:
    both, once, late = (a_connectee(centre, name) for name in ("Ana One", "Ben Two", "Cy Three"))
    answered(centre, both, "before", LOW)
    answered(centre, both, "after", HIGH)
    answered(centre, once, "before", HIGH)
    answered(centre, late, "after", LOW)
    away = a_connectee(other_centre, "Dee Four")
    answered(other_centre, away, "before", LOW)
    answered(other_centre, away, "after", LOW)
    with house_of(centre) as house:
        found = rating_changes(house)
    assert (found.before, found.after, found.both) == (2, 2, 1)
    assert {row.name: row.change for row in found.rows} == {
        "market": 3,
        "networking": 2,
        "contacts": 4,
        "confidence": 1,
    }
    assert all(row.n == 1 for row in found.rows)


def test_e18_the_first_answer_of_a_moment_stands(centre: Centre) -> None:
    row = a_connectee(centre)
    answered(centre, row, "before", LOW)
    answered(centre, row, "before", HIGH)
    answered(centre, row, "after", HIGH)
    with house_of(centre) as house:
        assert rating_changes(house).rows[0].before == 1


@pytest.mark.parametrize("value", [0, 6])
def test_e18_answers_lie_between_one_and_five(centre: Centre, value: int) -> None:
    row = a_connectee(centre)
    with pytest.raises(ValidationError):
        answered(centre, row, "before", {**LOW, "market": value})


def test_e18_asked_before_the_introduction_and_again_after_the_meeting(centre: Centre) -> None:
    meeting = an_introduced_pair(centre)
    row = a_connectee(centre, "Ngozi Specimen")
    before = reader(centre, row.pk, LinkPurpose.CONNECTEE_PAGE, row.pk)
    assert "How do you see yourself today?" in before.text()
    assert before.post("rate/", **LOW).status_code == 303
    assert "How do you see yourself" not in before.text()

    one = reader(
        centre, meeting.connectee_party, LinkPurpose.CONNECTEE_PAGE, meeting.connectee_party
    )
    assert "How do you see yourself" not in one.text()
    with house_of(centre):
        log_meeting(
            meeting=meeting, held=True, on=timezone.localdate(timezone=centre.zone), by=None
        )
    assert "How do you see yourself now?" in one.text()
    assert one.post("rate/", market=3).status_code == 422
    assert one.post("rate/", **HIGH).status_code == 303
    with house_of(centre) as house:
        assert rating_changes(house).after == 1


def test_e18_staff_ask_afterwards_by_one_letter(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    meeting = an_introduced_pair(centre)
    with house_of(centre) as house:
        log_meeting(
            meeting=meeting, held=True, on=timezone.localdate(timezone=centre.zone), by=None
        )
        row = Connectee.objects.select_related("centre").get(pk=meeting.connectee_party)
    staff = signed_in(centre, Role.COORDINATOR)
    assert "Ask how it was" in staff.get(f"/people/{row.pk}/application/").content.decode()
    for _click in range(2):
        staff.post(f"/people/{row.pk}/ask-rating/")
    deliver()
    asked = [one for one in mail.outbox if "did it change anything" in one.subject]
    assert len(asked) == 1
    answered(centre, row, "after", HIGH)
    with house_of(centre) as house, pytest.raises(Refused, match="answered already"):
        ask_how_it_was(connectee=row, by=house)
    page = staff.get(f"/people/{row.pk}/application/").content.decode()
    assert "4 of 5 after" in page


def test_e18_the_page_shows_the_change_with_n(
    centre: Centre, signed_in: Callable[..., Client]
) -> None:
    staff = signed_in(centre, Role.COORDINATOR)
    assert "The first change" in staff.get("/people/before-and-after/").content.decode()
    row = a_connectee(centre)
    answered(centre, row, "before", HIGH)
    answered(centre, row, "after", LOW)
    text = staff.get("/people/before-and-after/").content.decode()
    assert "One person answered both times" in text
    assert "−3.0" in text
