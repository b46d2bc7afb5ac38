"""The app of designations."""

from django.apps import AppConfig


class DesignationsConfig(AppConfig):
    """How somebody comes to be a liaison, and how long they stay one."""

    name = "casehub.designations"
    label = "designations"
