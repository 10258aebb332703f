"""The `takeroot` command: thin. Each subcommand says what it needs and calls one function.

To add one: a function that adds its arguments and sets ``run``, and its name in COMMANDS. Imports
of anything heavy belong inside ``run``, so that `takeroot --help` stays quick.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from takeroot.config.commands import INSTALLATION
from takeroot.config.engine_commands import add_engine
from takeroot.config.words import LANGUAGES, set_up_words

NOTHING_DONE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 done, 1 no answer, 2 nothing could be done."""
    parser = argparse.ArgumentParser(
        prog="takeroot",
        description="Helps smaller Canadian communities welcome skilled newcomers and keep them.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in COMMANDS:
        add(commands)
    options = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    return run(options)


def say(text: str) -> None:
    """One line for the person, on the error stream: the standard output stays for data."""
    print(text, file=sys.stderr)


def _add_match(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "match",
        help="propose matches from two files, without a database",
        description="Reads Connectees and Connectors from two CSV or XLSX files and writes the "
        "matches with the greatest total score, with their reasons.",
    )
    parser.add_argument("connectees", type=Path, nargs="?", help="CSV or XLSX, one row a person")
    parser.add_argument("connectors", type=Path, nargs="?", help="CSV or XLSX, one row a person")
    parser.add_argument("--out", type=Path, metavar="MATCHES.csv", help="where to write matches")
    parser.add_argument("--candidates", type=Path, metavar="CSV", help="also write every pair")
    parser.add_argument("--report", type=Path, metavar="JSON", help="also write a report")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the reasons")
    parser.add_argument(
        "--least-quality", type=int, default=0, metavar="N", help="propose no pair scoring below N"
    )
    parser.add_argument(
        "--as-of",
        type=dt.date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the day that waiting is counted to (today)",
    )
    parser.add_argument(
        "--template", type=Path, metavar="DIR", help="write both empty files there, in --lang"
    )
    parser.set_defaults(run=_match)


def _match(options: argparse.Namespace) -> int:
    set_up_words(options.lang)
    from takeroot.common.spreadsheets import SpreadsheetError

    try:
        return _match_or_refuse(options)
    except SpreadsheetError as error:
        say(str(error))
        return NOTHING_DONE


def _match_or_refuse(options: argparse.Namespace) -> int:
    from django.utils.translation import gettext as _

    from takeroot.common.spreadsheets import SpreadsheetError
    from takeroot.connections.files import write_templates

    if options.template:
        for path in write_templates(options.template, options.lang):
            print(path)
    if options.template and not options.connectees:
        return 0
    if not (options.connectees and options.connectors and options.out):
        raise SpreadsheetError(
            _("Give the Connectees' file, the Connectors' file and --out MATCHES.csv.")
        )
    if not 0 <= options.least_quality <= 1000:
        raise SpreadsheetError(_("--least-quality: a whole number from 0 to 1000 is expected."))
    _refuse_one_name_twice(options)
    return _run_match(options)


def _refuse_one_name_twice(options: argparse.Namespace) -> None:
    """An output must not overwrite an input or another output."""
    from django.utils.translation import gettext as _

    from takeroot.common.spreadsheets import SpreadsheetError

    named = (options.connectees, options.connectors)
    paths = [path.resolve() for path in named]
    for path in (options.out, options.candidates, options.report):
        if path is None:
            continue
        if path.resolve() in paths:
            raise SpreadsheetError(
                _("“%(path)s” is given for two files. Give each its own name.") % {"path": path}
            )
        paths.append(path.resolve())


def _run_match(options: argparse.Namespace) -> int:
    from django.utils.translation import gettext as _

    from takeroot.connections.match_files import Outputs, run_round, write_round

    done = run_round(
        options.connectees,
        options.connectors,
        least_quality=options.least_quality,
        today=options.as_of or dt.date.today(),  # noqa: DTZ011 - the person's own day
    )
    write_round(done, Outputs(options.out, options.candidates, options.report))
    for loaded in (done.connectees, done.connectors):
        for note in loaded.notes:
            say(f"{loaded.path}: {note}")
        for problem in loaded.problems:
            say(problem.sentence(loaded.path))
    say(
        _("Connectees: %(connectees)d. Matches proposed: %(matches)d. Total score: %(total)d.")
        % {
            "matches": len(done.result.pairs),
            "connectees": len(done.connectees.people),
            "total": done.result.value,
        }
    )
    return 0


COMMANDS: tuple[Callable[[argparse._SubParsersAction[argparse.ArgumentParser]], None], ...] = (
    _add_match,
    add_engine,
    *INSTALLATION,
)

if __name__ == "__main__":
    sys.exit(main())
