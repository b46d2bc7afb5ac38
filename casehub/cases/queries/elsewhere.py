"""What other apps have to say of cases: they place things in them, and the settings name them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


def under_way(cases: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return what each case is not closed before: numbers of what waits for another State."""
    asked = set(cases)
    found: dict[UUID, list[str]] = {}
    if not asked:
        return found
    for ask in settings.CASEHUB_UNDER_WAY:
        for case, numbers in import_string(ask)(cases=asked).items():
            found.setdefault(case, []).extend(numbers)
    return found
