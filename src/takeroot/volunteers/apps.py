"""Django's registration of this room."""

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "takeroot.volunteers"
    label = "volunteers"

    def ready(self) -> None:
        from takeroot.volunteers import owed
        from takeroot.volunteers.services.renewing import register_policy

        owed.register_all()
        register_policy()
