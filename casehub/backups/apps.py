"""Django's handle on this app."""

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    """Name and label of the app: it has no tables."""

    name = "casehub.backups"
    label = "backups"
