"""The best joint decision for each batch, as if nobody came after it."""

from __future__ import annotations

from .base import Decider, Known, PriceDecider


class Greedy:
    """What is done today where nothing looks ahead; the floor that others are measured from."""

    name = "greedy"

    def begin(self, known: Known, seed: int) -> Decider:
        return PriceDecider(known)
