"""One installation with real work in it, backed up once for all tests of this folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from takeroot.config.database import Urls, with_name
from tests.cast import make_centre
from tests.conftest import TEMPLATE, _point_at, _recreate
from tests.connections.people import an_introduced_pair

PASSPHRASE = "four words picked at random"


@dataclass(frozen=True)
class Installation:
    """A database with two centres, a home folder, its archive, and a link that was sent."""

    urls: Urls
    home: Path
    archive: Path
    link: str


def takeroot(urls: Urls, home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it, on a given database and home."""
    environment = {
        **os.environ,
        "DATABASE_URL": urls.application,
        "DATABASE_OWNER_URL": urls.owner,
        "TAKEROOT_HOME": str(home),
        "TAKEROOT_BACKUP_PASSPHRASE": PASSPHRASE,
        "DJANGO_SETTINGS_MODULE": "takeroot.config.settings.base",
        **more,
    }
    environment.pop("SECRET_KEY", None)
    environment.update({k: v for k, v in more.items() if k == "SECRET_KEY"})
    return subprocess.run(
        [sys.executable, "-m", "takeroot.cli", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def urls_of(urls: Urls, name: str) -> Urls:
    return Urls(owner=with_name(urls.owner, name), application=with_name(urls.application, name))


@pytest.fixture(scope="session")
def scratch(database_urls: Urls) -> Callable[..., Urls]:
    """A function that makes a database by name: blank, or a copy of the template."""

    def make(name: str, *, blank: bool = True) -> Urls:
        own = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        _recreate(database_urls.owner, own, None if blank else TEMPLATE)
        return urls_of(database_urls, own)

    return make


@pytest.fixture(scope="session")
def installation(
    django_db_setup: None,
    fresh_database: Any,
    django_db_blocker: Any,
    scratch: Callable[..., Urls],
    tmp_path_factory: pytest.TempPathFactory,
) -> Installation:
    urls = scratch("backup_a", blank=False)
    home = tmp_path_factory.mktemp("home")
    (home / "secret_key").write_text(settings.SECRET_KEY)
    with django_db_blocker.unblock():
        _point_at(urls.application)
        link = _some_work()
        fresh_database()
    archive = home / "monday.takeroot"
    done = takeroot(urls, home, "backup", str(archive))
    assert done.returncode == 0, done.stderr
    return Installation(urls, home, archive, link)


def _some_work() -> str:
    """Two centres; in one of them a pair was introduced by letter. Returns a link's token."""
    from django.db import transaction

    from takeroot.access.actor import acting, system_actor
    from takeroot.messaging.models import SignedLink
    from takeroot.messaging.services import token_for

    truro = make_centre("truro", timezone="America/Halifax")
    make_centre("gander", timezone="America/St_Johns")
    an_introduced_pair(truro)
    with transaction.atomic(), acting(system_actor(truro.pk, purpose="test")):
        return token_for(SignedLink.objects.order_by("created_at")[0])
