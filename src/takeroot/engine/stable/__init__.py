"""Preferences: stable matching, and free choice as long as the rest can still reach a floor."""

from .checker import Violation, check
from .floor import Chosen, FloorError, FloorProblem, best_mean, choose
from .problem import Lists, StableError, StableProblem
from .result import Matching, Shortfall, Ties
from .solver import solve

__all__ = [
    "Chosen",
    "FloorError",
    "FloorProblem",
    "Lists",
    "Matching",
    "Shortfall",
    "StableError",
    "StableProblem",
    "Ties",
    "Violation",
    "best_mean",
    "check",
    "choose",
    "solve",
]
