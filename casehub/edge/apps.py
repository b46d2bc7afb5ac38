"""Django's handle on this app."""

from django.apps import AppConfig


class EdgeConfig(AppConfig):
    """The server itself: limits, headers, origins. It has no tables."""

    name = "casehub.edge"
    label = "edge"
