"""Fields of the link pages: a moment in somebody's own zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]+(\d{1,2})(?::|\s*h\s*)(\d{2})?(?::00)?", re.I)


class LocalMomentField(forms.Field):
    """A day and a time without a zone, as `datetime-local` gives it, or typed by hand on a phone
    that shows a plain box: “2026-11-28 14:30”, “2026-11-28 14 h 30”."""

    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local", "step": 300}, format="%Y-%m-%dT%H:%M"
    )

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value
        found = _MOMENT.fullmatch(str(value).strip())
        try:
            if found is None:
                raise ValueError
            text = f"{found[1]} {int(found[2]):02}:{found[3] or '00'}"
            return datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the zone comes later
        except ValueError as problem:
            raise ValidationError(
                _("“%(found)s” is not a day and a time. Write it like this: 2026-11-28 14:30.")
                % {"found": value}
            ) from problem

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """The instant that a local day and time names; raises ValidationError for a time that the
    clocks skip in spring. Of a time that comes twice in autumn the first is meant."""
    local = moment.replace(tzinfo=zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        raise ValidationError(
            _("On that night the clocks are put forward: %(time)s does not exist. Choose another.")
            % {"time": moment.strftime("%H:%M")}
        )
    return local.astimezone(UTC)
