"""`takeroot engine ...`: the engine on files, without a database."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from takeroot.config.commands import Commands
from takeroot.config.console import complain, say
from takeroot.config.words import LANGUAGES, set_up_words

if TYPE_CHECKING:
    from takeroot.engine.words import Words

NO_ANSWER = 1
NOTHING_DONE = 2


def add_engine(commands: Commands) -> None:
    parser = commands.add_parser(
        "engine",
        help="place people, on files: the engine by itself, without a database",
        description="The engine by itself. Exit code 0: done; 1: the problem has no answer, the "
        "report says why; 2: nothing could be done, nothing was written.",
    )
    own = parser.add_subparsers(dest="engine", required=True, metavar="WHAT")
    for add in (_add_assign, _add_what_if, _add_stable, _add_choose):
        add(own)


def _in_words(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Faults of files end in their sentences, with exit code 2."""

    def told(options: argparse.Namespace) -> int:
        set_up_words(options.lang)
        from django.utils.translation import gettext

        from takeroot.engine.files import FilesError

        try:
            return run(options)
        except FilesError as error:
            for sentence in error.sentences:
                complain(sentence.told(gettext))
            return NOTHING_DONE

    return told


def _add_assign(commands: Commands) -> None:
    parser = commands.add_parser(
        "assign",
        help="who goes where, with the greatest total score",
        description="Reads agents, places and the scores of allowed pairs; writes who goes where "
        "and a report with value, proved bound, prices and reasons.",
    )
    _file(parser, "--agents", "A.csv", "agent[,group][,resources]")
    _file(parser, "--places", "P.csv", "place,resources")
    _file(parser, "--pairs", "S.csv", "agent,place,score[,resources]")
    _file(parser, "--out", "OUT.csv", "to write: agent,place,score")
    _file(parser, "--report", "REPORT.json", "to write: value, bound, prices, reasons")
    parser.add_argument("--minimize", action="store_true", help="scores are costs")
    parser.add_argument("--must-place", action="store_true", help="everybody must have a place")
    parser.add_argument(
        "--unplaced-cost", type=_finite, default=0.0, metavar="C", help="of each left out (0)"
    )
    parser.add_argument(
        "--least-score", type=_finite, metavar="N", help="propose no pair that scores less"
    )
    parser.add_argument("--locks", type=Path, metavar="L.csv", help="agent,place: settled before")
    parser.add_argument(
        "--floors", type=Path, metavar="F.csv", help="group,measure,value,place: owed to groups"
    )
    parser.add_argument(
        "--previous", type=Path, metavar="OUT.csv", help="decided before, for the harm check"
    )
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="of a Dask scheduler: prices are found by its workers"
    )
    parser.add_argument(
        "--blocks", type=Path, metavar="DIR", help="with --cluster: a folder that all workers see"
    )
    _add_knobs(parser)
    parser.set_defaults(run=_in_words(_assign))


def _file(parser: argparse.ArgumentParser, option: str, name: str, what: str) -> None:
    parser.add_argument(option, required=True, type=Path, metavar=name, help=what)


def _add_knobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--time-limit", type=_above_0, metavar="S", help="seconds, at most")
    parser.add_argument(
        "--gap", type=_at_least_0, default=1e-4, metavar="G", help="near enough (1e-4)"
    )
    parser.add_argument(
        "--seed", type=_whole, default=0, metavar="N", help="same seed, same answer (0)"
    )
    _add_lang(parser)


