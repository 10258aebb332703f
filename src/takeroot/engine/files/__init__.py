"""Problems from files, answers into files: what `takeroot engine` runs."""

from .assign import Done, Request, assign
from .faults import FilesError
from .placement import Goal, Inputs, Read, read_problem
from .whatif import Question, what_if

__all__ = [
    "Done",
    "FilesError",
    "Goal",
    "Inputs",
    "Question",
    "Read",
    "Request",
    "assign",
    "read_problem",
    "what_if",
]
