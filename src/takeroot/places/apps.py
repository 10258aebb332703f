"""Django's registration of this room."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "takeroot.places"
    label = "places"
