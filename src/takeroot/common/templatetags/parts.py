"""Small parts of pages: icons, fields, dates in somebody's own zone."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """One symbol of the sprite, decorative: the words beside it say what it means."""
    return _drawn(static("icons.svg"), name)


@lru_cache(200)
def _drawn(sprite: str, name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        sprite,
        name,
    )


@register.filter
def day(value: date | datetime | None) -> str:
    """A date in words, in the language of the page."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return date_format(value, "DATE_FORMAT")


@register.filter
def days_since(value: date | None) -> int | str:
    """Whole days from a date to today."""
    return "" if value is None else max(0, (timezone.localdate() - value).days)


@register.filter
def days_until(value: date | None) -> int | str:
    """Whole days from today to a date (negative: overdue)."""
    return "" if value is None else (value - timezone.localdate()).days


@register.filter
def moment(value: datetime | None, zone: str = "") -> str:
    """A date and time in words, in the given zone, with the zone's short name."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(zone)) if zone else timezone.localtime(value)
    return f"{date_format(local, 'DATETIME_FORMAT', use_l10n=True)} {local.tzname()}"


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """A value of a mapping by a key that is itself a variable."""
    try:
        return mapping[key]
    except (KeyError, IndexError, TypeError):
        return ""
