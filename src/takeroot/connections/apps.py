"""Django's registration of this room."""

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "takeroot.connections"
    label = "connections"

    def ready(self) -> None:
        from takeroot.common.keeping import on_departure, on_erasure, on_joining
        from takeroot.connections.joined import objection
        from takeroot.connections.services.deciding import forget_votes, leave_votes
        from takeroot.connections.services.forgetting import forget_part
        from takeroot.connections.services.leaving import leave_part

        on_joining(objection)
        on_erasure(forget_part)
        on_erasure(forget_votes)
        on_departure(leave_part)
        on_departure(leave_votes)
        from takeroot.connections import owed, owed_recognition
        from takeroot.connections.services.bounces import register_hook
        from takeroot.connections.services.calls import register_paper
        from takeroot.connections.services.ladders import register_policies
        from takeroot.connections.services.replies import register_readers

        owed.register_all()
        owed_recognition.register_all()
        register_policies()
        register_hook()
        register_readers()
        register_paper()
