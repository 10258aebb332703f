"""Who may take part is each centre's own setting."""

from __future__ import annotations

import pytest

from takeroot.common.errors import Refused
from takeroot.connections.enums import ConnecteeState
from takeroot.connections.models import Connectee, Qualification
from takeroot.connections.services.enrolment import sign_readiness
from takeroot.people.enums import Status
from tests.cast import house_of, make_centre
from tests.connections.people import a_connectee

pytestmark = pytest.mark.django_db
ALL = dict.fromkeys(Qualification.POINTS, True)


@pytest.mark.parametrize(
    ("status", "setting"),
    [
        (Status.TEMPORARY_WORKER, "accepts_temporary_residents"),
        (Status.STUDENT, "accepts_graduates"),
    ],
)
def test_e04_a_status_that_the_centre_leaves_out_cannot_be_signed(
    status: Status, setting: str
) -> None:
    strict, open_ = make_centre("strict", **{setting: False}), make_centre("open")
    refused = a_connectee(strict, ready=False, status=status)
    welcome = a_connectee(open_, ready=False, status=status)
    with house_of(strict) as house, pytest.raises(Refused, match="settings keep the programme"):
        sign_readiness(connectee=refused, points=ALL, by=house)
    with house_of(open_) as house:
        sign_readiness(connectee=welcome, points=ALL, by=house)
        assert Connectee.objects.get().state == ConnecteeState.READY
