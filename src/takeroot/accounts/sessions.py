"""Sessions that end half an hour after the last request, without a write for each request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone

# How late the end of a session may lag behind the last request.
LAG = timedelta(minutes=1)


class SessionStore(DatabaseSessions):
    """The database's sessions, saved again when their end has fallen a minute behind."""

    def _get_session_from_db(self) -> Any:
        found = super()._get_session_from_db()  # type: ignore[misc]
        if found is not None:
            whole = timedelta(seconds=self.get_session_cookie_age())
            if found.expire_date < timezone.now() + whole - LAG:
                self.modified = True
        return found
