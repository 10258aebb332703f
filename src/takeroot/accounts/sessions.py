"""Sessions that end half an hour after the last request, without a write for each request. On a
computer that other people use too they end after ten minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone

# How late the end of a session may lag behind the last request.
LAG = timedelta(minutes=1)
SHARED = "shared_computer"


def _age(data: Any) -> int:
    """Seconds without a request after which a session ends."""
    return settings.SHARED_SESSION_AGE if data.get(SHARED) else settings.SESSION_COOKIE_AGE


class SessionStore(DatabaseSessions):
    """The database's sessions, saved again when their end has fallen a minute behind."""

    ends: datetime | None = None

    def get_session_cookie_age(self) -> int:
        return _age(self)

    def _get_session_from_db(self) -> Any:
        found = super()._get_session_from_db()  # type: ignore[misc]
        self.ends = found.expire_date if found is not None else None
        return found

    def load(self) -> Any:
        data = super().load()
        whole = timedelta(seconds=_age(data))
        if self.ends is not None and self.ends < timezone.now() + whole - LAG:
            self.modified = True
        return data
