"""Policies for arrivals over time, all behind one interface (``base.Policy``)."""

from .adaptive import Adaptive
from .balance import Balance
from .base import Batch, Decider, Known, Policy
from .dual_prices import DualPrices
from .greedy import Greedy

# By the name under which the command knows them.
POLICIES: dict[str, Policy] = {
    "greedy": Greedy(),
    "balance": Balance(),
    "dual-prices": DualPrices(),
    "adaptive": Adaptive(),
}

__all__ = [
    "POLICIES",
    "Adaptive",
    "Balance",
    "Batch",
    "Decider",
    "DualPrices",
    "Greedy",
    "Known",
    "Policy",
]
