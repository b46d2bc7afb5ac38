"""Django's handle on this app."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Name and label of the app."""

    name = "casehub.custody"
    label = "custody"
    default_auto_field = "django.db.models.BigAutoField"
