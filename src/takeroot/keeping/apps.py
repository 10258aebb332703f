"""Django's registration of this room."""

from django.apps import AppConfig


class KeepingConfig(AppConfig):
    name = "takeroot.keeping"
    label = "keeping"
