"""Public pages where people join: newcomers who apply, locals who offer to open doors."""

from takeroot.pages.joining import apply, connect

app_name = "joining"
urlpatterns = [*apply.urls, *connect.urls]
