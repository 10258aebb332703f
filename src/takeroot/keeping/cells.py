"""Writing cells so that each can be put back: what it held, what it holds now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import ForeignKey, Model

Plain = str | int | float | bool | list[Any] | dict[str, Any] | None


def plain(value: Any) -> Plain:
    """A value as JSON keeps it, to the microsecond."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    kept: Plain = value
    return kept


@dataclass
class Hand:
    """Everything that one merge wrote."""

    writes: list[list[Any]] = field(default_factory=list)
    made: list[list[str]] = field(default_factory=list)
    left: list[list[str]] = field(default_factory=list)

    def write(self, model: type[Model], key: Any, values: Mapping[str, Any]) -> None:
        """Write cells of one row (by column); those that hold the value already are left alone."""
        rows = model._base_manager.filter(pk=key)
        before = rows.values(*values).get()
        changed = {name: value for name, value in values.items() if before[name] != value}
        if not changed:
            return
        rows.update(**changed)
        was = {name: plain(before[name]) for name in changed}
        is_now = {name: plain(value) for name, value in changed.items()}
        self.writes.append([model._meta.label, str(key), was, is_now])

    def make(self, row: Model) -> None:
        row.save(force_insert=True)
        self.made.append([row._meta.label, str(row.pk)])

    @property
    def rows(self) -> int:
        return len({(label, key) for label, key, _was, _now in self.writes}) + len(self.made)

    def kept(self) -> dict[str, Any]:
        """As the record of the merge keeps it."""
        return {"writes": self.writes, "made": self.made, "left": self.left}


def model_of(label: str) -> type[Model]:
    return apps.get_model(label)


def value_for(model: type[Model], name: str, kept: Plain) -> Any:
    """A kept value in the type of its column."""
    for column in model._meta.local_concrete_fields:
        if column.attname == name:
            target = column.target_field if isinstance(column, ForeignKey) else column
            return target.to_python(kept)
    raise LookupError(f"{model._meta.label} has no column {name}")


def put_back(writes: list[list[Any]]) -> str:
    """Take back what was written, last first; returns the table of the first row that holds
    something else by now ("" when all were put back)."""
    for label, key, was, is_now in reversed(writes):
        model = model_of(label)
        rows = model._base_manager.filter(pk=key)
        found = rows.values(*is_now).first()
        if found is None or {name: plain(value) for name, value in found.items()} != is_now:
            return str(label)
        rows.update(**{name: value_for(model, name, kept) for name, kept in was.items()})
    return ""
