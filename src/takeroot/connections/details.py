"""What a form, an application or a spreadsheet says of somebody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Details:
    """The party, the file, their part."""

    party: dict[str, Any]
    person: dict[str, Any]
    part: dict[str, Any] = field(default_factory=dict)
    organization: str | None = None
