"""Documents that are printed from tables, so that they cannot disagree with the code."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    """Name and label of the app."""

    name = "casehub.reference"
    label = "reference"
