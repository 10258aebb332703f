"""Tables of counts that may be published: what to hold back, and an attacker who tries it."""

from .attack import Interval, attack
from .suppress import suppress
from .tables import (
    LEAST,
    LEAST_SENSITIVE,
    Cell,
    Release,
    Released,
    Sum,
    Suppression,
    TableError,
    Tables,
    crossed,
    of_release,
    rate,
)

__all__ = [
    "LEAST",
    "LEAST_SENSITIVE",
    "Cell",
    "Interval",
    "Release",
    "Released",
    "Sum",
    "Suppression",
    "TableError",
    "Tables",
    "attack",
    "crossed",
    "of_release",
    "rate",
    "suppress",
]
