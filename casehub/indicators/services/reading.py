"""Looking at a quarter."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

import audit.services
from casehub.core.actor import Actor
from casehub.core.errors import require
from casehub.directory import queries as directory

from .. import policies
from ..events import IndicatorsRead

AUDITOR = "national-auditor"


@transaction.atomic
def read_quarter(*, quarter: str, actor: Actor, now: datetime) -> str:
    """
    Record that the actor reads a quarter's indicators; return whose: a State's code, or `""`.

    :raises Refused: `quarter-unknown`; but for a State's auditor `quarter-not-over`.
    """
    auditor = bool(actor.state) and AUDITOR in actor.roles_in_office
    require(policies.why_not_read(quarter, auditor=auditor, now=now))
    states = (actor.state,) if actor.state else tuple(sorted(directory.state_codes()))
    audit.services.record(IndicatorsRead(states=states, quarter=quarter), actor=actor.id, at=now)
    return actor.state
