"""The coordinator's pages, room by room."""

from takeroot.pages.coordinator import today

app_name = "coordinator"
urlpatterns = [
    *today.urls,
]
