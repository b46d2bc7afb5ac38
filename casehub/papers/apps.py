"""Django's handle on this app."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Name and label of the app."""

    name = "casehub.papers"
    label = "papers"
    default_auto_field = "django.db.models.BigAutoField"
