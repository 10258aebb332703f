"""Arrivals over time: batches come week by week, the future is unknown, last year is known."""

from .hindsight import Hindsight, hindsight
from .policies import POLICIES, Adaptive, Balance, Batch, Decider, DualPrices, Greedy, Known, Policy
from .simulate import PolicyError, Report, simulate
from .stream import Households, Places, Stream, StreamError

__all__ = [
    "POLICIES",
    "Adaptive",
    "Balance",
    "Batch",
    "Decider",
    "DualPrices",
    "Greedy",
    "Hindsight",
    "Households",
    "Known",
    "Places",
    "Policy",
    "PolicyError",
    "Report",
    "Stream",
    "StreamError",
    "hindsight",
    "simulate",
]
