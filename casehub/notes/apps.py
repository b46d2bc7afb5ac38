"""Django's handle on this app."""

from django.apps import AppConfig


class NotesConfig(AppConfig):
    """Name and label of the app."""

    name = "casehub.notes"
    label = "notes"
    default_auto_field = "django.db.models.BigAutoField"
