"""Other States let into a case through the services: their coordinations consent and accept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from casehub.cases import services
from casehub.cases.models import Joining
from casehub.cases.queries import digest_of_joining
from casehub.core.actor import Actor


def consented(joining: Joining, *, by: Actor, now: datetime) -> Joining:
    """Have somebody of the owner State's coordination consent to a proposal."""
    digest = digest_of_joining(joining)
    services.consent_to_joining(joining=joining.id, digest=digest, actor=by, now=now)
    return joining


def joined(case: UUID, *, coordinator: Callable[[str], Actor], now: datetime) -> None:
    """Have every State that a case was proposed to join it: all consented to, then all accepted."""
    asked = Joining.objects.filter(case=case).select_related("case").order_by("state")
    for one in [consented(one, by=coordinator(one.case.state), now=now) for one in asked]:
        services.accept_joining(
            joining=one.id,
            digest=digest_of_joining(one),
            actor=coordinator(one.state),
            now=now,
        )
