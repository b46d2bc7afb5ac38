"""Django's handle on this app."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Name and label of the app."""

    name = "casehub.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"
