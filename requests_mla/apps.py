"""Django's handle on this app."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Name and label of the app."""

    name = "requests_mla"
    label = "requests_mla"
    default_auto_field = "django.db.models.BigAutoField"
