"""The log: knows nobody, only strings and bytes."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    """Django's handle on the app."""

    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Learn every kind of event: a check of kinds would pass one that it does not know."""
        autodiscover_modules("events")
