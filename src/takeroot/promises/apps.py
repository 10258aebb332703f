"""Django's registration of this room."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "takeroot.promises"
    label = "promises"
