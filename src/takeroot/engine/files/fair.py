"""`--fair` and `--fair-share`: floors for every group, found by the engine, and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..placement import Fair, PlacementError, PlacementProblem, max_min, proportional
from ..words import Words, words
from .faults import FilesError

if TYPE_CHECKING:
    from .assign import Request

WAYS = ("mean", "placed")


def fairly(problem: PlacementProblem, request: Request) -> Fair | None:
    """The answer under floors, None where none were asked for. Raises FilesError."""
    if request.fair is None and request.fair_share is None:
        return None
    if request.fair is not None and request.fair_share is not None:
        raise FilesError(words("--fair and --fair-share: give one of the two."))
    if request.cluster is not None:
        raise FilesError(
            words("Floors and --cluster do not go together: leave out one of the two.")
        )
    if problem.minimize or not any(problem.groups):
        raise FilesError(
            words("Floors need a column “group” with a group in it, and scores that are no costs.")
        )
    knobs: dict[str, Any] = {"gap": request.gap, "time_limit": request.time_limit}
    try:
        if request.fair_share is not None:
            return proportional(problem, request.fair_share, **knobs)
        return max_min(problem, measure="placed" if request.fair == "placed" else "mean", **knobs)
    except PlacementError as error:
        raise FilesError(
            words("The files contradict themselves: %(what)s.", what=str(error))
        ) from None


def fair_of(fair: Fair | None, request: Request) -> dict[str, Any] | None:
    """For the report."""
    if fair is None:
        return None
    possible = not fair.result.conflicts
    return {
        "measure": request.fair or "mean",
        "level": fair.level,
        "limit": fair.limit,
        "price": fair.price if possible else None,
        "small": list(fair.small),
    }


def fair_words(fair: Fair | None) -> tuple[Words, ...]:
    if fair is None or fair.result.conflicts:
        return ()
    return (
        words(
            "Every group has at least %(level)s (no answer gives all more than %(limit)s); this "
            "costs %(price)s of the value.",
            level=f"{fair.level:.6g}", limit=f"{fair.limit:.6g}", price=f"{fair.price:.6g}",
        ),
    )  # fmt: skip
