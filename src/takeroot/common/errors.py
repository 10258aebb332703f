"""A refusal in words: a rule of the house said no, nothing was changed."""

from __future__ import annotations


class Refused(Exception):
    """Raised by services when a rule forbids the step. The message is a translated sentence."""


class EditedMeanwhile(Refused):
    """Somebody else saved this record first; the second editor keeps what they typed."""
