"""Words of keeping one file for one person, and of letting it go."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class PairState(models.TextChoices):
    PROPOSED = "proposed", _("not decided")
    DIFFERENT = "different", _("two different people")
    SAME = "same", _("the same person")


class Likeness(models.TextChoices):
    """Why two files may be one person's: each a whole sentence."""

    EMAIL = "email", _("Both have the same e-mail address.")
    PHONE = "phone", _("Both have the same telephone number; families often share one.")
    NAME = "name", _("Both have the same name.")
    ORDER = "order", _("The names are the same words in another order.")
    SPELLING = "spelling", _("The names differ by a few letters only.")
    ORGANIZATION = "organization", _("Both belong to the same organization.")
    OCCUPATION = "occupation", _("Both have the same occupation.")


class AskedBy(models.TextChoices):
    """Who asked for an erasure."""

    PERSON = "person", _("the person")
    REPRESENTATIVE = "representative", _("somebody with the right to act for them")


class Verified(models.TextChoices):
    """How the centre made sure that it was the person who asked. Nothing of it is kept."""

    KNOWN = "known", _("they came in person and are known to the staff")
    DOCUMENT = "document", _("they showed a document, of which no copy was kept")
    CALLED_BACK = "called_back", _("they were called back at the number on file")
    ADDRESS = "address", _("they wrote from the e-mail address on file")


class ErasureState(models.TextChoices):
    ASKED = "asked", _("asked for")
    DONE = "done", _("done")
    WITHDRAWN = "withdrawn", _("taken back")


class TransferState(models.TextChoices):
    """How the move of a file to another centre stands."""

    ASKED = "asked", _("waits for the person's answer")
    AGREED = "agreed", _("the person said yes; the other centre decides")
    MOVED = "moved", _("the file has moved")
    REFUSED = "refused", _("the person said no")
    SILENT = "silent", _("the person did not answer")
    DECLINED = "declined", _("the other centre could not take it")
    UNANSWERED = "unanswered", _("the other centre did not answer")
    WITHDRAWN = "withdrawn", _("taken back")


# A new word needs no migration: columns ask these functions, migrations name them.


def pair_states() -> list[tuple[Any, Any]]:
    return PairState.choices


def likenesses() -> list[tuple[Any, Any]]:
    return Likeness.choices


def asked_bys() -> list[tuple[Any, Any]]:
    return AskedBy.choices


def verifieds() -> list[tuple[Any, Any]]:
    return Verified.choices


def transfer_states() -> list[tuple[Any, Any]]:
    return TransferState.choices


def erasure_states() -> list[tuple[Any, Any]]:
    return ErasureState.choices
