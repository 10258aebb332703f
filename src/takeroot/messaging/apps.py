"""Django's registration of this room."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "takeroot.messaging"
    label = "messaging"
