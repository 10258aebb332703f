"""Every address of the product, by who uses it."""

from __future__ import annotations

from django.urls import include, path

from takeroot.pages.public import views as public

handler400 = "takeroot.pages.errors.bad_request"
handler403 = "takeroot.pages.errors.forbidden"
handler404 = "takeroot.pages.errors.not_found"
handler500 = "takeroot.pages.errors.server_error"

urlpatterns = [
    path("healthz", public.health, name="health"),
    path("accounts/", include("takeroot.pages.sign_in")),
    path("", include("takeroot.pages.public.urls")),
    path("", include("takeroot.pages.coordinator.urls")),
    path("figures/", include("takeroot.pages.secretariat.urls")),
    path("", include("takeroot.pages.joining.urls")),
    path("l/", include("takeroot.pages.links.urls")),
]
