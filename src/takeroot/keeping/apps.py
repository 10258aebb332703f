"""Django's registration of this room."""

from django.apps import AppConfig


class KeepingConfig(AppConfig):
    name = "takeroot.keeping"
    label = "keeping"

    def ready(self) -> None:
        from takeroot.common.keeping import on_erasure, on_joining
        from takeroot.keeping.services import transfer_ladder
        from takeroot.keeping.services.transferring import end_transfers, objection

        on_erasure(end_transfers)
        on_joining(objection)
        transfer_ladder.register_all()
