"""`takeroot engine arrive` and `generate`: a year of arrivals on files; made-up instances."""

from __future__ import annotations

import argparse
from pathlib import Path

from takeroot.config.commands import Commands
from takeroot.config.engine_options import (
    add_lang,
    at_least_0,
    in_words,
    needed_file,
    say_all,
    whole,
    without_chatter,
)

# As the engine knows them; tests hold them together. Kept here so that --help loads no solver.
POLICIES = ("adaptive", "balance", "dual-prices", "greedy")
KINDS = (
    "persons",
    "families",
    "stable",
    "alike",
    "drift",
    "season",
    "shock",
    "load",
    "gap",
    "refused",
)


def add_arrive(commands: Commands) -> None:
    parser = commands.add_parser(
        "arrive",
        help="decide a year of arrivals batch after batch, as if the future were not known",
        description="Places each batch before the next is shown to the policy, which knows the "
        "places, last year's arrivals and nothing of this year's to come. Reports the share of "
        "what hindsight would have reached, who is left out, and how evenly places fill.",
    )
    needed_file(parser, "--agents", "A.csv", "agent[,group][,resources]")
    needed_file(parser, "--places", "P.csv", "place,resources: for the whole year")
    needed_file(parser, "--pairs", "S.csv", "agent,place,score")
    needed_file(parser, "--history-agents", "HA.csv", "last year's agents")
    needed_file(parser, "--history-pairs", "HS.csv", "last year's scores, at the same places")
    needed_file(parser, "--order", "O.csv", "agent,batch: a whole number, such as the week")
    parser.add_argument(
        "--history-order", type=Path, metavar="HO.csv",
        help="agent,batch of last year (without: spread evenly by lottery)",
    )  # fmt: skip
    parser.add_argument("--policy", choices=POLICIES, default="adaptive", help="(adaptive)")
    parser.add_argument(
        "--expected", type=whole, default=0, metavar="N", help="arrivals announced for the year"
    )
    parser.add_argument(
        "--unplaced-cost", type=at_least_0, default=0.0, metavar="C", help="of each left out (0)"
    )
    needed_file(parser, "--out", "OUT.csv", "to write: agent,place,score,batch")
    needed_file(parser, "--report", "REPORT.json", "to write: everything else")
    parser.add_argument(
        "--no-hindsight", action="store_true", help="do not compute what hindsight would reach"
    )
    parser.add_argument("--seed", type=whole, default=0, metavar="N", help="of the policy (0)")
    add_lang(parser)
    parser.set_defaults(run=in_words(_arrive))


def _arrive(options: argparse.Namespace) -> int:
    from takeroot.engine.files.arrive import ArriveRequest, arrive

    request = ArriveRequest(
        options.agents, options.places, options.pairs, options.history_agents,
        options.history_pairs, options.order, options.out, options.report, options.history_order,
        options.policy, options.expected, options.unplaced_cost, not options.no_hindsight,
        options.seed,
    )  # fmt: skip
    with without_chatter():
        said = arrive(request)
    return say_all(said)


def add_generate(commands: Commands) -> None:
    parser = commands.add_parser(
        "generate",
        help="write a made-up instance as files",
        description="persons, families: files of `assign`; stable: files of `stable`; the others: "
        "files of `arrive`, named by how this year differs from last year. Nothing in them is a "
        "statistic of anybody. The same seed gives the same files.",
    )
    parser.add_argument("kind", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--seed", type=whole, default=0, metavar="N", help="(0)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="made if need be")
    parser.add_argument("--agents", type=whole, metavar="N", help="(1000; arrivals: by the week)")
    parser.add_argument("--places", type=whole, metavar="M", help="(20)")
    parser.add_argument("--top", type=whole, metavar="K", help="places scored for each agent (10)")
    add_lang(parser)
    parser.set_defaults(run=in_words(_generate))


def _generate(options: argparse.Namespace) -> int:
    from takeroot.engine.files.generate import generate

    return say_all(
        generate(
            options.kind, options.out, seed=options.seed, agents=options.agents,
            places=options.places, top=options.top,
        )
    )  # fmt: skip
