"""One assignment problem: people to places with seats, exactly, with prices and reasons."""

from .affinity import Affinity, PairParts
from .checker import Violation, check
from .explain import Alternative, Explanation, cost_of, explain
from .problem import ArcScores, AssignmentProblem, Change, DenseScores, ProblemError
from .profiles import CAUSES, Mode, Profile, Settings, Weights
from .result import Certificate, Conflict, Move, Params, Result, Unplaced, moves
from .solver import resolve, solve

__all__ = [
    "CAUSES",
    "Affinity",
    "Alternative",
    "ArcScores",
    "AssignmentProblem",
    "Certificate",
    "Change",
    "Conflict",
    "DenseScores",
    "Explanation",
    "Mode",
    "Move",
    "PairParts",
    "Params",
    "ProblemError",
    "Profile",
    "Result",
    "Settings",
    "Unplaced",
    "Violation",
    "Weights",
    "check",
    "cost_of",
    "explain",
    "moves",
    "resolve",
    "solve",
]
