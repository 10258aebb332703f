"""Saving over a version: the second of two editors is told, and nothing of theirs is lost."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import F
from django.utils.translation import gettext as _

from takeroot.common.errors import EditedMeanwhile
from takeroot.common.models import Versioned

Row = TypeVar("Row", bound=Versioned)


def save_version(row: Row, *, expected: int, fields: list[str]) -> None:
    """Write `fields` of `row` if its version is still `expected`, counting the version up.

    Raises EditedMeanwhile when another editor was first.
    """
    values = {name: getattr(row, name) for name in fields}
    changed = (
        type(row)
        ._default_manager.filter(pk=row.pk, version=expected)
        .update(version=F("version") + 1, **values)
    )
    if not changed:
        raise EditedMeanwhile(
            _(
                "Somebody else changed this record while you were editing. What you typed is "
                "still here: compare it with the record as it is now, then save again."
            )
        )
    row.version = expected + 1
