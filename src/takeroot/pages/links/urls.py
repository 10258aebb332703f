"""Pages behind signed links: no account, one thing to do."""

from typing import Any

app_name = "links"
urlpatterns: list[Any] = []
