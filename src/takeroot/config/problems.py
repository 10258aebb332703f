"""Problems of commands that have a sentence; free of Django, so that they are quick to import."""

from __future__ import annotations


class EnvironmentProblem(Exception):
    """An environment variable holds something unusable; the message says which, and what to do."""


class CentreProblem(Exception):
    """The centre cannot begin; the message says what was found and what is expected."""


class ImportProblem(Exception):
    """Nothing of the list could be loaded; the message says what was found and expected."""
