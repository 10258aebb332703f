"""Django's registration of this room."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "takeroot.outcomes"
    label = "outcomes"

    def ready(self) -> None:
        from takeroot.outcomes.services.stay_ladder import register_all

        register_all()
