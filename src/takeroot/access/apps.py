"""Django's registration of this room."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "takeroot.access"
    label = "access"
