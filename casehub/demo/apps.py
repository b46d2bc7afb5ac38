"""The demo region: fictional people, on this machine only."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Name and label of the app."""

    name = "casehub.demo"
    label = "demo"
