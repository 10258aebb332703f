"""Django's registration of the pages: their policies join the table at start."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "takeroot.pages"
    label = "pages"

    def ready(self) -> None:
        from takeroot.access.policies import register
        from takeroot.pages.policies import POLICIES

        register(POLICIES)
