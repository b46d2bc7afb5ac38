"""What other apps have to say of cases: they place things in them, and the settings name them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
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


def kept_until(cases: Iterable[UUID]) -> dict[UUID, dict[str, date]]:
    """Return until which day each State has what lies in each case kept, of those that said so."""
    asked = set(cases)
    found: dict[UUID, dict[str, date]] = {}
    if not asked:
        return found
    for ask in settings.CASEHUB_KEEPERS:
        for case, days in import_string(ask)(cases=asked).items():
            known = found.setdefault(case, {})
            for state, day in days.items():
                known[state] = max(day, known.get(state, day))
    return found
