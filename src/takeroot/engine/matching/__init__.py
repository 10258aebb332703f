"""One assignment problem: people to places with seats, exactly, with prices and reasons."""

from .affinity import CAUSES, Affinity, Mode, PairParts, Profile, Settings, Weights
from .problem import ArcScores, AssignmentProblem, Change, DenseScores, ProblemError
from .result import Certificate, Conflict, Move, Params, Result, Unplaced, moves
from .solver import resolve, solve

__all__ = [
    "CAUSES",
    "Affinity",
    "ArcScores",
    "AssignmentProblem",
    "Certificate",
    "Change",
    "Conflict",
    "DenseScores",
    "Mode",
    "Move",
    "PairParts",
    "Params",
    "ProblemError",
    "Profile",
    "Result",
    "Settings",
    "Unplaced",
    "Weights",
    "moves",
    "resolve",
    "solve",
]
