"""What every table of ours shares."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from takeroot.common.walls import Wall


class BaseModel(models.Model):
    """A random key (no enumeration in addresses) and the moment of entry, in UTC."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    wall: ClassVar[Wall | None] = None

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A row that people edit: saving counts the version up, so that a second editor is told."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
