"""What `manage.py check --deploy` says besides Django's own: what starts, and is hardly meant."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 - Django's name

from casehub import variables


@register(Tags.security, deploy=True)
def unknown_variables(**_: Any) -> list[CheckMessage]:
    """Name variables that look like ours: one that is spelled wrongly does nothing."""
    return [
        Warning(f"{name} is no variable of CaseHub.", hint="docs/operations.md", id="casehub.W001")
        for name in variables.unknown(os.environ)
    ]


@register(Tags.security, deploy=True)
def nobody_in_front(**_: Any) -> list[CheckMessage]:
    """Ask for what ends TLS in front of a production."""
    if settings.DEMO or settings.CASEHUB_PROXIES > 0:
        return []
    said = "CASEHUB_PROXIES is 0, and something has to end TLS: all callers would count as it."
    return [Warning(said, hint="docs/operations.md", id="casehub.W002")]
