"""Django's handle on this app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Name and label of the app."""

    name = "casehub.indicators"
    label = "indicators"
    default_auto_field = "django.db.models.BigAutoField"
