"""The commands that run an installation: each adds its words and calls one function."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from takeroot.config.console import complain, say

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
    import psycopg

    from takeroot.backup.errors import BackupProblem
    from takeroot.config.database import DatabaseProblem
    from takeroot.config.problems import CentreProblem, EnvironmentProblem, ImportProblem
    from takeroot.config.serve import StartProblem
    from takeroot.keeping.tombstones import ListDamaged

    known = (
        BackupProblem,
        CentreProblem,
        DatabaseProblem,
        EnvironmentProblem,
        ImportProblem,
        ListDamaged,
        StartProblem,
    )
    try:
        return run()
    except KeyboardInterrupt:
        return 130
    except known as problem:
        complain(str(problem))
    except psycopg.Error as problem:
        # The first line only: the rest may hold a row's values.
        said = problem.diag.message_primary or str(problem).splitlines()[0]
        complain(f"The database refused: {said}. What was begun was undone.")
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
    _see_to_erasures()
    call_command("collectstatic", interactive=False, verbosity=0)
    return 0


def _see_to_erasures(*, named: Path | None = None) -> None:
    """Before anybody can sign in: whoever was erased and is here again (an older backup was put
    back, by whatever means) is erased again, and the list outside the database is complete."""
    from takeroot.config.env import takeroot_home
    from takeroot.keeping.services.erasing import repeat_erasures, write_missing
    from takeroot.keeping.tombstones import FILE, copy_list

    home = takeroot_home()
    if named is not None:
        copy_list(named, home)
    again = repeat_erasures(home / FILE)
    write_missing(home)
    if again:
        say(f"Erased again: {again} people whom the data had brought back. Nobody was written to.")


def add_worker(commands: Commands) -> None:
    parser = commands.add_parser("worker", help="work the queue: letters, timers")
    parser.set_defaults(run=lambda options: _in_words(_worker))


def _worker() -> int:
    _set_up()
    from takeroot.common.queue import work

    work()
    return 0


def add_lmtp(commands: Commands) -> None:
    parser = commands.add_parser(
        "lmtp",
        help="take in letters that the mail server of this machine hands over",
        description="Listens for LMTP on this machine alone and lays each letter into the inbox "
        "folder, where the worker reads it. Not needed where the mail server delivers into that "
        "folder itself (TAKEROOT_INBOX, a maildir).",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address of this machine (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8024, help="port (8024)")
    parser.set_defaults(run=lambda options: _in_words(lambda: _lmtp(options)))


def _lmtp(options: argparse.Namespace) -> int:
    _set_up()
    from takeroot.messaging.lmtp import NotHere, serve_lmtp

    try:
        serve_lmtp(host=options.host, port=options.port)
    except NotHere:
        complain(
            f"«{options.host}» can be reached from outside; LMTP has no password. Choose an "
            "address of this machine, such as 127.0.0.1."
        )
        return 2
    except OSError as problem:
        complain(
            f"Port {options.port} of {options.host} cannot be used ({problem.strerror}). Choose "
            "another with --port."
        )
        return 2
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
        complain(
            "There is a centre in this database already; the demonstration is built in an empty "
            "one only. Nothing was changed."
        )
        return 2
    say("Building the demonstration (two centres; once, about a minute) …")
    build_demo(seed=options.seed)
    return 0


def add_backup(commands: Commands) -> None:
    parser = commands.add_parser(
        "backup",
        help="write everything into one sealed file",
        description="Writes one consistent moment of the database, and the key of links and "
        "sessions, into one file sealed with a passphrase; reads it back and compares it.",
    )
    parser.add_argument("file", type=Path, help="the archive to write; it must not exist")
    _add_passphrase(parser)
    parser.add_argument(
        "--plain", action="store_true", help="do not encrypt (and leave the key out)"
    )
    parser.set_defaults(run=lambda options: _in_words(lambda: _backup(options)))


def add_restore(commands: Commands) -> None:
    parser = commands.add_parser(
        "restore",
        help="put a backup into an empty database",
        description="Checks the archive whole, makes the tables, loads every row, compares every "
        "table by hash, and raises the walls. Stop Takeroot first.",
    )
    parser.add_argument("file", type=Path, help="an archive that `takeroot backup` wrote")
    parser.add_argument(
        "--erasures",
        type=Path,
        metavar="FILE",
        help="the list erasures.log of the installation that the backup comes from: whoever was "
        "erased since is erased again (else the one in TAKEROOT_HOME)",
    )
    _add_passphrase(parser)
    parser.set_defaults(run=lambda options: _in_words(lambda: _restore(options)))


def _add_passphrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="read the passphrase from a file (else TAKEROOT_BACKUP_PASSPHRASE, else it is asked)",
    )


def _backup(options: argparse.Namespace) -> int:
    from takeroot.backup.keys import passphrase_for
    from takeroot.backup.making import make_backup

    passphrase = None if options.plain else passphrase_for(options.passphrase_file, twice=True)
    urls = _set_up(owner=True)
    from django.conf import settings

    make_backup(
        owner_url=urls.owner,
        path=options.file,
        passphrase=passphrase,
        secret_key=settings.SECRET_KEY,
        say=say,
    )
    if options.plain:
        say("It is not encrypted: whoever has the file can read every person's data.")
    return 0


def home_list() -> Path:
    """The list of erasures of this home."""
    from takeroot.config.env import takeroot_home
    from takeroot.keeping.tombstones import FILE

    return takeroot_home() / FILE


def _restore(options: argparse.Namespace) -> int:
    from takeroot.backup.archive import needs_passphrase
    from takeroot.backup.keys import passphrase_for, put_back
    from takeroot.config.env import takeroot_home
    from takeroot.keeping.tombstones import read_tombstones

    if options.erasures is not None and not options.erasures.exists():
        complain(f"There is no file {options.erasures}. Nothing was restored.")
        return 2
    read_tombstones(options.erasures or home_list())
    sealed = needs_passphrase(options.file)
    passphrase = passphrase_for(options.passphrase_file, twice=False) if sealed else None
    home = takeroot_home()
    had_key = (home / "secret_key").exists()
    from takeroot.config.database import role_of
    from takeroot.config.serve import only_one

    home.mkdir(parents=True, exist_ok=True)
    with only_one(home):
        urls = _set_up(owner=True)
        from takeroot.backup.restoring import restore_backup
        from takeroot.config.install import install

        manifest, key = restore_backup(
            owner_url=urls.owner, path=options.file, passphrase=passphrase, say=say
        )
        install(role=role_of(urls.application))
        _see_to_erasures(named=options.erasures)
    say(
        f"Restored: {manifest.rows} rows of {len(manifest.tables)} tables, every one the same as "
        f"on {manifest.made_at}. Left out: who was signed in."
    )
    say(put_back(home, key, was_there=had_key))
    if not (home / "erasures.log").exists():
        say(
            "There is no list of erasures (erasures.log) in this home. If people were erased after "
            "this backup, put the list of that installation here and run `takeroot migrate` "
            "before you serve."
        )
    return 0


def add_centre(commands: Commands) -> None:
    centre = commands.add_parser("centre", help="begin a centre, invite its staff")
    actions = centre.add_subparsers(dest="action", required=True, metavar="ACTION")
    parser = actions.add_parser(
        "add", help="a new centre with its first coordinator, who gets a link to set a password"
    )
    parser.add_argument("--name-en", required=True, help="the centre's name in English")
    parser.add_argument("--name-fr", required=True, help="the centre's name in French")
    parser.add_argument("--place", required=True, help="its community, such as «Truro, NS»")
    parser.add_argument("--coordinator", required=True, metavar="EMAIL", help="their address")
    parser.add_argument("--name", default="", help="the coordinator's name")
    parser.add_argument("--lang", choices=("en", "fr"), default="en", help="their language")
    parser.set_defaults(run=lambda options: _in_words(lambda: _add_centre(options)))
    parser = actions.add_parser("invite", help="give somebody of the staff a role in a centre")
    parser.add_argument("centre", metavar="CENTRE", help="the centre's short name in addresses")
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument("--role", required=True, help="coordinator, worker, supervisor …")
    parser.add_argument("--name", default="", help="their name")
    parser.add_argument("--lang", choices=("en", "fr"), default="en", help="their language")
    parser.set_defaults(run=lambda options: _in_words(lambda: _invite(options)))
    parser = actions.add_parser("close", help="close somebody's sign-in, at once")
    parser.add_argument("email", metavar="EMAIL")
    parser.set_defaults(run=lambda options: _in_words(lambda: _close(options)))


def _add_centre(options: argparse.Namespace) -> int:
    _set_up()
    from takeroot.config.centres import begin_centre

    said = begin_centre(
        name_en=options.name_en,
        name_fr=options.name_fr,
        place=options.place,
        email=options.coordinator,
        name=options.name,
        language=options.lang,
    )
    say(said)
    return 0


def _invite(options: argparse.Namespace) -> int:
    _set_up()
    from takeroot.config.centres import invite

    said = invite(
        slug=options.centre,
        email=options.email,
        role=options.role,
        name=options.name,
        language=options.lang,
    )
    say(said)
    return 0


def _close(options: argparse.Namespace) -> int:
    _set_up()
    from takeroot.config.centres import close_account

    say(close_account(email=options.email))
    return 0


def add_import(commands: Commands) -> None:
    parser = commands.add_parser(
        "import",
        help="load a list of people into a centre",
        description="Reads a CSV or XLSX list and says what loading it would do; --load does it. "
        "The same list again changes nothing.",
    )
    parser.add_argument("centre", metavar="CENTRE", help="the centre's short name in addresses")
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX, one row a person")
    parser.add_argument("--kind", choices=("connectees", "connectors"), required=True)
    parser.add_argument("--load", action="store_true", help="load it (otherwise: a dry run)")
    parser.set_defaults(run=lambda options: _in_words(lambda: _import(options)))


def _import(options: argparse.Namespace) -> int:
    _set_up()
    from takeroot.config.importing import import_list

    import_list(
        slug=options.centre,
        path=options.file,
        kind=options.kind,
        load=options.load,
        say=say,
        warn=complain,
    )
    return 0


INSTALLATION = (
    add_serve,
    add_migrate,
    add_worker,
    add_lmtp,
    add_demo,
    add_centre,
    add_import,
    add_backup,
    add_restore,
)
