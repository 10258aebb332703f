"""Django's registration of this room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "takeroot.documents"
    label = "documents"
