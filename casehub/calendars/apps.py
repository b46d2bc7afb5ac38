"""Django's handle on this app."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """Name and label of the app."""

    name = "casehub.calendars"
    label = "calendars"
