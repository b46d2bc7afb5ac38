"""Django's handle on this app."""

from django.apps import AppConfig


class EdgeConfig(AppConfig):
    """The server itself: limits, headers, origins. It has no tables."""

    name = "casehub.edge"
    label = "edge"

    def ready(self) -> None:
        """Let `manage.py check` know what it looks at."""
        from . import checks  # noqa: F401, PLC0415 - registers itself
