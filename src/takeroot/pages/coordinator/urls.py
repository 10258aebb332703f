"""The coordinator's pages."""

from django.urls import path

from takeroot.pages.coordinator import views

app_name = "coordinator"
urlpatterns = [
    path("today/", views.today, name="today"),
]