def _add_lang(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of sentences")


def _assign(options: argparse.Namespace) -> int:
    from django.utils.translation import gettext

    from takeroot.engine.files import Goal, Inputs, Request, assign

    request = Request(
        inputs=Inputs(
            options.agents, options.places, options.pairs, options.locks, options.floors,
            options.previous,
        ),
        out=options.out,
        report=options.report,
        goal=Goal(
            options.minimize, options.must_place, options.unplaced_cost, options.least_score
        ),
        time_limit=options.time_limit,
        gap=options.gap,
        seed=options.seed,
        cluster=options.cluster,
        blocks=options.blocks,
    )  # fmt: skip
    done = assign(request, gettext)
    for sentence in done.sentences:
        complain(sentence.told(gettext))
    return 0 if done.possible else NO_ANSWER


def _add_what_if(commands: Commands) -> None:
    parser = commands.add_parser(
        "what-if",
        help="change a solved problem: what it costs, who moves",
        description="Takes the report of `takeroot engine assign` and changes, one a row: lock, "
        "unlock, forbid, allow (agent, place), capacity (place, resource, amount), remove (agent), "
        "add (agent, place, amount = score; a row for each place). Tells the new value, what the "
        "change costs, and who moves.",
    )
    parser.add_argument(
        "--from", dest="report", required=True, type=Path, metavar="REPORT.json", help="of assign"
    )
    _file(parser, "--changes", "W.csv", "change,agent,place,resource,amount")
    parser.add_argument("--each", action="store_true", help="each change alone, not all together")
    parser.add_argument("--out", type=Path, metavar="JSON", help="also write the effects")
    parser.add_argument("--moves", type=Path, metavar="CSV", help="also write who moves")
    parser.add_argument("--time-limit", type=_above_0, metavar="S", help="seconds for each change")
    _add_lang(parser)
    parser.set_defaults(run=_in_words(_what_if))


def _what_if(options: argparse.Namespace) -> int:
    from django.utils.translation import gettext

    from takeroot.engine.files import Question, what_if

    question = Question(
        options.report, options.changes, options.each, options.out, options.moves,
        options.time_limit,
    )  # fmt: skip
    possible, sentences = what_if(question, gettext)
    for sentence in sentences:
        say(sentence.told(gettext))
    return 0 if possible else NO_ANSWER


def _add_stable(commands: Commands) -> None:
    parser = commands.add_parser(
        "stable",
        help="match two sides by their ranked lists, so that nobody would rather have each other",
        description="Stable matching with seats and quotas. A pair is possible if both rank one "
        "another; lower ranks are better; equal ranks are decided by the column tie, then by a "
        "lottery with the seed.",
    )
    _file(parser, "--left", "L.csv", "agent,place,rank[,tie]")
    _file(parser, "--right", "R.csv", "place,agent,rank[,tie]")
    _file(parser, "--capacities", "C.csv", "place,capacity[,quota]")
    _outputs(parser, "agent,place,rank,place_rank")
    parser.add_argument(
        "--best-for", choices=("agents", "places"), default="agents",
        help="of all stable matchings, the best for every one of them (agents)",
    )  # fmt: skip
    parser.add_argument(
        "--close-short", action="store_true", help="close places that miss their quota"
    )
    parser.set_defaults(run=_in_words(_stable))


def _outputs(parser: argparse.ArgumentParser, columns: str) -> None:
    parser.add_argument(
        "--out", type=Path, metavar="OUT.csv", help=f"to write: {columns} (standard output)"
    )
    parser.add_argument("--report", type=Path, metavar="JSON", help="also write everything else")
    parser.add_argument("--seed", type=_whole, default=0, metavar="N", help="of lotteries (0)")
    _add_lang(parser)


def _stable(options: argparse.Namespace) -> int:
    from takeroot.engine.files import StableRequest, stable

    request = StableRequest(
        options.left, options.right, options.capacities, options.out, options.report,
        options.best_for, options.seed, options.close_short,
    )  # fmt: skip
    return _say_all(stable(request, sys.stdout))


def _add_choose(commands: Commands) -> None:
    parser = commands.add_parser(
        "choose",
        help="each takes its best place, as long as the rest can still reach a floor",
        description="One after the other, by priority, each agent takes the first place of its "
        "list that leaves the mean outcome of all within reach of the floor. Without --floor: "
        "tells the best mean there could be.",
    )
    _file(parser, "--left", "L.csv", "agent,place,rank[,tie]: wishes")
    _file(parser, "--pairs", "S.csv", "agent,place,score: outcomes")
    _file(parser, "--capacities", "C.csv", "place,capacity")
    parser.add_argument("--floor", type=_finite, metavar="G", help="least mean outcome of all")
    parser.add_argument(
        "--order", type=Path, metavar="O.csv", help="agent: who chooses first (lottery)"
    )
    _outputs(parser, "agent,place,choice,score")
    parser.set_defaults(run=_in_words(_choose))


def _choose(options: argparse.Namespace) -> int:
    from takeroot.engine.files import ChooseRequest, choose_places

    request = ChooseRequest(
        options.left, options.pairs, options.capacities, options.floor, options.order,
        options.out, options.report, options.seed,
    )  # fmt: skip
    return _say_all(choose_places(request, sys.stdout))


def _say_all(sentences: Iterable[Words]) -> int:
    from django.utils.translation import gettext

    for sentence in sentences:
        complain(sentence.told(gettext))
    return 0


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text}: a finite number is expected")
    return value


def _above_0(text: str) -> float:
    value = _finite(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text}: a number above 0 is expected")
    return value


def _at_least_0(text: str) -> float:
    value = _finite(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text}: a number of 0 or more is expected")
    return value


def _whole(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**31:
        raise argparse.ArgumentTypeError(f"{text}: a whole number from 0 to 2147483647 is expected")
    return value
