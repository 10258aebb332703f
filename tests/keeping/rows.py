"""Every row that concerns people, to compare before and after."""

from __future__ import annotations

from typing import Any

from takeroot.access.models import Change, Read
from takeroot.accounts.models import Centre, Membership, User
from takeroot.keeping.models import Erasure, Merge, Pair
from takeroot.keeping.tables import kept_tables
from tests.cast import house_of

# Versions only count up: whoever has a form open is told. Records of the merge itself stay.
_ASIDE = {"version"}


def everything(centre: Centre) -> dict[str, dict[Any, dict[str, Any]]]:
    """Table -> key -> columns."""
    with house_of(centre):
        models = [model for model, _keeps in kept_tables() if model not in (Merge, Pair, Erasure)]
        return {
            model._meta.db_table: {
                row["id"]: {name: value for name, value in row.items() if name not in _ASIDE}
                for row in model._base_manager.order_by().values()
            }
            for model in [*models, User, Membership, Read]
        }


def traces_of(centre: Centre, *texts: str) -> list[str]:
    """Where any of the texts still stands: in a row, or in the trace."""
    found = []
    with house_of(centre):
        models = [model for model, _keeps in kept_tables()]
        for model in [*models, User, Membership, Read, Change]:
            for row in model._base_manager.order_by().values():
                said = repr(row).casefold()
                found += [
                    f"{model._meta.label}: {text}" for text in texts if text.casefold() in said
                ]
    return found
