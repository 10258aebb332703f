"""The coordinator's pages, room by room."""

from takeroot.pages.coordinator import (
    addresses,
    connectors,
    duplicates,
    imports,
    introductions,
    mailbox,
    network,
    people,
    promises,
    readiness,
    report,
    rounds,
    settings,
    today,
    trace,
    work,
)

app_name = "coordinator"
urlpatterns = [
    *imports.urls,
    *settings.urls,
    *trace.urls,
    *report.urls,
    *mailbox.urls,
    *today.urls,
    *promises.urls,
    *addresses.urls,
    *connectors.urls,
    *duplicates.urls,
    *readiness.urls,
    *work.urls,
    *people.urls,
    *rounds.urls,
    *introductions.urls,
    *network.urls,
]
