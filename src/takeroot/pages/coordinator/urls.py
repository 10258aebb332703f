"""The coordinator's pages, room by room."""

from takeroot.pages.coordinator import connectors, introductions, network, people, rounds, today

app_name = "coordinator"
urlpatterns = [
    *today.urls,
    *connectors.urls,
    *people.urls,
    *rounds.urls,
    *introductions.urls,
    *network.urls,
]
