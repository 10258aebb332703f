"""The commands that run an installation: each adds its words and calls one function."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from takeroot.config.database import Urls

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
SETTINGS = "takeroot.config.settings.base"


def _set_up(*, owner: bool = False) -> Urls:
    """Django with a database: the given one, or the embedded one of the home folder."""
    from takeroot.config.database import remember, urls_for
    from takeroot.config.env import read_environment

    env = read_environment()
    urls = urls_for(env.home, env.database_url, env.database_owner_url)
    remember(urls)
    if owner:
        os.environ["DATABASE_URL"] = urls.owner
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()
    return urls


def _in_words(run: Callable[[], int]) -> int:
    """Problems that have a sentence end in it, with exit code 2."""
    from takeroot.config.database import DatabaseProblem
    from takeroot.config.env import EnvironmentProblem

    try:
        return run()
    except (DatabaseProblem, EnvironmentProblem) as problem:
        print(str(problem), file=sys.stderr)
        return 2


def add_serve(commands: Commands) -> None:
    parser = commands.add_parser("serve", help="start Takeroot: database, web server, worker")
    parser.add_argument(
        "--demo", action="store_true", help="build a demonstration when there is no centre yet"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--workers", type=int, default=2, help="web processes (2)")
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    from takeroot.config.serve import serve

    return serve(demo=options.demo, host=options.host, workers=options.workers)


def add_migrate(commands: Commands) -> None:
    parser = commands.add_parser("migrate", help="bring the database up to this version")
    parser.set_defaults(run=lambda options: _in_words(_migrate))


def _migrate() -> int:
    from takeroot.config.database import role_of

    urls = _set_up(owner=True)
    from django.core.management import call_command

    from takeroot.config.install import install

    install(role=role_of(urls.application))
    call_command("collectstatic", interactive=False, verbosity=0)
    return 0


def add_worker(commands: Commands) -> None:
    parser = commands.add_parser("worker", help="work the queue: letters, timers")
    parser.set_defaults(run=lambda options: _in_words(_worker))


def _worker() -> int:
    _set_up()
    from takeroot.common.queue import work

    work()
    return 0


def add_demo(commands: Commands) -> None:
    parser = commands.add_parser("demo", help="build the demonstration: two centres, 230 people")
    parser.add_argument("--seed", type=int, default=2026, help="the same seed, the same people")
    parser.add_argument(
        "--if-empty", action="store_true", help="do nothing when there is a centre already"
    )
    parser.set_defaults(run=lambda options: _in_words(lambda: _demo(options)))


def _demo(options: argparse.Namespace) -> int:
    _set_up()
    from takeroot.accounts.models import Centre
    from takeroot.demo.build import build_demo

    if Centre.objects.exists():
        if options.if_empty:
            return 0
        print(
            "There is a centre in this database already; the demonstration is built in an empty "
            "one only. Nothing was changed.",
            file=sys.stderr,
        )
        return 2
    print("Building the demonstration (two centres; once, about a minute) …", flush=True)
    build_demo(seed=options.seed)
    return 0


INSTALLATION = (add_serve, add_migrate, add_worker, add_demo)
