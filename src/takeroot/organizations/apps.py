"""Django's registration of this room."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "takeroot.organizations"
    label = "organizations"
