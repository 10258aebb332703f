"""G24: an older backup brings nobody back who was erased since."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone

from takeroot.accounts.models import Centre, Party
from takeroot.config.database import Urls
from takeroot.connections.models import Referral
from takeroot.connections.services.referrals import say_no
from takeroot.keeping.services.erasing import erase, record_wish
from takeroot.keeping.services.merging import merge_files
from takeroot.keeping.tombstones import FILE
from tests.backup.conftest import takeroot
from tests.cast import house_of, make_centre
from tests.conftest import _point_at
from tests.connections.chain import agreed, asked, met
from tests.connections.people import a_connectee, a_connector

PEOPLE = 20


@dataclass
class Story:
    """An installation, its backup of Monday, and what happened on Tuesday."""

    urls: Urls
    home: Path
    archive: Path
    erased: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def word(number: int) -> str:
    """A name that stands nowhere else."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:05}").title() + "zx"


@pytest.fixture(scope="module")
def story(
    django_db_setup: None,
    fresh_database: Any,
    django_db_blocker: Any,
    scratch: Callable[..., Urls],
    tmp_path_factory: pytest.TempPathFactory,
) -> Story:
    home = tmp_path_factory.mktemp("home_g24")
    (home / "secret_key").write_text(settings.SECRET_KEY)
    urls = scratch("g24_a", blank=False)
    told = Story(urls, home, home / "monday.takeroot")
    patch = pytest.MonkeyPatch()
    patch.setattr(settings, "HOME", home)
    with django_db_blocker.unblock():
        _point_at(urls.application)
        centre, keys = _monday(told)
        done = takeroot(urls, home, "backup", str(told.archive))
        assert done.returncode == 0, done.stderr
        _tuesday(centre, keys)
        fresh_database()
    patch.undo()
    return told


def _monday(told: Story) -> tuple[Centre, list[Any]]:
    """Thirty newcomers and Connectors, a conversation with contacts, two files of one person."""
    centre = make_centre("truro", timezone="America/Halifax")
    match = met(centre)
    names = [f"{word(number)} Example" for number in range(30)]
    rows = [
        a_connectee(centre, name, part={"reference": f"R{number}"})
        if number % 5 != 4
        else a_connector(centre, name)
        for number, name in enumerate(names)
    ]
    contacts = [f"{word(100 + number)} Contact" for number in range(3)]
    first, second, third = asked(centre, match, *contacts)
    agreed(centre, first)
    with house_of(centre) as house:
        merge_files(stays=rows[0].pk, goes=rows[1].pk, by=house)
    # Erased: eighteen of the thirty (one of them a merged pair), and two contacts.
    keys = [row.pk for number, row in enumerate(rows[:19]) if number != 1]
    keys += [first.contact_id, second.contact_id]
    told.erased = [name.split()[0] for name in (*names[:19], *contacts[:2])]
    told.kept = [name.split()[0] for name in (*names[19:], contacts[2])]
    assert len(keys) == PEOPLE
    assert third.pk
    return centre, keys


def _tuesday(centre: Centre, keys: list[Any]) -> None:
    """One contact says never again, two files are merged, then twenty people are erased."""
    with house_of(centre) as house:
        say_no(referral=Referral.objects.get(contact_id=keys[-1]), never_again=True)
        merge_files(stays=keys[2], goes=keys[3], by=house)
    for key in keys:
        if key == keys[3]:
            continue
        with house_of(centre) as house:
            party = Party.objects.get(pk=key)
            today = timezone.localdate(timezone=centre.zone)
            wish = record_wish(
                party=party, asked_by="person", verified="known", asked_on=today, by=house
            )
            erase(erasure=wish, by=house)


def everything(url: str) -> str:
    """All that the product's tables hold, as text."""
    found = []
    with psycopg.connect(url) as link:
        tables = link.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' AND (relname LIKE 'accounts%' OR relname LIKE 'access%'"
            " OR relname ~ '^(connections|messaging|people|promises|ledger|keeping|procrast)')"
        ).fetchall()
        for (table,) in tables:
            found += [str(row) for row in link.execute(f'SELECT * FROM "{table}"').fetchall()]
    return "\n".join(found).casefold()


