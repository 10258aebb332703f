"""Documented made-up instances with seeds: for benchmarks, tests, and a look at one's own tools.

Nothing here is a statistic of anybody: shares and spreads are parameters, stated where they stand.
"""

from .arcs import Arcs, InstanceError
from .families import families
from .persons import persons
from .scores import ScoreModel

__all__ = ["Arcs", "InstanceError", "ScoreModel", "families", "persons"]
