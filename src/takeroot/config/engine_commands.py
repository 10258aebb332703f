"""`takeroot engine ...`: the engine on files, without a database."""

from __future__ import annotations

import argparse
from pathlib import Path

from takeroot.config.commands import Commands
from takeroot.config.console import complain, say
from takeroot.config.engine_arrivals import add_arrive, add_generate
from takeroot.config.engine_options import (
    above_0,
    add_knobs,
    add_lang,
    at_least_0,
    finite,
    in_words,
    needed_file,
    without_chatter,
)
from takeroot.config.engine_preferences import add_choose, add_stable

NO_ANSWER = 1


def add_engine(commands: Commands) -> None:
    parser = commands.add_parser(
        "engine",
        help="place people, on files: the engine by itself, without a database",
        description="The engine by itself. Exit code 0: done; 1: the problem has no answer, the "
        "report says why; 2: nothing could be done, nothing was written.",
    )
    own = parser.add_subparsers(dest="engine", required=True, metavar="WHAT")
    for add in (
        _add_assign,
        _add_what_if,
        _add_explain,
        add_stable,
        add_choose,
        add_arrive,
        add_generate,
    ):
        add(own)


def _add_assign(commands: Commands) -> None:
    parser = commands.add_parser(
        "assign",
        help="who goes where, with the greatest total score",
        description="Reads agents, places and the scores of allowed pairs; writes who goes where "
        "and a report with value, proved bound, prices and reasons.",
    )
    needed_file(parser, "--agents", "A.csv", "agent[,group][,resources]")
    needed_file(parser, "--places", "P.csv", "place,resources")
    needed_file(parser, "--pairs", "S.csv", "agent,place,score[,resources]")
    needed_file(parser, "--out", "OUT.csv", "to write: agent,place,score")
    needed_file(parser, "--report", "REPORT.json", "to write: value, bound, prices, reasons")
    parser.add_argument("--minimize", action="store_true", help="scores are costs")
    parser.add_argument("--must-place", action="store_true", help="everybody must have a place")
    parser.add_argument(
        "--unplaced-cost", type=finite, default=0.0, metavar="C", help="of each left out (0)"
    )
    parser.add_argument(
        "--least-score", type=finite, metavar="N", help="propose no pair that scores less"
    )
    parser.add_argument("--locks", type=Path, metavar="L.csv", help="agent,place: settled before")
    parser.add_argument(
        "--floors", type=Path, metavar="F.csv", help="group,measure,value,place: owed to groups"
    )
    parser.add_argument(
        "--fair", choices=("mean", "placed"),
        help="the group worst off (by mean score, or share placed) as well off as can be",
    )  # fmt: skip
    parser.add_argument(
        "--fair-share", type=at_least_0, metavar="Q",
        help="each group's mean at least this part (0 to 1) of everybody's",
    )  # fmt: skip
    parser.add_argument(
        "--previous", type=Path, metavar="OUT.csv", help="decided before, for the harm check"
    )
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="of a Dask scheduler: prices are found by its workers"
    )
    parser.add_argument(
        "--blocks", type=Path, metavar="DIR", help="with --cluster: a folder that all workers see"
    )
    add_knobs(parser)
    parser.set_defaults(run=in_words(_assign))


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
        fair=options.fair,
        fair_share=options.fair_share,
        cluster=options.cluster,
        blocks=options.blocks,
    )  # fmt: skip
    with without_chatter():
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
    needed_file(parser, "--changes", "W.csv", "change,agent,place,resource,amount")
    parser.add_argument("--each", action="store_true", help="each change alone, not all together")
    parser.add_argument("--out", type=Path, metavar="JSON", help="also write the effects")
    parser.add_argument("--moves", type=Path, metavar="CSV", help="also write who moves")
    parser.add_argument("--time-limit", type=above_0, metavar="S", help="seconds for each change")
    add_lang(parser)
    parser.set_defaults(run=in_words(_what_if))


def _what_if(options: argparse.Namespace) -> int:
    from django.utils.translation import gettext

    from takeroot.engine.files import Question, what_if

    question = Question(
        options.report, options.changes, options.each, options.out, options.moves,
        options.time_limit,
    )  # fmt: skip
    with without_chatter():
        possible, sentences = what_if(question, gettext)
    for sentence in sentences:
        say(sentence.told(gettext))
    return 0 if possible else NO_ANSWER


def _add_explain(commands: Commands) -> None:
    parser = commands.add_parser(
        "explain",
        help="why somebody got this place or none",
        description="Takes the report of `takeroot engine assign`: what is scarce where the agent "
        "is, which better places are worth more to others, and what a change would cost.",
    )
    parser.add_argument(
        "--from", dest="report", required=True, type=Path, metavar="REPORT.json", help="of assign"
    )
    parser.add_argument("--agent", required=True, nargs="+", metavar="ID", help="one or several")
    parser.add_argument(
        "--exact", action="store_true", help="what each change truly costs, not only at least"
    )
    add_lang(parser)
    parser.set_defaults(run=in_words(_explain))


def _explain(options: argparse.Namespace) -> int:
    from django.utils.translation import gettext

    from takeroot.engine.files.explain import Why, why

    with without_chatter():
        said = why(Why(options.report, tuple(options.agent), options.exact))
    for sentence in said:
        say(sentence.told(gettext))
    return 0
