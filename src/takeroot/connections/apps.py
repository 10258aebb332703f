"""Django's registration of this room."""

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "takeroot.connections"
    label = "connections"