def back(told: Story, url: str) -> list[str]:
    text = everything(url)
    return [name for name in told.erased if name.casefold() in text]


@pytest.fixture(scope="module")
def restored(story: Story, scratch: Callable[..., Urls], tmp_path_factory: Any) -> tuple[Any, ...]:
    urls, home = scratch("g24_b"), tmp_path_factory.mktemp("home_g24_b")
    done = takeroot(urls, home, "restore", str(story.archive), "--erasures", str(story.home / FILE))
    assert done.returncode == 0, done.stderr
    return urls, home, done.stdout


def test_g24_of_twenty_people_erased_none_is_back_after_a_restore_of_an_older_backup(
    story: Story, restored: tuple[Any, ...]
) -> None:
    urls, _home, printed = restored
    assert back(story, urls.owner) == []
    assert f"Erased again: {PEOPLE - 1} people" in printed
    text = everything(urls.owner)
    assert [name for name in story.kept if name.casefold() not in text] == []


def test_g24_without_the_list_they_would_all_be_back_until_the_list_is_brought(
    story: Story, scratch: Callable[..., Urls], tmp_path: Path
) -> None:
    """The control: the backup does hold them; the list undoes it by whatever way it comes."""
    urls = scratch("g24_c")
    done = takeroot(urls, tmp_path, "restore", str(story.archive))
    assert done.returncode == 0, done.stderr
    assert "no list of erasures" in done.stdout
    assert len(back(story, urls.owner)) == len(story.erased)
    (tmp_path / FILE).write_text((story.home / FILE).read_text())
    again = takeroot(urls, tmp_path, "migrate")
    assert again.returncode == 0, again.stderr
    assert back(story, urls.owner) == []
    # Once more changes nothing: `serve` does this at every start.
    assert "Erased again" not in takeroot(urls, tmp_path, "migrate").stdout


def test_g24_nobody_is_written_to_a_second_time(restored: tuple[Any, ...]) -> None:
    with psycopg.connect(restored[0].owner) as link:
        row = link.execute(
            "SELECT count(*) FROM messaging_letter WHERE kind = 'other_cannot'"
        ).fetchone()
    assert row == (0,)


def test_g24_never_again_said_after_the_backup_is_remembered_after_the_restore(
    restored: tuple[Any, ...],
) -> None:
    with psycopg.connect(restored[0].owner) as link:
        kinds = dict(
            link.execute("SELECT kind, count(*) FROM access_fingerprint GROUP BY kind").fetchall()
        )
    assert kinds["address"] == 1
    assert kinds["reference"] > 0


def test_the_list_holds_keys_days_and_codes_and_is_its_owners_alone(story: Story) -> None:
    file = story.home / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(lines) == PEOPLE - 1
    assert max(len(line["keys"]) for line in lines) == 2
    text = file.read_text().casefold()
    assert [name for name in story.erased if name.casefold() in text] == []


def test_the_new_home_has_the_list_too(story: Story, restored: tuple[Any, ...]) -> None:
    assert (restored[1] / FILE).read_text() == (story.home / FILE).read_text()


def test_a_damaged_list_stops_a_restore_before_anything_is_done(
    story: Story, scratch: Callable[..., Urls], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.log"
    bad.write_text('{"erasure": 1}\n' + (story.home / FILE).read_text())
    urls = scratch("g24_d")
    done = takeroot(urls, tmp_path, "restore", str(story.archive), "--erasures", str(bad))
    assert done.returncode == 2
    assert "Line 1" in done.stderr
    with psycopg.connect(urls.owner) as link:
        assert link.execute(
            "SELECT count(*) FROM pg_class WHERE relname = 'accounts_party'"
        ).fetchone() == (0,)


def test_a_line_cut_short_by_a_power_failure_loses_no_other(story: Story, tmp_path: Path) -> None:
    from takeroot.keeping.tombstones import read_tombstones, write_tombstones

    file = tmp_path / FILE
    text = (story.home / FILE).read_text()
    file.write_text(text[:-40])
    assert len(read_tombstones(file)) == PEOPLE - 2
    write_tombstones(tmp_path, read_tombstones(story.home / FILE))
    assert len(read_tombstones(file)) == PEOPLE - 1
