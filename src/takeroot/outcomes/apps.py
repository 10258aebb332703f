"""Django's registration of this room."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "takeroot.outcomes"
    label = "outcomes"
