"""Django's handle on this app."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Name and label of the app."""

    name = "messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"
