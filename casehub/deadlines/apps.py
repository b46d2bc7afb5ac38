"""Django's handle on this app."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Name and label of the app."""

    name = "casehub.deadlines"
    label = "deadlines"
