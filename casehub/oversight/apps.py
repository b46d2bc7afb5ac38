"""Django's handle on this app."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Name and label of the app."""

    name = "casehub.oversight"
    label = "oversight"
    default_auto_field = "django.db.models.BigAutoField"
