"""`takeroot engine stable` and `choose`: preferences, on files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from takeroot.config.commands import Commands
from takeroot.config.engine_options import finite, in_words, needed_file, outputs, say_all


def add_stable(commands: Commands) -> None:
    parser = commands.add_parser(
        "stable",
        help="match two sides by their ranked lists, so that nobody would rather have each other",
        description="Stable matching with seats and quotas. A pair is possible if both rank one "
        "another; lower ranks are better; equal ranks are decided by the column tie, then by a "
        "lottery with the seed.",
    )
    needed_file(parser, "--left", "L.csv", "agent,place,rank[,tie]")
    needed_file(parser, "--right", "R.csv", "place,agent,rank[,tie]")
    needed_file(parser, "--capacities", "C.csv", "place,capacity[,quota]")
    outputs(parser, "agent,place,rank,place_rank")
    parser.add_argument(
        "--best-for", choices=("agents", "places"), default="agents",
        help="of all stable matchings, the best for every one of them (agents)",
    )  # fmt: skip
    parser.add_argument(
        "--close-short", action="store_true", help="close places that miss their quota"
    )
    parser.set_defaults(run=in_words(_stable))


def _stable(options: argparse.Namespace) -> int:
    from takeroot.engine.files import StableRequest, stable

    request = StableRequest(
        options.left, options.right, options.capacities, options.out, options.report,
        options.best_for, options.seed, options.close_short,
    )  # fmt: skip
    return say_all(stable(request, sys.stdout))


def add_choose(commands: Commands) -> None:
    parser = commands.add_parser(
        "choose",
        help="each takes its best place, as long as the rest can still reach a floor",
        description="One after the other, by priority, each agent takes the first place of its "
        "list that leaves the mean outcome of all within reach of the floor. Without --floor: "
        "tells the best mean there could be.",
    )
    needed_file(parser, "--left", "L.csv", "agent,place,rank[,tie]: wishes")
    needed_file(parser, "--pairs", "S.csv", "agent,place,score: outcomes")
    needed_file(parser, "--capacities", "C.csv", "place,capacity")
    parser.add_argument("--floor", type=finite, metavar="G", help="least mean outcome of all")
    parser.add_argument(
        "--order", type=Path, metavar="O.csv", help="agent: who chooses first (lottery)"
    )
    outputs(parser, "agent,place,choice,score")
    parser.set_defaults(run=in_words(_choose))


def _choose(options: argparse.Namespace) -> int:
    from takeroot.engine.files import ChooseRequest, choose_places

    request = ChooseRequest(
        options.left, options.pairs, options.capacities, options.floor, options.order,
        options.out, options.report, options.seed,
    )  # fmt: skip
    return say_all(choose_places(request, sys.stdout))
