"""The two centres, built once for a whole file of tests; every test begins from the same state.

The file's tests share one transaction, taken back at its end, and each test takes back its own
part: building two centres costs more than most of the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings

from takeroot.accounts.models import User
from tests.cast import make_centre
from tests.matrix.asking import Asker, expire, session_of, undone
from tests.matrix.cells import ANONYMOUS, DISABLED, EXPIRED
from tests.matrix.world import AWAY, HOME, House, build, disabled

MAILBOX = "takeroot.messaging.backends.MailboxBackend"


@dataclass
class World:
    """Our centre, the one next door, and a session for every role of ours."""

    mine: House
    theirs: House
    askers: dict[str, Asker]


def make_world() -> World:
    mine = build(make_centre(HOME, timezone="America/Halifax"))
    theirs = build(make_centre(AWAY, timezone="America/St_Johns"))
    askers = {role: Asker(session_of(user)) for role, user in mine.users.items()}
    askers[ANONYMOUS] = Asker()
    gone = disabled(mine.centre)
    askers[DISABLED] = Asker(session_of(gone))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    late = session_of(mine.users["coordinator"])
    expire(late)
    askers[EXPIRED] = Asker(late)
    return World(mine, theirs, askers)


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock():
        # The mailbox page stands where letters go to the mailbox.
        with override_settings(EMAIL_BACKEND=MAILBOX), undone():
            yield make_world()
        connection.close()


@pytest.fixture
def world(_built: World, django_db_blocker: Any) -> Iterator[World]:
    cache.clear()
    with django_db_blocker.unblock(), transaction.atomic():
        yield _built
        transaction.set_rollback(True)
