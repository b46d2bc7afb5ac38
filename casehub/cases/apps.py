"""Django's handle on this app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Name and label of the app."""

    name = "casehub.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
