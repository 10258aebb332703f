"""Problems from files, answers into files: what `takeroot engine` runs."""

from .assign import Done, Request, assign
from .choose import ChooseRequest, choose_places
from .faults import FilesError
from .placement import Goal, Inputs, Read, read_problem
from .stable import StableRequest, stable
from .whatif import Question, what_if

__all__ = [
    "ChooseRequest",
    "Done",
    "FilesError",
    "Goal",
    "Inputs",
    "Question",
    "Read",
    "Request",
    "StableRequest",
    "assign",
    "choose_places",
    "read_problem",
    "stable",
    "what_if",
]
