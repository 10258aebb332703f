"""Django's registration of this room."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "takeroot.outcomes"
    label = "outcomes"

    def ready(self) -> None:
        from takeroot.common.keeping import on_departure
        from takeroot.outcomes.services.stay_ladder import register_all
        from takeroot.outcomes.services.stays import leave_unknown

        on_departure(leave_unknown)
        register_all()
