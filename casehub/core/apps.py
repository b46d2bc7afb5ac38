"""Django's handle on this app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Name and label of the app."""

    name = "casehub.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"
