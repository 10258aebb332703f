"""Persons and households to places with one resource or several, with a proved bound."""

from .checker import Violation, check
from .problem import Pair, Pairs, PlacementError, PlacementProblem, Rule
from .result import Certificate, Conflict, Move, Result, Unplaced, moves
from .solver import Params, solve

__all__ = [
    "Certificate",
    "Conflict",
    "Move",
    "Pair",
    "Pairs",
    "Params",
    "PlacementError",
    "PlacementProblem",
    "Result",
    "Rule",
    "Unplaced",
    "Violation",
    "check",
    "moves",
    "solve",
]
