"""What the subcommands of `takeroot engine` share: options, and how they say things."""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from takeroot.config.console import complain
from takeroot.config.words import LANGUAGES, set_up_words

if TYPE_CHECKING:
    from takeroot.engine.words import Words

NOTHING_DONE = 2
STOPPED = 130


def in_words(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Faults of files end in their sentences, with exit code 2."""

    def told(options: argparse.Namespace) -> int:
        # Its vectors are small: threads of the matrix library cost the search for prices three
        # times its computing. Read when numpy is first imported, which is below.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        set_up_words(options.lang)
        from django.utils.translation import gettext

        from takeroot.engine.files import FilesError

        try:
            return run(options)
        except FilesError as error:
            for sentence in error.sentences:
                complain(sentence.told(gettext))
            return NOTHING_DONE
        except KeyboardInterrupt:
            return STOPPED
        except BrokenPipeError:  # whoever reads us has read enough, as `head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return STOPPED

    return told


@contextlib.contextmanager
def without_chatter() -> Iterator[None]:
    """HiGHS writes lines of its own to the standard output, from C: it stays for data."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:  # closed from the start
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def needed_file(parser: argparse.ArgumentParser, option: str, name: str, what: str) -> None:
    parser.add_argument(option, required=True, type=Path, metavar=name, help=what)


def add_knobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--time-limit", type=above_0, metavar="S", help="seconds, at most")
    parser.add_argument(
        "--gap", type=at_least_0, default=1e-4, metavar="G", help="near enough (1e-4)"
    )
    parser.add_argument(
        "--seed", type=whole, default=0, metavar="N", help="same seed, same answer (0)"
    )
    add_lang(parser)


def add_lang(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of sentences")


def outputs(parser: argparse.ArgumentParser, columns: str) -> None:
    parser.add_argument(
        "--out", type=Path, metavar="OUT.csv", help=f"to write: {columns} (standard output)"
    )
    parser.add_argument("--report", type=Path, metavar="JSON", help="also write everything else")
    parser.add_argument("--seed", type=whole, default=0, metavar="N", help="of lotteries (0)")
    add_lang(parser)


def say_all(sentences: Iterable[Words]) -> int:
    from django.utils.translation import gettext

    for sentence in sentences:
        complain(sentence.told(gettext))
    return 0


def finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text}: a finite number is expected")
    return value


def above_0(text: str) -> float:
    value = finite(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text}: a number above 0 is expected")
    return value


def at_least_0(text: str) -> float:
    value = finite(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text}: a number of 0 or more is expected")
    return value


def whole(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**31:
        raise argparse.ArgumentTypeError(f"{text}: a whole number from 0 to 2147483647 is expected")
    return value
