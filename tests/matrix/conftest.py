"""The two centres of the matrix, and somebody at each of its doors."""

from tests.matrix.shared import _built, world

__all__ = ["_built", "world"]
