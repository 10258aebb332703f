"""What every table of ours shares."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any, ClassVar

from django.db import models

from takeroot.common.walls import Wall


class BaseModel(models.Model):
    """A random key (no enumeration in addresses) and the moment of entry, in UTC."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    wall: ClassVar[Wall | None] = None

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: Any) -> str:
        """`get_state_display` and its like. Django translates and hashes all words of a field to
        find one; a list of people asked for a thousand translations."""
        value = getattr(self, field.attname)
        return str(_words(field).get(value, value))


@cache
def _words(field: Any) -> dict[Any, Any]:
    """The words of a field's values, to be translated when shown."""
    return dict(field.flatchoices)


class Versioned(models.Model):
    """A row that people edit: saving counts the version up, so that a second editor is told."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
