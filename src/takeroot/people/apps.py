"""Django's registration of this room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "takeroot.people"
    label = "people"
