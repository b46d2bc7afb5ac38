"""Django's handle on this app."""

from django.apps import AppConfig


class CeremonyConfig(AppConfig):
    """Name and label of the app: it has no tables."""

    name = "casehub.ceremony"
    label = "ceremony"
