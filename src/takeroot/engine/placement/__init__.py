"""Persons and households to places with one resource or several, with a proved bound."""

from .changes import Change, changed
from .checker import Violation, check
from .explain import Explanation, Limit, Option, explain
from .fairness import Fair, max_min, proportional
from .problem import Pair, Pairs, PlacementError, PlacementProblem, Rule
from .result import Certificate, Conflict, Move, Result, Unplaced, moves
from .solver import Params, solve
from .whatif import Effect, WhatIf

__all__ = [
    "Certificate",
    "Change",
    "Conflict",
    "Effect",
    "Explanation",
    "Fair",
    "Limit",
    "Move",
    "Option",
    "Pair",
    "Pairs",
    "Params",
    "PlacementError",
    "PlacementProblem",
    "Result",
    "Rule",
    "Unplaced",
    "Violation",
    "WhatIf",
    "changed",
    "check",
    "explain",
    "max_min",
    "moves",
    "proportional",
    "solve",
]
