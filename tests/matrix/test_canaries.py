"""B83: a word that stands in every text of the next centre is seen nowhere in ours."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.core import mail
from django.core.cache import cache
from django.db import connection, models
from django.db.models import Model
from procrastinate.contrib.django.models import ProcrastinateJob

from takeroot.access.actor import acting
from takeroot.access.walls import walled_models
from takeroot.accounts.enums import Role
from takeroot.messaging.models import Letter
from takeroot.messaging.tasks import message_for
from tests.cast import actor_for, house_of
from tests.matrix.asking import HTMX
from tests.matrix.cells import MISSING, OTHER, Page, pages
from tests.matrix.shared import World
from tests.matrix.world import House

pytestmark = pytest.mark.xdist_group("canaries")
OURS, THEIRS = "canaryours", "canarytheirs"
SHORT = {OURS: "qzjxo", THEIRS: "qzjxt"}
# Values that PostgreSQL or the library of dates would refuse: they are no free text.
TECHNICAL = {"timezone", "language", "sort_key"}


def texts_of(model: type[Model]) -> Iterator[Any]:
    """The columns in which somebody's own words can stand."""
    for field in model._meta.local_concrete_fields:
        base = field.base_field if isinstance(field, ArrayField) else field
        is_text = isinstance(base, (models.CharField, models.TextField))
        if is_text and not base.choices and field.name not in TECHNICAL:
            yield field


def canary_for(field: Any, word: str, number: int) -> Any:
    base = field.base_field if isinstance(field, ArrayField) else field
    if isinstance(base, models.EmailField):
        return f"{word}{number}@canary.example"
    room = base.max_length or 200
    text = f"{word} {number}" if room >= 20 else SHORT[word]
    return [text[:room]] if isinstance(field, ArrayField) else text[:room]


def plant(house: House, word: str) -> int:
    """Put the word into every text of every table of a centre that may be changed; returns into
    how many columns."""
    columns = 0
    with house_of(house.centre):
        for model, wall in walled_models():
            fields = list(texts_of(model))
            columns += len(fields)
            if wall.append_only:
                continue
            for number, key in enumerate(model._base_manager.values_list("pk", flat=True)):
                # The words of letters keep their links, or nobody could answer.
                values = {f.attname: canary_for(f, word, number) for f in fields}
                if model is Letter:
                    values["body"] = f"{word} " + "x"
                model._base_manager.filter(pk=key).update(**values)
    return columns


def words_of(word: str) -> tuple[bytes, ...]:
    return word.encode(), SHORT[word].encode()


def seen_in(word: str, content: bytes) -> bool:
    return any(one in content for one in words_of(word))


def addresses(world: World) -> Iterator[tuple[Page, str, str]]:
    for page in pages():
        for state in page.states:
            if MISSING in state:
                continue
            yield (
                page,
                f"{page.name} ({', '.join(state)})",
                page.path(state, world.mine, world.theirs),
            )
        if not page.blanks:
            # A little less than the word: what the page repeats of the search is no find.
            for word in (SHORT[THEIRS][:-1], THEIRS[:-1], OURS[:-1]):
                where = page.path((), world.mine, world.theirs)
                yield page, f"{page.name}?q={word}", f"{where}?q={word}&page=1"


def test_b83_no_page_of_ours_shows_a_word_of_the_next_centre(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    assert plant(world.theirs, THEIRS) > 30
    plant(world.mine, OURS)
    ours = 0
    with caplog.at_level(logging.DEBUG):
        for page, name, where in addresses(world):
            through_link = NEXT_DOOR_LINK in name
            for role, asker in world.askers.items():
                if not page.policy.public and role not in page.policy.roles:
                    continue  # the matrix shows that refusals all look the same
                if page.policy.public and role not in (Role.COORDINATOR, "anonymous"):
                    continue  # pages for everybody; a link speaks for itself
                extra = HTMX if role == Role.COORDINATOR else {}
                answer = asker.try_out("GET", where, **extra)
                content = bytes(answer.content)
                if not through_link:
                    assert not seen_in(THEIRS, content), f"{name} as {role} shows the next centre"
                ours += seen_in(OURS, content)
    # Positive control: our own word is found on many pages.
    assert ours > 40
    assert not any(seen_in(word, caplog.text.encode()) for word in (OURS, THEIRS))


NEXT_DOOR_LINK = "of another centre"


def test_b83_letters_queue_and_cache_of_ours_carry_no_word_of_the_next_centre(
    world: World,
) -> None:
    plant(world.theirs, THEIRS)
    plant(world.mine, OURS)
    with house_of(world.mine.centre):
        letters = Letter.objects.select_related("party", "centre").all()
        sent = [message_for(letter).message().as_bytes() for letter in letters]
    assert sent
    assert any(seen_in(OURS, text) for text in sent)
    assert not any(seen_in(THEIRS, text) for text in sent)
    # The queue knows ids alone.
    jobs = [repr(args).encode() for args in ProcrastinateJob.objects.values_list("args", flat=True)]
    assert jobs
    assert not any(seen_in(word, job) for job in jobs for word in (OURS, THEIRS))
    kept = repr(getattr(cache, "_cache", {})).encode()
    assert not any(seen_in(word, kept) for word in (OURS, THEIRS))
    assert not [m for m in mail.outbox if seen_in(THEIRS, m.message().as_bytes())]


def test_b83_an_id_of_the_next_centre_in_a_form_or_a_query_finds_nothing(world: World) -> None:
    """Ids smuggled in the body, the query and the fields of sorting and filters."""
    plant(world.theirs, THEIRS)
    coordinator = world.askers[Role.COORDINATOR]
    foreign = [str(key) for key in world.theirs.keys.values()]
    names = ("key", "pk", "connector", "connectee", "person", "id", "centre", "sort", "state")
    for number, page in enumerate(pages()):
        if page.policy.public or Role.COORDINATOR not in page.policy.roles:
            continue
        own = page.path(page.states[0], world.mine, world.theirs)
        for key in foreign[number % len(foreign) :][:1]:
            smuggled = dict.fromkeys(names, key) | {"centre": str(world.theirs.centre.pk)}
            query = "&".join(f"{name}={value}" for name, value in smuggled.items())
            for answer in (
                coordinator.try_out("GET", f"{own}?{query}"),
                coordinator.try_out("POST", own, smuggled | {"state": OTHER, "sort": MISSING}),
            ):
                assert answer.status_code < 500, f"{page.name} breaks on a foreign id"
                assert not seen_in(THEIRS, bytes(answer.content)), page.name


def test_b83_a_key_that_belongs_to_the_next_centre_is_refused_in_words(world: World) -> None:
    """A duplicate key is known to the database across the wall; nothing raw is shown."""
    theirs = world.theirs.keys["connectee:Met"]
    form = {
        "key": str(theirs), "name": "Somebody New", "email": "new@people.example",
        "language": "en", "mode": "either", "waiting_since": "2026-01-02", "english": "8",
    }  # fmt: skip
    answer = world.askers[Role.COORDINATOR].try_out("POST", "/people/new/", form)
    text = bytes(answer.content).decode()
    assert answer.status_code == 422
    for raw in ("duplicate key", "violates", "accounts_party", "DETAIL", "IntegrityError"):
        assert raw not in text
    staff = actor_for(world.mine.users[Role.COORDINATOR])
    with acting(staff), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_party WHERE id = %s", [theirs])
        assert cursor.fetchone() == (0,)
