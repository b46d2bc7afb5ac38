"""Django's handle on this app."""

from django.apps import AppConfig


class DigestsConfig(AppConfig):
    """Name and label of the app."""

    name = "casehub.digests"
    label = "digests"
    default_auto_field = "django.db.models.BigAutoField"
